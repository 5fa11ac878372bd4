// Streets and areas of reports: places as people speak of them, where texts have addresses and corners.

import { distanceKm } from '../geo/distance.ts';
import type { TenantPlace } from '../geo/mention.ts';
import { findStreets } from '../geo/street-finder.ts';
import type { Point } from '../report-data.ts';
import { type Group, mergeGroups } from './groups.ts';

/** How far a report may lie from the point of an area to count for it. */
export const areaRadiusKm = 2.5;

/** Reports at points by the nearest of the tenant's places, no farther than `areaRadiusKm`; largest first. */
export function areasOf(
  places: readonly TenantPlace[],
  points: readonly { readonly point: Point; readonly count: number }[],
): Group[] {
  const counted = points.flatMap(({ point, count }) => {
    const key = areaOf(places, point.coordinates);
    return key === undefined ? [] : [{ key, count }];
  });
  return mergeGroups(counted);
}

/** The name of the nearest of the tenant's places; undefined where none is within `areaRadiusKm`. */
export function areaOf(
  places: readonly TenantPlace[],
  coordinates: readonly [longitude: number, latitude: number],
): string | undefined {
  const near = places
    .flatMap(({ name, point }) => (point === undefined ? [] : [{ name, km: distanceKm(point, coordinates) }]))
    .filter(({ km }) => km <= areaRadiusKm)
    .sort((a, b) => a.km - b.km);
  return near[0]?.name;
}

/** Names of places by street, largest first; those that name none are left out. */
export function streetsOf(locationTexts: readonly string[]): Group[] {
  return groupsOf(locationTexts.map(streetOf));
}

/** Names of places as the texts have them, largest first; without differences of case and plural. */
export function groupsOf(names: readonly string[]): Group[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return mergeGroups([...counts].map(([key, count]) => ({ key, count })));
}

/** The street of an address or corner, without house number and neighbourhood; empty when it names none. */
function streetOf(locationText: string): string {
  const [street] = findStreets(locationText);
  const numbered = /^\d/.test(locationText) ? locationText : '';
  return (street?.label ?? numbered).replace(/^\d+[A-Za-z]?(?:\s?[-–/]\s?\d+)?\s+/, '');
}
