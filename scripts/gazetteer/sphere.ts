// Middles of shapes and of sets of points on the globe, reckoned as vectors so that the date line does no harm.

/** Longitude and latitude in degrees. */
export type Point = readonly [longitude: number, latitude: number];

/** A point with its weight, such as an area or a number of people. */
export interface Weighted {
  readonly point: Point;
  readonly weight: number;
}

/** The weighted middle; undefined when nothing weighs anything. */
export function middleOf(points: readonly Weighted[]): Point | undefined {
  let [x, y, z] = [0, 0, 0];
  for (const { point, weight } of points) {
    const [longitude, latitude] = [radians(point[0]), radians(point[1])];
    x += weight * Math.cos(latitude) * Math.cos(longitude);
    y += weight * Math.cos(latitude) * Math.sin(longitude);
    z += weight * Math.sin(latitude);
  }
  if (x === 0 && y === 0 && z === 0) return undefined;
  return [degrees(Math.atan2(y, x)), degrees(Math.atan2(z, Math.hypot(x, y)))];
}

/** The centroid of a ring with its area in square degrees at the equator: small rings far north weigh little. */
export function centroidOf(ring: readonly Point[]): Weighted {
  let [area, longitude, latitude] = [0, 0, 0];
  const [x0, y0] = ring[0] ?? [0, 0];
  for (let at = 0; at + 1 < ring.length; at += 1) {
    const [[xa, ya], [xb, yb]] = [ring[at] ?? [0, 0], ring[at + 1] ?? [0, 0]];
    const cross = (xa - x0) * (yb - y0) - (xb - x0) * (ya - y0);
    area += cross;
    longitude += cross * (xa + xb + x0);
    latitude += cross * (ya + yb + y0);
  }
  if (area === 0) return { point: [x0, y0], weight: 0 };
  const point: Point = [longitude / (3 * area), latitude / (3 * area)];
  return { point, weight: (Math.abs(area) / 2) * Math.cos(radians(point[1])) };
}

/** The distance in kilometres. */
export function kmBetween(a: Point, b: Point): number {
  const [la, lb] = [radians(a[1]), radians(b[1])];
  const angle =
    Math.sin((la - lb) / 2) ** 2 + Math.cos(la) * Math.cos(lb) * Math.sin(radians(a[0] - b[0]) / 2) ** 2;
  return 12742 * Math.asin(Math.min(1, Math.sqrt(angle)));
}

function radians(value: number): number {
  return (value * Math.PI) / 180;
}

function degrees(value: number): number {
  return (value * 180) / Math.PI;
}
