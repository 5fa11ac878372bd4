// What Prometheus sees of the ledger: what calls of models cost, and what budgets refused. No tenant and no model is named: whoever
// wants to know asks the ledger.
import { Counter } from 'prom-client';
import type { Violation } from '../../../foundation/fault/fault.ts';
import type { Metrics } from '../../../foundation/telemetry/metrics.ts';
import { budgetScopes } from '../core/budget.ts';
import type { RegistryStore } from '../store/store.ts';

/** Measures the ledger. */
export interface UsageMetrics {
  /** A call ended. */
  settled(call: SettledCall): void;
  /** Budgets refused a call, each in a violation. */
  refused(violations: readonly Violation[]): void;
}

type SettledCall = NonNullable<Awaited<ReturnType<RegistryStore['settleCall']>>>;

const nanosOfUnit = 1e9;

/** Registers the metrics. */
export function createUsageMetrics(metrics: Metrics): UsageMetrics {
  const registers = [metrics];
  const spend = new Counter({
    name: 'domainflow_model_spend_total',
    help: 'What settled calls of models cost, in units of the currency',
    labelNames: ['provider', 'currency'],
    registers,
  });
  const refusals = new Counter({
    name: 'domainflow_model_budget_refusals_total',
    help: 'Calls of models that a hard budget forbade, by budget',
    labelNames: ['budget'],
    registers,
  });
  for (const scope of budgetScopes) refusals.inc({ budget: `budgets.${scope}.hard` }, 0);
  return {
    settled: ({ provider, currency, money }) => {
      if (currency !== undefined) spend.inc({ provider, currency }, Number(money) / nanosOfUnit);
    },
    refused: (violations) => {
      for (const { field } of violations) refusals.inc({ budget: field });
    },
  };
}
