// Looks places up in the gazetteer that the platform carries. It knows no streets and no houses.
import type { Gazetteer } from '../core/gazetteer.ts';
import { geocode, reverseGeocode } from '../core/geo/geocode.ts';
import type { PlaceLookup } from './location-tool.ts';

/** A lookup over the gazetteer. */
export function createTownLookup(gazetteer: Gazetteer): PlaceLookup {
  return {
    geocode: (text, near) => geocode(text, gazetteer, near),
    reverseGeocode: (point) => reverseGeocode(point, gazetteer),
  };
}
