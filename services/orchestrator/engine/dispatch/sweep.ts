// Gives up attempts whose lease or time is over, and tasks all of whose time is up, and sees to it that every run hears of its answers. Each
// replica does it; what one holds the others pass over.
import { repeat } from '../../../../foundation/process/repeat.ts';
import type { Log } from '../../../../foundation/telemetry/log.ts';
import type { DispatchQueue, ExecutionKey } from '../../store/store.ts';
import type { Engine } from '../engine.ts';

/** Pause between two rounds, in milliseconds. */
export const sweepIntervalMs = 1_000;
const batch = 100;
const batchesMax = 20;
const deliverMs = 10_000;

/** What sweeping needs. */
export interface SweepDeps {
  readonly queue: Pick<DispatchQueue, 'lapsed' | 'giveUp' | 'remind'>;
  readonly deliver: Engine['deliver'];
  readonly log: Log;
  /** [sweepIntervalMs] */
  readonly intervalMs?: number;
}

/** Begins; the result stops it. */
export function beginSweep(deps: SweepDeps): () => Promise<void> {
  const { log, intervalMs = sweepIntervalMs } = deps;
  return repeat({ name: 'sweep attempts of workers', work: () => sweepOnce(deps), intervalMs, log });
}

/** One round; resolves once what was given up is written. */
export async function sweepOnce({ queue, deliver, log }: Omit<SweepDeps, 'intervalMs'>): Promise<void> {
  const tell = (runs: readonly ExecutionKey[]): void => {
    for (const run of runs) {
      // Runs that cannot be reached now find their commands themselves.
      deliver(run, deliverMs).catch((error: unknown) =>
        log.debug({ err: error, execution_id: run.id }, 'A run could not be told of an attempt yet'),
      );
    }
  };
  for (let batches = 0; batches < batchesMax; batches += 1) {
    const lapsed = await queue.lapsed(batch);
    let givenUp = 0;
    for (const each of lapsed) {
      const runs = await queue.giveUp(each, Math.random());
      givenUp += runs.length;
      tell(runs);
    }
    if (lapsed.length < batch || givenUp === 0) break;
  }
  tell(await queue.remind(batch, Math.random()));
}
