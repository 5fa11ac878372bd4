// The bounded cache: what it keeps, and what it forgets first.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createBoundedCache } from './bounded-cache.ts';

const cacheOf = (weightMax: number) =>
  createBoundedCache<string>({ weightMax, weightOf: (value) => value.length });

describe('createBoundedCache', () => {
  it('answers what was set last under a key, and undefined for others', () => {
    const cache = cacheOf(10);
    cache.set('a', 'x');
    cache.set('a', 'yy');
    expect([cache.get('a'), cache.get('b')]).toEqual(['yy', undefined]);
  });

  it('forgets what was used least recently, by weight', () => {
    const cache = cacheOf(6);
    for (const key of ['a', 'b', 'c']) cache.set(key, key.repeat(2));
    cache.get('a');
    cache.set('d', 'dd');
    expect(['a', 'b', 'c', 'd'].map((key) => cache.get(key))).toEqual(['aa', undefined, 'cc', 'dd']);
    cache.set('e', 'eeeee');
    expect(['a', 'c', 'd', 'e'].map((key) => cache.get(key))).toEqual([
      undefined,
      undefined,
      undefined,
      'eeeee',
    ]);
  });

  it('does not keep what is heavier than the whole, and forgets what stood under its key', () => {
    const cache = cacheOf(3);
    cache.set('a', 'x');
    cache.set('b', 'y');
    cache.set('a', 'xxxx');
    expect([cache.get('a'), cache.get('b')]).toEqual([undefined, 'y']);
  });

  it('never answers another value than the last one, and never holds more than its bound', () => {
    const step = fc.record({
      key: fc.constantFrom('a', 'b', 'c', 'd'),
      value: fc.string({ minLength: 1, maxLength: 6 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const cache = cacheOf(10);
        const last = new Map<string, string>();
        for (const { key, value } of steps) {
          cache.set(key, value);
          last.set(key, value);
        }
        const held = [...last.keys()].map((key) => [key, cache.get(key)] as const);
        const kept = held.filter(([, value]) => value !== undefined);
        for (const [key, value] of kept) expect(value).toBe(last.get(key));
        expect(kept.reduce((sum, [, value]) => sum + (value?.length ?? 0), 0)).toBeLessThanOrEqual(10);
      }),
      { seed: 3, numRuns: 300 },
    );
  });
});
