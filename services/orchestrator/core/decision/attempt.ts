// What attempts tell: their ends, and what they say on the way.
import { checkAnswer } from '../agent-answer.ts';
import { type ExecutionState, makeStartable, runClock, type TaskState } from '../execution-state.ts';
import { backoffMs, isRetryable, spreadOf } from '../task-fault.ts';
import type { EndedAttempt, Observation } from './decision.ts';
import { attemptMs, type Draft, emit, failTask, underWay } from './draft.ts';
import { progress } from './progress.ts';

/** An attempt has ended. The end of one that is not under way any more is nobody's. */
export function endAttempt(draft: Draft, ended: EndedAttempt): void {
  const task = underWay(draft.state, ended);
  if (!task) return;
  recordEnd(draft, task, ended);
  progress(draft);
}

/** Records how an attempt under way has ended, and what follows for its task. */
export function recordEnd(draft: Draft, task: TaskState, ended: EndedAttempt): void {
  if (ended.type === 'answered') recordAnswer(draft, task, ended);
  else recordFault(draft, task, ended);
}

function recordAnswer(draft: Draft, task: TaskState, ended: Extract<EndedAttempt, { type: 'answered' }>) {
  const { nodeId, attempt, durationMs, answer } = ended;
  const fault = checkAnswer(answer, task.planned);
  if (fault) failTask(draft, task, fault, durationMs);
  else emit(draft, { type: 'task_succeeded', nodeId, attempt, answer, durationMs });
}

function recordFault(draft: Draft, task: TaskState, ended: Extract<EndedAttempt, { type: 'faulted' }>) {
  const { nodeId, attempt, durationMs, fault } = ended;
  // Whatever an aborted call ends with, the abort is what ended it.
  if (draft.state.status === 'cancelling') {
    return emit(draft, { type: 'task_cancelled', nodeId, attempt, durationMs });
  }
  const dueMs = retryDueMs(draft, task, ended);
  if (dueMs === undefined) return failTask(draft, task, fault, durationMs);
  const counts = ended.notBeforeMs === undefined;
  emit(draft, { type: 'retry_scheduled', nodeId, attempt, fault, durationMs, dueMs, counts });
}

/** The attempt has taken all of its time: it counts as ended, whatever still comes of it. */
export function timeOutAttempt(draft: Draft, task: TaskState): void {
  const { planned, attempt } = task;
  const fault = { code: 'attempt_timeout', message: 'The time for the attempt is up' };
  const durationMs = attemptMs(draft, task);
  // Nobody brings chance to a timeout, and attempts that began together time out together: each gets a wait of its own.
  const random = spreadOf(draft.known.nowMs, draft.state.startedMs ?? 0, task.place, attempt);
  recordEnd(draft, task, { type: 'faulted', nodeId: planned.nodeId, attempt, fault, durationMs, random });
}

/** When the task is tried again; undefined when it is not. */
function retryDueMs(
  { state, known }: Draft,
  { attempt, workerAttempts, planned, startedRunMs }: TaskState,
  { fault, random, notBeforeMs }: Extract<EndedAttempt, { type: 'faulted' }>,
): number | undefined {
  const { retriesMax, totalTimeoutMs } = planned.limits;
  if (!isRetryable(fault.code) || nothingMoreStarts(state)) return undefined;
  const tries = planned.work ? workerAttempts : attempt;
  if (notBeforeMs === undefined && tries > retriesMax) return undefined;
  const waitMs = notBeforeMs ?? backoffMs(tries, random);
  const clockMs = runClock(state, known.nowMs);
  return clockMs + waitMs < (startedRunMs ?? clockMs) + totalTimeoutMs ? known.nowMs + waitMs : undefined;
}

function nothingMoreStarts({ plan, failures }: ExecutionState): boolean {
  return plan.failurePolicy === 'fail_fast' && failures.length > 0;
}

/** An attempt under way says something. */
export function noteOfAttempt(
  draft: Draft,
  note: Extract<Observation, { type: 'tool_called' | 'tool_ended' | 'attempt_uncertain' }>,
): void {
  if (!underWay(draft.state, note)) return;
  emit(draft, note);
}

/** The cache was looked through for a task. What it holds counts also while the run is paused: nothing starts by it. */
export function foundInCache(
  draft: Draft,
  { nodeId, found }: Extract<Observation, { type: 'looked_up' }>,
): void {
  const { state } = draft;
  const task = state.tasks[state.plan.places.get(nodeId) ?? -1];
  if (task?.lookup !== 'asked' || task.status !== 'ready') return;
  task.lookup = 'missed';
  if (found) {
    const { answer, fromExecutionId: cachedFrom } = found;
    emit(draft, { type: 'task_succeeded', nodeId, attempt: 0, answer, durationMs: 0, cachedFrom });
  } else {
    makeStartable(state, task);
  }
  progress(draft);
}
