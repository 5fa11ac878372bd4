// What Prometheus sees of the ledger: the tokens and the money of calls of models, also by tenant, and what budgets refused. No model is named,
// and of tenants so many as a measurement can hold: whoever wants to know more asks the ledger.
import { Counter } from 'prom-client';
import type { Violation } from '../../../foundation/fault/fault.ts';
import { createBoundedLabel } from '../../../foundation/telemetry/bounded-label.ts';
import type { Metrics } from '../../../foundation/telemetry/metrics.ts';
import { MetricName } from '../../../foundation/telemetry/names.ts';
import { budgetScopes } from '../core/budget.ts';
import type { CallEnd } from '../core/usage-call.ts';
import type { RegistryStore } from '../store/store.ts';

/** Measures the ledger. */
export interface UsageMetrics {
  /** A call of the tenant ended. */
  settled(tenantId: string, call: SettledCall, end: Pick<CallEnd, 'tokens'>): void;
  /** Budgets refused a call, each in a violation. */
  refused(violations: readonly Violation[]): void;
}

type SettledCall = NonNullable<Awaited<ReturnType<RegistryStore['settleCall']>>>;

const nanosOfUnit = 1e9;
/** Tenants that a replica names; those that come later share one name. */
export const tenantsNamedMax = 200;

/** Registers the metrics. */
export function createUsageMetrics(metrics: Metrics): UsageMetrics {
  const registers = [metrics];
  const spend = new Counter({
    name: MetricName.modelSpend,
    help: 'What settled calls of models cost, in units of the currency',
    labelNames: ['provider', 'currency'],
    registers,
  });
  const refusals = new Counter({
    name: MetricName.modelBudgetRefusals,
    help: 'Calls of models that a hard budget forbade, by budget',
    labelNames: ['budget'],
    registers,
  });
  const ofTenants = createTenantMeasures(metrics);
  for (const scope of budgetScopes) refusals.inc({ budget: `budgets.${scope}.hard` }, 0);
  return {
    settled(tenantId, { provider, currency, money }, { tokens }) {
      ofTenants.tokens(tenantId, tokens);
      if (currency === undefined) return;
      const units = Number(money) / nanosOfUnit;
      spend.inc({ provider, currency }, units);
      ofTenants.spend(tenantId, currency, units);
    },
    refused: (violations) => {
      for (const { field } of violations) refusals.inc({ budget: field });
    },
  };
}

function createTenantMeasures(metrics: Metrics) {
  const registers = [metrics];
  const name = createBoundedLabel(tenantsNamedMax);
  const tokens = new Counter({
    name: MetricName.tenantModelTokens,
    help: 'Tokens that settled calls of models took, by tenant',
    labelNames: ['tenant', 'direction'],
    registers,
  });
  const spend = new Counter({
    name: MetricName.tenantModelSpend,
    help: 'What settled calls of models cost, by tenant, in units of the currency',
    labelNames: ['tenant', 'currency'],
    registers,
  });
  return {
    tokens(tenantId: string, { input, output }: CallEnd['tokens']): void {
      const tenant = name(tenantId);
      tokens.inc({ tenant, direction: 'input' }, input);
      tokens.inc({ tenant, direction: 'output' }, output);
    },
    spend: (tenantId: string, currency: string, units: number): void =>
      spend.inc({ tenant: name(tenantId), currency }, units),
  };
}
