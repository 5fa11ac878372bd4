// Removes outputs that have expired, a bounded number at a time. Whether an output counts does not depend on it.
import { repeat } from '../../../foundation/process/repeat.ts';
import type { Log } from '../../../foundation/telemetry/log.ts';
import type { OutputStore } from '../store/store.ts';

const intervalMs = 60_000;
const batchMax = 1_000;
/** Batches in one round. */
const batchesMax = 50;

/** Removes expired outputs every minute; answers how to stop. */
export function forgetOutputs(store: Pick<OutputStore, 'removeExpired'>, log: Log): () => Promise<void> {
  const work = async (): Promise<void> => {
    for (let batch = 0; batch < batchesMax; batch += 1) {
      if ((await store.removeExpired(batchMax)) < batchMax) return;
    }
  };
  return repeat({ name: 'forget outputs', work, intervalMs, log });
}
