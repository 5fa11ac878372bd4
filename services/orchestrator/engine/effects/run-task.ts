// Runs one attempt of one task as soon as a place is free.
import { plannedTask } from '../../core/evolve.ts';
import { jobOf } from '../../core/job-input.ts';
import { taskInput } from '../../core/task-input.ts';
import type { LiveExecution } from '../live-execution.ts';
import type { EffectDeps, Tell } from './effect-deps.ts';

/** One attempt. */
export interface TaskAttempt {
  readonly nodeId: string;
  readonly attempt: number;
}

/** Tells `answered` or `faulted`, or nothing when the execution was dropped before its turn. */
export async function runTask(
  deps: EffectDeps,
  live: LiveExecution,
  task: TaskAttempt,
  tell: Tell,
): Promise<void> {
  const { invoke, slots, clock } = deps;
  const { execution, state } = live;
  const { nodeId, attempt } = task;
  const { taskId, limits } = plannedTask(state.plan, nodeId);
  const agent = live.agents.get(nodeId);
  if (!agent) throw new Error(`the plan has no agent for ${nodeId}`);
  const input = taskInput(state, nodeId, jobOf(execution.input).input);
  const abort = new AbortController();
  live.aborts.set(nodeId, abort);
  await slots.run(async () => {
    if (live.dropped) return;
    const startedMs = clock();
    const timeoutMs = limits.attemptTimeoutMs;
    const end = await invoke({ execution, taskId, attempt, agent, input, timeoutMs, signal: abort.signal });
    live.aborts.delete(nodeId);
    const durationMs = clock() - startedMs;
    if ('answer' in end) tell({ type: 'answered', nodeId, attempt, answer: end.answer, durationMs });
    else tell({ type: 'faulted', nodeId, attempt, fault: end.fault, durationMs, random: Math.random() });
  });
}
