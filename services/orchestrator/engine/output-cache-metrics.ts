// What Prometheus sees of outputs that executions share.
import { Counter, Gauge } from 'prom-client';
import type { Metrics } from '../../../foundation/telemetry/metrics.ts';
import { MetricName } from '../../../foundation/telemetry/names.ts';

/** Measures looks. */
export interface OutputCacheMetrics {
  /** A look has ended. */
  looked(led: { readonly key?: string; readonly found?: unknown }): void;
  /** A task waits for somebody else who computes its output. */
  waits(): void;
}

/** Registers the metrics. `computing` says for how many outputs others may wait now. */
export function createOutputCacheMetrics(metrics: Metrics, computing: () => number): OutputCacheMetrics {
  const registers = [metrics];
  const looks = new Counter({
    name: MetricName.outputCacheLooks,
    help: 'Looks for the output of a task: hit, miss, or unkeyed where it could not be told what the output depends on',
    labelNames: ['outcome'],
    registers,
  });
  const waits = new Counter({
    name: MetricName.outputCacheWaits,
    help: 'Tasks that waited for another run that was computing the same output',
    registers,
  });
  new Gauge({
    name: MetricName.outputCacheComputing,
    help: 'Outputs that are being computed here and that others may wait for',
    registers,
    collect() {
      this.set(computing());
    },
  });
  for (const outcome of ['hit', 'miss', 'unkeyed']) looks.inc({ outcome }, 0);
  return {
    looked({ key, found }) {
      if (found) looks.inc({ outcome: 'hit' });
      else looks.inc({ outcome: key === undefined ? 'unkeyed' : 'miss' });
    },
    waits: () => waits.inc(),
  };
}
