// What follows whatever has happened: what can no longer run is skipped, what can run is started, and the run finishes when nothing is left.
import {
  type ExecutionState,
  isFull,
  makeStartable,
  notStartable,
  openTasks,
  runClock,
  type TaskState,
} from '../execution-state.ts';
import { startTimeLeftMs } from '../run-plan.ts';
import { executionToolCallsMax, toolCallsFor } from '../tool-calls-left.ts';
import { attemptMs, cancelTask, type Draft, emit, failTask, skipTask } from './draft.ts';
import { finishIfDone } from './finish.ts';

/** Goes on with the run as far as it can go now. */
export function progress(draft: Draft): void {
  const { state } = draft;
  tryAgain(state);
  skipHopeless(draft);
  if (state.status === 'running') startWhatCan(draft);
  finishIfDone(draft);
}

/** True when something new may start, as far as failures are concerned. */
function mayStart({ plan, failures }: ExecutionState): boolean {
  return plan.failurePolicy === 'continue' || failures.length === 0;
}

// Under fail_fast the first failure ends the hope of all that does not run; under continue only of its dependents.
function skipHopeless(draft: Draft): void {
  const { state } = draft;
  const [first] = state.failures;
  if (state.plan.failurePolicy === 'continue') {
    for (const failed of state.failures) skipBelow(draft, failed);
  } else if (first && openTasks(state) > state.counts.running) {
    for (const task of state.tasks) giveUp(draft, task, first);
  }
}

function giveUp(draft: Draft, task: TaskState, culprit: TaskState): void {
  const { status, fault } = task;
  const because = `Skipped because ${culprit.planned.agentName} failed`;
  if (status === 'waiting' || status === 'ready') skipTask(draft, task, because);
  if (status === 'waiting_approval')
    cancelTask(draft, task, `Cancelled because ${culprit.planned.agentName} failed`);
  // A worker may have it, which is not known here.
  if (status === 'waiting_worker' && task.withdrawn === undefined)
    emit(draft, { type: 'task_withdrawn', nodeId: task.planned.nodeId, because });
  if (status === 'retry_wait' && fault) failTask(draft, task, fault, attemptMs(draft, task));
}

function skipBelow(draft: Draft, culprit: TaskState, from = culprit): void {
  for (const place of draft.state.plan.dependents[from.place] ?? []) {
    const task = draft.state.tasks[place];
    if (task?.status !== 'waiting') continue;
    giveUp(draft, task, culprit);
    skipBelow(draft, culprit, task);
  }
}

// In plan order. What needs no place for an attempt, a decision of a person, an offer to workers or a look into the cache, does not wait for one.
function startWhatCan(draft: Draft): void {
  const { state, known } = draft;
  let places = known.places;
  for (const task of [...state.startable]) {
    if (!mayStart(state)) return;
    if (task.planned.work && isFull(state)) continue;
    const needsPlace = !beginWithoutPlace(draft, task);
    if (!needsPlace) continue;
    if (places <= 0 || isFull(state)) continue;
    if (!startAttempt(draft, task)) continue;
    places -= 1;
  }
}

/** True when the task needs no place now. */
function beginWithoutPlace(draft: Draft, task: TaskState): boolean {
  const { planned } = task;
  const { nodeId, unavailable, approval } = planned;
  if (unavailable !== undefined) {
    const usual = `The agent ${planned.agentId} cannot be run: ${unavailable}`;
    const message = planned.unavailableBecause ?? usual;
    failAndSkip(draft, task, { code: unavailable, message });
  } else if (approval) {
    emit(draft, { type: 'approval_requested', nodeId, expiresMs: draft.known.nowMs + approval.timeoutMs });
  } else if (!hasTimeToStart(draft, task)) {
    failAndSkip(draft, task, { code: 'deadline', message: 'Too little time is left to start the agent' });
  } else if (planned.cacheTtlMs > 0 && task.lookup === undefined && task.status === 'ready') {
    task.lookup = 'asked';
    notStartable(draft.state, task);
    draft.effects.push({ type: 'look_up', nodeId });
  } else if (planned.work) {
    emit(draft, { type: 'task_offered', nodeId, attempt: task.attempt + 1 });
  } else {
    return false;
  }
  return true;
}

function failAndSkip(
  draft: Draft,
  task: TaskState,
  fault: { readonly code: string; readonly message: string },
): void {
  failTask(draft, task, fault);
  skipHopeless(draft);
}

/** Whether enough is left for the run and for the task. A task that is given less than that in all may use what it is given. */
function hasTimeToStart({ state, known }: Draft, { startedRunMs, planned }: TaskState): boolean {
  const { totalTimeoutMs } = planned.limits;
  const clockMs = runClock(state, known.nowMs);
  const leftOfRunMs = (state.startedMs ?? known.nowMs) + state.plan.executionTimeoutMs - clockMs;
  const leftOfTaskMs = (startedRunMs ?? clockMs) + totalTimeoutMs - clockMs;
  return leftOfRunMs >= startTimeLeftMs && leftOfTaskMs >= Math.min(startTimeLeftMs, totalTimeoutMs);
}

/** False when the task has to wait for calls of tools, which it does without asking for a place. */
function startAttempt(draft: Draft, task: TaskState): boolean {
  const { state, known } = draft;
  const { nodeId, callsTools } = task.planned;
  const toolCalls = callsTools ? toolCallsFor(state, known.toolCallsMax ?? executionToolCallsMax) : 0;
  if (toolCalls === undefined) {
    task.waitsForCalls = true;
    notStartable(state, task);
    return false;
  }
  const attempt = task.attempt + 1;
  emit(draft, { type: 'task_started', nodeId, attempt, ...(callsTools ? { toolCalls } : {}) });
  draft.effects.push({ type: 'invoke', nodeId, attempt, repeated: false });
  return true;
}

/** An attempt may have ended and brought back what it did not need. */
function tryAgain(state: ExecutionState): void {
  for (const task of state.tasks) {
    if (!task.waitsForCalls) continue;
    task.waitsForCalls = undefined;
    if (task.status === 'ready' || task.status === 'retry_wait') makeStartable(state, task);
  }
}
