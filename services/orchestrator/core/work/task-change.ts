// What a decision of a run changes in the rows of its tasks: they tell dispatch and lists what the journal says.
import type { JsonObject } from '../../../../foundation/json/json.ts';
import type { TaskFault } from '../agent-answer.ts';
import { type ExecutionState, taskOf } from '../execution-state.ts';
import type { JournalEvent } from '../journal-event.ts';

/** A change of the row of one task, or of all that have not ended. Times are milliseconds since the Unix epoch. */
export type TaskChange = OfferedTask | RetryingTask | EndedTask | WithdrawnTask | HeldTasks;

/** A worker may be given it from now on. A row whose attempt has begun already stays as it is. */
export interface OfferedTask {
  readonly type: 'offered';
  readonly nodeId: string;
  /** Number that the next attempt has at least, from 1. */
  readonly attempt: number;
  readonly offeredAtMs: number;
  /** Why the attempt before failed; absent for the first. */
  readonly fault?: TaskFault;
  /** The row to insert, for tasks of playbooks that are offered for the first time; absent for rows that are there. */
  readonly row?: NewTaskRow;
}

/** It waits for its next attempt. */
export interface RetryingTask {
  readonly type: 'retrying';
  readonly nodeId: string;
  /** The attempt that has failed. */
  readonly attempt: number;
  readonly retryAtMs: number;
  readonly fault: TaskFault;
}

/** It has ended. */
export interface EndedTask {
  readonly type: 'ended';
  readonly nodeId: string;
  readonly status: 'completed' | 'failed' | 'cancelled' | 'skipped';
  readonly completedAtMs: number;
  /** What the worker answered; absent unless it has completed. */
  readonly result?: JsonObject;
  /** Why it has no result; absent when it has one. */
  readonly fault?: TaskFault;
}

/** No worker is given it any more. A run is told at once of what no worker has. */
export interface WithdrawnTask {
  readonly type: 'withdrawn';
  readonly nodeId: string;
}

/** The run is paused, or goes on: all its tasks that have not ended are held, or given out again. */
export interface HeldTasks {
  readonly type: 'held';
  readonly isHeld: boolean;
  /** How long they were held, in milliseconds, which does not count against their time; 0 when they are held from now on. */
  readonly heldMs: number;
}

/** A new row of a task of a playbook. */
export interface NewTaskRow {
  /** UUIDv7. */
  readonly id: string;
  readonly taskType: string;
  readonly name: string;
  readonly input: JsonObject;
  readonly context: JsonObject;
  readonly priority: number;
  readonly requiredCapabilities: readonly string[];
  readonly attemptTimeoutMs: number;
  readonly totalTimeoutMs: number;
  readonly retriesMax: number;
  /** See {@link PlannedWork}. */
  readonly failsUncertain: boolean;
  /** User id. */
  readonly createdBy: string;
}

/** What these events, which have moved the state, change in the rows of tasks for workers; in their order. */
export function taskChangesOf(
  state: ExecutionState,
  events: readonly JournalEvent[],
  nowMs: number,
): TaskChange[] {
  if (!state.plan.hasWork) return [];
  return events.flatMap((event) => {
    const change = changeOf(state, event, nowMs);
    return change ? [change] : [];
  });
}

function changeOf(state: ExecutionState, event: JournalEvent, nowMs: number): TaskChange | undefined {
  if (event.type === 'paused') return { type: 'held', isHeld: true, heldMs: 0 };
  if (event.type === 'resumed') {
    return { type: 'held', isHeld: false, heldMs: Math.max(0, nowMs - (state.pausedMs ?? nowMs)) };
  }
  if (!('nodeId' in event)) return undefined;
  const { planned, fault } = taskOf(state, event.nodeId);
  if (!planned.work) return undefined;
  if (event.type !== 'task_offered') return changeOfTask(event, nowMs);
  const { nodeId, attempt } = event;
  return { type: 'offered', nodeId, attempt, offeredAtMs: nowMs, ...(fault ? { fault } : {}) };
}

type TaskEvent = Extract<JournalEvent, { readonly nodeId: string }>;

function changeOfTask(event: TaskEvent, completedAtMs: number): TaskChange | undefined {
  const ended = { type: 'ended', nodeId: event.nodeId, completedAtMs } as const;
  switch (event.type) {
    case 'retry_scheduled': {
      const { nodeId, attempt, dueMs: retryAtMs, fault } = event;
      return { type: 'retrying', nodeId, attempt, retryAtMs, fault };
    }
    case 'task_succeeded':
    case 'task_reused':
      return { ...ended, status: 'completed', result: event.answer.output };
    case 'task_failed':
      return { ...ended, status: 'failed', fault: event.fault };
    case 'task_cancelled': {
      const fault = { code: 'cancelled', message: event.because ?? 'cancelled' };
      return { ...ended, status: 'cancelled', fault };
    }
    case 'task_skipped':
      return { ...ended, status: 'skipped', fault: { code: '', message: event.because } };
    case 'task_withdrawn':
      return { type: 'withdrawn', nodeId: event.nodeId };
    default:
      return undefined;
  }
}
