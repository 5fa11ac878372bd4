// Plans for tests: graphs of nodes with parents, everything else as usual.
import {
  createRunPlan,
  defaultApprovalTimeoutMs,
  defaultExecutionTimeoutMs,
  defaultTaskLimits,
  type FailurePolicy,
  type PlannedApproval,
  type PlannedTask,
  type RunPlan,
  type TaskLimits,
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
    cacheTtlMs: 0,
    limits: defaultTaskLimits,
  }));
  return createRunPlan({
    domainId: 'city',
    domainVersion: 1,
    tasks,
    failurePolicy,
    executionTimeoutMs: defaultExecutionTimeoutMs,
  });
}

/** What a test changes of a task. */
export type TaskChange = Omit<Partial<PlannedTask>, 'limits'> & { readonly limits?: Partial<TaskLimits> };

/** The plan with some of its tasks changed, by nodeId. */
export function withTasks(plan: RunPlan, changes: Readonly<Record<string, TaskChange>>): RunPlan {
  const tasks = plan.tasks.map((task) => {
    const { limits, ...rest } = changes[task.nodeId] ?? {};
    return { ...task, ...rest, limits: { ...task.limits, ...limits } };
  });
  return createRunPlan({ ...plan, tasks });
}

/** Makes an approval of a task. */
export function approvalNode(changes: Partial<PlannedApproval> = {}): TaskChange {
  const roles = ['editor', 'admin'];
  const usual = {
    prompt: 'Go on?',
    roles,
    timeoutMs: defaultApprovalTimeoutMs,
    onTimeout: 'reject',
  } as const;
  return { approval: { ...usual, ...changes }, agentVersion: 0 };
}
