// Who may steer a run, and when (SPEC S3.2, S6.3, S16). What steering does to a run is decided where runs change.
import { Fault } from '../../../foundation/fault/fault.ts';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { isOfQueryJob } from './execution-kind.ts';
import type { StoredExecution } from './execution-record.ts';
import type { ExecutionStatus } from './execution-state.ts';
import { requireEditor, requirePerson } from './person.ts';

/** What a person may want of a run. */
export type Steering = 'cancel' | 'pause' | 'resume' | 'rerun';

const verbs: Readonly<Record<Steering, string>> = {
  cancel: 'Cancelling runs of others',
  pause: 'Pausing runs',
  resume: 'Resuming runs',
  rerun: 'Repeating runs',
};

/** Throws `permission_denied` for runs of queries of others, whatever the role. */
export function requireViewer({ userId }: Principal, { kind, principal }: RunOfSomebody): void {
  if (!isOfQueryJob(kind) || principal.userId === userId) return;
  throw new Fault('permission_denied', 'The execution of a query belongs to the user who asked');
}

/** Whose run it is. */
export type RunOfSomebody = Pick<StoredExecution, 'kind' | 'principal'>;

/** Throws `permission_denied` unless the caller may steer the run: an editor or admin, or to cancel it, who started it. */
export function requireSteerer(caller: Principal, run: RunOfSomebody, steering: Steering): void {
  requirePerson(caller);
  requireViewer(caller, run);
  if (steering === 'cancel' && run.principal.userId === caller.userId) return;
  requireEditor(caller, verbs[steering]);
}

const ended: readonly ExecutionStatus[] = ['completed', 'failed', 'cancelled'];

/** True for the states that a run never leaves. */
export function hasEndedAs(status: ExecutionStatus): boolean {
  return ended.includes(status);
}

/** True where a cancel still changes something. */
export function takesCancel(status: ExecutionStatus): boolean {
  return status === 'pending' || status === 'running' || status === 'paused';
}

const allowedFrom: Readonly<Record<Steering, readonly ExecutionStatus[]>> = {
  cancel: ['pending', 'running', 'paused', 'cancelling'],
  pause: ['running'],
  resume: ['paused'],
  rerun: ended,
};

/** True for a state that allows this. */
export function allows(steering: Steering, status: ExecutionStatus): boolean {
  return allowedFrom[steering].includes(status);
}

/** Throws `failed_precondition`, naming the state, unless it allows this. */
export function requireState(steering: Steering, status: ExecutionStatus): void {
  if (!allows(steering, status)) throw wrongState(steering, status);
}

// Where a run can have got to by a command that was carried out, before anybody has looked.
const reachedBy: Readonly<Record<Exclude<Steering, 'rerun'>, readonly ExecutionStatus[]>> = {
  cancel: ['cancelling', 'cancelled'],
  pause: ['paused'],
  resume: ['running', 'finishing', 'completed', 'failed'],
};

/** True for a state that the command may have led to. */
export function hasEffect(steering: Exclude<Steering, 'rerun'>, status: ExecutionStatus): boolean {
  return reachedBy[steering].includes(status);
}

/** Throws `failed_precondition`, naming the state that was reached, unless the command has led there. */
export function requireEffect(steering: Exclude<Steering, 'rerun'>, status: ExecutionStatus): void {
  if (!hasEffect(steering, status)) throw wrongState(steering, status);
}

const done: Readonly<Record<Steering, string>> = {
  cancel: 'cancelled',
  pause: 'paused',
  resume: 'resumed',
  rerun: 'repeated',
};

function wrongState(steering: Steering, status: ExecutionStatus): Fault {
  const state = hasEndedAs(status) ? `has ended as ${status}` : `is ${status}`;
  return new Fault('failed_precondition', `The run ${state}: it cannot be ${done[steering]}`);
}
