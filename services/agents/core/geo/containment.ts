// Whether one place lies in another, and how near two places are to each other, as far as codes and points tell.

import type { Place } from '../gazetteer.ts';
import { distanceKm } from './distance.ts';

/** How far from its middle an area of the kind is taken to reach where no code says what lies in it, in kilometres. */
const reachKm: Readonly<Partial<Record<Place['kind'], number>>> = {
  area: 1200,
  division: 250,
  county: 60,
  island: 250,
  park: 60,
  water: 300,
  mountain: 100,
  valley: 60,
  town: 25,
};
const sureness = { byCode: 1, byDistance: 0.6 } as const;

/** How sure it is that `inner` lies in `outer`: 1 when the codes say so, less when only distance does, 0 when it does not. */
export function liesIn(inner: Place, outer: Place): number {
  if (inner.id === outer.id || sizeOf(inner) >= sizeOf(outer)) return 0;
  if (outer.country !== '' && inner.country !== '' && inner.country !== outer.country) return 0;
  if (outer.kind === 'country') return inner.country === outer.country ? sureness.byCode : 0;
  if (outer.kind === 'division' && inner.admin1 !== '')
    return inner.admin1 === outer.admin1 ? sureness.byCode : 0;
  if (outer.kind === 'county' && inner.admin2 !== '' && outer.admin2 !== '') {
    if (inner.admin2 === outer.admin2 && inner.admin1 === outer.admin1) return sureness.byCode;
  }
  const reach = reachKm[outer.kind] ?? 0;
  return distanceKm(inner.point, outer.point) <= reach ? sureness.byDistance : 0;
}

const sizes: Readonly<Record<Place['kind'], number>> = {
  area: 6,
  country: 5,
  water: 4.5,
  division: 4,
  island: 3.5,
  county: 3,
  mountain: 2.5,
  valley: 2.5,
  park: 2.5,
  town: 2,
  locality: 1,
  airport: 1,
};

/** How large places of a kind are, for comparing two kinds only. */
export function sizeOf({ kind }: Place): number {
  return sizes[kind];
}

/** How much two places speak for each other by lying together, 0 to 1. */
export function closeness(a: Place, b: Place): number {
  const sameCountry = a.country !== '' && a.country === b.country;
  const sameDivision = sameCountry && a.admin1 !== '' && a.admin1 === b.admin1;
  const near = Math.exp(-distanceKm(a.point, b.point) / 150);
  return Math.min(1, (sameCountry ? 0.35 : 0) + (sameDivision ? 0.25 : 0) + 0.5 * near);
}
