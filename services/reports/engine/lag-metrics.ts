// How far the report index is behind the documents, as metrics: how many wait and since when the oldest does.
import { Gauge } from 'prom-client';
import type { Clock } from '../../../foundation/clock.ts';
import type { Metrics } from '../../../foundation/telemetry/metrics.ts';
import { MetricName } from '../../../foundation/telemetry/names.ts';
import type { PendingReport } from '../store/store.ts';

/** The metrics of a sweep. */
export interface LagMetrics {
  /** Takes what a sweep found missing in the index. */
  found(pending: readonly PendingReport[]): void;
  /** Takes what it could not bring there. */
  left(pending: readonly PendingReport[]): void;
}

/** Registers the metrics. The age of the oldest is told as of the moment of asking, so that it grows while sweeps fail. */
export function createLagMetrics(metrics: Metrics, clock: Clock): LagMetrics {
  let oldestMs: number | undefined;
  const pendingGauge = new Gauge({
    name: MetricName.reportIndexPending,
    help: 'Reports that the last sweep found missing in the index; counted up to a limit',
    registers: [metrics],
  });
  new Gauge({
    name: MetricName.reportIndexLag,
    help: 'Age of the oldest change that is missing in the report index; 0 when none is',
    registers: [metrics],
    collect() {
      this.set(oldestMs === undefined ? 0 : Math.max(0, clock() - oldestMs) / 1_000);
    },
  });
  return {
    found(pending) {
      pendingGauge.set(pending.length);
      oldestMs = oldestOf(pending);
    },
    left(pending) {
      oldestMs = oldestOf(pending);
    },
  };
}

function oldestOf(pending: readonly PendingReport[]): number | undefined {
  const times = pending.map(({ markedAt }) => Date.parse(markedAt)).filter((time) => !Number.isNaN(time));
  return times.length > 0 ? times.reduce((oldest, time) => Math.min(oldest, time)) : undefined;
}
