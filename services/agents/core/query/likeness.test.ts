// Likeness of texts by their words.
import { describe, expect, it } from '@jest/globals';
import { likenessTo } from './likeness.ts';

const texts = [
  'Burst water pipe on Main Street',
  'Water in the cellar',
  'Street light out',
  'Street flooded by water',
];

describe('likeness', () => {
  it('is 1 for a text with every word, in any order, case and accent, and 0 for one with none', () => {
    const { scoreOf } = likenessTo('burst PIPE, main strèet', texts);
    expect(scoreOf('A pipe burst at 5 Main Street')).toBe(1);
    expect(scoreOf('Noise at night')).toBe(0);
  });

  it('counts a rare word for more than a frequent one', () => {
    const { scoreOf } = likenessTo('water pipe', texts);
    expect(scoreOf('a pipe')).toBeGreaterThan(scoreOf('some water'));
  });

  it('counts words that are written alike in part, and unlike ones not at all', () => {
    const { scoreOf } = likenessTo('pothole', texts);
    expect(scoreOf('potholes')).toBeGreaterThan(0.7);
    expect(scoreOf('potholes')).toBeLessThan(1);
    expect(scoreOf('potato')).toBe(0);
  });

  it('is 0 for a text of empty words alone', () => {
    const { words, scoreOf } = likenessTo('what is it?', texts);
    expect(words).toEqual([]);
    expect(scoreOf('what is it?')).toBe(0);
  });
});
