// What the committed journal says of one task: what may happen to it, judged by rules of its own (SPEC S16, E3).
import type { JournalEvent } from '../../services/orchestrator/core/journal-event.ts';
import type { RunView, TaskView } from './journal-view.ts';

const openStatuses = new Set<RunView['status']>(['running', 'paused', 'cancelling']);

/** Every command of a history has a user of its own, so that what it did can be told; answers what is wrong with its deed. */
export function once(
  view: RunView,
  event: { readonly type: string; readonly by: string | null },
): string | undefined {
  const deed = `${event.type} ${event.by}`;
  if (event.by !== null && view.deeds.has(deed)) return 'one command took effect twice';
  view.deeds.add(deed);
  return undefined;
}

/** True for a task that has not ended. */
export function isOpen(status: TaskView['status']): boolean {
  return ['open', 'running', 'retry_wait', 'waiting_approval', 'offered'].includes(status);
}

/** An event about one task. */
export type TaskEvent = Extract<JournalEvent, { readonly nodeId: string }>;

/** Takes an event about a task in; answers what is wrong with it, or undefined. */
export function lookAtTask(view: RunView, event: TaskEvent): string | undefined {
  const task = view.tasks.get(event.nodeId);
  if (!task) return 'the plan has no such task';
  const mayHappen =
    openStatuses.has(view.status) || (view.status === 'pending' && event.type === 'task_skipped');
  if (!mayHappen) return 'nothing happens to tasks of such a run';
  if (!isOpen(task.status)) return `the task has ended as ${task.status}`;
  switch (event.type) {
    case 'task_started':
      return task.planned.work ? startOfWorker(view, task, event) : start(view, task, event.attempt);
    case 'task_offered':
      return offer(view, task, event.attempt);
    case 'task_withdrawn':
      return withdraw(view, task);
    case 'attempt_uncertain':
      task.uncertain.add(event.attempt);
      return whileRunning(task, event.attempt);
    case 'tool_called':
    case 'tool_ended':
      return whileRunning(task, event.attempt);
    case 'task_succeeded':
    case 'task_reused':
      return succeed(view, task, event);
    case 'task_failed':
      return fail(view, task, event.attempt);
    case 'task_cancelled':
      task.ended.add(task.attempt);
      if (task.status === 'open') return 'what never began is skipped';
      if (task.status === 'offered' && !view.isCancelled) return 'a worker may have it';
      if (!view.isCancelled && event.because === undefined) return 'nobody cancelled the run';
      task.status = 'cancelled';
      return undefined;
    case 'task_skipped':
      return skip(view, task);
    case 'retry_scheduled':
      return retry(view, task, event);
    case 'approval_requested':
      task.status = 'waiting_approval';
      return task.planned.approval ? mayBegin(view, task) : 'the task is no approval';
    case 'approval_decided':
      return decide(view, task, event);
  }
}

function whileRunning(task: TaskView, attempt: number): string | undefined {
  return task.status === 'running' && task.attempt === attempt ? undefined : 'the attempt is not under way';
}

function mayBegin(view: RunView, { planned }: TaskView): string | undefined {
  if (view.status !== 'running') return 'nothing new starts in such a run';
  const missing = planned.parents.find((parent) => view.tasks.get(parent)?.status !== 'succeeded');
  if (missing !== undefined) return `${missing} has no recorded output`;
  return view.plan.failurePolicy === 'fail_fast' && view.hasFailed ? 'a task has failed before' : undefined;
}

function start(view: RunView, task: TaskView, attempt: number): string | undefined {
  if (task.status === 'running') return 'the task runs already';
  if (task.planned.approval || task.planned.unavailable !== undefined) return 'no agent runs there';
  if (attempt !== task.attempt + 1) return `attempt ${task.attempt} was the last one`;
  if (attempt > task.planned.limits.retriesMax + 1) return 'there are no more attempts';
  const wrong = mayBegin(view, task);
  Object.assign(task, { status: 'running', attempt, begun: Math.max(task.begun, attempt) });
  return wrong ?? tooMany(view);
}

function tooMany({ tasks }: RunView): string | undefined {
  const running = [...tasks.values()].filter(({ status }) => status === 'running' || status === 'offered');
  return running.length > 10 ? 'more than 10 tasks run' : undefined;
}

function offer(view: RunView, task: TaskView, attempt: number): string | undefined {
  if (task.status !== 'open' && task.status !== 'retry_wait') return 'it is offered or runs already';
  if (!task.planned.work || task.planned.unavailable !== undefined) return 'no worker runs it';
  const wrong = mayBegin(view, task);
  task.status = 'offered';
  if (attempt !== task.attempt + 1) return `attempt ${task.attempt} was the last one`;
  return wrong ?? tooMany(view);
}

