// A histogram of durations that end ten thousand times a second: it counts whole milliseconds in plain arrays and is laid out, in seconds, when
// somebody asks. The library's own finds its buckets anew by a hash of the labels each time, which costs a tenth of what is measured.
import type { Histogram } from 'prom-client';
import { durationBucketsS, type Metrics } from './metrics.ts';

/** A histogram with two labels at most. */
export interface QuickHistogram {
  /** Takes a duration, in milliseconds, and the values of its labels. */
  observe(ms: number, first?: string, second?: string): void;
}

/** What a histogram is. */
export interface QuickHistogramOptions {
  readonly name: string;
  readonly help: string;
  /** Their names [none]. Their values are few: nothing forgets them. */
  readonly labels?: readonly [] | readonly [string] | readonly [string, string];
  /** Upper bounds in seconds, rising [`durationBucketsS`]. */
  readonly buckets?: readonly number[];
}

interface Series {
  readonly labels: Readonly<Record<string, string>>;
  /** Durations in each bucket alone; the last is for what exceeds all. */
  readonly counts: number[];
  sumMs: number;
}

/** Registers a histogram. */
export function createQuickHistogram(registry: Metrics, options: QuickHistogramOptions): QuickHistogram {
  const { name, help, labels = [], buckets = durationBucketsS } = options;
  const bucketsMs = buckets.map((bound) => bound * 1_000);
  // By the value of the first label, then by that of the second.
  const series = new Map<string, Map<string, Series>>();
  const seriesOf = (first: string, second: string): Series => {
    const known = series.get(first)?.get(second);
    if (known) return known;
    const named = Object.fromEntries(labels.map((label, at) => [label, at === 0 ? first : second]));
    const made = { labels: named, counts: new Array<number>(buckets.length + 1).fill(0), sumMs: 0 };
    series.set(first, (series.get(first) ?? new Map<string, Series>()).set(second, made));
    return made;
  };
  if (labels.length === 0) seriesOf('', '');
  const get = async () => ({
    ...{ name, help, type: 'histogram', aggregator: 'sum' },
    values: [...series.values()].flatMap((ones) =>
      [...ones.values()].flatMap((one) => valuesOf(name, one, buckets)),
    ),
  });
  // What a registry asks of a measurement.
  const metric = { name, help, type: 'histogram', aggregator: 'sum', get, reset: () => series.clear() };
  registry.registerMetric(metric as unknown as Histogram);
  return {
    observe(ms, first = '', second = '') {
      const one = seriesOf(first, second);
      let at = 0;
      while (at < bucketsMs.length && ms > (bucketsMs[at] ?? 0)) at += 1;
      one.counts[at] = (one.counts[at] ?? 0) + 1;
      one.sumMs += ms;
    },
  };
}

function valuesOf(name: string, { labels, counts, sumMs }: Series, buckets: readonly number[]) {
  let total = 0;
  const cumulated = [...buckets, '+Inf'].map((le, at) => {
    total += counts[at] ?? 0;
    return { metricName: `${name}_bucket`, labels: { le, ...labels }, value: total };
  });
  return [
    ...cumulated,
    { metricName: `${name}_sum`, labels, value: sumMs / 1_000 },
    { metricName: `${name}_count`, labels, value: total },
  ];
}
