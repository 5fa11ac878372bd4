// Settles where a report is about: its most exact place, the area named around it, and the point that follows from both and from words such
// as "5 km south of". A point is given only where a place of known position is named.

import type { Place, Position } from '../gazetteer.ts';
import { liesIn } from './containment.ts';
import { countriesHinted, countryByManner } from './country-hints.ts';
import { distanceKm } from './distance.ts';
import { isLocationPhrase } from './location-phrase.ts';
import { type Mention, mentionKinds } from './mention.ts';
import { findMentions, type GeoInput, type GeoSources } from './mention-finder.ts';
import { findPlaces } from './place-mention-finder.ts';
import { areBetween, halfWay, moved, type Offset, offsetBefore } from './place-relation.ts';

const neighboursKm = 150;
const certaintyInStreetMin = 0.6;

/** How the point follows from the place that it is taken from. */
export type PointRelation = 'at' | 'offset' | 'between' | 'inside';

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
  /** `inside`: the middle of a region or country, somewhere in which the place lies. Absent without a point. */
  readonly relation?: PointRelation;
  /** Distance and direction from `pointFrom`; only with the relation `offset`. */
  readonly offset?: Offset;
  /** ISO 3166 alpha-2 of the place, or the likeliest by the text's words; empty when nothing tells. */
  readonly country: string;
}

/** Where the text is about. */
export function locateReport(input: GeoInput, sources: GeoSources): ReportLocation {
  const mentions = findMentions(input, sources);
  const { main, around } = chooseMain(mentions);
  const inStreets = placeInStreets(input, mentions, sources);
  const from = [main, around, inStreets].find((mention) => mention?.point !== undefined);
  const region =
    input.homeArea === undefined ? [main, around].find((mention) => mention?.place !== undefined) : undefined;
  const country =
    (from ?? region)?.place?.country ||
    (input.homeArea === undefined ? (countriesHinted(input.text)[0] ?? countryByManner(input.text)) : '');
  const base = { country, ...defined({ main: main ?? inStreets, around: around ?? inStreets }) };
  if (from?.point !== undefined) return { ...base, ...pointOf(input.text, from, from.point, mentions) };
  if (region?.place === undefined) return base;
  return { ...base, point: region.place.point, pointFrom: region, relation: 'inside' };
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
  if (other?.point !== undefined && distanceKm(other.point, position) < neighboursKm) {
    return { point: halfWay(position, other.point), pointFrom: from, relation: 'between' };
  }
  return { point: position, pointFrom: from, relation: 'at' };
}

/** Roads are named after the towns that they lead to: the best there is when a bare location names nothing else, or only the county. */
function placeInStreets(
  { text, homeArea }: GeoInput,
  mentions: readonly Mention[],
  sources: GeoSources,
): Mention | undefined {
  const placed = mentions.some(({ kind }) => kind === 'town' || kind === 'tenant_place');
  if (placed || homeArea !== undefined || !isLocationPhrase(text)) return undefined;
  const county = mentions.find(({ place }) => place?.kind === 'county')?.place;
  const [best] = findPlaces(text, [], { ...sources, phrase: true })
    .filter(({ kind, certainty = 0 }) => kind === 'town' && certainty >= certaintyInStreetMin)
    .filter(({ place }) => county === undefined || (place !== undefined && liesIn(place, county) === 1))
    .sort((a, b) => (b.certainty ?? 0) - (a.certainty ?? 0) || a.start - b.start);
  return best === undefined ? undefined : { ...best, sure: false };
}
