// Where an execution stands: the fold of its journal.
import type { AgentAnswer, TaskFault } from './agent-answer.ts';
import type { Outcome } from './journal-event.ts';
import type { LogEntry } from './log-entry.ts';
import type { RunPlan } from './run-plan.ts';

/** Where a run stands. */
export type ExecutionStatus = 'pending' | 'running' | 'finishing' | 'completed' | 'failed';

/** Where a task stands. */
export type TaskStatus = 'waiting' | 'running' | 'retry_wait' | 'succeeded' | 'failed' | 'skipped';

/** One task of a run. */
export interface TaskState {
  readonly status: TaskStatus;
  /** Attempts begun. */
  readonly attempt: number;
  /** When the first attempt began, in milliseconds since the Unix epoch; absent before. */
  readonly startedMs?: number;
  /** When the next attempt is due; only while `retry_wait`. */
  readonly dueMs?: number;
  /** Only when it succeeded. */
  readonly answer?: AgentAnswer;
  /** Last fault, if any attempt failed. */
  readonly fault?: TaskFault;
}

/** One execution. */
export interface ExecutionState {
  readonly plan: RunPlan;
  /** Number of the last journal entry; 0 before the first. */
  readonly seq: number;
  readonly status: ExecutionStatus;
  /** By nodeId. */
  readonly tasks: ReadonlyMap<string, TaskState>;
  /** In order of time. */
  readonly log: readonly LogEntry[];
  /** How often each task's output was handed to a dependent, by nodeId. */
  readonly handedOver: ReadonlyMap<string, number>;
  readonly startedMs?: number;
  readonly finishingMs?: number;
  readonly endedMs?: number;
  readonly outcome?: Outcome;
}

/** The state before the first journal entry. */
export function initialState(plan: RunPlan): ExecutionState {
  const tasks = plan.tasks.map(({ nodeId }): [string, TaskState] => [
    nodeId,
    { status: 'waiting', attempt: 0 },
  ]);
  return { plan, seq: 0, status: 'pending', tasks: new Map(tasks), log: [], handedOver: new Map() };
}

/** The state of a task that the plan names. */
export function taskOf(state: ExecutionState, nodeId: string): TaskState {
  const task = state.tasks.get(nodeId);
  if (!task) throw new Error(`the plan has no task ${nodeId}`);
  return task;
}
