// The skill "where": which places the reports name and where they lie close together.

import type { Question } from '../question.ts';
import type { LocatedReport, SpatialRequest } from '../report-data.ts';
import type { JsonObject } from '../skill.ts';
import { areaOf, areasOf, groupsOf, streetsOf } from './areas.ts';
import { type Group, groupRows } from './groups.ts';
import { findHotspots, type Hotspot } from './hotspots.ts';
import { mapDataOf } from './map-data.ts';
import { answerOver, type DataRequests, isReadWhole, type Matched, type QuerySkill } from './query-skill.ts';
import { countedScope } from './scope.ts';
import { filterOf } from './search.ts';
import { listing, type SentencePart, sentenceOf } from './sentence.ts';
import { shortened } from './words.ts';

interface WhereRequests extends DataRequests {
  readonly points: { readonly ask: 'spatial'; readonly request: SpatialRequest };
}

const locationsMax = 10;
const hotspotsMax = 5;
const pointsMax = 1000;

/** Output keys: locations [{location, count}], hotspots [{center, count, label}], map_data (or null), answer. */
export const where: QuerySkill<WhereRequests> = {
  requests: (_question, { search }) => ({
    points: { ask: 'spatial', request: { ...filterOf(search), limit: pointsMax } },
  }),

  answer: (question, matched, { points: located }) => {
    const places = placesOf(question, matched, located.points);
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

/** Of the reports with a point, and of those read without one, each once. */
function placesOf(question: Question, { found }: Matched, points: readonly LocatedReport[]): Places {
  const texts = new Map<string, string | null>();
  for (const { incident_id, ingestion_data } of found.reports) {
    const { location_text } = ingestion_data;
    texts.set(incident_id, typeof location_text === 'string' ? location_text : null);
  }
  for (const { incident_id, location_text } of points) texts.set(incident_id, location_text);
  const known = [...texts.values()].filter((text) => text !== null);
  const areas = areasOf(question.places, points).filter(({ key }) => key !== question.place?.label);
  return { texts: known, streets: streetsOf(known), areas };
}

/** What the question calls a place: streets, areas, or places as the texts name them where neither is asked for or known. */
function locationsOf({ fields }: Question, { texts, streets, areas }: Places): readonly Group[] {
  if (fields.has('street') && streets.length > 0) return streets;
  if (fields.has('area') && areas.length > 0) return areas;
  return groupsOf(texts);
}

function countedOver({ found }: Matched, texts: number): string {
  const whole = isReadWhole(found) ? '' : `, ${texts} of ${found.total} looked at`;
  return `Places are counted as the texts name them${whole}`;
}

/** A hotspot with the name of the area that it lies in, where one is known. */
function named(hotspot: Hotspot, { places }: Question): Hotspot {
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
function sentence(question: Question, matched: Matched, { places, hotspots, located }: Spread): string {
  const { total } = matched.found;
  const areas = listing('areas', places.areas, 4);
  const streets = listing('streets', places.streets, 3);
  const order = question.fields.has('street') ? [streets, areas] : [areas, streets];
  const names = listing('places', groupsOf(places.texts), 3);
  const some = areas.length + streets.length > 0 ? order : [names.length > 0 ? names : 'none names a place'];
  return sentenceOf([
    countedScope(total, question, matched.search),
    ...some,
    areas.length > 0 ? '' : densest(question, hotspots),
    located > 0 ? `${located === total ? 'all' : located} on the map` : 'none on the map',
  ]);
}

function densest({ place }: Question, [first]: readonly Hotspot[]): SentencePart {
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
