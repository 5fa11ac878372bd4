// The index of towns: what it finds and how it orders it.

import { describe, expect, it } from '@jest/globals';
import { loadGazetteer } from './gazetteer.ts';

const gazetteer = loadGazetteer();

describe('the gazetteer', () => {
  it('finds all towns of a name, the largest first', () => {
    const found = gazetteer.find('boston');
    expect(found[0]).toMatchObject({ name: 'Boston', country: 'US', admin1: 'MA' });
    expect(found.map((place) => place.population)).toEqual(
      found.map((place) => place.population).sort((a, b) => b - a),
    );
    expect(found.every((place) => place.name === 'Boston')).toBe(true);
  });

  it('finds names with accents by their plain form', () => {
    expect(gazetteer.find('zurich')[0]).toMatchObject({ name: 'Zürich', country: 'CH' });
  });

  it('reads positions as longitude and latitude', () => {
    const [longitude, latitude] = gazetteer.find('tokyo')[0]?.point ?? [0, 0];
    expect(longitude).toBeCloseTo(139.69, 1);
    expect(latitude).toBeCloseTo(35.69, 1);
  });

  it('finds nothing for what is no town', () => {
    expect(gazetteer.find('no such town at all')).toEqual([]);
    expect(gazetteer.find('')).toEqual([]);
  });
});
