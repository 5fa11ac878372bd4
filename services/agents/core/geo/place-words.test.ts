// Small judgements on texts about places: keys of names, bare locations, slips of the pen, and words that give a country away.

import { describe, expect, it } from '@jest/globals';
import { loadGazetteer } from '../../store/gazetteer.ts';
import { countriesHinted, countriesProven, countryByManner } from './country-hints.ts';
import { isLocationPhrase } from './location-phrase.ts';
import { correctedName } from './misspelling.ts';
import { placeKey } from './place-key.ts';

describe('placeKey', () => {
  it.each([
    ['St. Louis', 'saint louis'],
    ['Mt Hood', 'mount hood'],
    ['The Hague', 'hague'],
    ['U.S.', 'us'],
    ['Đà Nẵng', 'da nang'],
    ['Trinidad & Tobago', 'trinidad and tobago'],
    ['Main St', 'main st'],
  ])('%s is compared as %s', (name, key) => expect(placeKey(name)).toBe(key));
});

describe('a bare location', () => {
  it.each([
    '5 km south of Wokha, Nagaland',
    'US 101, milepost 30',
    'Brgy. Namnam in San Fernando',
    'I-70, Wheeling, WV',
  ])('is "%s"', (text) => expect(isLocationPhrase(text)).toBe(true));

  it.each(['The road is blocked near Wokha', 'Please fix Main Street', 'rats and trash all over', ''])(
    'is not "%s"',
    (text) => expect(isLocationPhrase(text)).toBe(false),
  );
});

describe('a slip of the pen', () => {
  const gazetteer = loadGazetteer();

  it.each([
    ['Cochabama', 'cochabamba'],
    ['British Colombia', 'british columbia'],
    ['Capetown', 'cape town'],
  ])('in %s is mended', (written, key) => expect(correctedName(written, gazetteer)).toBe(key));

  it.each(['Roam', 'Xqzwvkjhg'])('is not seen in %s', (written) =>
    expect(correctedName(written, gazetteer)).toBeUndefined(),
  );
});

describe('a country', () => {
  it('is given away by words that only it has', () => {
    expect(countriesProven('Barangay Tala')).toEqual(['PH']);
    expect(countriesProven('Gumdi VDC-2')).toEqual(['NP']);
    expect(countriesProven('a road near the river')).toEqual([]);
  });

  it('is hinted at by roads, the likeliest first', () => {
    expect(countriesHinted('I-90 at milepost 12')[0]).toBe('US');
    expect(countryByManner('Spring Valley Drive')).toBe('US');
    expect(countryByManner('Sertung')).toBe('');
  });
});
