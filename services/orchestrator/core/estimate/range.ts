// Percentiles of samples. Those of sums over many runs are drawn elsewhere.

/** A figure: below `p10` and above `p90` in one case of ten each. */
export interface Range {
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
}

/** The percentiles of values in any order, by linear interpolation between neighbours (Hyndman and Fan's type 7). Throws without values. */
export function rangeOf(values: readonly number[]): Range {
  const sorted = [...values].sort((a, b) => a - b);
  return { p10: at(sorted, 0.1), p50: at(sorted, 0.5), p90: at(sorted, 0.9) };
}

function at(sorted: readonly number[], part: number): number {
  const place = part * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  if (below === undefined || above === undefined) throw new Error('No values have no percentiles');
  return below + (above - below) * (place - Math.floor(place));
}
