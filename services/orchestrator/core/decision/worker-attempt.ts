// What comes of attempts of workers: it is told by whoever gave the task out, perhaps late or more than once.
import type { AgentAnswer } from '../agent-answer.ts';
import type { TaskState } from '../execution-state.ts';
import { type WorkerEnded, workerRuntime } from '../work/planned-work.ts';
import { recordEnd } from './attempt.ts';
import { attemptMs, type Draft, emit, failTask, skipTask } from './draft.ts';
import { progress } from './progress.ts';

/** An attempt of a worker has ended. One that is not above the last on record changes nothing, and neither does one of a task that is not offered. */
export function endWorkerAttempt(draft: Draft, ended: WorkerEnded): void {
  const { state } = draft;
  const task = state.tasks[state.plan.places.get(ended.nodeId) ?? -1];
  const isOffered = task?.status === 'waiting_worker' && ended.attempt > task.attempt;
  // The time of a task may run out between two attempts, too.
  const isBetween = task?.status === 'retry_wait' && task.planned.work !== undefined;
  const isWithoutWorker = ended.workerId === '';
  // Its row may never have been given a number.
  if (isWithoutWorker && task?.status === 'waiting_worker' && task.withdrawn !== undefined) {
    endWithdrawn(draft, task, task.withdrawn);
  } else if (isWithoutWorker && ended.fault && (isOffered || isBetween)) {
    failTask(draft, task, ended.fault, attemptMs(draft, task));
  } else if (isOffered) {
    recordAttempt(draft, task, ended);
  } else {
    return;
  }
  progress(draft);
}

// No worker has it and none is given it: it never started, or what it failed with before stands.
function endWithdrawn(draft: Draft, task: TaskState, because: string): void {
  if (task.fault) failTask(draft, task, task.fault, attemptMs(draft, task));
  else skipTask(draft, task, because);
}

function recordAttempt(draft: Draft, task: TaskState, ended: WorkerEnded): void {
  const { nodeId, attempt, startedMs, durationMs, workerId, returned, answer, fault, random } = ended;
  const beside = returned > 0 ? { returned } : {};
  emit(draft, { type: 'task_started', nodeId, attempt, startedMs, workerId, ...beside });
  const attempted = { nodeId, attempt, durationMs };
  if (answer) recordEnd(draft, task, { type: 'answered', ...attempted, answer: named(answer, workerId) });
  else recordEnd(draft, task, { type: 'faulted', ...attempted, fault, random });
}

function named(answer: AgentAnswer, workerId: string): AgentAnswer {
  const isNameless = answer.runtime === workerRuntime && workerId !== '';
  return isNameless ? { ...answer, runtime: `${workerRuntime}:${workerId}` } : answer;
}
