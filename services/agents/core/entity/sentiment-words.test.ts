// How the words around a word change what it feels like.
import { describe, expect, it } from '@jest/globals';
import { feelingTokens } from './sentiment-words.ts';

const valences = new Map([
  ['good', 2],
  ['bad', -2],
  [':)', 2],
  ['kind', 2],
]);

function feelingOf(text: string, word: string): number {
  return feelingTokens(text, valences).find((token) => token.word === word)?.value ?? Number.NaN;
}

describe('a word with a feeling', () => {
  it.each([
    ['stands alone', 'it is good', 2],
    ['is denied', 'it is not good', -1.48],
    ['is denied three words before', 'never felt very good', -0.74 * 2.293],
    ['is denied four words before', 'never felt at all good', 2],
    ['follows a denial in the sentence before', 'I do not. Good', 2],
    ['is wished for', 'would be good', 0],
    ['is denied in a wish', 'would not be good', -1.48],
    ['is strengthened', 'very good', 2.293],
    ['is weakened', 'slightly good', 1.707],
    ['is shouted among others', 'it is GOOD', 2.733],
    ['is shouted like all others', 'IT IS GOOD', 2],
    ['stands before but', 'good but late', 1],
    ['stands after but', 'late but good', 3],
  ])('that %s', (_, text, value) => expect(feelingOf(text, 'good')).toBeCloseTo(value, 6));

  it('may be a part of a word with a hyphen, or signs alone', () => {
    expect(feelingOf('good-looking', 'good-looking')).toBe(2);
    expect(feelingOf('thanks :)', ':)')).toBe(2);
  });

  it('of complaints stays one when it is denied', () => {
    expect(feelingOf('no needles', 'needles')).toBe(-1);
    expect(feelingOf('needles', 'needles')).toBe(-2);
  });

  it('stands where its span says', () => {
    const text = 'So GOOD!! :) don’t say bad-ish';
    for (const { word, start, end } of feelingTokens(text, valences)) {
      expect(text.slice(start, end).toLowerCase().replace('’', "'")).toBe(word);
    }
  });
});
