// What the runs of a side took: time, tokens and money, for one run in the middle and for one in ten.

/** What the calls of models of one run cost, in one currency. */
export interface ShadowCost {
  readonly executionId: string;
  /** Empty for calls without a price. */
  readonly currency: string;
  readonly calls: number;
  readonly tokens: number;
  /** In units of the currency. */
  readonly money: number;
}

/** A figure over runs. */
export interface Spread {
  readonly total: number;
  /** Null without a run. */
  readonly median: number | null;
  readonly p90: number | null;
}

/** What a side took. */
export interface SideFigures {
  readonly calls: number;
  readonly tokens: Spread;
  /** Null when there is no currency, or more than one, or a call without a price. */
  readonly money: (Spread & { readonly currency: string }) | null;
  /** In milliseconds, of the runs that succeeded. */
  readonly latency: Spread;
}

/** Runs of a side. */
export interface RunsToSum {
  readonly executionIds: readonly string[];
  /** Of those that succeeded, in milliseconds. */
  readonly latenciesMs: readonly number[];
  /** Of all runs of the gate. */
  readonly costs: readonly ShadowCost[];
}

/** The figures of a side. A run without calls counts as one that cost nothing. */
export function figuresOf({ executionIds, latenciesMs, costs }: RunsToSum): SideFigures {
  const own = new Set(executionIds);
  const ofSide = costs.filter(({ executionId }) => own.has(executionId));
  const perRun = (figure: (cost: ShadowCost) => number): number[] => {
    const sums = new Map(executionIds.map((id) => [id, 0]));
    for (const cost of ofSide) sums.set(cost.executionId, (sums.get(cost.executionId) ?? 0) + figure(cost));
    return [...sums.values()];
  };
  const [currency = '', ...others] = new Set(ofSide.map((cost) => cost.currency));
  const isOneCurrency = currency !== '' && others.length === 0;
  return {
    calls: ofSide.reduce((calls, cost) => calls + cost.calls, 0),
    tokens: spreadOf(perRun(({ tokens }) => tokens)),
    money: isOneCurrency ? { currency, ...spreadOf(perRun(({ money }) => money)) } : null,
    latency: spreadOf(latenciesMs),
  };
}

function spreadOf(values: readonly number[]): Spread {
  const ordered = [...values].sort((a, b) => a - b);
  const total = ordered.reduce((sum, value) => sum + value, 0);
  return { total, median: quantile(ordered, 0.5), p90: quantile(ordered, 0.9) };
}

// Nearest rank: a value that was really measured.
function quantile(ordered: readonly number[], share: number): number | null {
  return ordered[Math.max(0, Math.ceil(ordered.length * share) - 1)] ?? null;
}

/** How the candidate compares with the present; null where nothing can be divided. */
export interface Ratios {
  /** Of money where both sides have it in the same currency, else of tokens. */
  readonly cost: number | null;
  /** Of medians. */
  readonly latency: number | null;
  /** True when the candidate costs something and the present nothing: more than any ratio. */
  readonly costsAnew: boolean;
}

/** The ratios; all null without a present side. */
export function ratiosOf(candidate: SideFigures, present: SideFigures | undefined): Ratios {
  if (!present) return { cost: null, latency: null, costsAnew: false };
  const hasMoney = candidate.money && present.money && candidate.money.currency === present.money.currency;
  const [own, other] = hasMoney
    ? [candidate.money?.total ?? 0, present.money?.total ?? 0]
    : [candidate.tokens.total, present.tokens.total];
  return {
    cost: ratio(own, other),
    latency: ratio(candidate.latency.median, present.latency.median),
    costsAnew: own > 0 && other === 0,
  };
}

function ratio(one: number | null, other: number | null): number | null {
  return one === null || other === null || other === 0 ? null : one / other;
}
