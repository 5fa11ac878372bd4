// Settles where a report is about: its most exact place, the area named around it, and the point that follows from both and from words such
// as "5 km south of". A point is given only where a place of known position is named.

import type { Place, Position } from '../gazetteer.ts';
import { contains } from '../text/span.ts';
import { liesIn } from './containment.ts';
import { countriesHinted, countryByManner } from './country-hints.ts';
import { distanceKm } from './distance.ts';
import { isLocationPhrase } from './location-phrase.ts';
import { type Mention, mentionKinds } from './mention.ts';
import { findMentions, type GeoInput, type GeoSources } from './mention-finder.ts';
import { countryByNames } from './name-origin.ts';
import { findPlaces } from './place-mention-finder.ts';
import { areBetween, halfWay, moved, type Offset, offsetBefore } from './place-relation.ts';
import { findMile, findNamedRoad } from './road-finder.ts';

/** How probable a country must be by the spelling of names: to outdo English words for roads, and where nothing else tells. */
const spellingSure = 0.95;
const spellingLikely = 0.5;
const nearHomeKm = 150;
/** How far apart two places may be for something to lie between them. */
const roadEndsKm = 250;
const certaintyInStreetMin = 0.6;

/** How the point follows from the place that it is taken from. */
export type PointRelation = 'at' | 'offset' | 'between' | 'inside' | 'along';

/** Where a report is about. */
export interface ReportLocation {
  /** Absent when no place is named. */
  readonly main?: Mention;
  /** The neighbourhood, town or region that the text names beside the main place; absent when there is none. */
  readonly around?: Mention;
  /** Absent when no place of known position is named. */
  readonly point?: Position;
  /** Whose position the point is or starts from; absent without a point. */
  readonly pointFrom?: Mention;
  /**
   * `inside`: the middle of a region or country, somewhere in which the place lies; `along`: half way along a road, of which no place is named.
   * Absent without a point.
   */
  readonly relation?: PointRelation;
  /** Distance and direction from `pointFrom`; only with the relation `offset`. */
  readonly offset?: Offset;
  /** ISO 3166 alpha-2 of the place, or the likeliest by the text's words; empty when nothing tells. */
  readonly country: string;
}

/** Where the text is about. */
export function locateReport(input: GeoInput, sources: GeoSources): ReportLocation {
  const found = findMentions(input, sources);
  const mile = nearHome(input, findMile(input.text, found, sources.gazetteer));
  const mentions = mile === undefined ? found : withMile(found, mile);
  const { main, around } = chooseMain(mentions);
  const inStreets = placesInStreets(input, mentions, sources);
  const placed = [main, mile, around, inStreets[0]].find((mention) => mention?.point !== undefined);
  const onRoad = placed === undefined ? roadOf(input, sources, [main, around]) : undefined;
  const from = placed ?? onRoad;
  const region =
    input.homeArea === undefined ? [main, around].find((mention) => mention?.place !== undefined) : undefined;
  const country =
    from?.country ||
    (from ?? region)?.place?.country ||
    (input.homeArea === undefined ? countryByWords(input.text, sources) : '');
  const base = {
    country,
    ...defined({ main: main ?? inStreets[0] ?? onRoad, around: around ?? inStreets[0] }),
  };
  if (onRoad?.point !== undefined)
    return { ...base, point: onRoad.point, pointFrom: onRoad, relation: 'along' };
  if (from?.point !== undefined)
    return { ...base, ...pointOf(input.text, from, from.point, [...mentions, ...inStreets]) };
  if (region?.place === undefined) return base;
  return { ...base, point: region.place.point, pointFrom: region, relation: 'inside' };
}

/** The country that the text's words speak for, or its names by their spelling; a guess, and empty when nothing speaks for any. */
function countryByWords(text: string, { gazetteer }: GeoSources): string {
  const [hinted] = countriesHinted(text);
  if (hinted !== undefined || !isLocationPhrase(text)) return hinted ?? countryByManner(text);
  return (
    countryByNames(text, gazetteer, spellingSure) ||
    countryByManner(text) ||
    countryByNames(text, gazetteer, spellingLikely)
  );
}

/** The mile is the most exact place of its road: streets inside it are the road itself. */
function withMile(mentions: readonly Mention[], mile: Mention): Mention[] {
  return [...mentions.filter((mention) => !contains(mile, mention)), mile].sort((a, b) => a.start - b.start);
}

