// The skill "where": which places the reports name and where they lie close together.

import { distanceKm } from '../geo/distance.ts';
import type { TenantPlace } from '../geo/mention.ts';
import { findStreets } from '../geo/street-finder.ts';
import type { Question } from '../question.ts';
import type { AggregateRequest, LocatedReport, SpatialRequest, SpatialResult } from '../report-data.ts';
import type { JsonObject } from '../skill.ts';
import { type Group, groupRows, mergeGroups } from './groups.ts';
import { findHotspots, type Hotspot } from './hotspots.ts';
import { mapDataOf } from './map-data.ts';
import { answerOver, type DataRequests, type Matched, type QuerySkill } from './query-skill.ts';
import { filterOf, isCounted } from './search.ts';
import { counted, listing, scopeOf, sentenceOf } from './sentence.ts';

interface WhereRequests extends DataRequests {
  readonly places: { readonly ask: 'aggregate'; readonly request: AggregateRequest };
  readonly points: { readonly ask: 'spatial'; readonly request: SpatialRequest };
}

const placesMax = 50;
const locationsMax = 10;
const hotspotsMax = 5;
const pointsMax = 1000;
/** How far a report may lie from the point of an area to count for it. */
const areaRadiusKm = 2.5;

/** Output keys: locations [{location, count}], hotspots [{center, count, label}], map_data (or null), answer. */
export const where: QuerySkill<WhereRequests> = {
  requests: (_question, { search }) => ({
    places: {
      ask: 'aggregate',
      request: { ...filterOf(search), group_by: 'ingestion_data.location_text', limit: placesMax },
    },
    points: {
      ask: 'spatial',
      request: {
        ...filterOf(search),
        ...(search.bounds !== undefined && { bounds: search.bounds }),
        limit: pointsMax,
      },
    },
  }),

  answer: (question, matched, results) => {
    const located = locatedOf(matched, results.points);
    const locations = locationsOf(question, results.places.groups, located.points);
    const hotspots = findHotspots(located.points, hotspotsMax);
    const output = {
      locations: groupRows(locations, 'location', locationsMax),
      hotspots: hotspots.map(hotspotRow),
      map_data: mapDataOf(located.points),
      answer: sentence(question, matched, locations, { located: located.total, hotspots }),
    };
    return answerOver(question, matched, {
      output,
      references: inTopPlaces(matched, locations),
      why: `Places are counted as the texts name them; ${located.total} of the reports have a point, and hotspots are cells of about 1 km.`,
    });
  },

  nothing: (answer) => ({ locations: [], hotspots: [], map_data: null, answer }),
};

/** A status narrows the retrieval only, so then the points are those of the reports read. */
function locatedOf({ search, found }: Matched, spatial: SpatialResult): SpatialResult {
  if (isCounted(search) || search.status === undefined) return spatial;
  const ids = new Set(found.reports.map((report) => report.incident_id));
  const points = spatial.points.filter(({ incident_id }) => ids.has(incident_id));
  return { total: points.length, points };
}

/** What the question calls a place: streets, areas, or places as the texts name them where neither is asked for or known. */
function locationsOf(
  question: Question,
  places: readonly Group[],
  points: readonly LocatedReport[],
): Group[] {
  const streets = question.fields.has('street') ? mergeGroups(places, streetOf) : [];
  if (streets.length > 0) return streets;
  const areas = question.fields.has('area') ? areasOf(question.places, points) : [];
  return areas.length > 0 ? areas : mergeGroups(places);
}

/** Located reports by the nearest of the tenant's places, no farther than `areaRadiusKm`. */
function areasOf(places: readonly TenantPlace[], points: readonly LocatedReport[]): Group[] {
  const names = points.flatMap(({ point }) => {
    const near = places
      .flatMap((place) =>
        place.point === undefined
          ? []
          : [{ name: place.name, km: distanceKm(place.point, point.coordinates) }],
      )
      .filter(({ km }) => km <= areaRadiusKm)
      .sort((a, b) => a.km - b.km);
    return near[0]?.name ?? [];
  });
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return mergeGroups([...counts].map(([key, count]) => ({ key, count })));
}

/** The street of an address or corner as the question wants streets: without house number and neighbourhood; empty when it names none. */
function streetOf(locationText: string): string {
  const [street] = findStreets(locationText);
  const numbered = /^\d/.test(locationText) ? locationText : '';
  return (street?.label ?? numbered).replace(/^\d+[A-Za-z]?(?:\s?[-–/]\s?\d+)?\s+/, '');
}

function hotspotRow({ center, count, label }: Hotspot): JsonObject {
  return {
    center: { type: 'Point', coordinates: [...center] },
    count,
    ...(label !== undefined && { label }),
  };
}

function sentence(
  question: Question,
  matched: Matched,
  locations: readonly Group[],
  map: { readonly located: number; readonly hotspots: readonly Hotspot[] },
): string {
  const scope = scopeOf(question, matched.search);
  const [densest] = map.hotspots;
  const dense = densest?.label === undefined ? '' : `densest around ${densest.label} (${densest.count})`;
  const label = (locations[0]?.count ?? 0) > 1 ? 'most named' : 'places';
  const named = listing(label, locations, 4);
  return sentenceOf([
    `${counted(matched.found.total, 'report')}${scope === '' ? '' : ` ${scope}`}`,
    named.length === 0 ? 'none names a place' : named,
    dense,
    map.located > 0 ? `${map.located} on the map` : '',
  ]);
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
