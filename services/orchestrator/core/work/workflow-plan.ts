// What follows from the tasks of a workflow: the graph that is run, its priority, and how long it may take.
import { topologicalOrder } from '../../../../foundation/graph/topological-order.ts';
import { timesOf } from './task-document.ts';
import type { WorkGraph } from './work-plan.ts';
import type { WorkflowTask } from './workflow.ts';

/** The graph of tasks without cycles, in an order in which every parent stands before its dependents; as they were described where that is free. */
export function workflowGraph(tasks: readonly WorkflowTask[]): WorkGraph {
  const ordered = inOrder(tasks);
  const stepOf = new Map(ordered.map(({ key }, step) => [key, step]));
  return {
    failurePolicy: 'fail_fast',
    tasks: ordered.map((task) => ({
      nodeId: task.key,
      name: task.name,
      type: task.type,
      parents: task.dependsOn.toSorted((a, b) => (stepOf.get(a) ?? 0) - (stepOf.get(b) ?? 0)),
      requiredCapabilities: task.requiredCapabilities,
      priority: task.priority,
      retriesMax: task.maxRetries,
      ...timesOf(task),
    })),
  };
}

/** The sum of the times of the tasks along the way through the graph for which it is largest, in seconds. */
export function estimatedSeconds(tasks: readonly WorkflowTask[]): number {
  const endsMs = new Map<string, number>();
  for (const task of inOrder(tasks)) {
    const beginsMs = Math.max(0, ...task.dependsOn.map((parent) => endsMs.get(parent) ?? 0));
    endsMs.set(task.key, beginsMs + timesOf(task).totalTimeoutMs);
  }
  return Math.max(0, ...endsMs.values()) / 1_000;
}

/** The highest priority of the tasks. */
export function highestPriority(tasks: readonly WorkflowTask[]): number {
  return Math.max(...tasks.map(({ priority }) => priority));
}

function inOrder(tasks: readonly WorkflowTask[]): WorkflowTask[] {
  const placeOf = new Map(tasks.map(({ key }, at) => [key, at]));
  const parentsOf = tasks.map(({ dependsOn }) => dependsOn.flatMap((parent) => placeOf.get(parent) ?? []));
  const ordering = topologicalOrder(parentsOf);
  if ('cycle' in ordering) throw new Error('a workflow that was checked has no cycle');
  return ordering.order.flatMap((place) => tasks[place] ?? []);
}
