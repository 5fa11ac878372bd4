// Where an execution stands: the fold of its journal. It is changed in place, by `evolve` for what is recorded and by `decide` for what only
// this process needs to know; whoever is not sure of it reads the journal again.
import type { JsonObject } from '../../../foundation/json/json.ts';
import type { AgentAnswer, TaskFault } from './agent-answer.ts';
import type { Outcome } from './journal-event.ts';
import type { LogEntry } from './log-entry.ts';
import { type PlannedTask, type RunPlan, runningTasksMax } from './run-plan.ts';

/** Where a run stands. */
export type ExecutionStatus =
  | 'pending'
  | 'running'
  | 'paused'
  | 'cancelling'
  | 'finishing'
  | 'completed'
  | 'failed'
  | 'cancelled';

/** Where a task stands. */
export type TaskStatus =
  | 'waiting'
  | 'ready'
  | 'running'
  | 'retry_wait'
  | 'waiting_approval'
  | 'waiting_worker'
  | 'succeeded'
  | 'failed'
  | 'skipped'
  | 'cancelled';

/** One task of a run. */
export interface TaskState {
  readonly planned: PlannedTask;
  /** Place in the plan, from 0. */
  readonly place: number;
  status: TaskStatus;
  /** Parents without an output. */
  missing: number;
  /** Number of the last attempt that has begun; 0 before the first. */
  attempt: number;
  /** Attempts of workers on record: those that were taken back are in the numbers, but not here. */
  workerAttempts: number;
  /** When the first attempt began, by the clock of the run; absent before. */
  startedRunMs?: number;
  /** When the present attempt began, in milliseconds since the Unix epoch. */
  attemptStartedMs?: number;
  /** How long the last attempt took that has ended, in milliseconds; absent before the first. */
  lastAttemptMs?: number;
  /** When a person was asked, in milliseconds since the Unix epoch; only for approvals. */
  askedMs?: number;
  /** When the next attempt is due, or the approval decides itself. */
  dueMs?: number;
  /** Why no worker is given it any more, in a sentence; absent while one may be. */
  withdrawn?: string;
  /** True while it waits for a circuit breaker: the attempt was refused before it began. */
  waitsForBreaker?: boolean;
  /** Only when it succeeded. */
  answer?: AgentAnswer;
  /** Execution that computed the answer; absent when it is this one. */
  computedBy?: string;
  /** Last fault, if any attempt failed. */
  fault?: TaskFault;
  /** Calls of tools that the present attempt has told, since it was last begun as far as it tells. */
  toolsTold: number;
  /** Ends of such calls that it has told. */
  toolEndsTold: number;
  /** Calls of tools on record, of all its attempts. */
  toolCalls: number;
  /** What `toolCalls` may grow to by the present attempt; 0 for tasks that call none. */
  toolCallsMax: number;
  /** Of this process alone: it could start, but waits for calls of tools that are set aside for others. */
  waitsForCalls?: boolean | undefined;
  /** True once the present attempt has told that it may have been made before. */
  isUncertain: boolean;
  /** How often its output was handed to a dependent. */
  handedOver: number;
  /** Of this process alone: `asked` while a cache is looked through for it, `missed` when it was not there. */
  lookup?: 'asked' | 'missed';
}

/** One execution. */
export interface ExecutionState {
  readonly plan: RunPlan;
  /** Number of the last journal entry; 0 before the first. */
  seq: number;
  /** When that was, in milliseconds since the Unix epoch; 0 before the first. */
  lastAtMs: number;
  status: ExecutionStatus;
  /** In plan order. */
  readonly tasks: readonly TaskState[];
  /** How many tasks there are of each status. */
  readonly counts: Record<TaskStatus, number>;
  /** Tasks that could start now, in plan order; also those whose wait for a retry is over. */
  readonly startable: TaskState[];
  /** Tasks that run or wait for a time. */
  readonly active: Set<TaskState>;
  /** Tasks that failed, in order of time. */
  readonly failures: TaskState[];
  /** In order of time. */
  readonly log: LogEntry[];
  /** Calls of tools on record, of all tasks. */
  toolCalls: number;
  startedMs?: number;
  /** When the run was last paused; absent before. */
  pausedMs?: number;
  /** Time that does not count against the run, in milliseconds: pauses, and waits for nothing but approvals or a place among the tenant's. */
  stoppedMs: number;
  /** Since when the clock of the run stands; absent while it goes. */
  stoppedSinceMs?: number;
  cancelRequestedMs?: number;
  finishingMs?: number;
  endedMs?: number;
  outcome?: Outcome;
  /** What applying changes; absent until it is known, and where nothing had to be found out. */
  prepared?: JsonObject;
  summary?: string;
}

/** The state before the first journal entry. */
export function initialState(plan: RunPlan): ExecutionState {
  const tasks = plan.tasks.map((planned, place): TaskState => {
    const missing = planned.parents.length;
    return {
      planned,
      place,
      status: missing === 0 ? 'ready' : 'waiting',
      missing,
      attempt: 0,
      workerAttempts: 0,
      toolsTold: 0,
      toolEndsTold: 0,
      toolCalls: 0,
      toolCallsMax: 0,
      isUncertain: false,
      handedOver: 0,
    };
  });
  const startable = tasks.filter(({ missing }) => missing === 0);
  const counts = { ...noTasks, ready: startable.length, waiting: tasks.length - startable.length };
  return {
    plan,
    seq: 0,
    lastAtMs: 0,
    status: 'pending',
    tasks,
    counts,
    startable,
    active: new Set(),
    failures: [],
    log: [],
    toolCalls: 0,
    stoppedMs: 0,
  };
}

const noTasks: Readonly<Record<TaskStatus, number>> = {
  waiting: 0,
  ready: 0,
  running: 0,
  retry_wait: 0,
  waiting_approval: 0,
  waiting_worker: 0,
  succeeded: 0,
  failed: 0,
  skipped: 0,
  cancelled: 0,
};

/** The state of a task that the plan names. */
export function taskOf(state: ExecutionState, nodeId: string): TaskState {
  const task = state.tasks[state.plan.places.get(nodeId) ?? -1];
  if (!task) throw new Error(`the plan has no task ${nodeId}`);
  return task;
}

/** True when nothing more may begin beside what is under way here or with workers. */
export function isFull({ counts }: ExecutionState): boolean {
  return counts.running + counts.waiting_worker >= runningTasksMax;
}

/** Tasks that have not ended. */
export function openTasks({ counts }: ExecutionState): number {
  const elsewhere = counts.waiting_approval + counts.waiting_worker;
  return counts.waiting + counts.ready + counts.running + counts.retry_wait + elsewhere;
}

/** True once nothing can change any more. */
export function hasEnded({ endedMs }: ExecutionState): boolean {
  return endedMs !== undefined;
}

/** The time of the run: milliseconds since the Unix epoch without those that do not count against it. */
export function runClock(state: ExecutionState, nowMs: number): number {
  const standing = state.stoppedSinceMs === undefined ? 0 : nowMs - state.stoppedSinceMs;
  return nowMs - state.stoppedMs - standing;
}

/** Puts a task among those that can start, in plan order. */
export function makeStartable({ startable }: ExecutionState, task: TaskState): void {
  let at = startable.length;
  while (at > 0 && (startable[at - 1]?.place ?? -1) > task.place) at -= 1;
  if (startable[at - 1] !== task) startable.splice(at, 0, task);
}

/** Takes a task away from those that can start. */
export function notStartable({ startable }: ExecutionState, task: TaskState): void {
  const at = startable.indexOf(task);
  if (at >= 0) startable.splice(at, 1);
}
