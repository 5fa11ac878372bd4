// A decision in the making: the state that it moves, and what it has led to so far.
import type { TaskFault } from '../agent-answer.ts';
import { evolve } from '../evolve.ts';
import type { ExecutionState, TaskState } from '../execution-state.ts';
import type { JournalEvent } from '../journal-event.ts';
import type { Circumstances, Effect } from './decision.ts';

/** A decision in the making. */
export interface Draft {
  readonly state: ExecutionState;
  readonly known: Circumstances;
  readonly events: JournalEvent[];
  readonly effects: Effect[];
}

/** Adds an event and moves the state by it. */
export function emit({ state, known, events }: Draft, event: JournalEvent): void {
  evolve(state, { seq: state.seq + 1, atMs: known.nowMs, event });
  events.push(event);
}

/** Ends a task as failed. What follows for others is the business of `progress`. */
export function failTask(draft: Draft, task: TaskState, fault: TaskFault, durationMs = 0): void {
  const { planned, attempt } = task;
  emit(draft, { type: 'task_failed', nodeId: planned.nodeId, attempt, fault, durationMs });
}

/** Ends a task that never came to run. */
export function skipTask(draft: Draft, { planned }: TaskState, because: string): void {
  emit(draft, { type: 'task_skipped', nodeId: planned.nodeId, because });
}

/** Ends a task from outside; `because` is absent when a person cancelled the run. */
export function cancelTask(draft: Draft, task: TaskState, because?: string): void {
  const { nodeId } = task.planned;
  const durationMs = attemptMs(draft, task);
  const reason = because === undefined ? {} : { because };
  emit(draft, { type: 'task_cancelled', nodeId, attempt: task.attempt, durationMs, ...reason });
}

/** For how long the present attempt has been running, or how long the last one took; in milliseconds, 0 before the first. */
export function attemptMs({ known }: Draft, task: TaskState): number {
  const { status, attemptStartedMs = known.nowMs, lastAttemptMs = 0 } = task;
  return status === 'running' ? Math.max(0, known.nowMs - attemptStartedMs) : lastAttemptMs;
}

/** Names one attempt of a task. */
export interface AttemptName {
  readonly nodeId: string;
  readonly attempt: number;
}

/** The task if this attempt of it is under way; undefined for what is told too late. */
export function underWay(state: ExecutionState, { nodeId, attempt }: AttemptName): TaskState | undefined {
  const task = state.tasks[state.plan.places.get(nodeId) ?? -1];
  return task?.status === 'running' && task.attempt === attempt ? task : undefined;
}
