// Directions and patterns of counts over time.

import { describe, expect, it } from '@jest/globals';
import { byDayPart, byWeekday, peakOf, trendOf } from './trend.ts';

const series = (...counts: number[]) =>
  counts.map((count, at) => ({ start: new Date(Date.UTC(2024, 10, 4 + at)).toISOString(), count }));

describe('trendOf', () => {
  it.each([
    [[10, 10, 10, 10, 10, 10, 10, 10, 10, 15], 'steady', 10],
    [[10, 10, 10, 10, 10, 10, 10, 10, 10, 16], 'rising', 12],
    [[10, 10, 10, 10, 10, 10, 10, 10, 10, 4], 'falling', -12],
    [[1, 3], 'rising', 200],
  ])('of %j is %s', (counts, direction, changePercent) => {
    expect(trendOf(series(...counts))).toMatchObject({ direction, changePercent });
  });

  it('compares the first five with the last five and nothing in between', () => {
    expect(trendOf(series(1, 1, 1, 1, 1, 99, 1, 1, 1, 1, 1))).toMatchObject({
      direction: 'steady',
      first: 5,
      last: 5,
    });
  });

  it('is unknown for a single bucket', () => expect(trendOf(series(4))).toEqual({ direction: 'unknown' }));
});

describe('patterns', () => {
  it('count by weekday and by part of the day on the clocks of the zone', () => {
    const days = [{ start: '2024-11-18T05:00:00.000Z', count: 4 }];
    expect(byWeekday(days, 'America/New_York')).toEqual([{ key: 'Monday', count: 4 }]);
    const hours = [{ start: '2024-11-18T23:00:00.000Z', count: 2 }];
    expect(byDayPart(hours, 'America/New_York')).toEqual([{ key: 'evening (18-24)', count: 2 }]);
  });

  it('have no peak when nothing is counted', () => {
    expect(peakOf(series(0, 0))).toBeUndefined();
    expect(peakOf(series(1, 5, 5))?.start).toBe('2024-11-05T00:00:00.000Z');
  });
});
