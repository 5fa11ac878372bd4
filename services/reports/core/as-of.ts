// A report as it was at a time: the document of today with every later change taken back. What a later run found out takes the place of
// what an earlier one had, so of the time between two runs the findings are not known any more, and neither are entries of an imported
// history that newer ones have pushed out of the document.
import type { JsonObject } from '../../../foundation/json/json.ts';
import { entriesOf, managementDataOf, patchIdOfEntry, recordedOf } from './history.ts';
import { makeChanges, reversed } from './json-change.ts';
import type { Application, Patch } from './patch.ts';
import { type Report, statusProcessing } from './report.ts';
import { changeableOf, partsOf, statusPath } from './report-change.ts';

/** Patches of one report that its past is read from; a report with more shows its present alone. */
export const pastPatchesMax = 5_000;

interface AppliedPatch extends Patch {
  readonly application: Application;
}

/**
 * The document at a time (ISO 8601); undefined before it was submitted. `patches` are those of the report, in any order; what was not in
 * the report's own version yet is passed over. Its version is that of the newest change in it.
 */
export function reportAsOf(report: Report, patches: readonly Patch[], at: string): Report | undefined {
  if (at < report.createdAt) return undefined;
  if (at >= report.updatedAt) return report;
  const applied = patches
    .filter(isApplied)
    .filter(({ application }) => application.version <= report.version)
    .sort((a, b) => a.application.version - b.application.version);
  const until = applied.filter(({ application }) => application.at <= at);
  const since = applied.filter(({ application }) => application.at > at);
  const { status, content } = partsOf(takenBack(changeableOf(report), since));
  const history = historyAsOf(report, applied, until);
  const found = report.findingsAt === undefined || report.findingsAt <= at;
  return {
    ...(found ? report : withoutFindings(report)),
    status: found ? status : statusOf(until),
    managementData: managementDataOf({ content, history }),
    ...newest(report, until, found),
  };
}

function isApplied(patch: Patch): patch is AppliedPatch {
  return patch.application !== undefined;
}

function takenBack(changeable: JsonObject, since: readonly AppliedPatch[]): JsonObject {
  return since.reduceRight(
    (object, { changes, application }) => makeChanges(object, reversed(changes), application.created).object,
    changeable,
  );
}

// Entries that belong to no patch came with an import, so they are older than all others.
function historyAsOf(report: Report, applied: readonly Patch[], until: readonly Patch[]): JsonObject[] {
  const own = new Set(applied.map(({ patchId }) => patchId));
  const { history } = recordedOf(report.managementData);
  const imported = history.filter((entry) => !own.has(patchIdOfEntry(entry)));
  return [...(imported as JsonObject[]), ...until.flatMap(entriesOf)];
}

function withoutFindings({ findings: _, confidence: __, ...report }: Report): Report {
  return { ...report, needsClarification: false, clarificationQuestions: [], error: '' };
}

// Before a run's outcome nothing but a patch gives another status.
function statusOf(until: readonly AppliedPatch[]): string {
  const last = until.findLast(({ changes }) => changes.some(({ path }) => path === statusPath));
  return last?.application.status ?? statusProcessing;
}

function newest(
  { createdAt, findingsAt = createdAt, findingsVersion = 1 }: Report,
  until: readonly AppliedPatch[],
  found: boolean,
): Pick<Report, 'updatedAt' | 'version'> {
  const last = until.at(-1)?.application ?? { at: createdAt, version: 1 };
  if (!found || findingsVersion < last.version) return { updatedAt: last.at, version: last.version };
  return { updatedAt: findingsAt, version: findingsVersion };
}
