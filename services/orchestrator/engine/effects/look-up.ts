// Looks whether an earlier run has computed what a task would compute. A cache that cannot be asked is no reason to wait: the task runs.
import { plannedTask } from '../../core/evolve.ts';
import { taskOf } from '../../core/execution-state.ts';
import { jobOf } from '../../core/job-input.ts';
import { taskInput } from '../../core/task-input.ts';
import type { LiveExecution } from '../live-execution.ts';
import type { EffectDeps, Tell } from './effect-deps.ts';

/** Tells `looked_up`, with what was found; under which key the output is kept later is remembered. */
export async function lookUp(
  deps: EffectDeps,
  live: LiveExecution,
  nodeId: string,
  tell: Tell,
): Promise<void> {
  const { execution, state, agents } = live;
  const agent = agents.get(nodeId);
  if (!agent) throw new Error(`the plan has no agent for ${nodeId}`);
  const input = taskInput(state, nodeId, jobOf(execution.input).input);
  const { taskId, limits } = plannedTask(state.plan, nodeId);
  const { attemptTimeoutMs } = limits;
  const isWanted = (): boolean => !live.dropped && taskOf(state, nodeId).status === 'ready';
  const question = { execution, agent, taskId, input, attemptTimeoutMs, isWanted };
  const { key, settingsRevision, fingerprint, found, end } = await deps.cache.lookUp(question);
  if (!isWanted()) end?.(false);
  else if (end) live.computing.set(nodeId, end);
  if (key !== undefined) live.cacheKeys.set(nodeId, { key, fingerprint });
  if (settingsRevision !== undefined) live.settingsRevisions.set(nodeId, settingsRevision);
  tell({ type: 'looked_up', nodeId, ...(found ? { found } : {}) });
}
