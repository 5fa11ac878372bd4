// The sentences of answers.

import { describe, expect, it } from '@jest/globals';
import { answerLengthMax, listing, sentenceOf } from './sentence.ts';

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

describe('listing', () => {
  it('leaves the counts out where each is one', () => {
    const groups = [
      { key: 'Elm_St', count: 1 },
      { key: 'Oak St', count: 1 },
    ];
    expect(listing('streets', groups, 3)).toEqual(['streets: Elm St, Oak St', 'streets: Elm St']);
    expect(listing('often', [], 3)).toEqual([]);
  });
});
