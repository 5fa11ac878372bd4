// Removes rows of tasks whose runs are no longer kept, a bounded number at a time.
import { repeat } from '../../../foundation/process/repeat.ts';
import type { Log } from '../../../foundation/telemetry/log.ts';
import type { TaskKeeper } from '../store/store.ts';

const intervalMs = 3_600_000;
const batchMax = 1_000;
/** Batches in one round. */
const batchesMax = 1_000;

/** Keeps so many days every hour, beginning now; answers how to stop. */
export function forgetTasks(keeper: TaskKeeper, keptDays: number, log: Log): () => Promise<void> {
  const work = async (): Promise<void> => {
    for (let batch = 0; batch < batchesMax; batch += 1) {
      if ((await keeper.remove(keptDays, batchMax)) < batchMax) return;
    }
  };
  return repeat({ name: 'forget tasks', work, intervalMs, log });
}
