// How long runs take: by their longest path, and all of them by how many may run at a time.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { planOf } from '../run-plan.for-test.ts';
import { seededChance } from './chance.ts';
import { allRunsRange, runDuration } from './durations.ts';

const all = (count: number, concurrency: number) => ({
  ...{ count, concurrency, records: 100, chance: seededChance('seed') },
});

describe('a run', () => {
  it('takes as long as its longest path', () => {
    const diamond = planOf({ a: [], b: ['a'], c: ['a'], d: ['b', 'c'] });
    expect(runDuration(diamond, [1, 5, 2, 3])).toBe(9);
    expect(runDuration(diamond, [1, 2, 7, 3])).toBe(11);
    expect(runDuration(planOf({ a: [], b: [], c: [] }), [1, 4, 2])).toBe(4);
  });

  it('has ten tasks at a time, and begins the one that could begin first', () => {
    const wide = planOf(Object.fromEntries(Array.from({ length: 11 }, (_, at) => [`t${at}`, []])));
    expect(runDuration(wide, Array(11).fill(2))).toBe(4);
    expect(runDuration(wide, [1, ...Array(10).fill(2)])).toBe(3);
  });

  it('takes no less than any path and no more than all tasks one after the other', () => {
    const lengths = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 25 });
    fc.assert(
      fc.property(lengths, fc.infiniteStream(fc.nat()), (tasks, chances) => {
        const parents = tasks.map((_, at) => (at === 0 ? [] : [`t${(chances.next().value ?? 0) % at}`]));
        const plan = planOf(Object.fromEntries(parents.map((of, at) => [`t${at}`, of])));
        const ends: number[] = [];
        for (const [at, length] of tasks.entries()) {
          const parent = parents[at]?.[0];
          ends.push(length + (parent === undefined ? 0 : (ends[Number(parent.slice(1))] ?? 0)));
        }
        const duration = runDuration(plan, tasks);
        const work = tasks.reduce((sum, length) => sum + length, 0);
        const longest = Math.max(...ends);
        expect(duration).toBeGreaterThanOrEqual(longest);
        expect(duration).toBeLessThanOrEqual(work);
        if (tasks.length <= 10) expect(duration).toBe(longest);
      }),
      { numRuns: 200, seed: 1 },
    );
  });
});

describe('all runs', () => {
  it('take as long as the longest where there is a place for each', () => {
    expect(allRunsRange([3], all(100, 100))).toEqual({ p10: 3, p50: 3, p90: 3 });
  });

  it.each([
    [101, 100, 2],
    [1_000, 100, 10],
    [2_000, 1, 2_000],
    [1_000_000, 100, 10_000],
  ])('%i of one second each take their turns on %i places', (count, concurrency, seconds) => {
    const { p10, p50, p90 } = allRunsRange([1], all(count, concurrency));
    for (const each of [p10, p50, p90]) expect(each).toBeCloseTo(seconds, 6);
  });

  it('take no less than their work divided by the places, and no more than that and the longest run', () => {
    const values = fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 20 });
    const counts = fc.integer({ min: 2, max: 3_000 });
    fc.assert(
      fc.property(values, counts, fc.integer({ min: 1, max: 200 }), (durations, count, concurrency) => {
        const { p10, p90 } = allRunsRange(durations, all(count, concurrency));
        const [least, most] = [Math.min(...durations), Math.max(...durations)];
        expect(p10).toBeGreaterThanOrEqual((count * least) / concurrency - 1e-6);
        expect(p90).toBeLessThanOrEqual((count * most) / concurrency + most + 1e-6);
      }),
      { numRuns: 30, seed: 1 },
    );
  });
});
