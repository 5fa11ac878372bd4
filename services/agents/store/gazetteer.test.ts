// The index of places: what it finds, by which names, and how it orders it.

import { describe, expect, it } from '@jest/globals';
import { distanceKm } from '../core/geo/distance.ts';
import { placeKey } from '../core/geo/place-key.ts';
import { loadGazetteer } from './gazetteer.ts';

const gazetteer = loadGazetteer();
const find = (name: string) => gazetteer.find(placeKey(name)).map(({ place }) => place);
const first = (name: string, kind: string) => find(name).find((place) => place.kind === kind);

describe('the gazetteer', () => {
  it('finds all places of a name, those with the most people first', () => {
    const found = find('boston');
    expect(found[0]).toMatchObject({ name: 'Boston', country: 'US', admin1: 'MA', kind: 'town' });
    expect(found.map((place) => place.population)).toEqual(
      found.map((place) => place.population).sort((a, b) => b - a),
    );
  });

  it.each([
    ['zurich', 'town', 'CH'],
    ['Calcutta', 'town', 'IN'],
    ['Bombay', 'town', 'IN'],
    ['Burma', 'country', 'MM'],
    ['DRC', 'country', 'CD'],
    ['Uttaranchal', 'division', 'IN'],
    ['Dorset', 'county', 'GB'],
    ['Scandinavia', 'area', ''],
    ['Mount Fuji', 'mountain', 'JP'],
    ['Glenwood Canyon', 'valley', 'US'],
    ['Stevens Pass', 'mountain', 'US'],
    ['Raigad', 'county', 'IN'],
    ['Sindhupalchok', 'county', 'NP'],
  ])('knows %s as a %s', (name, kind, country) => expect(first(name, kind)?.country).toBe(country));

  it('says of each name whether it is the place’s own', () => {
    const kindOf = (name: string) =>
      gazetteer.find(placeKey(name)).find(({ place }) => place.name === 'Massachusetts')?.nameKind;
    expect(kindOf('Massachusetts')).toBe('main');
    expect(kindOf('MA')).toBe('short');
    expect(gazetteer.find('polk').every(({ nameKind }) => nameKind !== 'short')).toBe(true);
  });

  it('gives large areas the middle of their mainland', () => {
    expect(distanceKm(first('United States', 'country')?.point ?? [0, 0], [-98.6, 39.8])).toBeLessThan(50);
    expect(distanceKm(first('France', 'country')?.point ?? [0, 0], [2.4, 46.6])).toBeLessThan(100);
  });

  it('gives districts that no town tells of the middle of what they are', () => {
    expect(distanceKm(first('Rukum', 'county')?.point ?? [0, 0], [82.45, 28.65])).toBeLessThan(10);
    expect(distanceKm(first('Raigad', 'county')?.point ?? [0, 0], [73.2, 18.5])).toBeLessThan(40);
  });

  it('reads positions as longitude and latitude', () => {
    const [longitude, latitude] = first('tokyo', 'town')?.point ?? [0, 0];
    expect(longitude).toBeCloseTo(139.69, 1);
    expect(latitude).toBeCloseTo(35.69, 1);
  });

  it('finds nothing for what is no place', () => {
    expect(find('no such town at all')).toEqual([]);
    expect(find('')).toEqual([]);
    expect(gazetteer.has('no such town at all')).toBe(false);
  });

  it('lists places around a point, the nearest first and none outside the circle', () => {
    const center = [94.26, 26.1] as const;
    const near = gazetteer.near(center, 30).map((place) => distanceKm(center, place.point));
    expect(near.length).toBeGreaterThan(1);
    expect(near).toEqual([...near].sort((a, b) => a - b));
    expect(Math.max(...near)).toBeLessThanOrEqual(30);
    expect(gazetteer.near(center, 30)[0]?.name).toBe('Wokha');
  });

  it('names first-order divisions', () => {
    expect(gazetteer.divisionName('US', 'MA')).toBe('Massachusetts');
    expect(gazetteer.divisionName('US', 'none')).toBe('');
  });
});
