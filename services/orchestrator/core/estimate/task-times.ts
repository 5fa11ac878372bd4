// How long tasks of a recorded run have taken, from its journal. Tasks that were served from the cache, taken from another run, failed, or in
// runs that people have paused say nothing of how long a task takes.
import type { JournalEntry } from '../journal-event.ts';
import type { RunPlan } from '../run-plan.ts';

/** A task that succeeded. */
export interface TaskTime {
  readonly agentId: string;
  readonly agentVersion: number;
  /** What computed it: `builtin`, `offline rules`, `provider/model`, or a worker's name. */
  readonly runtime: string;
  /** From the start of its first attempt to the end of its last, in milliseconds. */
  readonly durationMs: number;
  /** When it ended, in milliseconds since the Unix epoch. */
  readonly atMs: number;
}

/** Tasks of the run with this journal, in the order of their ends. */
export function taskTimes(
  { tasks, places }: Pick<RunPlan, 'tasks' | 'places'>,
  journal: readonly JournalEntry[],
): readonly TaskTime[] {
  if (journal.some(({ event }) => event.type === 'paused')) return [];
  const begun = new Map<string, number>();
  return journal.flatMap(({ atMs, event }): TaskTime[] => {
    if (event.type === 'task_started' && !begun.has(event.nodeId))
      begun.set(event.nodeId, event.startedMs ?? atMs);
    if (event.type !== 'task_succeeded' || event.attempt === 0) return [];
    const task = tasks[places.get(event.nodeId) ?? -1];
    const beganMs = begun.get(event.nodeId);
    if (!task || task.approval || beganMs === undefined) return [];
    const { agentId, agentVersion } = task;
    return [
      { agentId, agentVersion, runtime: event.answer.runtime, durationMs: Math.max(0, atMs - beganMs), atMs },
    ];
  });
}
