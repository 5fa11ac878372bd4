// What Prometheus sees of models: how calls ended, how long they took, and how many tokens.
import { Counter } from 'prom-client';
import { durationHistogram, type Metrics } from '../../../../foundation/telemetry/metrics.ts';
import { MetricName } from '../../../../foundation/telemetry/names.ts';
import type { CallEnd, TokenUse } from '../../clients/ledger.ts';

/** Measures calls of models. */
export interface ModelMetrics {
  /** A call has ended. */
  ended(provider: string, end: CallEnd, call: { readonly use: TokenUse; readonly durationMs: number }): void;
}

/** Registers the metrics. Providers are few, since they are configured. */
export function createModelMetrics(metrics: Metrics): ModelMetrics {
  const registers = [metrics];
  const calls = new Counter({
    name: MetricName.modelCalls,
    help: 'Calls of models that ended, by how',
    labelNames: ['provider', 'outcome'],
    registers,
  });
  const tokens = new Counter({
    name: MetricName.modelTokens,
    help: 'Tokens that models read and wrote',
    labelNames: ['provider', 'direction'],
    registers,
  });
  const durations = durationHistogram(
    metrics,
    MetricName.modelCallDuration,
    'Calls of models, from sending to their last word',
    ['provider'],
  );
  return {
    ended: (provider, outcome, { use: { input, output }, durationMs }) => {
      calls.inc({ provider, outcome });
      durations.observe({ provider }, durationMs / 1_000);
      tokens.inc({ provider, direction: 'input' }, input);
      tokens.inc({ provider, direction: 'output' }, output);
    },
  };
}
