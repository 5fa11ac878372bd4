// Looking places up by name, by description and by point.

import { describe, expect, it } from '@jest/globals';
import { loadGazetteer } from '../../store/gazetteer.ts';
import { distanceKm } from './distance.ts';
import { geocode, geocodeCandidatesMax, reverseGeocode } from './geocode.ts';

const gazetteer = loadGazetteer();

describe('geocode', () => {
  it('lists what a name can mean, the likeliest first, with division and country', () => {
    const found = geocode('Springfield', gazetteer);
    expect(found).toHaveLength(geocodeCandidatesMax);
    expect(found.every(({ country, admin1 }) => country !== '' && admin1 !== '')).toBe(true);
    expect(found.map(({ confidence }) => confidence)).toEqual(
      found.map(({ confidence }) => confidence).sort((a, b) => b - a),
    );
  });

  it('prefers places near a point', () => {
    expect(geocode('Portland', gazetteer, [-70.3, 43.7])[0]).toMatchObject({ admin1: 'Maine', kind: 'town' });
    expect(geocode('Portland', gazetteer, [-122.6, 45.5])[0]).toMatchObject({ admin1: 'Oregon' });
  });

  it('reads descriptions', () => {
    expect(geocode('Paris, Texas', gazetteer)[0]).toMatchObject({ name: 'Paris', admin1: 'Texas' });
    const [south] = geocode('20 km south of Wokha', gazetteer);
    expect(distanceKm(south?.point ?? [0, 0], [94.26, 26.1])).toBeCloseTo(20, 0);
  });

  it('finds nothing for what is no place', () => expect(geocode('qwertyuiop', gazetteer)).toEqual([]));
});

describe('reverseGeocode', () => {
  it('lists the nearest places with their distance', () => {
    const [nearest] = reverseGeocode([-71.06, 42.36], gazetteer);
    expect(nearest).toMatchObject({ country: 'US', admin1: 'Massachusetts' });
    expect(nearest?.distanceKm).toBeLessThan(2);
  });

  it('never names a state or country for a point', () => {
    const kinds = reverseGeocode([-98.84, 39.9], gazetteer).map(({ kind }) => kind);
    expect(kinds.length).toBeGreaterThan(0);
    expect(kinds).not.toContain('country');
  });

  it('gives up in the open sea', () => expect(reverseGeocode([-140, -45], gazetteer)).toEqual([]));
});
