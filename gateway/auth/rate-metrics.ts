// What Prometheus sees of rates. No label names a caller.
import { Counter, Gauge } from 'prom-client';
import type { Metrics } from '../../foundation/telemetry/metrics.ts';
import { MetricName } from '../../foundation/telemetry/names.ts';
import type { RatePolicy } from '../core/rate-fields.ts';

/** Measures rates. */
export interface RateMetrics {
  /** A request was refused by one of the rates, or for too many wrong credentials of its address. */
  refused(policy: RatePolicy): void;
  /** A call that brings replicas together has ended. */
  settled(outcome: 'ok' | 'failed'): void;
}

/** Registers the metrics. `callers` says how many are remembered now. */
export function createRateMetrics(metrics: Metrics, callers: () => number): RateMetrics {
  const registers = [metrics];
  const refusals = new Counter({
    name: MetricName.rateRefusals,
    help: 'Requests refused by a rate: per-second, per-day, api-key, per-address, or credentials for an address that sent too many wrong ones',
    labelNames: ['policy'],
    registers,
  });
  const settlements = new Counter({
    name: MetricName.rateSettlements,
    help: 'Calls that tell other replicas what callers used; while they fail, each gateway judges alone',
    labelNames: ['outcome'],
    registers,
  });
  new Gauge({
    name: MetricName.rateCallers,
    help: 'Callers whose rates are remembered',
    registers,
    collect() {
      this.set(callers());
    },
  });
  for (const policy of ['per-second', 'per-day', 'per-address', 'api-key', 'credentials'])
    refusals.inc({ policy }, 0);
  for (const outcome of ['ok', 'failed']) settlements.inc({ outcome }, 0);
  return {
    refused: (policy) => refusals.inc({ policy }),
    settled: (outcome) => settlements.inc({ outcome }),
  };
}
