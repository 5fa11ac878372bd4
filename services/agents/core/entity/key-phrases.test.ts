// What a key phrase is made of, and what never is one.
import { describe, expect, it } from '@jest/globals';
import { findKeyPhrases, keyPhrasesMax } from './key-phrases.ts';
import { findEntityMentions } from './named-entities.ts';
import { tagText } from './tagger.ts';

function phrasesOf(text: string) {
  const sentences = tagText(text);
  const names = findEntityMentions({ text, sentences, places: [], recognizeNames: () => [] });
  return findKeyPhrases({ text, sentences, names });
}

const read = (text: string) => phrasesOf(text).map(({ phrase }) => phrase);

describe('the key phrases of a report', () => {
  it.each([
    [
      'a thing with its state',
      'There is a broken street light on Main Street.',
      ['broken street light', 'Main Street'],
    ],
    ['a matter', 'I noticed a gas smell yesterday morning.', ['gas smell']],
    [
      'a measure with what it holds',
      'A sheet of ice covers the wheelchair ramp',
      ['sheet of ice', 'wheelchair ramp'],
    ],
    [
      'a firm as a whole',
      'Acme Construction left a hole in the sidewalk last week',
      ['Acme Construction', 'hole', 'sidewalk'],
    ],
    ['a thing that the tagger would cut', 'Fire hydrant is dripping', ['fire hydrant']],
  ])('are %s', (_, text, phrases) => expect(read(text)).toEqual(phrases));

  it.each([
    ['times', 'The pothole has been there since last Tuesday at 8 am, for three weeks'],
    ['courtesies', 'Hello, please fix the pothole as soon as possible, thanks for your help'],
    ['words that say nothing alone', 'There are a lot of problems with the pothole in this area'],
    ['the same words again', 'A pothole. The pothole! POTHOLE?'],
  ])('are never %s', (_, text) => expect(read(text)).toEqual(['pothole']));

  it('leave out a shorter one at the end of a longer one', () => {
    expect(read('The loose manhole cover is loud. Nobody fixed the manhole cover.')).toEqual([
      'loose manhole cover',
    ]);
  });

  it('keep a lone common noun only where little else is said', () => {
    expect(read('Attack of thrips')).toContain('thrips');
    expect(read('Potholes, graffiti, rats, a broken bench and my cousin')).not.toContain('cousin');
  });

  it(`are at most ${keyPhrasesMax}, each where its span says`, () => {
    const streets = Array.from(
      { length: 15 },
      (_, at) => `a pothole at ${at + 3} ${'ABCDEFGHIJKLMNO'.charAt(at)}dams Street`,
    );
    const text = streets.join(', ');
    const phrases = phrasesOf(text);
    expect(phrases).toHaveLength(keyPhrasesMax);
    for (const { phrase, start, end } of phrases) {
      expect(text.slice(start, end).toLowerCase()).toBe(phrase.toLowerCase());
    }
  });
});
