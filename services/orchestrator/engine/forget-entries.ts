// Removes audit entries that are no longer kept, a bounded number at a time. Starts go with their executions.
import { repeat } from '../../../foundation/process/repeat.ts';
import type { Log } from '../../../foundation/telemetry/log.ts';
import type { AuditKeeper } from '../store/store.ts';

const intervalMs = 3_600_000;
const batchMax = 1_000;
/** Batches in one round. */
const batchesMax = 1_000;

/** Keeps so many days every hour, beginning now; answers how to stop. */
export function forgetEntries(keeper: AuditKeeper, keptDays: number, log: Log): () => Promise<void> {
  const work = async (): Promise<void> => {
    for (let batch = 0; batch < batchesMax; batch += 1) {
      if ((await keeper.remove(keptDays, batchMax)) < batchMax) return;
    }
  };
  return repeat({ name: 'forget entries', work, intervalMs, log });
}
