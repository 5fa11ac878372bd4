// What the methods of the ledger need.
import type { Clock } from '../../../foundation/clock.ts';
import type { Log } from '../../../foundation/telemetry/log.ts';
import type { RegistryStore } from '../store/store.ts';
import type { UsageMetrics } from './usage-metrics.ts';

/** The ledger, the time of its rows, and who is told of budgets. */
export interface UsageDeps {
  readonly store: Pick<
    RegistryStore,
    'reserveCall' | 'settleCall' | 'sumUsage' | 'findTimeZone' | 'findCallHistory'
  >;
  readonly clock: Clock;
  readonly metrics: UsageMetrics;
  /** Told once when a soft budget is passed. */
  readonly log: Pick<Log, 'warn'>;
}
