// The area that a query asks for, read from its parameters: a box, a circle or a polygon, in degrees. What lies in it is for the report
// index to say.
import type { Violation } from '../../foundation/fault/fault.ts';

/** Most corners of a polygon. */
export const cornersMax = 100;
/** Least corners of a polygon. */
export const cornersMin = 3;
/** Widest circle in kilometres: half of a meridian round the earth reaches everything. */
export const radiusKmMax = 20_016;

/** One position. */
export interface Corner {
  readonly longitude: number;
  readonly latitude: number;
}

/** An area; a circle without a radius has the default one. */
export type Area =
  | {
      readonly case: 'bounds';
      readonly value: {
        readonly west: number;
        readonly south: number;
        readonly east: number;
        readonly north: number;
      };
    }
  | { readonly case: 'circle'; readonly value: { readonly centre: Corner; readonly radiusKm: number } }
  | { readonly case: 'polygon'; readonly value: { readonly points: readonly Corner[] } };

/** Query parameters as they came. */
export interface AreaQuery {
  /** `west,south,east,north`; west greater than east crosses the antimeridian. */
  readonly bounds?: string;
  /** `lon,lat`. */
  readonly near?: string;
  /** Only beside `near`. */
  readonly radius_km?: string;
  /** `lon,lat;lon,lat;…`, closed by itself. */
  readonly polygon?: string;
}

/** The area asked for, undefined for everywhere, and every problem of the parameters. */
export function readArea(query: AreaQuery): {
  readonly area: Area | undefined;
  readonly problems: readonly Violation[];
} {
  const { bounds, near, radius_km, polygon } = query;
  const problems: Violation[] = [];
  const given = Object.entries({ bounds, near, polygon }).filter(([, value]) => value !== undefined);
  for (const [field] of given.slice(1)) {
    problems.push({ field, reason: `cannot be given beside ${given[0]?.[0]}` });
  }
  if (radius_km !== undefined && near === undefined) {
    problems.push({ field: 'radius_km', reason: 'can only be given beside near' });
  }
  const readers = [
    bounds === undefined ? undefined : readBounds(bounds, problems),
    near === undefined ? undefined : readCircle(near, radius_km, problems),
    polygon === undefined ? undefined : readPolygon(polygon, problems),
  ];
  return { area: readers.find((area) => area !== undefined), problems };
}

function readBounds(text: string, problems: Violation[]): Area | undefined {
  const field = 'bounds';
  const [west, south, east, north, more] = numbersIn(text);
  if (
    west === undefined ||
    south === undefined ||
    east === undefined ||
    north === undefined ||
    more !== undefined
  ) {
    problems.push({ field, reason: 'must be four numbers in degrees: west,south,east,north' });
    return undefined;
  }
  const reasons = [
    ...(isLongitude(west) && isLongitude(east) ? [] : ['must have longitudes from -180 to 180']),
    ...(isLatitude(south) && isLatitude(north) ? [] : ['must have latitudes from -90 to 90']),
    ...(south <= north ? [] : ['must have its south below its north']),
  ];
  problems.push(...reasons.map((reason) => ({ field, reason })));
  return { case: 'bounds', value: { west, south, east, north } };
}

function readCircle(near: string, radius: string | undefined, problems: Violation[]): Area | undefined {
  const radiusKm = radius === undefined ? 0 : numberIn(radius);
  if (radius !== undefined && !(radiusKm > 0 && radiusKm <= radiusKmMax)) {
    problems.push({ field: 'radius_km', reason: `must be a number above 0 and at most ${radiusKmMax}` });
  }
  const centre = cornerIn(near);
  if (!centre) {
    problems.push({ field: 'near', reason: `must be a point: ${cornerForm}` });
    return undefined;
  }
  return { case: 'circle', value: { centre, radiusKm } };
}

function readPolygon(text: string, problems: Violation[]): Area | undefined {
  const field = 'polygon';
  const corners = text.split(';').map(cornerIn);
  const points = corners.filter((corner) => corner !== undefined);
  if (points.length < corners.length) {
    const numbers = corners.flatMap((corner, at) => (corner ? [] : [at + 1])).slice(0, 10);
    problems.push({ field, reason: `must hold points, ${cornerForm}; see number ${numbers.join(', ')}` });
    return undefined;
  }
  const open = isClosed(points) ? points.slice(0, -1) : points;
  if (open.length < cornersMin || open.length > cornersMax) {
    problems.push({ field, reason: `must have ${cornersMin} to ${cornersMax} corners` });
  }
  return { case: 'polygon', value: { points: open } };
}

// Some write the first corner once more at the end.
function isClosed(points: readonly Corner[]): boolean {
  const [first, last] = [points[0], points.at(-1)];
  return points.length > 1 && first?.longitude === last?.longitude && first?.latitude === last?.latitude;
}

const cornerForm = 'longitude,latitude with -180 to 180 and -90 to 90 degrees';

function cornerIn(text: string): Corner | undefined {
  const [longitude, latitude, more] = numbersIn(text);
  if (longitude === undefined || latitude === undefined || more !== undefined) return undefined;
  return isLongitude(longitude) && isLatitude(latitude) ? { longitude, latitude } : undefined;
}

// All numbers of a list, or none when one is not a number.
function numbersIn(text: string): readonly number[] {
  const numbers = text.split(',').map(numberIn);
  return numbers.every(Number.isFinite) ? numbers : [];
}

// Plain decimals alone: no spaces, no hexadecimals.
function numberIn(text: string): number {
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?$/.test(text) ? Number(text) : Number.NaN;
}

function isLongitude(degrees: number): boolean {
  return degrees >= -180 && degrees <= 180;
}

function isLatitude(degrees: number): boolean {
  return degrees >= -90 && degrees <= 90;
}
