// What every reader of a source hands to the compiler: places with all their names, before anything is packed.
import type { PlaceKind } from '../../services/agents/core/gazetteer.ts';
import { placeKey } from '../../services/agents/core/geo/place-key.ts';

/** A place as a source gives it. */
export interface RawPlace {
  readonly name: string;
  /** Further names that mean this place on their own. */
  readonly aliases: readonly string[];
  readonly kind: PlaceKind;
  /** ISO 3166 alpha-2; empty for what lies in several countries. */
  readonly country: string;
  /** GeoNames code of the first-order division; empty when unknown. */
  readonly admin1: string;
  /** GeoNames code of the second-order division; empty when unknown. */
  readonly admin2: string;
  /** Inhabitants; 0 when unknown. */
  readonly population: number;
  readonly longitude: number;
  readonly latitude: number;
}

/** The key of an area's name without the words for its kind. */
export function bareKey(name: string): string {
  return placeKey(name)
    .replace(/\b(?:province|region|state|of|oblast|department|district|governorate)\b/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}
