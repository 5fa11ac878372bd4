// The skill "where": which places the reports name and where they lie close together.

import { type Bounds, boundsAround } from '../geo/distance.ts';
import type { Understanding } from '../question/understand.ts';
import type {
  ClusterRequest,
  ClusterResult,
  LocatedReport,
  ReportFilter,
  SpatialRequest,
} from '../report-data.ts';
import type { JsonObject } from '../skill.ts';
import { areaOf, areaRadiusKm, areasOf, groupsOf, streetsOf } from './areas.ts';
import { comparisonWords } from './comparison.ts';
import { type Group, groupRows } from './groups.ts';
import { cellDegrees, findHotspots, type Hotspot } from './hotspots.ts';
import { mapDataOf, pointsOf } from './map-data.ts';
import { nearestWords } from './ordered.ts';
import { answerOver, type DataRequests, isReadWhole, type Matched, type QuerySkill } from './query-skill.ts';
import { countedScope } from './scope.ts';
import { filterOf, type Search } from './search.ts';
import { listing, type SentencePart, sentenceOf } from './sentence.ts';
import { shortened } from './words.ts';

interface WhereRequests extends DataRequests {
  readonly points: { readonly ask: 'spatial'; readonly request: SpatialRequest };
  /** All points by cells, where there are more than are listed and the tenant has places to count them by. */
  readonly cells: { readonly ask: 'clusters'; readonly request: ClusterRequest } | undefined;
}

const locationsMax = 10;
const hotspotsMax = 5;
const pointsMax = 1000;
/** A cell of this zoom is some 200 m wide, which is fine enough to tell neighbourhoods apart. */
const zoomMost = 15;
/** Cells along one side of the map: with their square an answer stays within its limit. */
const cellsAcrossMax = 64;

/** Output keys: locations [{location, count}], hotspots [{center, count, label}], map_data (or null), answer. */
export const where: QuerySkill<WhereRequests> = {
  compares: ['place'],
  orders: ['nearest'],

  requests: (question, { search, found }) => ({
    points: { ask: 'spatial', request: { ...filterOf(search), limit: pointsMax } },
    cells:
      found.total > pointsMax && question.places.length > 0
        ? { ask: 'clusters', request: { ...aroundPlaces(search, question), zoom: zoomOf(question) } }
        : undefined,
  }),

  answer: (question, matched, { points, cells }) => {
    const located = points ?? pointsOf(matched.found.reports, pointsMax);
    const places = placesOf(question, matched, { points: located.points, cells: cells?.clusters });
    const locations = locationsOf(question, places);
    const hotspots = findHotspots(located.points, hotspotsMax).map((hotspot) => named(hotspot, question));
    const output = {
      locations: groupRows(locations, 'location', locationsMax),
      hotspots: hotspots.map(hotspotRow),
      map_data: mapDataOf(located.points),
      answer: sentence(question, matched, { places, hotspots, located: located.total }),
    };
    return answerOver(question, matched, {
      output,
      references: inTopPlaces(matched, locations),
      why: `${countedOver(matched, places.texts.length)}; ${located.total} of the reports have a point, areas are the nearest places of the tenant's list, and hotspots are cells of about 1 km.`,
    });
  },

  nothing: (answer) => ({ locations: [], hotspots: [], map_data: null, answer }),
};

/** The places of the matching reports in three ways. */
interface Places {
  /** As the texts name them. */
  readonly texts: readonly string[];
  readonly streets: readonly Group[];
  /** Without the place that the question names itself. */
  readonly areas: readonly Group[];
}

interface Located {
  readonly points: readonly LocatedReport[];
  /** Absent where the points are all that there are. */
  readonly cells: ClusterResult['clusters'] | undefined;
}

/** The box that holds every place of the tenant with its surroundings, unless the search has an area already. */
function aroundPlaces(search: Search, { places }: Understanding): ReportFilter {
  const filter = filterOf(search);
  if (filter.near !== undefined || filter.polygon !== undefined) return filter;
  const boxes = places.flatMap(({ point }) =>
    point === undefined ? [] : [boundsAround(point, areaRadiusKm)],
  );
  return boxes.length === 0 ? filter : { ...filter, bounds: boxAround(boxes) };
}

