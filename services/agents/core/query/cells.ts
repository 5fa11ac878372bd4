// The part of a map that belongs to a place of the tenant: what lies nearer to it than to any other place of the list, and not too far.
// Flat geometry around the place, which is exact enough over a few kilometres.

import type { Position } from '../gazetteer.ts';
import type { TenantPlace } from '../geo/mention.ts';

/** Corners of the circle that a cell is cut from. */
const circleCorners = 48;
/** The nearest places that cut it: each adds a corner at most, and the index takes a hundred. */
const neighboursMax = 50;
const kmPerDegree = 111.2;

type Flat = readonly [x: number, y: number];

/** The cell of the point among the places, within `radiusKm`, as the corners of a convex polygon; at least three. */
export function cellOf(point: Position, places: readonly TenantPlace[], radiusKm: number): Position[] {
  const scale = Math.max(0.01, Math.cos((point[1] * Math.PI) / 180));
  const flat = ([longitude, latitude]: Position): Flat => [
    (longitude - point[0]) * scale * kmPerDegree,
    (latitude - point[1]) * kmPerDegree,
  ];
  const circle = Array.from({ length: circleCorners }, (_, at): Flat => {
    const angle = (2 * Math.PI * at) / circleCorners;
    return [radiusKm * Math.cos(angle), radiusKm * Math.sin(angle)];
  });
  const others = places.flatMap((place) => (place.point === undefined ? [] : [flat(place.point)]));
  const neighbours = others
    .filter(([x, y]) => x !== 0 || y !== 0)
    .sort((a, b) => Math.hypot(...a) - Math.hypot(...b))
    .slice(0, neighboursMax);
  const cell = neighbours.reduce(nearerThan, circle);
  return cell.map(([x, y]) => [point[0] + x / (scale * kmPerDegree), point[1] + y / kmPerDegree]);
}

/** The part of the polygon that is nearer to the origin than to the other point. */
function nearerThan(corners: readonly Flat[], [x, y]: Flat): Flat[] {
  const half = (x * x + y * y) / 2;
  const beyond = (corner: Flat): number => corner[0] * x + corner[1] * y - half;
  return corners.flatMap((corner, at) => {
    const next = corners[(at + 1) % corners.length] ?? corner;
    const [here, there] = [beyond(corner), beyond(next)];
    const kept = here <= 0 ? [corner] : [];
    return here <= 0 === there <= 0 ? kept : [...kept, crossing(corner, next, here / (here - there))];
  });
}

function crossing(a: Flat, b: Flat, share: number): Flat {
  return [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])];
}
