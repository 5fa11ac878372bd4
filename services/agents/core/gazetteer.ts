// The port to an index of the world's towns, and the value that it holds. Who fills it is no business of the skills.

/** A position as GeoJSON has it: longitude −180..180, then latitude −90..90, in degrees. */
export type Position = readonly [longitude: number, latitude: number];

/** A populated place. */
export interface Place {
  readonly name: string;
  /** ISO 3166 alpha-2. */
  readonly country: string;
  /** First-order division as GeoNames codes it: letters for the United States (`MA`), mostly digits elsewhere. */
  readonly admin1: string;
  /** Inhabitants; 0 when unknown. */
  readonly population: number;
  readonly point: Position;
}

/** Looks names of towns up. It is pure: the same name always gives the same places. */
export interface Gazetteer {
  /** All places whose normalised name (`normaliseName`) is exactly this one, largest first; empty when there is none. */
  find(nameNormalised: string): readonly Place[];
}
