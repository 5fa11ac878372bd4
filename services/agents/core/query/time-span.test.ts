// Spans of time in words, and the choice of a row of counts.

import { describe, expect, it } from '@jest/globals';
import { type Course, courseWords, finestOf, spanOf, spanWords } from './time-span.ts';

const at = (iso: string) => Date.parse(iso);
const row = (bucket: Course['bucket'], counts: readonly number[]): Course => ({
  bucket,
  buckets: counts.map((count, nth) => ({ start: new Date(Date.UTC(2024, 10, 4, nth)).toISOString(), count })),
  total: counts.reduce((sum, count) => sum + count, 0),
});

describe('spanWords', () => {
  it.each([
    ['2024-11-04T12:30:05Z', '2024-11-04T12:30:59Z', 'on 4 Nov 2024 at 12:30'],
    ['2024-11-04T12:30:05Z', '2024-11-04T14:00:00Z', 'on 4 Nov 2024 between 12:30 and 14:00'],
    ['2024-11-04T12:30:05Z', '2024-11-09T14:00:00Z', 'from 4 Nov 2024 to 9 Nov 2024'],
  ])('of %s to %s', (from, to, words) => {
    const span = spanOf([at(to), at(from)]);
    expect(span && spanWords(span, 'UTC')).toBe(words);
  });

  it('goes by the clocks of the zone', () => {
    const span = spanOf([at('2024-11-05T03:00:00Z')]);
    expect(span && spanWords(span, 'America/New_York')).toBe('on 4 Nov 2024 at 22:00');
  });

  it('has no span of nothing', () => expect(spanOf([])).toBeUndefined());
});

describe('courses', () => {
  it('takes the finest row that leaves no report out and is not long', () => {
    const month = row('month', [9]);
    const day = row('day', [4, 5]);
    expect(finestOf(month, [day, row('hour', [4, 0, 0])])).toBe(day);
    expect(finestOf(month, [day, row('hour', [4, ...Array.from({ length: 70 }, () => 0), 5])])).toBe(day);
    expect(finestOf(month, [row('day', [4])])).toBe(month);
  });

  it('names the first and the last filled bucket', () => {
    expect(courseWords(row('hour', [0, 2, 0, 1, 0]), 'UTC')).toBe(
      'from 4 Nov 2024 01:00 to 4 Nov 2024 03:00',
    );
    expect(courseWords(row('month', [3]), 'UTC')).toBe('in Nov 2024');
    expect(courseWords(row('month', [0]), 'UTC')).toBe('');
  });
});
