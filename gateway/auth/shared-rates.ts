// Brings the rates of this gateway and of its other replicas together: four times a second it tells what its callers used and takes over what all
// used. While that fails, this gateway judges alone, by what it knows.
import { repeat } from '../../foundation/process/repeat.ts';
import type { Log } from '../../foundation/telemetry/log.ts';
import type { SettleRates } from '../clients/settle-rates.ts';
import type { CallerAccounts, CallerUse } from './caller-accounts.ts';
import type { RateMetrics } from './rate-metrics.ts';

/** Pause between two calls, in milliseconds: what a replica lets through in this time, others do not know. */
export const settleIntervalMs = 250;
/** Callers of one call. */
const usesMax = 1_000;

/** What settling needs. */
export interface SharedRatesOptions {
  readonly accounts: Pick<CallerAccounts, 'takeUses' | 'settled' | 'giveBack'>;
  readonly settle: SettleRates;
  readonly metrics: Pick<RateMetrics, 'settled'>;
  readonly log: Pick<Log, 'info' | 'warn'>;
  /** Absent means {@link settleIntervalMs}. */
  readonly intervalMs?: number | undefined;
}

/** Begins to settle, one call at a time. The result ends it once what was used until then has been told. */
export function shareRates(options: SharedRatesOptions): () => Promise<void> {
  const { accounts, settle, metrics, log, intervalMs = settleIntervalMs } = options;
  let isAlone = false;

  const note = (error?: unknown): void => {
    const isFailure = error !== undefined;
    metrics.settled(isFailure ? 'failed' : 'ok');
    if (isFailure === isAlone) return;
    isAlone = isFailure;
    if (isFailure) log.warn({ err: error }, 'Rates cannot be settled; this gateway judges alone');
    else log.info('Rates are settled again');
  };

  const work = async (): Promise<void> => {
    let uses: readonly CallerUse[];
    do {
      uses = accounts.takeUses(usesMax);
      if (uses.length > 0) await tell(uses);
    } while (uses.length === usesMax && !isAlone);
  };

  const tell = async (uses: readonly CallerUse[]): Promise<void> => {
    try {
      accounts.settled(uses, await settle(uses));
      note();
    } catch (error) {
      accounts.giveBack(uses);
      note(error);
    }
  };

  const stop = repeat({ name: 'settle rates', work, intervalMs, log });
  return async () => {
    await stop();
    await work();
  };
}
