// Percentiles of sums, as properties over any records.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { seededChance } from './chance.ts';
import { rangeOf } from './range.ts';
import { sumRanges } from './sums.ts';

const figures = fc.array(fc.tuple(fc.integer({ min: 0, max: 1_000 }), fc.integer({ min: 0, max: 9 })), {
  minLength: 1,
  maxLength: 40,
});
const counts = fc.integer({ min: 1, max: 1_000_000 });
const options = (count: number, records: number, seed = 'seed') => ({
  count,
  records,
  chance: seededChance(seed),
});

describe('rangeOf', () => {
  it('answers percentiles between the values, in whatever order they come', () => {
    expect(rangeOf([11, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])).toEqual({ p10: 2, p50: 6, p90: 10 });
    expect(rangeOf([0, 10])).toEqual({ p10: 1, p50: 5, p90: 9 });
    expect(rangeOf([7])).toEqual({ p10: 7, p50: 7, p90: 7 });
    expect(() => rangeOf([])).toThrow('No values');
  });
});

describe('the sum of many runs', () => {
  it('has its percentiles in their order, and within what such a sum can be', () => {
    fc.assert(
      fc.property(figures, counts, fc.integer({ min: 1, max: 500 }), (values, count, records) => {
        const ranges = sumRanges(values, options(count, records));
        for (const [figure, { p10, p50, p90 }] of ranges.entries()) {
          const each = values.map((value) => value[figure] ?? 0);
          const slack = 1e-6 * count; // of adding up floats
          expect(p10).toBeGreaterThanOrEqual(count * Math.min(...each) - slack);
          expect(p50).toBeGreaterThanOrEqual(p10);
          expect(p90).toBeGreaterThanOrEqual(p50);
          expect(p90).toBeLessThanOrEqual(count * Math.max(...each) + slack);
        }
      }),
      { numRuns: 40, seed: 1 },
    );
  });

  it('is exact where every run is the same', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000 }), counts, (value, count) => {
        const [range] = sumRanges([[value], [value]], options(count, 2));
        for (const percentile of Object.values(range ?? {})) expect(percentile).toBeCloseTo(value * count, 3);
      }),
      { numRuns: 40, seed: 1 },
    );
  });

  it('is the same for the same seed, and for one run the percentiles of the runs themselves', () => {
    const values = Array.from({ length: 30 }, (_, at) => [at * at]);
    expect(sumRanges(values, options(9, 30))).toEqual(sumRanges(values, options(9, 30)));
    expect(sumRanges(values, options(9, 30, 'other'))).not.toEqual(sumRanges(values, options(9, 30)));
    expect(sumRanges(values, options(1, 30))).toEqual([rangeOf(values.map(([value = 0]) => value))]);
  });

  // Of 0 and 1 with equal chances: mean 1/2, deviation 1/2. 90 % of a normal distribution lie below 1.2816 deviations.
  it.each([
    [40, 100],
    [10_000, 100],
    [1_000_000, 100],
    [10_000, 10],
  ])('of %i runs over %i records spreads as the law of large numbers has it', (count, records) => {
    const values = Array.from({ length: 1_000 }, (_, at) => [at % 2]);
    const [range = { p10: 0, p50: 0, p90: 0 }] = sumRanges(values, options(count, records));
    const deviation = 0.5 * Math.sqrt(count + count ** 2 / records);
    expect(range.p50 / count).toBeCloseTo(0.5, 1);
    expect((range.p90 - range.p50) / (1.2816 * deviation)).toBeGreaterThan(0.8);
    expect((range.p90 - range.p50) / (1.2816 * deviation)).toBeLessThan(1.2);
    expect(range.p90).toBeLessThan(count * rangeOf(values.map(([value = 0]) => value)).p90);
  });

  it('is as unsure as one run where it rests on a single record', () => {
    const values = Array.from({ length: 20 }, (_, at) => [at]);
    for (const count of [10, 10_000]) {
      const [range] = sumRanges(values, options(count, 1));
      expect((range?.p90 ?? 0) / count).toBeCloseTo(17, -1);
      expect((range?.p10 ?? 0) / count).toBeLessThan(4);
    }
  });
});
