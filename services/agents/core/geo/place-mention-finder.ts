// Finds the places of the gazetteer that a text names and decides which and whether: names are found, resolved together, and those that
// mean no place are dropped.

import type { Gazetteer, Place } from '../gazetteer.ts';
import type { Span } from '../skill.ts';
import { isShouted } from '../text/words.ts';
import { liesIn, sizeOf } from './containment.ts';
import { countriesHinted, countriesProven, reportingInEnglish } from './country-hints.ts';
import { distanceKm } from './distance.ts';
import type { HomeArea, Mention, MentionKind } from './mention.ts';
import { findNames } from './place-finder.ts';
import { meansPlace } from './place-sense.ts';
import { kindWord } from './place-words.ts';
import { type ResolvedName, resolvePlaces } from './resolve-places.ts';

const forgivingCodeUnitsMax = 120;
const anchorCertaintyMin = 0.5;
const muchLarger = 5;
const leastPopulation = 2000;
const borderKm = 80;

/** What the finder may look things up in. */
export interface PlaceSources {
  readonly gazetteer: Gazetteer;
  /** Absent when the tenant has set none: then no place is nearer than another. */
  readonly homeArea?: HomeArea;
  /** Whether the whole text names a location and says nothing else. */
  readonly phrase: boolean;
}

/** Places in text order. `taken` are stretches that already mean something else, such as a street. */
export function findPlaces(text: string, taken: readonly Span[], sources: PlaceSources): Mention[] {
  const { gazetteer, homeArea, phrase } = sources;
  const shouted = isShouted(text);
  const forgiving = phrase && text.length <= forgivingCodeUnitsMax;
  const names = findNames(text, { taken, gazetteer, forgiving, shouted });
  const home = homeArea === undefined ? {} : { home: homeArea.point };
  const countries = homeArea === undefined && phrase ? countriesHinted(text) : [];
  const likely = homeArea === undefined && phrase ? { likely: reportingInEnglish } : {};
  const resolved = resolvePlaces(text, names, { gazetteer, countries, ...likely, ...home });
  const regions = resolved.flatMap((name) =>
    name !== undefined && isRegion(name.place) ? [name.place] : [],
  );
  const sense = { homeArea, phrase, shouted, regions };
  const meant = names.flatMap((name, at) => {
    const place = resolved[at];
    return place === undefined || !meansPlace(name, place, sense) ? [] : [place];
  });
  const agreeing = phrase ? withoutStrays(text, meant) : meant;
  return agreeing.map((place) => mentionOfPlace(text, place));
}

function isRegion({ kind }: Place): boolean {
  return kind === 'country' || kind === 'division';
}

/** A location names an area together with what lies in it: a small place that lies elsewhere is another of its name. */
function withoutStrays(text: string, places: readonly ResolvedName[]): ResolvedName[] {
  const anchors = places.filter(isAnchor).sort((a, b) => sizeOf(a.place) - sizeOf(b.place));
  const proven = countriesProven(text);
  return places.filter((name, at) => {
    if (!name.supported && proven.length > 0 && !proven.includes(name.place.country)) return false;
    if (isAnchor(name)) return true;
    const next = places[at + 1];
    if (next !== undefined && isFollowed(text, name, next) && isMuchLarger(next.place, name.place)) {
      return isAbout(name.place, next.place);
    }
    const [anchor] = anchors;
    return anchor === undefined || isAbout(name.place, anchor.place);
  });
}

/** A country or state by its name alone; a county is known for one by its word or by what else is named. */
function isAnchor({ place, certainty, supported, text }: ResolvedName): boolean {
  if (certainty < anchorCertaintyMin) return false;
  if (place.kind === 'county') return supported || kindWord.test(/\p{L}+$/u.exec(text)?.[0] ?? '');
  return place.kind === 'country' || place.kind === 'division';
}

function isFollowed(text: string, name: ResolvedName, next: ResolvedName): boolean {
  return /^(?:[ \t]+\p{Ll}+)?\s*,\s*$/u.test(text.slice(name.end, next.start));
}

function isMuchLarger(a: Place, b: Place): boolean {
  return (
    sizeOf(a) > sizeOf(b) ||
    (a.kind === 'town' && a.population > muchLarger * Math.max(b.population, leastPopulation))
  );
}

/** In it, or so near to its middle that a border may run between them. */
function isAbout(inner: Place, outer: Place): boolean {
  return liesIn(inner, outer) > 0 || distanceKm(inner.point, outer.point) < borderKm;
}

function mentionOfPlace(text: string, { start, end, place, certainty }: ResolvedName): Mention {
  const kind = mentionKindOf(place);
  const written = text.slice(start, end);
  const base = {
    kind,
    start,
    end,
    text: written,
    label: kind === 'town' ? place.name : written,
    sure: certainty >= 0.5,
    place,
    certainty,
  };
  return kind === 'town' ? { ...base, point: place.point } : base;
}

/** Large areas have only a middle, which is no point to search around. */
function mentionKindOf({ kind }: Place): MentionKind {
  if (kind === 'country') return 'country';
  return kind === 'division' || kind === 'county' || kind === 'area' || kind === 'water' ? 'region' : 'town';
}
