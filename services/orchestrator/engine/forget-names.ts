// Removes the names of requests that are older than a day, and the answers that are kept under names, a bounded number at a time. Whether an old
// one counts does not depend on it.
import { repeat } from '../../../foundation/process/repeat.ts';
import type { Log } from '../../../foundation/telemetry/log.ts';
import { nameKeptMs } from '../core/request-name.ts';
import type { EngineStore } from '../store/store.ts';

const intervalMs = 60_000;
const batchMax = 1_000;
/** Batches in one round: more names than one replica can bind in the minute between two rounds. */
const batchesMax = 500;

/** Removes old names every minute; answers how to stop. */
export function forgetNames(
  store: Pick<EngineStore, 'removeNames' | 'removeAnswers'>,
  log: Log,
): () => Promise<void> {
  const work = async (): Promise<void> => {
    await inBatches(store.removeNames);
    await inBatches(store.removeAnswers);
  };
  return repeat({ name: 'forget names', work, intervalMs, log });
}

async function inBatches(remove: EngineStore['removeNames']): Promise<void> {
  for (let batch = 0; batch < batchesMax; batch += 1) {
    if ((await remove(nameKeptMs, batchMax)) < batchMax) return;
  }
}
