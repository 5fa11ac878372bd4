// Rows of tasks for workers, and how appends to journals move them.
import type { NewTaskRow, TaskChange } from '../../services/orchestrator/core/work/task-change.ts';

/** One task that was offered. Times are milliseconds since the Unix epoch. */
export interface TaskRow {
  readonly nodeId: string;
  readonly row: NewTaskRow;
  status: 'pending' | 'running' | 'retrying' | 'completed' | 'failed' | 'cancelled' | 'skipped';
  attempt: number;
  returned: number;
  held: boolean;
  withdrawn: boolean;
  workerId: string;
  startedMs: number;
  leaseUntilMs: number;
  deadlineMs: number;
  isAnswered: boolean;
}

/** Moves one row, or all of an execution. */
export function moveTask(tasks: Map<string, TaskRow>, change: TaskChange): void {
  if (change.type === 'held') {
    for (const task of tasks.values()) {
      if (!isOpen(task)) continue;
      task.held = change.isHeld || task.withdrawn;
      task.deadlineMs += change.heldMs;
    }
    return;
  }
  const task = tasks.get(change.nodeId) ?? inserted(tasks, change);
  if (!task) return; // what fails before it is offered has no row
  switch (change.type) {
    case 'offered':
      if (task.attempt >= change.attempt) return;
      Object.assign(task, { status: 'pending', attempt: change.attempt, isAnswered: false });
      return;
    case 'retrying':
      Object.assign(task, { status: 'retrying', isAnswered: false });
      return;
    case 'withdrawn':
      Object.assign(task, { held: true, withdrawn: true });
      return;
    case 'ended':
      task.status = change.status;
  }
}

/** True for a task that has not ended. */
export function isOpen({ status }: TaskRow): boolean {
  return status === 'pending' || status === 'running' || status === 'retrying';
}

function inserted(
  tasks: Map<string, TaskRow>,
  change: Exclude<TaskChange, { type: 'held' }>,
): TaskRow | undefined {
  if (change.type !== 'offered' || !change.row) return undefined;
  const { nodeId, row } = change;
  const task: TaskRow = {
    ...{
      nodeId,
      row,
      status: 'pending',
      attempt: 0,
      returned: 0,
      held: false,
      withdrawn: false,
      workerId: '',
      startedMs: 0,
    },
    ...{ leaseUntilMs: 0, deadlineMs: Date.now() + row.totalTimeoutMs, isAnswered: false },
  };
  tasks.set(nodeId, task);
  return task;
}
