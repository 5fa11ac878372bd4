// What the trained recogniser finds in sentences that it was not trained on, and how labels become names.

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { loadNameRecognizer } from '../../../store/entity-model.ts';
import { tagText } from '../tagger.ts';
import { labelCount, labelOf, outside } from './name-labels.ts';
import { namesOf } from './name-recognizer.ts';
import { tokensOf } from './tokens.ts';

const recognize = loadNameRecognizer();
const read = (text: string) =>
  recognize(text, tagText(text)).map(({ start, end, kind }) => [text.slice(start, end), kind]);

describe('the recogniser', () => {
  it.each([
    ['my neighbor Jessica Miller saw it', 'Jessica Miller', 'person'],
    ['Hail the size of a penny was reported in Springfield.', 'Springfield', 'location'],
    ['Sewage backs up all over Dorchester again', 'Dorchester', 'location'],
  ])('finds in "%s" %s, a %s', (text, name, kind) => expect(read(text)).toContainEqual([name, kind]));

  it.each([
    'Crosswalk needs to be repainted',
    'Recycle bin was not emptied, please send a truck',
    'Sidewalk is covered in ice and is very slippery',
  ])('finds no name in "%s"', (text) => expect(read(text)).toEqual([]));

  it('names places inside the text, whatever the text is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (text) => {
        for (const { start, end } of recognize(text, tagText(text))) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(text.length);
        }
      }),
      { seed: 11 },
    );
  });
});

describe('namesOf', () => {
  const tokens = tokensOf('Ann Lee left', []);
  const [person, further] = [labelOf('person', true), labelOf('person', false)];

  it('joins a name with the words that continue it', () => {
    expect(namesOf(tokens, [person, further, outside])).toEqual([{ start: 0, end: 7, kind: 'person' }]);
  });

  it('keeps two names apart that stand side by side', () => {
    expect(namesOf(tokens, [person, person, outside])).toHaveLength(2);
  });

  it('makes nothing of a word that continues no name', () => {
    expect(namesOf(tokens, [outside, labelCount - 1, outside])).toEqual([]);
  });
});
