// The fold: how each journal entry moves an execution. It never decides; it only believes what the journal says.
import { type ExecutionState, type TaskState, taskOf } from './execution-state.ts';
import type { JournalEntry, JournalEvent } from './journal-event.ts';
import { errorEntry, handOverEntry, type LogEntry, skippedEntry, successEntry } from './log-entry.ts';
import type { PlannedTask, RunPlan } from './run-plan.ts';

type EventOf<T extends JournalEvent['type']> = Extract<JournalEvent, { type: T }>;

/** The state after one more entry. Throws when the entry does not follow the last one: a gap means that entries were lost. */
export function evolve(state: ExecutionState, entry: JournalEntry): ExecutionState {
  if (entry.seq !== state.seq + 1) throw new Error(`journal entry ${entry.seq} does not follow ${state.seq}`);
  return { ...apply(state, entry.event, entry.atMs), seq: entry.seq };
}

/** The state after many entries in order. */
export function fold(initial: ExecutionState, entries: Iterable<JournalEntry>): ExecutionState {
  let state = initial;
  for (const entry of entries) state = evolve(state, entry);
  return state;
}

function apply(state: ExecutionState, event: JournalEvent, atMs: number): ExecutionState {
  switch (event.type) {
    case 'started':
      return { ...state, status: 'running', startedMs: atMs };
    case 'task_started':
      return startTask(state, event, atMs);
    case 'task_succeeded':
      return endTask(state, event, { status: 'succeeded', answer: event.answer }, (task) =>
        successEntry(task, { atMs, attempt: event.attempt, durationMs: event.durationMs }, event.answer),
      );
    case 'task_failed':
      return endTask(state, event, { status: 'failed', fault: event.fault }, (task) =>
        errorEntry(task, { atMs, attempt: event.attempt, durationMs: event.durationMs }, event.fault),
      );
    case 'retry_scheduled':
      return withTask(state, event.nodeId, { status: 'retry_wait', fault: event.fault, dueMs: event.dueMs });
    case 'task_skipped':
      return endTask(state, event, { status: 'skipped' }, (task) => skippedEntry(task, atMs, event.because));
    case 'finishing':
      return { ...state, status: 'finishing', finishingMs: atMs, outcome: event.outcome };
    case 'ended':
      return { ...state, status: event.status, endedMs: atMs };
  }
}

/** The planned task of a node. */
export function plannedTask(plan: RunPlan, nodeId: string): PlannedTask {
  const task = plan.tasks.find((each) => each.nodeId === nodeId);
  if (!task) throw new Error(`the plan has no task ${nodeId}`);
  return task;
}

function withTask(state: ExecutionState, nodeId: string, change: Partial<TaskState>): ExecutionState {
  const tasks = new Map(state.tasks).set(nodeId, { ...taskOf(state, nodeId), ...change });
  return { ...state, tasks };
}

type Ended = { readonly nodeId: string };

function endTask(
  state: ExecutionState,
  { nodeId }: Ended,
  change: Partial<TaskState>,
  entry: (task: PlannedTask) => LogEntry,
): ExecutionState {
  const next = withTask(state, nodeId, change);
  return { ...next, log: [...state.log, entry(plannedTask(state.plan, nodeId))] };
}

// The first dependent takes an output as it was computed; each further one is a hand-over that the log shows (SPEC E5.4).
function startTask(state: ExecutionState, event: EventOf<'task_started'>, atMs: number): ExecutionState {
  const { nodeId, attempt } = event;
  const { startedMs = atMs } = taskOf(state, nodeId);
  const next = withTask(state, nodeId, { status: 'running', attempt, startedMs });
  if (attempt > 1) return next;
  const handedOver = new Map(state.handedOver);
  const entries: LogEntry[] = [];
  for (const parent of plannedTask(state.plan, nodeId).parents) {
    const times = handedOver.get(parent) ?? 0;
    handedOver.set(parent, times + 1);
    const { answer, attempt: tries } = taskOf(state, parent);
    if (times === 0 || !answer) continue;
    entries.push(
      handOverEntry(plannedTask(state.plan, parent), { atMs, attempt: tries, durationMs: 0 }, answer, nodeId),
    );
  }
  return { ...next, handedOver, log: [...state.log, ...entries] };
}
