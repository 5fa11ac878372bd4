// Which patterns of others may be tried, and that those that may be tried end.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { patternProblem, patternTextMax } from './pattern-cost.ts';

describe('patternProblem', () => {
  it.each([
    '',
    '^$',
    '^[A-Z]{2}-\\d+$',
    '^\\d{4}-\\d{2}-\\d{2}$',
    '^[^@\\s]+@[^@\\s]+\\.[a-z]+$',
    '^(red|green|blue)$',
    '^(?:ab)*$',
    '^(?<year>\\d{4})$',
    '^\\p{L}{1,30}\\u{41}$',
    '[\\]a)(]+',
    'colou?r',
    '\\\\1',
    '^a*?b+?$',
  ])('allows %s', (pattern) => {
    expect(patternProblem(pattern)).toBeUndefined();
  });

  it.each([
    ['(', /regular expression/],
    ['[b-a]', /regular expression/],
    ['(?=a)b', /ahead or behind/],
    ['(?<!a)b', /ahead or behind/],
    ['(a)\\1', /refer to a group/],
    ['(?<a>a)\\k<a>', /refer to a group/],
    ['^(a+)+$', /too long to match/],
    ['^(a|a)*$', /too long to match/],
    ['^(a?){60}$', /too long to match/],
    [`^${'a?'.repeat(60)}$`, /too long to match/],
    [`^${'(a|b)'.repeat(35)}$`, /too long to match/],
    ['^(.*a){12}$', /too long to match/],
    ['.*.*.*=.*', /too long to match/],
    ['a*a*a*', /too long to match/],
    ['(a{200}){200}', /repeats too much/],
    ['((a{99}){99}){99}', /repeats too much/],
    ['a'.repeat(201), /at most 200/],
  ])('refuses %s', (pattern, reason) => {
    expect(patternProblem(pattern)).toMatch(reason);
  });

  const piece = fc.constantFrom(
    'a',
    'b',
    '.',
    '[ab]',
    '(',
    '(?:',
    ')',
    '|',
    '*',
    '+',
    '?',
    '{2}',
    '{1,9}',
    '^',
    '\\w',
  );
  const patterns = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(''));

  it('allows none that takes longer than its bound on a text that almost matches', () => {
    const text = `${'a'.repeat(patternTextMax - 1)}!`;
    let allowed = 0;
    fc.assert(
      fc.property(patterns, (pattern) => {
        if (patternProblem(pattern) !== undefined) return;
        allowed += 1;
        expect(typeof new RegExp(`(?:${pattern})\\0`, 'u').test(text)).toBe('boolean'); // an endless match would not return
      }),
      { seed: 1, numRuns: 400 },
    );
    expect(allowed).toBeGreaterThan(50);
  }, 60_000);
});
