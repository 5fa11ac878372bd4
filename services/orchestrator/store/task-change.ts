// Changes of the rows of tasks, as appends to journals bring them.
/** See there. */
export type {
  EndedTask,
  HeldTasks,
  NewTaskRow,
  OfferedTask,
  RetryingTask,
  TaskChange,
  WithdrawnTask,
} from '../core/work/task-change.ts';
