// What Prometheus sees of models: how calls ended, and how many tokens they took.
import { Counter } from 'prom-client';
import type { Metrics } from '../../../../foundation/telemetry/metrics.ts';
import type { CallEnd, TokenUse } from '../../clients/ledger.ts';

/** Measures calls of models. */
export interface ModelMetrics {
  /** A call has ended. */
  ended(provider: string, end: CallEnd, use: TokenUse): void;
}

/** Registers the metrics. Providers are few, since they are configured. */
export function createModelMetrics(metrics: Metrics): ModelMetrics {
  const registers = [metrics];
  const calls = new Counter({
    name: 'domainflow_model_calls_total',
    help: 'Calls of models that ended, by how',
    labelNames: ['provider', 'outcome'],
    registers,
  });
  const tokens = new Counter({
    name: 'domainflow_model_tokens_total',
    help: 'Tokens that models read and wrote',
    labelNames: ['provider', 'direction'],
    registers,
  });
  return {
    ended: (provider, outcome, { input, output }) => {
      calls.inc({ provider, outcome });
      tokens.inc({ provider, direction: 'input' }, input);
      tokens.inc({ provider, direction: 'output' }, output);
    },
  };
}
