// What Prometheus sees of the ledger.
import { describe, expect, it } from '@jest/globals';
import { createMetrics } from '../../../foundation/telemetry/metrics.ts';
import { createUsageMetrics } from './usage-metrics.ts';

describe('the metrics of the ledger', () => {
  it('sum up what calls cost by currency, and count what budgets refused, without naming a tenant', async () => {
    const metrics = createMetrics({ processMetrics: false });
    const usage = createUsageMetrics(metrics);
    const call = { provider: 'any', isNew: true };
    usage.settled({ ...call, currency: 'EUR', money: 1_250_000_000n });
    usage.settled({ ...call, currency: 'EUR', money: 250_000_000n });
    usage.settled(call);
    usage.refused([{ field: 'budgets.run.hard', reason: 'any' }]);
    const text = await metrics.metrics();
    const values = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(values).toEqual([
      'domainflow_model_spend_total{provider="any",currency="EUR"} 1.5',
      'domainflow_model_budget_refusals_total{budget="budgets.tenant.hard"} 0',
      'domainflow_model_budget_refusals_total{budget="budgets.domain.hard"} 0',
      'domainflow_model_budget_refusals_total{budget="budgets.run.hard"} 1',
    ]);
  });
});
