// The port to an index of the world's places, and the values that it holds. Who fills it is no business of the skills.

/** A position as GeoJSON has it: longitude −180..180, then latitude −90..90, in degrees. */
export type Position = readonly [longitude: number, latitude: number];

/**
 * What a place is. Areas: `area` lies across borders or follows none (a continent, a coast), `division` is of first order (a state), `county`
 * of second. A `valley` may be a canyon
 * or gorge. A `locality` is a village, quarter or post office of which little is known.
 */
export type PlaceKind =
  | 'area'
  | 'country'
  | 'division'
  | 'county'
  | 'town'
  | 'locality'
  | 'island'
  | 'mountain'
  | 'water'
  | 'park'
  | 'airport'
  | 'valley';

/** All kinds; the order is part of the file format, so new ones go to the end. */
export const placeKinds: readonly PlaceKind[] = [
  'area',
  'country',
  'division',
  'county',
  'town',
  'locality',
  'island',
  'mountain',
  'water',
  'park',
  'airport',
  'valley',
];

/** A place. */
export interface Place {
  /** The same for one file of places; not kept between versions. */
  readonly id: number;
  readonly name: string;
  readonly kind: PlaceKind;
  /** ISO 3166 alpha-2; empty for what lies in several countries or in none. */
  readonly country: string;
  /** First-order division as GeoNames codes it: letters for the United States (`MA`), mostly digits elsewhere; empty when unknown. */
  readonly admin1: string;
  /** Second-order division as GeoNames codes it, unique within the first; empty when unknown. */
  readonly admin2: string;
  /** Inhabitants; 0 when unknown. */
  readonly population: number;
  /** Of an area: its middle. */
  readonly point: Position;
}

/**
 * How a name stands to its place: its own, another one (a translation, a former name), an abbreviation (`MA`), or its own without the word
 * for its kind (`Polk` for Polk County). The order is part of the file format.
 */
export const nameKinds = ['main', 'other', 'short', 'bare'] as const;

/** One of `nameKinds`. */
export type NameKind = (typeof nameKinds)[number];

/** A place found by a name. */
export interface NamedPlace {
  readonly place: Place;
  readonly nameKind: NameKind;
}

/** The country that a name seems to be of. */
export interface NameOrigin {
  /** ISO 3166 alpha-2. */
  readonly country: string;
  /** 0 to 1, against all other countries. */
  readonly probability: number;
}

/** Looks places up. It is pure: the same question always has the same answer. */
export interface Gazetteer {
  /** All places with a name of this key (`placeKey`), the most people first; empty when there is none. */
  find(key: string): readonly NamedPlace[];
  /** Whether any place has a name of this key; cheaper than `find`. */
  has(key: string): boolean;
  /** Places within so many kilometres, at most 500, nearest first. */
  near(point: Position, radiusKm: number): readonly Place[];
  /** The name of a first-order division; empty when it has none. */
  divisionName(country: string, admin1: string): string;
  /**
   * The country whose towns have names like these words (in `placeKey`'s letters), `favoured` countries before others; undefined without words
   * or when no country is known well enough. It is a guess by spelling and knows none of the names.
   */
  originOf(words: readonly string[], favoured: ReadonlySet<string>): NameOrigin | undefined;
}
