// May a call of a model be made within the tenant's budgets, and which of them are passed with it. The sums hold the call already.
import { Fault, type Violation } from '../../../foundation/fault/fault.ts';
import { type Budget, type BudgetScope, type Budgets, budgetMax, budgetScopes } from './budget.ts';
import { decimalOf, nanosOf } from './usage-money.ts';

/** A sum that a budget bounds, the call included. */
export interface UsageTotal {
  readonly scope: BudgetScope;
  /** In 1e-9 of the currency unit of the call. */
  readonly money: bigint;
  /** The soft budget that was told as passed last; undefined before. */
  readonly toldSoft?: bigint | undefined;
}

/** A call to judge. */
export interface JudgedCall {
  /** `provider/model`. */
  readonly model: string;
  /** ISO 4217; undefined for a call without a price. */
  readonly currency: string | undefined;
}

/** A soft budget that is passed. */
export interface PassedBudget {
  readonly scope: BudgetScope;
  /** Path in the tenant's settings. */
  readonly budget: string;
  /** For people. */
  readonly message: string;
  /** In 1e-9 of the currency unit. */
  readonly soft: bigint;
  /** False when it was told before in its period. */
  readonly isNew: boolean;
}

const bounded: Readonly<Record<BudgetScope, string>> = {
  tenant: 'The tenant in this month',
  domain: 'The domain in this month',
  run: 'This run',
};

/**
 * Throws Fault `resource_exhausted` with a violation for each hard budget that forbids the call: because it would be passed, or because
 * nobody can say so of a call without a price, or with one in another currency.
 */
export function refuseOverBudget(
  budgets: Budgets | undefined,
  call: JudgedCall,
  totals: readonly UsageTotal[],
): void {
  const violations = budgetScopes.flatMap((scope): Violation[] => {
    const budget = budgets?.[scope];
    const hard = nanosOf(budget?.hard ?? '', budgetMax);
    if (!budget || hard === undefined) return [];
    const reason =
      unpricedReason(call, budget) ?? overReason({ scope, hard, currency: budget.currency }, totals);
    return reason === undefined ? [] : [{ field: `budgets.${scope}.hard`, reason }];
  });
  const [first] = violations;
  if (first) throw new Fault('resource_exhausted', `${first.field}: ${first.reason}`, { violations });
}

function unpricedReason({ model, currency }: JudgedCall, budget: Budget): string | undefined {
  if (currency === budget.currency) return undefined;
  const price = currency === undefined ? 'has no price' : `has a price in ${currency}`;
  return `${model} ${price}, so that it cannot be held to a budget in ${budget.currency}; MODEL_PRICES must have one`;
}

interface HardBound {
  readonly scope: BudgetScope;
  readonly hard: bigint;
  readonly currency: string;
}

function overReason({ scope, hard, currency }: HardBound, totals: readonly UsageTotal[]): string | undefined {
  const money = totals.find((total) => total.scope === scope)?.money ?? 0n;
  if (money <= hard) return undefined;
  return `${bounded[scope]} would have spent up to ${decimalOf(money)} ${currency} of ${decimalOf(hard)}`;
}

/** The soft budgets that are passed with the call. */
export function passedBudgets(
  budgets: Budgets | undefined,
  call: JudgedCall,
  totals: readonly UsageTotal[],
): readonly PassedBudget[] {
  return totals.flatMap(({ scope, money, toldSoft }) => {
    const budget = budgets?.[scope];
    const soft = nanosOf(budget?.soft ?? '', budgetMax);
    if (!budget || soft === undefined || call.currency !== budget.currency || money <= soft) return [];
    const sums = `${decimalOf(money)} ${budget.currency}, which is more than ${decimalOf(soft)}`;
    const message = `${bounded[scope]} has spent up to ${sums}`;
    return [{ scope, budget: `budgets.${scope}.soft`, message, soft, isNew: toldSoft !== soft }];
  });
}
