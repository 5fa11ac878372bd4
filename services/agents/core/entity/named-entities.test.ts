// How names, places, acronyms and things of the town come together; the recogniser's part is given.

import { describe, expect, it } from '@jest/globals';
import { entitiesOf, findEntityMentions } from './named-entities.ts';
import type { NameKind } from './recognizer/name-labels.ts';
import { tagText } from './tagger.ts';

function reading(text: string, ...names: readonly (readonly [string, NameKind])[]) {
  const recognizeNames = () =>
    names.map(([name, kind]) => {
      const start = text.indexOf(name);
      return { start, end: start + name.length, kind };
    });
  return { text, sentences: tagText(text), places: [], recognizeNames };
}

const found = (...args: Parameters<typeof reading>) =>
  findEntityMentions(reading(...args)).map(({ text, type }) => `${text}: ${type}`);

describe('the entities of a text', () => {
  it.each<[NameKind, string]>([
    ['person', 'person'],
    ['location', 'place'],
    ['group', 'organization'],
    ['corporation', 'organization'],
    ['product', 'thing'],
    ['creative-work', 'thing'],
  ])('take a %s for a %s', (kind, type) => {
    expect(found('Quillon is here', ['Quillon', kind])).toEqual([`Quillon: ${type}`]);
  });

  it('take letters for a body where the text is about the town, and only there', () => {
    expect(found('The BWSC left a pothole')).toEqual(['BWSC: organization', 'pothole: thing']);
    expect(found('The BWSC is late again')).toEqual([]);
  });

  it('prefer a street with its number to the name of the street', () => {
    expect(found('Rats at 12 Elm Street', ['Elm Street', 'location'])).toEqual([
      'rat: thing',
      '12 Elm Street: place',
    ]);
  });

  it('trust no capitals in a text that shouts', () => {
    expect(found('QUILLON NEVER ANSWERS ANYBODY', ['QUILLON', 'person'])).toEqual([]);
  });

  it('leave out names that are made of ordinary words', () => {
    expect(found('City Owned: No, says Quillon', ['City Owned', 'location'], ['Quillon', 'person'])).toEqual([
      'Quillon: person',
    ]);
  });

  it('are each told once, though each place counts as a mention', () => {
    const text = 'A pothole here and a pothole there';
    expect(findEntityMentions(reading(text))).toHaveLength(2);
    expect(entitiesOf(findEntityMentions(reading(text)))).toHaveLength(1);
  });
});
