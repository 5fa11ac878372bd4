// What a tenant lets its calls of models cost, and the rules for saying so. What was spent is not known here.
import type { Violation } from '../../../foundation/fault/fault.ts';
import { currencyProblem, decimalOf, moneyProblem, nanosOf } from './usage-money.ts';

/** The highest budget, in units of its currency. */
export const budgetMax = 1_000_000_000;

/** What a budget bounds: the tenant and each domain by the month, each run as a whole. In the order in which their sums are held. */
export const budgetScopes = ['tenant', 'domain', 'run'] as const;

/** One of them. */
export type BudgetScope = (typeof budgetScopes)[number];

/** A bound as decimal text; at least one of the two is there. */
export interface Budget {
  readonly soft?: string;
  /** Not less than `soft`. */
  readonly hard?: string;
  /** ISO 4217. */
  readonly currency: string;
}

/** Bounds by what they bound; absent for none. All have one currency. */
export type Budgets = Readonly<Partial<Record<BudgetScope, Budget>>>;

/** A bound as it is sent: empty text for what is absent. */
export interface BudgetSent {
  readonly soft: string;
  readonly hard: string;
  readonly currency: string;
}

/** Bounds as they are sent. */
export type BudgetsSent = Readonly<Partial<Record<BudgetScope, BudgetSent | undefined>>>;

/** The budgets, undefined for none; what is wrong with them is added to the problems, and the answer means nothing then. */
export function readBudgets(sent: BudgetsSent | undefined, problems: Violation[]): Budgets | undefined {
  const read = budgetScopes.flatMap((scope) => {
    const budget = sent?.[scope];
    return budget ? [[scope, readBudget(budget, `budgets.${scope}`, problems)] as const] : [];
  });
  const [first] = read;
  if (!first) return undefined;
  for (const [scope, { currency }] of read.slice(1)) {
    if (currency === first[1].currency) continue;
    const reason = `must be that of budgets.${first[0]}: money of two currencies cannot be compared`;
    problems.push({ field: `budgets.${scope}.currency`, reason });
  }
  return Object.fromEntries(read);
}

function readBudget({ soft, hard, currency }: BudgetSent, path: string, problems: Violation[]): Budget {
  const refuse = (field: string, reason: string | undefined): void => {
    if (reason !== undefined) problems.push({ field, reason });
  };
  if (soft === '' && hard === '') refuse(path, 'needs soft or hard');
  if (soft !== '') refuse(`${path}.soft`, moneyProblem(soft, budgetMax));
  if (hard !== '') refuse(`${path}.hard`, moneyProblem(hard, budgetMax));
  const [softNanos, hardNanos] = [nanosOf(soft, budgetMax), nanosOf(hard, budgetMax)];
  if (softNanos !== undefined && hardNanos !== undefined && softNanos > hardNanos) {
    refuse(`${path}.soft`, 'must not be more than hard');
  }
  refuse(`${path}.currency`, currencyProblem(currency));
  return {
    ...(softNanos === undefined ? {} : { soft: decimalOf(softNanos) }),
    ...(hardNanos === undefined ? {} : { hard: decimalOf(hardNanos) }),
    currency,
  };
}
