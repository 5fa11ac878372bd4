// Budgets between JSON and messages.
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { Budget, Budgets, BudgetsSchema } from '../../proto/gen/domainflow/registry/v1/tenant_pb.js';
import { moneyJson, moneyText } from '../core/money-text.ts';
import { objectSchema, type Schema } from '../http/schema-parts.ts';

/** A bound as JSON: an absent or null amount is none. */
interface BudgetJson {
  readonly soft?: number | null;
  readonly hard?: number | null;
  readonly currency: string;
}

/** Bounds as JSON; absent or null for none. */
export type BudgetsJson = Readonly<Partial<Record<'tenant' | 'domain' | 'run', BudgetJson | null>>>;

const amountSchema: Schema = { type: ['number', 'null'], minimum: 0 };

const budgetSchema: Schema = {
  ...objectSchema({ soft: amountSchema, hard: amountSchema, currency: { type: 'string', maxLength: 10 } }, [
    'currency',
  ]),
  nullable: true,
};

/** Schema of budgets in a body. */
export const budgetsSchema: Schema = {
  ...objectSchema({ tenant: budgetSchema, domain: budgetSchema, run: budgetSchema }),
  nullable: true,
};

/** Budgets as a message. */
export function budgetsMessage({ tenant, domain, run }: BudgetsJson): MessageInitShape<typeof BudgetsSchema> {
  return {
    ...(tenant ? { tenant: budgetMessage(tenant) } : {}),
    ...(domain ? { domain: budgetMessage(domain) } : {}),
    ...(run ? { run: budgetMessage(run) } : {}),
  };
}

function budgetMessage({ soft, hard, currency }: BudgetJson) {
  return { soft: moneyText(soft), hard: moneyText(hard), currency };
}

/** Budgets as JSON, each of the three always there. */
export function budgetsJson(budgets: Budgets | undefined): object {
  const { tenant, domain, run } = budgets ?? {};
  return { tenant: budgetJson(tenant), domain: budgetJson(domain), run: budgetJson(run) };
}

function budgetJson(budget: Budget | undefined): object | null {
  if (!budget) return null;
  const { soft, hard, currency } = budget;
  return { soft: moneyJson(soft), hard: moneyJson(hard), currency };
}