/** A far road of the same name is another road. */
function nearHome({ homeArea }: GeoInput, road: Mention | undefined): Mention | undefined {
  if (homeArea === undefined || road?.point === undefined) return road;
  return distanceKm(homeArea.point, road.point) <= nearHomeKm ? road : undefined;
}

/** A road with a name of its own that runs where the text says that it does. */
function roadOf(
  input: GeoInput,
  { gazetteer }: GeoSources,
  named: readonly (Mention | undefined)[],
): Mention | undefined {
  const road = nearHome(input, findNamedRoad(input.text, gazetteer));
  const agrees = named.every((one) => one?.place === undefined || one.place.country === road?.country);
  return agrees ? road : undefined;
}

function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as ReturnType<
    typeof defined<T>
  >;
}

/** The most exact mention, sure ones before guesses, the first of equals; and the best area beside it. */
function chooseMain(mentions: readonly Mention[]): {
  main: Mention | undefined;
  around: Mention | undefined;
} {
  const [main] = [...mentions].sort((a, b) => rankOf(a) - rankOf(b) || a.start - b.start);
  if (main === undefined) return { main: undefined, around: undefined };
  const gap = (area: Mention): number => Math.max(area.start - main.end, main.start - area.end);
  const areas = mentions.filter((mention) => mention !== main && isArea(mention));
  const [around] = areas.sort((a, b) => areaRank(a) - areaRank(b) || gap(a) - gap(b));
  return { main, around };
}

function isArea({ kind, place }: Mention): boolean {
  return kind === 'tenant_place' || kind === 'town' || place !== undefined;
}

/** Towns of which hardly anything is known and guesses give way to what is surer. */
function rankOf(mention: Mention): number {
  const { kind, sure, place, certainty = 1 } = mention;
  return (
    mentionKinds.indexOf(kind) +
    (sure ? 0 : 2) +
    (place === undefined ? 0 : sizeRank(place) + (1 - certainty))
  );
}

/** Areas with a point before those without, listed places before towns, small ones before large ones. */
function areaRank(area: Mention): number {
  const listed = area.kind === 'tenant_place' ? 0 : 1;
  return (
    (area.point === undefined ? 4 : 0) +
    listed +
    (area.place === undefined ? 0 : sizeRank(area.place) + 0.5 * (1 - (area.certainty ?? 1)))
  );
}

const sizeRanks: Readonly<Partial<Record<Place['kind'], number>>> = {
  county: 0.5,
  division: 1,
  country: 2,
  area: 3,
  water: 2.5,
};

function sizeRank({ kind }: Place): number {
  return sizeRanks[kind] ?? 0;
}

function pointOf(
  text: string,
  from: Mention,
  position: Position,
  mentions: readonly Mention[],
): Pick<ReportLocation, 'point' | 'pointFrom' | 'relation' | 'offset'> {
  const offset = offsetBefore(text, from.start);
  if (offset !== undefined)
    return { point: moved(position, offset), pointFrom: from, relation: 'offset', offset };
  const other = mentions.find(
    (mention) => mention !== from && (areBetween(text, from, mention) || areBetween(text, mention, from)),
  );
  if (other?.point !== undefined && distanceKm(other.point, position) < roadEndsKm) {
    return { point: halfWay(position, other.point), pointFrom: from, relation: 'between' };
  }
  return { point: position, pointFrom: from, relation: 'at' };
}

/**
 * Roads are named after the towns that they lead to: the best there is when a bare location names nothing else, or only the county. The
 * surest first.
 */
function placesInStreets(
  { text, homeArea }: GeoInput,
  mentions: readonly Mention[],
  sources: GeoSources,
): Mention[] {
  const placed = mentions.some(({ kind }) => kind === 'town' || kind === 'tenant_place');
  if (placed || homeArea !== undefined || !isLocationPhrase(text)) return [];
  const county = mentions.find(({ place }) => place?.kind === 'county')?.place;
  return findPlaces(text, [], { ...sources, phrase: true })
    .filter(({ kind, certainty = 0 }) => kind === 'town' && certainty >= certaintyInStreetMin)
    .filter(({ place }) => county === undefined || (place !== undefined && liesIn(place, county) === 1))
    .sort((a, b) => (b.certainty ?? 0) - (a.certainty ?? 0) || a.start - b.start)
    .map((place) => ({ ...place, sure: false }));
}
