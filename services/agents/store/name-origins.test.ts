// The country of names that the gazetteer does not know, by their spelling.

import { describe, expect, it } from '@jest/globals';
import { loadGazetteer } from './gazetteer.ts';
import { createNameOrigins, originScoreOf } from './name-origins.ts';

const { originOf } = loadGazetteer();
const none: ReadonlySet<string> = new Set();

describe('the spelling of a name', () => {
  it.each([
    ['shivapurwadi', 'IN'],
    ['oberweilerbach', 'DE'],
    ['kaiwhakatere', 'NZ'],
    ['pangkalanbatang', 'ID'],
    ['litochovicky', 'CZ'],
    ['nishikawamura', 'JP'],
    ['villefranchette', 'FR'],
  ])('of %s is that of %s', (name, country) => {
    expect(originOf([name], none)?.country).toBe(country);
    expect(originOf([name], none)?.probability).toBeGreaterThan(0.4);
  });

  it('says more the more words there are', () => {
    const one = originOf(['nagarpalli'], none)?.probability ?? 0;
    expect(originOf(['nagarpalli', 'gopalapuram'], none)?.probability ?? 0).toBeGreaterThanOrEqual(one);
  });

  it('speaks for a favoured country more than for another', () => {
    const plain = originOf(['merriweather'], none);
    const favoured = originOf(['merriweather'], new Set(['US']));
    expect(originOf(['merriweather'], new Set([plain?.country ?? '']))?.probability).toBeGreaterThan(
      plain?.probability ?? 1,
    );
    expect(favoured).not.toEqual(plain);
  });

  it('says nothing without words, and nothing when no country is known', () => {
    expect(originOf([], none)).toBeUndefined();
    const empty = {
      originGrams: new Uint32Array(),
      originStarts: Uint32Array.of(0),
      originScores: new Uint16Array(),
      originCountries: new Uint8Array(),
    };
    expect(createNameOrigins(empty)(['ulm'], none)).toBeUndefined();
  });

  it('counts a piece more the oftener names have it, within one byte', () => {
    const scores = [1, 2, 10, 1000, 10_000_000].map(originScoreOf);
    expect(scores).toEqual([...scores].sort((a, b) => a - b));
    expect(Math.max(...scores)).toBeLessThanOrEqual(255);
  });
});
