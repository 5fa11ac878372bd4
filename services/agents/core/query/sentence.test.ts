// The sentences of answers.

import { describe, expect, it } from '@jest/globals';
import { answerLengthMax, bucketName, counted, listing, percent, sentenceOf } from './sentence.ts';

describe('sentenceOf', () => {
  it('takes what fits, in order, and the shorter way where the longer does not fit', () => {
    const groups = Array.from({ length: 6 }, (_, at) => ({
      key: `A rather long street ${at}`,
      count: 9 - at,
    }));
    const sentence = sentenceOf(['12 reports', '', listing('most named', groups, 6), 'x'.repeat(200)]);
    expect(sentence.length).toBeLessThanOrEqual(answerLengthMax);
    expect(sentence).toMatch(/^12 reports; most named: A rather long street 0 \(9\), .*\)\.$/);
  });

  it('cuts a first part that is too long by itself', () => {
    expect(sentenceOf(['y'.repeat(400)]).length).toBeLessThanOrEqual(answerLengthMax);
  });
});

describe('words for figures', () => {
  it('mind the singular, the nothing and the whole', () => {
    expect([counted(1, 'report'), counted(0, 'report')]).toEqual(['1 report', '0 reports']);
    expect([percent(1, 3), percent(0, 0)]).toEqual(['33 %', '0 %']);
    expect(listing('often', [], 3)).toEqual([]);
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