function boxAround(boxes: readonly Bounds[]): Bounds {
  return {
    west: Math.min(...boxes.map(({ west }) => west)),
    south: Math.min(...boxes.map(({ south }) => south)),
    east: Math.max(...boxes.map(({ east }) => east)),
    north: Math.max(...boxes.map(({ north }) => north)),
  };
}

/** The closest zoom at which the places have no more cells than one answer may hold, no closer than is needed. */
function zoomOf({ places }: Understanding): number {
  const boxes = places.flatMap(({ point }) =>
    point === undefined ? [] : [boundsAround(point, areaRadiusKm)],
  );
  const { west, south, east, north } = boxAround(boxes);
  const degrees = Math.max(east - west, north - south, cellDegrees);
  return Math.max(0, Math.min(zoomMost, Math.floor(Math.log2((cellsAcrossMax * 90) / degrees))));
}

/** Of the reports with a point, and of those read without one, each once. */
function placesOf(question: Understanding, { found }: Matched, { points, cells }: Located): Places {
  const texts = new Map<string, string | null>();
  for (const { incident_id, ingestion_data } of found.reports) {
    const { location_text } = ingestion_data;
    texts.set(incident_id, typeof location_text === 'string' ? location_text : null);
  }
  for (const { incident_id, location_text } of points) texts.set(incident_id, location_text);
  const known = [...texts.values()].filter((text) => text !== null);
  const counted = cells ?? points.map(({ point }) => ({ point, count: 1 }));
  const asked = question.areas.length === 1 ? question.place?.label : undefined;
  const areas = areasOf(question.places, counted).filter(({ key }) => key !== asked);
  return { texts: known, streets: streetsOf(known), areas };
}

/** What the question calls a place: streets, areas, or places as the texts name them where neither is asked for or known. */
function locationsOf({ fields }: Understanding, { texts, streets, areas }: Places): readonly Group[] {
  if (fields.has('street') && streets.length > 0) return streets;
  if (fields.has('area') && areas.length > 0) return areas;
  return groupsOf(texts);
}

function countedOver({ found }: Matched, texts: number): string {
  const whole = isReadWhole(found) ? '' : `, ${texts} of ${found.total} looked at`;
  return `Places are counted as the texts name them${whole}`;
}

/** A hotspot with the name of the area that it lies in, where one is known. */
function named(hotspot: Hotspot, { places }: Understanding): Hotspot {
  const area = areaOf(places, hotspot.center);
  return area === undefined ? hotspot : { ...hotspot, label: area };
}

function hotspotRow({ center, count, label }: Hotspot): JsonObject {
  return {
    center: { type: 'Point', coordinates: [...center] },
    count,
    ...(label !== undefined && { label }),
  };
}

interface Spread {
  readonly places: Places;
  readonly hotspots: readonly Hotspot[];
  readonly located: number;
}

/** Areas first and then streets, unless the question asks for streets; names as the texts have them where neither is known. */
function sentence(question: Understanding, matched: Matched, { places, hotspots, located }: Spread): string {
  const { total } = matched.found;
  const areas = listing('areas', places.areas, 4);
  const streets = listing('streets', places.streets, 3);
  const order = question.fields.has('street') ? [streets, areas] : [areas, streets];
  const names = listing('places', groupsOf(places.texts), 3);
  const some = areas.length + streets.length > 0 ? order : [names.length > 0 ? names : 'none names a place'];
  return sentenceOf([
    countedScope(total, question, matched),
    comparisonWords(matched.counts, matched.found.total),
    nearestWords(question, matched.ordered),
    ...some,
    areas.length > 0 ? '' : densest(question, hotspots),
    located > 0 ? `${located === total ? 'all' : located} on the map` : 'none on the map',
  ]);
}

function densest({ place }: Understanding, [first]: readonly Hotspot[]): SentencePart {
  if (first?.label === undefined || first.label === place?.label) return '';
  return `densest around ${shortened(first.label)} (${first.count})`;
}

/** Ids of the reports read that name one of the leading places, in the order of the places. */
function inTopPlaces({ found }: Matched, locations: readonly Group[]): string[] {
  return locations.slice(0, locationsMax).flatMap(({ key }) => {
    const name = key.toLowerCase();
    const inPlace = found.reports.filter(({ ingestion_data }) => {
      const text = ingestion_data.location_text;
      return typeof text === 'string' && text.toLowerCase().includes(name);
    });
    return inPlace.map((report) => report.incident_id);
  });
}
