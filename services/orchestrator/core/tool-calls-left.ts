// How many calls of tools an attempt is given (SPEC S15). They are set aside when it starts, in the journal, so that attempts of one run that
// go on at the same time, retries and other owners of the run can together never be given more than the run may make. What an attempt has
// not used comes back when it ends.
import type { ExecutionState, TaskState } from './execution-state.ts';
import { runningTasksMax } from './run-plan.ts';

/** Calls that one attempt may make. */
export const attemptToolCallsMax = 20;

/** Calls that one execution may make, where the deployment does not say. */
export const executionToolCallsMax = 100;

/** A task that would be given fewer waits for those that others have set aside and may not need. */
const shareMin = 10;

/**
 * The calls for the next attempt of a task that calls tools: as many as one may make, else its part of what is left, which it shares with
 * the tasks that can start beside it. Undefined when it has to wait; 0 once all calls of the run are made.
 */
export function toolCallsFor(state: ExecutionState, callsMax: number): number | undefined {
  const held = [...state.active].reduce((sum, task) => sum + heldBy(task), 0);
  const left = Math.max(0, callsMax - state.toolCalls - held);
  const share = Math.floor(left / rivalsIn(state));
  const given = Math.min(attemptToolCallsMax, Math.max(share, Math.min(left, shareMin)));
  return given >= shareMin || held === 0 ? given : undefined;
}

/** How many tasks that call tools could start now, by themselves or after a look into the cache. */
function rivalsIn({ tasks, counts }: ExecutionState): number {
  const ready = tasks.filter(({ status, planned }) => status === 'ready' && planned.callsTools).length;
  return Math.max(1, Math.min(ready, runningTasksMax - counts.running));
}

/** Calls that are set aside for the present attempt and not made yet. */
export function heldBy({ status, toolCalls, toolCallsMax }: TaskState): number {
  return status === 'running' ? Math.max(0, toolCallsMax - toolCalls) : 0;
}
