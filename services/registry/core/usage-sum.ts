// Sums over the ledger, as they are answered: by a key and by currency, and all of them together.

/** What calls can be summed up by. */
export const usageGroupings = ['agent', 'domain', 'model', 'day'] as const;

/** What calls are summed up by. */
export type UsageGrouping = (typeof usageGroupings)[number];

/** The most groups of an answer; what is beyond them is one group under the key `other`. */
export const usageGroupsMax = 1_000;

/** Calls of one key and one currency. */
export interface UsageSum {
  /** Empty for calls without a domain, and for all keys together. */
  readonly key: string;
  /** Empty for calls without a price. */
  readonly currency: string;
  /** Calls that were sent, or may have been. */
  readonly calls: bigint;
  /** Those of them of which nobody told how they ended. */
  readonly uncertainCalls: bigint;
  /** Those that ended and whose tokens are a guess. */
  readonly estimatedCalls: bigint;
  /** Of calls that ended, as the next. */
  readonly inputTokens: bigint;
  readonly outputTokens: bigint;
  /** In 1e-9 of the currency unit, calls that have not ended at their greatest cost; 0 without a price. */
  readonly money: bigint;
}

/** All keys together: a sum for each currency, by its name. */
export function usageTotals(sums: readonly UsageSum[]): readonly UsageSum[] {
  const totals = new Map<string, UsageSum>();
  for (const sum of sums) {
    const so = totals.get(sum.currency);
    totals.set(sum.currency, so ? added(so, sum) : { ...sum, key: '' });
  }
  return [...totals.values()].sort((a, b) => (a.currency < b.currency ? -1 : 1));
}

function added(a: UsageSum, b: UsageSum): UsageSum {
  return {
    ...a,
    calls: a.calls + b.calls,
    uncertainCalls: a.uncertainCalls + b.uncertainCalls,
    estimatedCalls: a.estimatedCalls + b.estimatedCalls,
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    money: a.money + b.money,
  };
}
