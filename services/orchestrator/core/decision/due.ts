// Times that a run waits for: when it has to be looked at next, what has become due, and whether it may leave memory until then.
import type { TaskFault } from '../agent-answer.ts';
import { type ExecutionState, isFull, makeStartable, type TaskState } from '../execution-state.ts';
import { expireApprovals } from './approval.ts';
import { timeOutAttempt } from './attempt.ts';
import { abandon, cancelGraceMs } from './control.ts';
import { attemptMs, cancelTask, type Draft, failTask, skipTask } from './draft.ts';
import { afterRefusal, finishLate, isWritten, resumeFinishing } from './finish.ts';
import { progress } from './progress.ts';

/** A run that waits longer than this for nothing but a time or a person need not stay in memory, in milliseconds. */
export const parkAfterMs = 10_000;

const never = Number.POSITIVE_INFINITY;

/** Does what has become due; also what only waited for a place. */
export function passTime(draft: Draft): void {
  const { state } = draft;
  if (state.outcome || state.status === 'pending') return;
  if (state.status === 'cancelling') abandon(draft);
  else if (draft.known.nowMs >= runDueMs(state)) endTasks(draft, runTimeIsUp);
  else passTimeOfTasks(draft);
}

function passTimeOfTasks(draft: Draft): void {
  for (const task of [...draft.state.active]) passTimeOfTask(draft, task);
  expireApprovals(draft);
  progress(draft);
}

function passTimeOfTask(draft: Draft, task: TaskState) {
  const { state, known } = draft;
  const isElsewhere = task.status === 'waiting_approval' || task.status === 'waiting_worker';
  if (isElsewhere || known.nowMs < taskDueMs(state, task)) return;
  if (known.nowMs >= totalDueMs(state, task)) {
    abortIfRunning(draft, task);
    return failTask(draft, task, taskTimeIsUp, attemptMs(draft, task));
  }
  if (task.status === 'retry_wait') return makeStartable(state, task);
  abortIfRunning(draft, task);
  timeOutAttempt(draft, task);
}

const taskTimeIsUp = { code: 'deadline', message: 'The time for the task is up' };
const runTimeIsUp = { code: 'deadline', message: 'The time for the run is up' };

function abortIfRunning({ effects }: Draft, { status, planned, attempt }: TaskState): void {
  if (status === 'running') effects.push({ type: 'abort', nodeId: planned.nodeId, attempt });
}

/** Ends a run that cannot go on, whatever it is at; one whose outcome stands ends with what can still be written of it. */
export function failRun(draft: Draft, fault: TaskFault): void {
  const { outcome, prepared } = draft.state;
  if (!outcome) endTasks(draft, fault);
  else if (prepared || !isWritten(outcome))
    resumeFinishing(draft); // perhaps it has been written, so that it stays as it is
  else afterRefusal(draft, fault);
}

// What has begun is aborted and fails, what a person has been asked is cancelled, and what never started is skipped.
function endTasks(draft: Draft, fault: TaskFault): void {
  const { tasks, failures } = draft.state;
  const failedBefore = failures.length > 0;
  for (const task of tasks) {
    const { status } = task;
    if (status === 'waiting' || status === 'ready') skipTask(draft, task, fault.message);
    if (status === 'waiting_approval') cancelTask(draft, task, fault.message);
    if (status !== 'running' && status !== 'retry_wait' && status !== 'waiting_worker') continue;
    abortIfRunning(draft, task);
    failTask(draft, task, fault, attemptMs(draft, task));
  }
  finishLate(draft, failedBefore ? undefined : fault);
}

/** When the run has to be looked at next, in milliseconds since the Unix epoch; `Infinity` when only something else can move it. */
export function nextDueMs(state: ExecutionState): number {
  if (state.outcome || state.status === 'pending') return never;
  if (state.status === 'cancelling') return (state.cancelRequestedMs ?? 0) + cancelGraceMs;
  let dueMs = runDueMs(state);
  for (const task of state.active) dueMs = Math.min(dueMs, taskDueMs(state, task));
  return dueMs;
}

/** Since when a run that nobody holds could go on; `Infinity` when it waits for a person or a worker, or its clock stands. */
export function couldGoOnMs(state: ExecutionState): number {
  const { lastAtMs, stoppedSinceMs, startable, active } = state;
  if (stoppedSinceMs !== undefined) return never;
  if (startable.length > 0 && !isFull(state)) return lastAtMs;
  let dueMs = never;
  for (const task of active) if (task.status === 'retry_wait') dueMs = Math.min(dueMs, task.dueMs ?? never);
  return Math.max(lastAtMs, dueMs);
}

/** When the time for the run is up, unless its clock stands still before. */
function runDueMs(state: ExecutionState): number {
  if (state.startedMs === undefined || state.stoppedSinceMs !== undefined) return never;
  return state.startedMs + state.stoppedMs + state.plan.executionTimeoutMs;
}

function taskDueMs(state: ExecutionState, task: TaskState): number {
  const { status, dueMs = never, attemptStartedMs = never, planned } = task;
  if (status === 'waiting_approval') return dueMs;
  if (status === 'waiting_worker') return never; // whoever gives it out knows its times
  const totalMs = totalDueMs(state, task);
  if (status === 'running') return Math.min(totalMs, attemptStartedMs + planned.limits.attemptTimeoutMs);
  const waitsForPlace =
    state.status === 'paused' || task.waitsForCalls === true || state.startable.includes(task);
  return waitsForPlace ? totalMs : Math.min(totalMs, dueMs);
}

/** When the time for a task is up, unless the clock of the run stands still before. */
function totalDueMs(state: ExecutionState, { startedRunMs, planned }: TaskState): number {
  if (startedRunMs === undefined || state.stoppedSinceMs !== undefined) return never;
  return startedRunMs + state.stoppedMs + planned.limits.totalTimeoutMs;
}

/**
 * Whether the run may leave memory now: undefined when it may not, else when it has to be looked at next, `Infinity` for not before
 * somebody asks for it.
 */
export function parkUntilMs(state: ExecutionState, nowMs: number): number | undefined {
  const { status, counts, outcome } = state;
  if (outcome || (status !== 'running' && status !== 'paused')) return undefined;
  if (counts.running > 0) return undefined;
  if (status === 'running' && waitsHere(state)) return undefined;
  const dueMs = nextDueMs(state);
  return dueMs - nowMs > parkAfterMs ? dueMs : undefined;
}

// While as many tasks as may are with workers, only what comes of one of them lets another begin.
function waitsHere(state: ExecutionState): boolean {
  const { counts, startable, tasks } = state;
  if (counts.ready === 0 && startable.length === 0) return false;
  return !isFull(state) || tasks.some(({ status, lookup }) => status === 'ready' && lookup === 'asked');
}
