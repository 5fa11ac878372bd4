// Looks places up in the gazetteer that the platform carries. It knows no streets, no houses and no roads: a way is the straight one.
import type { Gazetteer } from '../core/gazetteer.ts';
import { distanceKm } from '../core/geo/distance.ts';
import { geocode, reverseGeocode } from '../core/geo/geocode.ts';
import type { PlaceLookup } from './location-tool.ts';

/** A lookup over the gazetteer. It asks nobody. */
export function createTownLookup(gazetteer: Gazetteer): PlaceLookup {
  return {
    source: 'gazetteer',
    geocode: async (text, { near }) => geocode(text, gazetteer, near),
    reverseGeocode: async (point) => reverseGeocode(point, gazetteer),
    route: async ([from, to]) => ({ distanceKm: distanceKm(from, to), method: 'great_circle' }),
  };
}
