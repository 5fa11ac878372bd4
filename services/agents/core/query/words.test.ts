// Figures, names and dates in words.

import { describe, expect, it } from '@jest/globals';
import { bucketName, counted, percent, shortened } from './words.ts';

describe('words for figures', () => {
  it('mind the singular, the nothing and the whole', () => {
    expect([counted(1, 'report'), counted(0, 'report')]).toEqual(['1 report', '0 reports']);
    expect([percent(1, 3), percent(0, 0)]).toEqual(['33 %', '0 %']);
  });

  it('name buckets by their width', () => {
    const start = '2024-11-04T05:00:00.000Z';
    expect(
      (['month', 'week', 'day', 'hour'] as const).map((bucket) =>
        bucketName(start, bucket, 'America/New_York'),
      ),
    ).toEqual(['Nov 2024', 'week of 4 Nov 2024', '4 Nov 2024', '4 Nov 2024 00:00']);
  });
});

describe('shortened', () => {
  it('cuts behind a whole word and never in the middle of a character', () => {
    expect(shortened('the corner of Elm and Oak', 16)).toBe('the corner of…');
    expect(shortened(`${'x'.repeat(13)}${'\u{1F600}'.repeat(9)}`, 15).isWellFormed()).toBe(true);
    expect(shortened('short_enough')).toBe('short enough');
  });
});
