// The fold: how each journal entry moves an execution. It never decides; it only believes what the journal says.
import {
  type ExecutionState,
  makeStartable,
  notStartable,
  runClock,
  type TaskState,
  type TaskStatus,
  taskOf,
} from './execution-state.ts';
import type { JournalEntry, JournalEvent } from './journal-event.ts';
import {
  cachedEntry,
  cancelledEntry,
  errorEntry,
  handOverEntry,
  type LogEntry,
  reusedEntry,
  skippedEntry,
  successEntry,
} from './log-entry.ts';
import type { PlannedTask, RunPlan } from './run-plan.ts';
import { attemptToolCallsMax } from './tool-calls-left.ts';

type EventOf<T extends JournalEvent['type']> = Extract<JournalEvent, { type: T }>;

/** Moves the state by one more entry. Throws when the entry does not follow the last one: a gap means that entries were lost. */
export function evolve(state: ExecutionState, { seq, atMs, event }: JournalEntry): void {
  if (seq !== state.seq + 1) throw new Error(`journal entry ${seq} does not follow ${state.seq}`);
  apply(state, event, atMs);
  state.seq = seq;
  state.lastAtMs = atMs;
  keepClock(state, atMs);
}

/** The state after many entries in order, which is the given one, moved. */
export function fold(state: ExecutionState, entries: Iterable<JournalEntry>): ExecutionState {
  for (const entry of entries) evolve(state, entry);
  return state;
}

/** The planned task of a node. */
export function plannedTask(plan: RunPlan, nodeId: string): PlannedTask {
  const task = plan.tasks[plan.places.get(nodeId) ?? -1];
  if (!task) throw new Error(`the plan has no task ${nodeId}`);
  return task;
}

function apply(state: ExecutionState, event: JournalEvent, atMs: number): void {
  switch (event.type) {
    case 'started':
      state.status = 'running';
      state.startedMs = atMs;
      return;
    case 'paused':
      state.status = 'paused';
      state.pausedMs = atMs;
      return;
    case 'resumed':
      state.status = 'running';
      return;
    case 'placed':
      state.stoppedMs += event.waitedMs;
      return;
    case 'cancel_requested':
      state.status = 'cancelling';
      state.cancelRequestedMs = atMs;
      return;
    case 'finishing':
      if (state.status !== 'cancelling') state.status = 'finishing';
      state.finishingMs = atMs;
      state.outcome = event.outcome;
      return;
    case 'effects_planned':
      state.prepared = event.prepared;
      return;
    case 'ended':
      state.status = event.status;
      state.endedMs = atMs;
      state.summary = event.summary;
      return;
    default:
      applyToTask(state, event, atMs);
  }
}

type TaskEvent = Extract<JournalEvent, { readonly nodeId: string }>;

function applyToTask(state: ExecutionState, event: TaskEvent, atMs: number) {
  const task = taskOf(state, event.nodeId);
  switch (event.type) {
    case 'task_started':
      return start(state, task, event, atMs);
    case 'task_reused':
      task.computedBy = event.fromExecutionId;
      return succeed(state, task, event.answer, reusedEntry(task.planned, atMs, event));
    case 'task_succeeded':
      return succeedFrom(state, task, event, atMs);
    case 'task_failed':
      return fail(state, task, event, atMs);
    case 'task_cancelled':
      return cancel(state, task, event, atMs);
    case 'task_skipped':
      return end(state, task, 'skipped', skippedEntry(task.planned, atMs, event.because));
    case 'retry_scheduled':
      return waitForRetry(state, task, event);
    case 'task_offered':
      if (task.attempt === 0) handOver(state, task, atMs);
      stopWaiting(task);
      return move(state, task, 'waiting_worker');
    case 'task_withdrawn':
      task.withdrawn = event.because;
      return;
    case 'approval_requested':
      handOver(state, task, atMs);
      move(state, task, 'waiting_approval');
      task.askedMs = atMs;
      task.dueMs = event.expiresMs;
      return;
    case 'attempt_uncertain':
      task.isUncertain = true;
      forgetTold(task); // it begins anew
      return;
    case 'tool_called':
      task.toolsTold += 1;
      task.toolCalls += 1;
      state.toolCalls += 1;
      return;
    case 'tool_ended':
      task.toolEndsTold += 1;
      return;
    case 'approval_decided':
      return; // told, but moving nothing: what follows from it is recorded beside it
  }
}

const isActive: Readonly<Partial<Record<TaskStatus, true>>> = {
  running: true,
  retry_wait: true,
  waiting_approval: true,
  waiting_worker: true,
};

/** Moves a task and keeps the counts and sets that belong to its status. */
function move(state: ExecutionState, task: TaskState, status: TaskStatus): void {
  state.counts[task.status] -= 1;
  state.counts[status] += 1;
  task.status = status;
  if (isActive[status]) state.active.add(task);
  else state.active.delete(task);
  if (status === 'ready') makeStartable(state, task);
  else notStartable(state, task);
}

