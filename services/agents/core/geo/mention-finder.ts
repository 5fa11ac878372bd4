// Finds every place that a text names, of all kinds, and settles which reading of the same words wins.

import type { Gazetteer } from '../gazetteer.ts';
import { contains, overlaps } from '../text/span.ts';
import { squashName } from '../text/words.ts';
import { findLandmarks } from './landmark-finder.ts';
import { isLocationPhrase } from './location-phrase.ts';
import type { HomeArea, Mention, TenantPlace } from './mention.ts';
import { findPlaces } from './place-mention-finder.ts';
import { findStreets } from './street-finder.ts';
import { findTenantPlaces, indexTenantPlaces } from './tenant-place-finder.ts';

/** What places are read from. */
export interface GeoInput {
  readonly text: string;
  /** The tenant's places; empty when it has listed none. */
  readonly places: readonly TenantPlace[];
  /** Absent when the tenant has set none. */
  readonly homeArea?: HomeArea;
}

/** What names are looked up in, built once per process. */
export interface GeoSources {
  readonly gazetteer: Gazetteer;
}

/** Every place that the text names, in text order. Tenant's places win over the gazetteer, streets over names inside them. */
export function findMentions(input: GeoInput, sources: GeoSources): Mention[] {
  const { text } = input;
  const shapes = findLandmarks(text);
  const streets = findStreets(text).filter(
    (street) => street.sure || !shapes.some((shape) => overlaps(shape, street)),
  );
  const listed = findTenantPlaces(text, indexTenantPlaces(input.places)).filter(
    (place) => !streets.some((street) => overlaps(street, place) && !isSameName(street, place)),
  );
  const landmarks = shapes.filter(
    (landmark) =>
      !streets.some((street) => overlaps(street, landmark)) &&
      !listed.some((place) => isSameName(place, landmark)),
  );
  const named = streets.filter((street) => !listed.some((place) => isSameName(place, street)));
  const placed = [...named, ...listed, ...landmarks];
  const home = findHome(input, placed);
  const homeArea = input.homeArea === undefined ? {} : { homeArea: input.homeArea };
  const phrase = input.homeArea === undefined && isLocationPhrase(text);
  const shaped = input.homeArea === undefined ? [...named, ...listed] : placed;
  const places = findPlaces(text, [...shaped, ...home], { ...sources, ...homeArea, phrase });
  // A landmark that the gazetteer knows by its whole name or a longer one is a place of the gazetteer.
  const kept = placed.filter((mention) => !places.some((place) => contains(place, mention)));
  const apart = places.filter((place) => !kept.some((mention) => overlaps(mention, place)));
  const said = home.filter((mention) => isSaidAsPlace(text, mention));
  return [...kept, ...apart, ...said].sort((a, b) => a.start - b.start);
}

/** The tenant's own area, named outside of other places. It says little: every report is about it. */
function findHome(input: GeoInput, placed: readonly Mention[]): Mention[] {
  if (input.homeArea === undefined) return [];
  const index = indexTenantPlaces([{ ...input.homeArea, aliases: [] }]);
  return findTenantPlaces(input.text, index)
    .filter((mention) => !placed.some((other) => overlaps(other, mention)))
    .map((mention) => ({ ...mention, kind: 'home_area' }));
}

/** "in Boston", as opposed to "City of Boston" or "Boston Police", which name an office. */
function isSaidAsPlace(text: string, mention: Mention): boolean {
  const before = /\b(?:in|around|throughout|across|near)[ \t]+$/i.test(text.slice(0, mention.start));
  return before && !/^[ \t]+\p{Lu}/u.test(text.slice(mention.end));
}

function isSameName(a: Mention, b: Mention): boolean {
  return overlaps(a, b) && squashName(a.text) === squashName(b.text);
}
