// The tasks of all workloads by their names.
import { graphOf, type Task, workloadNames, workloadOf } from './workloads.ts';

const tasksByName = new Map<string, Task>(
  workloadNames.flatMap((name) =>
    graphOf(workloadOf(name).shape).map((task): [string, Task] => [`${name} ${task.name}`, task]),
  ),
);

/** The task of that name in a workload. */
export function taskOf(workload: string, name: string): Task {
  return tasksByName.get(`${workload} ${name}`) ?? { name, waitMs: 0 };
}
