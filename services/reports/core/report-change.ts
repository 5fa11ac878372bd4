// The part of a report that patches change: its status and what was recorded in management_data, the history apart. It says what a wish
// would change, and what a report becomes when a patch enters it.
import { isJsonObject, type JsonObject } from '../../../foundation/json/json.ts';
import { entriesOf, managementDataOf, recordedOf } from './history.ts';
import { type Changed, makeChanges, mergeChanges, pathsThatMoved } from './json-change.ts';
import { type Application, type ChangeAction, type Patch, type PatchChange, withStates } from './patch.ts';
import { notBefore, type Report, statusProcessing } from './report.ts';

/** The path of the status. */
export const statusPath = 'status';
/** The path above everything that was recorded. */
export const managementPath = 'management_data';

/** What someone wants a report to become. */
export interface Wish {
  /** Empty leaves it. */
  readonly status: string;
  /** To be merged recursively; absent leaves it. */
  readonly managementData: JsonObject | undefined;
}

/** Who changes a report, how, and when at the earliest (ISO 8601). */
export interface ChangeMaker {
  readonly by: string;
  readonly at: string;
  readonly action: ChangeAction;
}

/** A report with a change, and the patch that brought it. */
export interface Entered {
  readonly report: Report;
  readonly patch: Patch;
}

/** What patches change of a report, as one object that their paths lead through. */
export function changeableOf({ status, managementData }: Report): JsonObject {
  return { [statusPath]: status, [managementPath]: recordedOf(managementData).content };
}

/** What the wish changes, by leaves; nothing where the report holds it already. */
export function wishedChanges(report: Report, { status, managementData }: Wish): readonly PatchChange[] {
  const held = changeableOf(report);
  return [
    ...(status === '' ? [] : mergeChanges(statusPath, held[statusPath], status)),
    ...mergeChanges(managementPath, held[managementPath], managementData ?? {}),
  ];
}

/** The paths at which the report does not hold `before`, or `after`, of the changes. */
export function movedPaths(
  report: Report,
  changes: readonly PatchChange[],
  expected: 'before' | 'after',
): readonly string[] {
  return pathsThatMoved(changeableOf(report), changes, expected);
}

/** What an object of {@link changeableOf} says: a status and what was recorded. */
export function partsOf(changeable: JsonObject): { readonly status: string; readonly content: JsonObject } {
  const { [statusPath]: status, [managementPath]: content } = changeable;
  return { status: String(status), content: isJsonObject(content) ? content : {} };
}

/**
 * The next version of the report, with the changes of the patch made and an entry in its history, and the patch as applied. Objects named
 * by `prune` go if nothing is left in them.
 */
export function enter(
  report: Report,
  patch: Patch,
  { by, at, action, prune = [] }: ChangeMaker & { readonly prune?: readonly string[] },
): Entered {
  const { object, created }: Changed = makeChanges(changeableOf(report), patch.changes, prune);
  const { status, content } = partsOf(object);
  const version = report.version + 1;
  const appliedAt = notBefore(at, report.updatedAt);
  const application: Application = { version, at: appliedAt, by, action, status, created };
  const applied: Patch = { ...patch, status: 'applied', application };
  const history = [...recordedOf(report.managementData).history, ...entriesOf(applied)];
  const next: Report = {
    ...report,
    status,
    managementData: managementDataOf({ content, history }),
    updatedAt: appliedAt,
    version,
    outbox: withStates(report.outbox, [applied]),
  };
  return { report: next, patch: applied };
}

/** The status that a report has of itself: what its newest run made of it, or `processing` while that run goes on. */
export function ownStatus({ jobId, appliedJobId, error }: Report): string {
  if (appliedJobId !== jobId) return statusProcessing;
  return error === '' ? 'completed' : 'failed';
}