function start(state: ExecutionState, task: TaskState, event: EventOf<'task_started'>, atMs: number): void {
  const { startedMs = atMs } = event;
  if (task.startedRunMs === undefined) {
    if (task.status !== 'waiting_worker') handOver(state, task, atMs);
    task.startedRunMs = runClock(state, startedMs);
  }
  task.attempt = event.attempt;
  if (event.workerId !== undefined) task.workerAttempts += 1;
  task.attemptStartedMs = startedMs;
  forgetTold(task);
  task.isUncertain = false;
  // Journals of earlier versions set nothing aside.
  task.toolCallsMax =
    task.toolCalls + (event.toolCalls ?? (task.planned.callsTools ? attemptToolCallsMax : 0));
  stopWaiting(task);
  move(state, task, 'running');
}

function forgetTold(task: TaskState): void {
  task.toolsTold = 0;
  task.toolEndsTold = 0;
}

function succeed(
  state: ExecutionState,
  task: TaskState,
  answer: NonNullable<TaskState['answer']>,
  entry: LogEntry,
): void {
  task.answer = answer;
  end(state, task, 'succeeded', entry);
  for (const place of state.plan.dependents[task.place] ?? []) {
    const dependent = state.tasks[place];
    if (!dependent) continue;
    dependent.missing -= 1;
    if (dependent.missing === 0 && dependent.status === 'waiting') move(state, dependent, 'ready');
  }
}

function succeedFrom(
  state: ExecutionState,
  task: TaskState,
  event: EventOf<'task_succeeded'>,
  atMs: number,
): void {
  const { answer, cachedFrom, attempt, durationMs } = event;
  if (cachedFrom === undefined) {
    task.lastAttemptMs = durationMs;
    succeed(state, task, answer, successEntry(task.planned, { atMs, attempt, durationMs }, answer));
  } else {
    handOver(state, task, atMs);
    task.computedBy = cachedFrom;
    succeed(state, task, answer, cachedEntry(task.planned, atMs, { answer, cachedFrom }));
  }
}

function fail(state: ExecutionState, task: TaskState, event: EventOf<'task_failed'>, atMs: number): void {
  const { attempt, durationMs, fault } = event;
  task.fault = fault;
  state.failures.push(task);
  end(state, task, 'failed', errorEntry(task.planned, { atMs, attempt, durationMs }, fault));
}

function cancel(
  state: ExecutionState,
  task: TaskState,
  event: EventOf<'task_cancelled'>,
  atMs: number,
): void {
  const { attempt, durationMs, because } = event;
  const entry = { atMs, attempt, durationMs, ...(because === undefined ? {} : { because }) };
  end(state, task, 'cancelled', cancelledEntry(task.planned, entry));
}

function end(state: ExecutionState, task: TaskState, status: TaskStatus, entry: LogEntry): void {
  stopWaiting(task);
  move(state, task, status);
  // A decision of a person is no step of an agent; it stands in the journal.
  if (task.planned.approval === undefined || status !== 'succeeded') state.log.push(entry);
}

function stopWaiting(task: TaskState): void {
  // Not deleted: tasks keep one form, and the fold stays quick.
  task.dueMs = undefined;
  task.waitsForBreaker = undefined;
}

function waitForRetry(state: ExecutionState, task: TaskState, event: EventOf<'retry_scheduled'>): void {
  task.fault = event.fault;
  task.dueMs = event.dueMs;
  const counts = event.counts !== false; // journals of earlier versions do not say
  task.attempt = counts ? event.attempt : event.attempt - 1;
  if (counts) task.lastAttemptMs = event.durationMs;
  else task.waitsForBreaker = true;
  move(state, task, 'retry_wait');
}

// The first dependent takes an output as it was computed; each further one is a hand-over that the log shows (SPEC E5.4). What another run
// computed is told once, where it comes from.
function handOver(state: ExecutionState, task: TaskState, atMs: number): void {
  for (const nodeId of task.planned.parents) {
    const parent = taskOf(state, nodeId);
    parent.handedOver += 1;
    const { answer, planned, computedBy } = parent;
    if (parent.handedOver === 1 || !answer || planned.approval || computedBy !== undefined) continue;
    state.log.push(handOverEntry(planned, atMs, { answer, handedTo: task.planned.nodeId }));
  }
}

/** Starts and stops the clock of the run: it stands while the run is paused, and while all that it waits for is approvals. */
function keepClock(state: ExecutionState, atMs: number): void {
  const stands = clockStands(state);
  if (stands && state.stoppedSinceMs === undefined) state.stoppedSinceMs = atMs;
  if (!stands && state.stoppedSinceMs !== undefined) {
    state.stoppedMs += atMs - state.stoppedSinceMs;
    delete state.stoppedSinceMs;
  }
}

function clockStands({ status, counts }: ExecutionState): boolean {
  if (status === 'paused') return true;
  const {
    waiting_approval: approvals,
    waiting_worker: offered,
    running,
    ready,
    retry_wait: retries,
  } = counts;
  return status === 'running' && approvals > 0 && offered + running + ready + retries === 0;
}
