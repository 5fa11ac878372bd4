// Words, capitals and the forms in which names are compared.

import { describe, expect, it } from '@jest/globals';
import { withoutOverlap } from './span.ts';
import { isShouted, normaliseName, squashName, wordsOf } from './words.ts';

describe('wordsOf', () => {
  it('gives each word the place at which the text has it', () => {
    const text = "O'Donnell Square is icy. Salt it!";
    const words = wordsOf(text);
    expect(words.map((word) => text.slice(word.start, word.end))).toEqual(words.map((word) => word.text));
    expect(words.map((word) => word.text)).toEqual(["O'Donnell", 'Square', 'is', 'icy', 'Salt', 'it']);
  });

  it('knows which words open a sentence', () => {
    expect(wordsOf('Ice here. Please salt').map((word) => word.opensSentence)).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });
});

describe('the forms of names', () => {
  it.each([
    ['Zürich', 'zurich'],
    ['St. Louis', 'st louis'],
    ["O'Fallon", 'ofallon'],
    ['Łódź', 'lodz'],
    ['  New   York-City ', 'new york city'],
  ])('%s compares as %s', (name, normalised) => expect(normaliseName(name)).toBe(normalised));

  it('squash blanks and hyphens away', () => {
    expect(new Set(['HydePark', 'Hyde-Park', 'hyde park'].map(squashName)).size).toBe(1);
  });
});

describe('isShouted', () => {
  it('holds for a text in capitals and not for one with an acronym', () => {
    expect(isShouted('BUSES BLOCKING THE BIKE LANE')).toBe(true);
    expect(isShouted('The MBTA is late again')).toBe(false);
  });
});

describe('withoutOverlap', () => {
  it('keeps the better of two overlapping spans and returns text order', () => {
    const ranked = [
      { start: 10, end: 20 },
      { start: 0, end: 5 },
      { start: 15, end: 30 },
    ];
    expect(withoutOverlap(ranked)).toEqual([
      { start: 0, end: 5 },
      { start: 10, end: 20 },
    ]);
  });
});
