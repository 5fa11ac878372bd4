// Removes accounts of callers that say no more than a new one would, a bounded number at a time. Whether a caller is let in does not depend on
// it.
import { repeat } from '../../../foundation/process/repeat.ts';
import type { Log } from '../../../foundation/telemetry/log.ts';
import type { RatePlace, RateStore } from '../store/store.ts';

const intervalMs = 3_600_000;
const batchMax = 1_000;
/** Batches in one round. */
const batchesMax = 1_000;

/** Walks through all accounts every hour, beginning now; answers how to stop. */
export function forgetRates(store: Pick<RateStore, 'removeIdle'>, log: Log): () => Promise<void> {
  let after: RatePlace | undefined; // a round that did not reach the end is gone on with by the next one
  const work = async (): Promise<void> => {
    for (let batch = 0; batch < batchesMax; batch += 1) {
      after = await store.removeIdle(after, batchMax);
      if (!after) return;
    }
  };
  return repeat({ name: 'forget rates', work, intervalMs, log });
}
