// Why a task has not ended yet, in sentences for people (SPEC E3.8).
import { type ExecutionState, taskOf } from './execution-state.ts';
import type { PlannedTask } from './run-plan.ts';

/** One sentence for each thing that the task waits for; empty when it has ended. */
export function waitingFor(state: ExecutionState, task: PlannedTask): string[] {
  const { status, dueMs, fault, attempt } = taskOf(state, task.nodeId);
  if (status === 'running') return [`attempt ${attempt} of ${task.agentName} is running`];
  if (status === 'retry_wait') {
    const due = dueMs === undefined ? 'soon' : new Date(dueMs).toISOString();
    return [`the next attempt at ${due}, after: ${fault?.message ?? 'a fault'}`];
  }
  if (status !== 'waiting') return [];
  if (state.status === 'pending') return ['the document of the run to be stored'];
  const open = task.parents.filter((parent) => taskOf(state, parent).status !== 'succeeded');
  return open.length > 0 ? open.map((parent) => `the output of ${parent}`) : ['a free slot of the run'];
}
