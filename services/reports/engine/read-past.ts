// Reads a report as it was at a time: its patches from their list, the youngest of them one by one.
import { invalidArgument } from '../../../foundation/fault/fault.ts';
import { pastPatchesMax, reportAsOf } from '../core/as-of.ts';
import { patchIdOfEntry, recordedOf } from '../core/history.ts';
import { type Patch, withStates } from '../core/patch.ts';
import type { Report } from '../core/report.ts';
import type { PatchLimits, PatchStore } from '../store/store.ts';

/** How much of a report's patches its past is read from. */
export const pastLimits: PatchLimits = { patchesMax: pastPatchesMax, bytesMax: 8 * 1024 * 1024 };

/** The moment that is asked for, in ISO 8601. */
export interface PastQuery {
  readonly at: string;
  /** [{@link pastLimits}] */
  readonly limits?: PatchLimits;
}

/** The report as it was; undefined before its submission. Fault `invalid_argument` on `as_of` when it has too many patches to be read. */
export async function readPast(
  patches: Pick<PatchStore, 'find' | 'allOf'>,
  report: Report,
  { at, limits = pastLimits }: PastQuery,
): Promise<Report | undefined> {
  if (at < report.createdAt || at >= report.updatedAt) return reportAsOf(report, [], at);
  const listed = await patches.allOf(report, limits);
  if (!listed) {
    const reason = `cannot be given: the report has more than ${limits.patchesMax} patches, or larger ones than are read at once`;
    throw invalidArgument([{ field: 'as_of', reason }]);
  }
  const known = withStates(listed, report.outbox);
  return reportAsOf(report, withStates(known, await unlisted(patches, report, known)), at);
}

// The list lags behind what was written a moment ago. The history names the newest of what is in the document.
async function unlisted(
  patches: Pick<PatchStore, 'find'>,
  report: Report,
  known: readonly Patch[],
): Promise<readonly Patch[]> {
  const applied = new Set(known.filter(({ application }) => application).map(({ patchId }) => patchId));
  const named = recordedOf(report.managementData).history.map(patchIdOfEntry);
  const missing = named.filter((patchId) => patchId !== '' && !applied.has(patchId));
  const { tenantId, incidentId } = report;
  const found = await Promise.all(missing.map((patchId) => patches.find({ tenantId, patchId })));
  return found.flatMap((patch) => (patch?.incidentId === incidentId ? patch : []));
}
