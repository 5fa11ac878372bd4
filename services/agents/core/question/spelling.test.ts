// Slips of the pen.

import { describe, expect, it } from '@jest/globals';
import { correctedWord, isKnownThing, isOneSlip } from './spelling.ts';

describe('a slip of the pen', () => {
  it.each([
    ['grafitti', 'graffiti'],
    ['hydrnat', 'hydrant'],
    ['garbge', 'garbage'],
    ['potholes', undefined],
    ['cat', undefined],
    ['zebra', undefined],
    ['elephant', undefined],
  ])('in "%s" is mended to %s', (word, meant) => expect(correctedWord(word)).toBe(meant));

  it('makes a name of another no more than nearly alike', () => {
    expect(isOneSlip('dorchestr', 'dorchester')).toBe(true);
    expect(isOneSlip('dorchester', 'dorchester')).toBe(false);
    expect(isOneSlip('roxbury', 'duxbury')).toBe(false);
  });

  it('is none in a plural of what is known', () => expect(isKnownThing('branches')).toBe(true));
});
