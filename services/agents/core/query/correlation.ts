// Which values of two fields occur in the same reports more often, or more seldom, than by chance. It only computes; the counts come from
// whoever asked the index.

/** How often each value of a field occurs. */
export type ValueCounts = readonly { readonly key: string; readonly count: number }[];

/** What was counted. */
export interface Cooccurrence {
  /** All reports that were looked at. */
  readonly reports: number;
  readonly first: ValueCounts;
  readonly second: ValueCounts;
  /** For each value of the first field, how often those of the second occur with it; a value that is absent occurs never. */
  readonly together: ReadonlyMap<string, ValueCounts>;
}

/** Two values and how they go together. */
export interface Correlation {
  readonly first: string;
  readonly second: string;
  /** Reports that have both. */
  readonly count: number;
  /** −1 (never together) to 1 (always together), 0 for by chance: the phi coefficient, in two digits. */
  readonly coefficient: number;
}

/** The most pairs of one answer. */
export const correlationsMax = 50;

/** The pairs that are not there by chance, the strongest first. */
export function correlationsOf({ reports, first, second, together }: Cooccurrence): Correlation[] {
  const pairs = first.flatMap((one) => {
    const counts = new Map(together.get(one.key)?.map(({ key, count }) => [key, count]));
    return second.map((other) => {
      const count = counts.get(other.key) ?? 0;
      const coefficient = phi({ reports, one: one.count, other: other.count, both: count });
      return { first: one.key, second: other.key, count, coefficient };
    });
  });
  return pairs
    .filter(({ coefficient }) => coefficient !== 0)
    .sort((a, b) => Math.abs(b.coefficient) - Math.abs(a.coefficient) || b.count - a.count)
    .slice(0, correlationsMax);
}

interface Fourfold {
  readonly reports: number;
  readonly one: number;
  readonly other: number;
  readonly both: number;
}

function phi({ reports, one, other, both }: Fourfold): number {
  const spread = Math.sqrt(one * (reports - one) * other * (reports - other));
  // A value that every report has goes with everything; lists may even count it more often than there are reports.
  if (!(spread > 0)) return 0;
  const value = (both * reports - one * other) / spread;
  return Math.round(Math.min(1, Math.max(-1, value)) * 100) / 100;
}
