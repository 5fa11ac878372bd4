// How a patch comes to be and where it goes from there: made, applied, rejected, taken back. Each decision is one next version of the
// report that carries the new states of its patches; that only one decision is made of a version is the store's condition.
import { Fault } from '../../../foundation/fault/fault.ts';
import { reversed } from './json-change.ts';
import { type Patch, type PatchChange, patchIdOf, withStates } from './patch.ts';
import { notBefore, type Report, statusProcessing } from './report.ts';
import { enter, movedPaths, ownStatus, statusPath, type Wish, wishedChanges } from './report-change.ts';

/** What someone decides: who, when at the earliest (ISO 8601), and the mark of the request. */
export interface Decision {
  readonly by: string;
  readonly at: string;
  readonly mark: string;
}

/** A decision that is to be stored. */
export interface Decided {
  /** The next version of the report. */
  readonly report: Report;
  /** The patch that the decision is about, or the new one that a revert makes. */
  readonly patch: Patch;
  /** What to throw once the decision is stored; absent when it went as it was wanted. */
  readonly failure?: Fault;
}

/** A new patch, but for what follows from the report. */
export interface NewPatch {
  /** UUIDv7. */
  readonly id: string;
  readonly source: Patch['source'];
  readonly jobId: string;
  readonly queryId: string;
  readonly agentId: string;
  readonly agentVersion: number;
  readonly reason: string;
  readonly references: readonly string[];
  readonly wishMark: string;
}

/** A person's own change of a report, applied at once; undefined when it changes nothing. */
export function decideUpdate(
  report: Report,
  wish: Wish,
  { id, by, at }: { readonly id: string; readonly by: string; readonly at: string },
): Decided | undefined {
  const changes = wishedChanges(report, wish);
  if (changes.length === 0) return undefined;
  const createdAt = notBefore(at, report.updatedAt);
  const made = newPatch(report, changes, { ...ofPerson, id, createdBy: by, createdAt });
  const decided = { ...made, decidedBy: by, decidedAt: createdAt };
  return enter(report, decided, { by, at, action: 'update' });
}

/** How a run makes a patch. */
export interface Making {
  readonly patch: NewPatch;
  readonly wish: Wish;
  /** Whether it is applied at once. */
  readonly auto: boolean;
  /** Id of the user who started the run. */
  readonly by: string;
  /** When the run wanted it, in ISO 8601. */
  readonly madeAt: string;
  /** When it is applied at the earliest, in ISO 8601. */
  readonly at: string;
}

/** An agent's patch, applied or proposed; undefined when the report holds all of it already. */
export function decideMake(
  report: Report,
  { patch, wish, auto, by, madeAt, at }: Making,
): Decided | undefined {
  const changes = wishedChanges(report, wish);
  if (changes.length === 0) return undefined;
  const made = newPatch(report, changes, { ...patch, createdBy: by, createdAt: madeAt });
  return auto ? enter(report, made, { by, at, action: 'apply' }) : withPatches(report, made);
}

/** Applies a proposed patch, or finds that it cannot be any more: then it is conflicted, and `failure` names the paths. */
export function decideApply(report: Report, patch: Patch, { by, at, mark }: Decision): Decided {
  if (patch.status === 'conflicted') throw conflictFault(patch);
  requireStatus(patch, 'proposed');
  const decidedAt = notBefore(at, report.updatedAt);
  const decision = { decidedBy: by, decidedAt, decisionMark: mark, revision: patch.revision + 1 };
  const conflictPaths = movedPaths(report, patch.changes, 'before');
  if (conflictPaths.length === 0) {
    return enter(report, { ...patch, ...decision }, { by, at, action: 'apply' });
  }
  const conflicted: Patch = { ...patch, ...decision, status: 'conflicted', conflictPaths };
  return { ...withPatches(report, conflicted), failure: conflictFault(conflicted) };
}

/** Declines a proposed patch. */
export function decideReject(report: Report, patch: Patch, { by, at, mark }: Decision): Decided {
  requireStatus(patch, 'proposed');
  const decidedAt = notBefore(at, report.updatedAt);
  const decision = { decidedBy: by, decidedAt, decisionMark: mark, revision: patch.revision + 1 };
  return withPatches(report, { ...patch, ...decision, status: 'rejected' });
}

/** Takes an applied patch back by a new one, whose id and reason are given. */
export function decideRevert(
  report: Report,
  patch: Patch,
  { id, reason, by, at, mark }: Decision & { readonly id: string; readonly reason: string },
): Decided {
  requireStatus(patch, 'applied');
  const moved = movedPaths(report, patch.changes, 'after');
  if (moved.length > 0) throw movedFault('A later change holds what the patch changed', moved);
  const createdAt = notBefore(at, report.updatedAt);
  const own = { id, reason, reverts: patch.patchId, createdBy: by, createdAt };
  const made = newPatch(report, takingBack(report, patch), { ...ofPerson, ...own });
  const decided = { ...made, decidedBy: by, decidedAt: createdAt };
  const prune = patch.application?.created ?? [];
  const entered = enter(report, decided, { by, at, action: 'revert', prune });
  const reverted: Patch = {
    ...patch,
    status: 'reverted',
    ...{ decidedBy: by, decidedAt: createdAt, revertMark: mark },
    revertedBy: entered.patch.patchId,
    revision: patch.revision + 1,
  };
  const outbox = withStates(entered.report.outbox, [reverted]);
  return { report: { ...entered.report, outbox }, patch: entered.patch };
}

/** What a caller is told who applies a conflicted patch: every path that no longer held what the patch was made for. */
export function conflictFault({ conflictPaths }: Patch): Fault {
  return movedFault('The report has moved on since the patch was made', conflictPaths);
}

// A status that only a run gives is given back as what the run has made of the report meanwhile.
function takingBack(report: Report, { changes }: Patch): readonly PatchChange[] {
  return reversed(changes).map((change) =>
    change.path === statusPath && change.after === statusProcessing
      ? { ...change, after: ownStatus(report) }
      : change,
  );
}

const ofPerson: Omit<NewPatch, 'id'> = {
  source: 'user',
  ...{ jobId: '', queryId: '', agentId: '', agentVersion: 0 },
  ...{ reason: '', references: [], wishMark: '' },
};

type Made = NewPatch & Pick<Patch, 'createdBy' | 'createdAt'> & Partial<Pick<Patch, 'reverts'>>;

function newPatch(report: Report, changes: readonly PatchChange[], made: Made): Patch {
  const { tenantId, incidentId, domainId } = report;
  return {
    ...{ reverts: '', revertedBy: '', decidedBy: '', decisionMark: '', revertMark: '', conflictPaths: [] },
    ...made,
    patchId: patchIdOf(made.id),
    ...{ tenantId, incidentId, domainId, changes },
    status: 'proposed',
    revision: 1,
  };
}

// The document shows none of it, so that it counts as unchanged since it was.
function withPatches(report: Report, patch: Patch): Decided {
  const outbox = withStates(report.outbox, [patch]);
  return { report: { ...report, version: report.version + 1, outbox }, patch };
}

function requireStatus(patch: Patch, needed: 'proposed' | 'applied'): void {
  if (patch.status === needed) return;
  throw new Fault('failed_precondition', `The patch is ${patch.status}; this needs one that is ${needed}`);
}

function movedFault(sentence: string, paths: readonly string[]): Fault {
  const violations = paths.map((field) => ({ field, reason: 'holds another value by now' }));
  return new Fault('failed_precondition', `${sentence}: ${paths.slice(0, 10).join(', ')}`, { violations });
}
