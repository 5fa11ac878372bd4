// What a run may do here, decided by the scope of its token, and what only a person may do.
import { Fault } from '../../../foundation/fault/fault.ts';

/** The scope of a run's token; a person's call has none. */
export interface RunRight {
  readonly capability: string;
  readonly writeTarget: string;
}

const writingCapabilities = ['query', 'management'];

/** Throws `permission_denied` unless the call belongs to the query or management run that may write exactly this job. */
export function requireWriter(run: RunRight | undefined, queryId: string): void {
  if (!run || !writingCapabilities.includes(run.capability) || run.writeTarget !== queryId)
    throw new Fault('permission_denied', 'Only the run of this query may write it');
}

/** Throws `permission_denied` unless the call belongs to the deletion of exactly this. */
export function requireDeletion(run: RunRight | undefined, target: string): void {
  if (run?.capability !== 'deletion' || target === '' || run.writeTarget !== target)
    throw new Fault('permission_denied', 'Only its deletion may do this');
}

/** Throws `permission_denied` for a call of a run: a run writes its target and nothing else. */
export function requirePerson(run: RunRight | undefined): void {
  if (run) throw new Fault('permission_denied', 'A run may not do this');
}

/** Throws `permission_denied` unless the call comes from the platform itself: its tokens belong to no person and name no write target. */
export function requirePlatform(run: RunRight | undefined): void {
  if (run?.writeTarget !== '') throw new Fault('permission_denied', 'Only the platform may ask for this');
}
