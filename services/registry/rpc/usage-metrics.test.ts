// What Prometheus sees of the ledger.
import { describe, expect, it } from '@jest/globals';
import { createMetrics } from '../../../foundation/telemetry/metrics.ts';
import { createUsageMetrics, tenantsNamedMax } from './usage-metrics.ts';

describe('the metrics of the ledger', () => {
  it('sum up what calls cost by currency, and by tenant, and count what budgets refused', async () => {
    const metrics = createMetrics({ processMetrics: false });
    const usage = createUsageMetrics(metrics);
    const call = { provider: 'any', isNew: true };
    const end = { tokens: { input: 7, output: 3, cachedInput: 0 } };
    usage.settled('acme', { ...call, currency: 'EUR', money: 1_250_000_000n }, end);
    usage.settled('city', { ...call, currency: 'EUR', money: 250_000_000n }, end);
    usage.settled('acme', call, end);
    usage.refused([{ field: 'budgets.run.hard', reason: 'any' }]);
    const text = await metrics.metrics();
    const values = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(values).toEqual([
      'domainflow_model_spend_total{provider="any",currency="EUR"} 1.5',
      'domainflow_model_budget_refusals_total{budget="budgets.tenant.hard"} 0',
      'domainflow_model_budget_refusals_total{budget="budgets.domain.hard"} 0',
      'domainflow_model_budget_refusals_total{budget="budgets.run.hard"} 1',
      'domainflow_tenant_model_tokens_total{tenant="acme",direction="input"} 14',
      'domainflow_tenant_model_tokens_total{tenant="acme",direction="output"} 6',
      'domainflow_tenant_model_tokens_total{tenant="city",direction="input"} 7',
      'domainflow_tenant_model_tokens_total{tenant="city",direction="output"} 3',
      'domainflow_tenant_model_spend_total{tenant="acme",currency="EUR"} 1.25',
      'domainflow_tenant_model_spend_total{tenant="city",currency="EUR"} 0.25',
    ]);
  });

  it('name so many tenants and no more', async () => {
    const metrics = createMetrics({ processMetrics: false });
    const usage = createUsageMetrics(metrics);
    const end = { tokens: { input: 1, output: 0, cachedInput: 0 } };
    for (let i = 0; i < tenantsNamedMax + 50; i += 1)
      usage.settled(`tenant ${i}`, { provider: 'any', isNew: true }, end);
    const text = await metrics.metrics();
    expect(new Set(text.match(/tenant="[^"]*"/g)).size).toBe(tenantsNamedMax + 1);
    expect(text).toContain('domainflow_tenant_model_tokens_total{tenant="other",direction="input"} 50');
  });
});
