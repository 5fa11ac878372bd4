// How chatter falls into words and signs.

import { describe, expect, it } from '@jest/globals';
import { tagText } from '../tagger.ts';
import { tokensOf } from './tokens.ts';

const read = (text: string) => tokensOf(text, tagText(text));

describe('tokensOf', () => {
  it.each([
    ["Wendy's dream", ['Wendy', "'", 's', 'dream']],
    ["O'Donnell Square", ["O'Donnell", 'Square']],
    ['too loud.This is Boston.gov', ['too', 'loud', '.', 'This', 'is', 'Boston.gov']],
    ['RT @jaketapper: R&B #win', ['RT', '@', 'jaketapper', ':', 'R&B', '#', 'win']],
  ])('reads "%s"', (text, tokens) => expect(read(text).map((token) => token.text)).toEqual(tokens));

  it('gives each word the classes of the tagger, wherever it stands', () => {
    const tokens = read('No answer yet. Ask Tim in Chicago, please');
    const tags = Object.fromEntries(tokens.map((token) => [token.text, token.tags]));
    expect(tags.Tim?.has('Person')).toBe(true);
    expect(tags.Chicago?.has('Place')).toBe(true);
    expect(tags[',']?.size).toBe(0);
  });
});
