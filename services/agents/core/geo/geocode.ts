// Looks places up for those who ask for them: by a name or description, and by a point. It answers with what the gazetteer knows and no
// street addresses.

import type { Gazetteer, Place, PlaceKind, Position } from '../gazetteer.ts';
import { sizeOf } from './containment.ts';
import { distanceKm } from './distance.ts';
import { candidatesOf } from './place-candidates.ts';
import { locateReport } from './report-location.ts';

/** The most places of one answer. */
export const geocodeCandidatesMax = 10;

const nearHomeKm = 300;
const gainNear = 2;
const leadSure = 2;
const reverseRadiiKm = [15, 60, 250] as const;

/** A place that a question can mean. */
export interface GeocodedPlace {
  readonly name: string;
  /** ISO 3166 alpha-2; empty for what lies in several countries or in none. */
  readonly country: string;
  /** Name of the first-order division; empty when unknown. */
  readonly admin1: string;
  readonly kind: PlaceKind;
  /** Of an area: its middle. */
  readonly point: Position;
  /** 0 to 1. The first of several that could be meant says how much likelier it is than the next. */
  readonly confidence: number;
}

/** A place near a point. */
export interface NearPlace extends Omit<GeocodedPlace, 'confidence'> {
  readonly distanceKm: number;
}

/**
 * The places that a text such as "Paris, Texas" or "5 km south of Wokha" can mean, the likeliest first, at most ten; empty when none is
 * known. With `near`, places about there are preferred.
 */
export function geocode(text: string, gazetteer: Gazetteer, near?: Position): readonly GeocodedPlace[] {
  const candidates = candidatesOf(text.trim(), gazetteer)
    .map(({ place, prior }) => ({ place, score: prior + nearness(place, near) }))
    .sort((a, b) => b.score - a.score || a.place.id - b.place.id)
    .slice(0, geocodeCandidatesMax);
  const [first, second] = candidates;
  if (first === undefined) return described(text, gazetteer);
  const lead = Math.min(leadSure, first.score - (second?.score ?? 0));
  return candidates.map(({ place, score }, at) =>
    answerOf(
      place,
      gazetteer,
      at === 0 ? 0.5 + lead / leadSure / 2.5 : 0.5 / (1 + first.score - score) / (at + 1),
    ),
  );
}

function nearness(place: Place, near: Position | undefined): number {
  return near === undefined ? 0 : gainNear * Math.exp(-distanceKm(place.point, near) / nearHomeKm);
}

/** A description is read as a report's location is. */
function described(text: string, gazetteer: Gazetteer): GeocodedPlace[] {
  const { point, pointFrom } = locateReport({ text, places: [] }, { gazetteer });
  if (point === undefined || pointFrom?.place === undefined) return [];
  return [{ ...answerOf(pointFrom.place, gazetteer, 0.9 * (pointFrom.certainty ?? 1)), point }];
}

/** The places nearest to a point, nearest first and at most ten; the search widens to 250 kilometres, then gives up. Countries and states,
 * whose middle says nothing about what is near, are left out. */
export function reverseGeocode(point: Position, gazetteer: Gazetteer): readonly NearPlace[] {
  for (const radiusKm of reverseRadiiKm) {
    const found = gazetteer.near(point, radiusKm).filter((place) => sizeOf(place) <= sizeOfTown);
    if (found.length > 0) {
      return found.slice(0, geocodeCandidatesMax).map((place) => {
        const { confidence, ...described } = answerOf(place, gazetteer, 1);
        return { ...described, distanceKm: Math.round(distanceKm(point, place.point) * 10) / 10 };
      });
    }
  }
  return [];
}

const sizeOfTown = 2;

function answerOf(place: Place, gazetteer: Gazetteer, confidence: number): GeocodedPlace {
  const { name, country, admin1, kind, point } = place;
  const rounded = Math.round(Math.min(1, Math.max(0, confidence)) * 100) / 100;
  return { name, country, admin1: gazetteer.divisionName(country, admin1), kind, point, confidence: rounded };
}
