// Which values go together, by hand-made counts.
import { describe, expect, it } from '@jest/globals';
import { correlationsMax, correlationsOf } from './correlation.ts';

const counts = (values: Readonly<Record<string, number>>) =>
  Object.entries(values).map(([key, count]) => ({ key, count }));

describe('correlation', () => {
  it('is 1 for values that always and -1 for values that never occur together', () => {
    const found = correlationsOf({
      reports: 10,
      first: counts({ leak: 5, noise: 5 }),
      second: counts({ north: 5, south: 5 }),
      together: new Map([
        ['leak', counts({ north: 5 })],
        ['noise', counts({ south: 5 })],
      ]),
    });
    expect(found).toEqual([
      { first: 'leak', second: 'north', count: 5, coefficient: 1 },
      { first: 'noise', second: 'south', count: 5, coefficient: 1 },
      { first: 'leak', second: 'south', count: 0, coefficient: -1 },
      { first: 'noise', second: 'north', count: 0, coefficient: -1 },
    ]);
  });

  it('leaves out what occurs together by chance, and what every report has', () => {
    const found = correlationsOf({
      reports: 100,
      first: counts({ leak: 50 }),
      second: counts({ north: 50, any: 100, often: 140 }),
      together: new Map([['leak', counts({ north: 25, any: 50, often: 70 })]]),
    });
    expect(found).toEqual([]);
  });

  it('answers the strongest pairs and no more than its limit', () => {
    const second = counts(Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`v${at}`, at + 1])));
    const found = correlationsOf({
      reports: 100,
      first: counts({ leak: 50 }),
      second,
      together: new Map([['leak', second.map(({ key }, at) => ({ key, count: Math.min(50, at + 1) }))]]),
    });
    expect(found).toHaveLength(correlationsMax);
    expect(found[0]).toMatchObject({ second: 'v49', coefficient: 1 });
  });
});
