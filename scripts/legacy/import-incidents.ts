// Stores incidents as reports, each once: what is stored already, or was deleted since, stays as it is. The service's sweep brings them into
// the report index.
import type { Violation } from '../../foundation/fault/fault.ts';
import type { Report, ReportImage, ReportKey } from '../../services/reports/core/report.ts';
import { judgeIncident, withImages } from './legacy-report.ts';
import type { LegacyImage, LegacyIncident } from './legacy-rows.ts';

const concurrencyMax = 16;

/** What a run has done. */
export interface LegacyCounts {
  /** Reports that were stored, or would be. */
  readonly imported: number;
  /** Incidents whose report is there, or was deleted. */
  readonly present: number;
  /** Incidents that no report can be made of; each was named. */
  readonly refused: number;
  /** Images of the imported ones. */
  readonly images: number;
  /** Those of them that are not in the bucket. */
  readonly unverified: number;
}

/** What a run works with. */
export interface LegacyDeps {
  readonly nowMs: number;
  /** False when the id is taken. */
  readonly create: (report: Report) => Promise<boolean>;
  /** Whether the id is taken; only asked when nothing is to be stored. */
  readonly isTaken: (key: ReportKey) => Promise<boolean>;
  readonly recordImage: (image: LegacyImage) => Promise<ReportImage>;
  /** True stores nothing. */
  readonly dryRun: boolean;
  readonly tell: (counts: LegacyCounts) => void;
  /** Told of each incident that no report can be made of. */
  readonly complain: (incident: LegacyIncident, problems: readonly Violation[]) => void;
}

const nothing: LegacyCounts = { imported: 0, present: 0, refused: 0, images: 0, unverified: 0 };

/** Works through all batches, and answers what was done. Throws as soon as a store does not answer; repeating goes on there. */
export async function importIncidents(
  deps: LegacyDeps,
  batches: AsyncIterable<readonly LegacyIncident[]>,
): Promise<LegacyCounts> {
  let counts = nothing;
  for await (const batch of batches) {
    for (let at = 0; at < batch.length; at += concurrencyMax) {
      const part = batch.slice(at, at + concurrencyMax);
      counts = (await Promise.all(part.map((incident) => importOne(deps, incident)))).reduce(sum, counts);
    }
    deps.tell(counts);
  }
  return counts;
}

async function importOne(deps: LegacyDeps, incident: LegacyIncident): Promise<LegacyCounts> {
  const verdict = judgeIncident(incident, deps.nowMs);
  if (verdict.kind === 'refused') {
    deps.complain(incident, verdict.problems);
    return { ...nothing, refused: 1 };
  }
  const images = await Promise.all(verdict.images.map(deps.recordImage));
  const report = withImages(verdict.report, images);
  const isNew = deps.dryRun ? !(await deps.isTaken(report)) : await deps.create(report);
  if (!isNew) return { ...nothing, present: 1 };
  const unverified = images.filter(({ verified }) => !verified).length;
  return { ...nothing, imported: 1, images: images.length, unverified };
}

function sum(a: LegacyCounts, b: LegacyCounts): LegacyCounts {
  return {
    imported: a.imported + b.imported,
    present: a.present + b.present,
    refused: a.refused + b.refused,
    images: a.images + b.images,
    unverified: a.unverified + b.unverified,
  };
}
