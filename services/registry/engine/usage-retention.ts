// Lets calls of models go out of the ledger when they are no longer kept. Several replicas may do so at once.
import type { Clock } from '../../../foundation/clock.ts';
import { repeat } from '../../../foundation/process/repeat.ts';
import type { Log } from '../../../foundation/telemetry/log.ts';
import type { RegistryStore } from '../store/store.ts';

const intervalMs = 60 * 60_000;
/** Rows that one statement removes, so that none is long. */
const rowsMax = 5_000;
const dayMs = 86_400_000;

/** What is needed. */
export interface UsageRetention {
  readonly store: Pick<RegistryStore, 'removeOldUsage'>;
  /** How long calls are kept, in days. */
  readonly keptDays: number;
  readonly clock: Clock;
  readonly log: Pick<Log, 'warn'>;
}

/** Begins at once and goes on every hour. The result stops it and resolves when the statement under way has ended. */
export function startUsageRetention({ store, keptDays, clock, log }: UsageRetention): () => Promise<void> {
  let stopped = false;
  const work = async (): Promise<void> => {
    const before = new Date(clock() - keptDays * dayMs);
    while (!stopped && (await store.removeOldUsage(before, rowsMax)) === rowsMax);
  };
  const stop = repeat({ name: 'usage retention', work, intervalMs, log });
  return () => {
    stopped = true;
    return stop();
  };
}
