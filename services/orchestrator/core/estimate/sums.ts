// Percentiles of sums over many runs, which are not sums of percentiles: where runs differ by chance, they make up for each other. What they do
// not make up for is that few records may not be typical. So each draw first draws records anew from the records (a bootstrap), and then its
// runs from those: one by one where they are few, by the normal approximation of their sum where they are many.
import { type Chance, drawMany, drawNormal, drawOne } from './chance.ts';
import { type Range, rangeOf } from './range.ts';

/** Several figures of one run, in a fixed order. */
export type Figures = readonly number[];

/** How sums are drawn. */
export interface SumOptions {
  /** Runs, from 1. */
  readonly count: number;
  /** How many records the values rest on; with 1, all runs are taken to be alike. */
  readonly records: number;
  readonly chance: Chance;
}

/** Draws of a sum. */
const drawsMax = 500;
/** Records that a draw draws anew; more would change little. */
const recordsMax = 100;
/** Runs that are drawn one by one. */
const countedMax = 50;

/** The percentiles of the sum of so many runs, for each figure. Throws without values. */
export function sumRanges(values: readonly Figures[], options: SumOptions): readonly Range[] {
  const sums =
    options.count === 1 ? values : Array.from({ length: drawsMax }, () => drawSum(values, options));
  return figuresOf(values).map((_, figure) => rangeOf(sums.map((sum) => sum[figure] ?? 0)));
}

function drawSum(values: readonly Figures[], { count, records, chance }: SumOptions): Figures {
  const seen = drawMany(values, Math.min(records, recordsMax), chance);
  if (count > countedMax) return approximateSum(seen, count, chance);
  const sum = figuresOf(values).map(() => 0);
  for (let run = 0; run < count; run += 1) {
    for (const [figure, value] of drawOne(seen, chance).entries()) sum[figure] = (sum[figure] ?? 0) + value;
  }
  return sum;
}

function approximateSum(seen: readonly Figures[], count: number, chance: Chance): Figures {
  return figuresOf(seen).map((_, figure) => {
    const of = (values: Figures): number => values[figure] ?? 0;
    return drawApproximateSum(seen, of, { count, chance });
  });
}

/** The sum of so many of the values, as the normal distribution has it; never outside of what sums of them can be. */
export function drawApproximateSum<T>(
  seen: readonly T[],
  of: (value: T) => number,
  { count, chance }: Pick<SumOptions, 'count' | 'chance'>,
): number {
  let [mean, squares, least, most] = [0, 0, Infinity, -Infinity];
  for (const [at, each] of seen.entries()) {
    const value = of(each);
    const step = value - mean;
    mean += step / (at + 1);
    squares += step * (value - mean); // by Welford
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const sum = count * mean + Math.sqrt((count * squares) / seen.length) * drawNormal(chance);
  return Math.min(Math.max(sum, count * least), count * most);
}

function figuresOf([first]: readonly Figures[]): Figures {
  if (!first) throw new Error('No values have no sums');
  return first;
}
