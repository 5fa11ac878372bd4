// Makes room for the weeks to come and lets go of what is no longer kept, at start and then every ten minutes: what would have held writers up
// is left to the next time. What a week holds is the store's business, and so is what of it has not finished.
import { repeat } from '../../../foundation/process/repeat.ts';
import type { Log } from '../../../foundation/telemetry/log.ts';
import type { EngineStore } from '../store/store.ts';

const intervalMs = 600_000;

/** Keeps so many days, beginning now; answers how to stop. */
export function keepWeeks(
  store: Pick<EngineStore, 'keepWeeks'>,
  keptDays: number,
  log: Log,
): () => Promise<void> {
  const work = async (): Promise<void> => {
    const weeks = await store.keepWeeks(keptDays);
    if (weeks.length > 0) log.info({ weeks }, 'Weeks of executions that are no longer kept were dropped');
  };
  return repeat({ name: 'keep weeks', work, intervalMs, log });
}