function withdraw(view: RunView, task: TaskView): string | undefined {
  if (task.status !== 'offered' || task.isWithdrawn) return 'it is not offered';
  task.isWithdrawn = true;
  return view.plan.failurePolicy === 'fail_fast' && view.hasFailed ? undefined : 'no task has failed';
}

// Numbers may be left out: of attempts that were taken back from their workers. It has begun before it is recorded, whatever the run is at now.
function startOfWorker(
  view: RunView,
  task: TaskView,
  { attempt, workerId, startedMs }: Extract<TaskEvent, { type: 'task_started' }>,
): string | undefined {
  if (task.status !== 'offered') return 'it is not offered';
  if (workerId === undefined || startedMs === undefined) return 'nobody knows who did it, or when';
  if (attempt <= task.attempt) return `attempt ${task.attempt} was the last one`;
  Object.assign(task, { status: 'running', attempt, begun: attempt, byWorkers: task.byWorkers + 1 });
  if (view.status === 'cancelling') return 'the run is cancelled';
  return task.byWorkers > task.planned.limits.retriesMax + 1 ? 'there are no more attempts' : undefined;
}

function succeed(
  view: RunView,
  task: TaskView,
  { answer, ...event }: Extract<TaskEvent, { type: 'task_succeeded' | 'task_reused' }>,
): string | undefined {
  const { status, attempt, planned } = task;
  task.status = 'succeeded';
  task.answer = answer;
  task.ended.add(attempt);
  if (event.type === 'task_reused') return 'nothing is reused here';
  if (planned.approval) return task.verdict === true ? undefined : 'nobody approved';
  if (event.cachedFrom !== undefined)
    return status === 'open' ? cachedMayCount(view, task) : 'it has begun already';
  return status === 'running' && event.attempt === attempt ? undefined : 'the attempt is not under way';
}

function cachedMayCount(view: RunView, task: TaskView): string | undefined {
  return view.status === 'paused' ? undefined : mayBegin(view, task);
}

function fail(view: RunView, task: TaskView, attempt: number): string | undefined {
  task.ended.add(task.attempt);
  view.hasFailed = true;
  const { status, verdict } = task;
  task.status = 'failed';
  if (verdict === true) return 'it was approved';
  if (status === 'waiting_approval' && view.isCancelled) return 'it is cancelled';
  return attempt === 0 || attempt === task.attempt ? undefined : 'the attempt is not under way';
}

function skip(view: RunView, task: TaskView): string | undefined {
  const isUnstarted = task.status === 'offered' && task.isWithdrawn === true && task.attempt === 0;
  if (task.status !== 'open' && !isUnstarted) return 'it has begun already';
  task.status = 'skipped';
  if (view.isCancelled || view.isRefused || view.status === 'pending') return undefined;
  const isLate = view.atMs >= view.startedMs + view.plan.executionTimeoutMs;
  if (view.plan.failurePolicy === 'fail_fast')
    return view.hasFailed || isLate ? undefined : 'no task has failed';
  const isHopeless = task.planned.parents.some((parent) => isLost(view.tasks.get(parent)?.status));
  return isHopeless || isLate ? undefined : 'none of its parents has failed';
}

function isLost(status: TaskView['status'] | undefined): boolean {
  return status === 'failed' || status === 'skipped' || status === 'cancelled';
}

function retry(
  view: RunView,
  task: TaskView,
  { attempt, counts }: Extract<TaskEvent, { type: 'retry_scheduled' }>,
): string | undefined {
  const wrong = whileRunning(task, attempt);
  if (counts) task.ended.add(attempt);
  Object.assign(task, { status: 'retry_wait', attempt: counts ? attempt : attempt - 1 });
  if (view.status === 'cancelling') return 'nothing is tried again after a cancel';
  return view.plan.failurePolicy === 'fail_fast' && view.hasFailed
    ? 'nothing is tried again after a failure'
    : wrong;
}

function decide(
  view: RunView,
  task: TaskView,
  event: Extract<TaskEvent, { type: 'approval_decided' }>,
): string | undefined {
  if (task.status !== 'waiting_approval' || task.verdict !== undefined)
    return 'it is decided once, while it waits';
  if (view.isCancelled) return 'the run is cancelled';
  task.verdict = event.approved;
  return once(view, event);
}
