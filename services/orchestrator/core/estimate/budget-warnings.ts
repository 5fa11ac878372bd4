// What an estimate means for the tenant's budgets: which of them the runs are likely to pass in what is left of the month.
import type { UseEstimate } from './estimate.ts';
import { decimalOf } from './money.ts';

/** A budget as the tenant has set it, in 1e-9 of the unit of its currency. */
export interface BudgetLeft {
  readonly scope: 'tenant' | 'domain' | 'run';
  readonly currency: string;
  /** Undefined for none. */
  readonly soft: number | undefined;
  readonly hard: number | undefined;
  /** What counts against it by now: of the month, open calls at their greatest cost; 0 for a run. */
  readonly spent: number;
}

/** Something that whoever starts the runs should know. */
export interface EstimateWarning {
  readonly code:
    | 'budget_hard'
    | 'budget_soft'
    | 'budget_not_held'
    | 'agent_unavailable'
    | 'approval'
    | 'not_known';
  /** Budget as a path of the tenant's settings, or node of the playbook; empty for neither. */
  readonly subject: string;
  readonly text: string;
}

const bounded = {
  tenant: 'The tenant in this month',
  domain: 'The domain in this month',
  run: 'A run',
} as const;

/** Warnings for every bound that is passed in one case of ten or more, and for hard ones that calls without a price cannot be held to. */
export function budgetWarnings(
  budgets: readonly BudgetLeft[],
  { perRun, whole }: { readonly perRun: UseEstimate; readonly whole: UseEstimate },
): readonly EstimateWarning[] {
  return budgets.flatMap((budget): EstimateWarning[] => {
    const use = budget.scope === 'run' ? perRun : whole;
    const passed = (['hard', 'soft'] as const).flatMap((bound) => passedWarning(budget, bound, use));
    return [...passed, ...notHeldWarning(budget, use)];
  });
}

function passedWarning(
  { scope, currency, spent, ...bounds }: BudgetLeft,
  bound: 'soft' | 'hard',
  { money }: UseEstimate,
): EstimateWarning[] {
  const limit = bounds[bound];
  const range = money.get(currency);
  if (limit === undefined || !range || spent + range.p90 <= limit) return [];
  const isLikely = spent + range.p50 > limit;
  const text = `${bounded[scope]} is ${isLikely ? 'likely to' : 'not unlikely to'} spend more than the ${bound} budget of ${decimalOf(limit)} ${currency}: ${decimalOf(range.p50)} to ${decimalOf(range.p90)} ${scope === 'run' ? 'in all' : `with ${decimalOf(spent)} spent before`}`;
  return [{ code: `budget_${bound}`, subject: `budgets.${scope}.${bound}`, text }];
}

function notHeldWarning(
  { scope, currency, hard }: BudgetLeft,
  { calls, money, isMoneyKnown }: UseEstimate,
): EstimateWarning[] {
  const others = [...money.keys()].filter((each) => each !== currency);
  if (hard === undefined || !calls || (isMoneyKnown && others.length === 0)) return [];
  const what = others.length > 0 ? `prices in ${others.join(', ')}` : 'no known price';
  const text = `Calls with ${what} are refused while there is a hard budget in ${currency}`;
  return [{ code: 'budget_not_held', subject: `budgets.${scope}.hard`, text }];
}
