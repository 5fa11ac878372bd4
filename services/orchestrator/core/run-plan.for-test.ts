// Plans for tests: graphs of nodes with parents, everything else as usual.
import {
  defaultExecutionTimeoutMs,
  defaultTaskLimits,
  type FailurePolicy,
  type RunPlan,
} from './run-plan.ts';

/** A plan of these nodes, in plan order; each names its parents. */
export function planOf(
  graph: Readonly<Record<string, readonly string[]>>,
  failurePolicy: FailurePolicy = 'fail_fast',
): RunPlan {
  const tasks = Object.entries(graph).map(([nodeId, parents], at) => ({
    taskId: `task_${at + 1}`,
    nodeId,
    agentId: nodeId,
    agentName: `${nodeId} Agent`,
    agentVersion: 1,
    implicit: false,
    parents,
    inputKeys: [],
    outputKeys: ['answer', 'summary', 'insight', 'place', 'kind'],
    limits: defaultTaskLimits,
  }));
  return {
    domainId: 'city',
    domainVersion: 1,
    tasks,
    failurePolicy,
    executionTimeoutMs: defaultExecutionTimeoutMs,
  };
}
