// Places and areas on the globe (WGS 84): points, boxes that may cross the antimeridian, circles, polygons.
import type { Violation } from '../../../foundation/fault/fault.ts';
import { isJsonObject, type JsonValue } from '../../../foundation/json/json.ts';

/** Mean radius of the earth in kilometres (IUGG); the index's own function of distance uses the same. */
export const earthRadiusKm = 6371.0088;
/** Radius of a circle that names none, in kilometres. */
export const circleRadiusKmDefault = 10;
/** Half of a great circle, rounded up: a larger radius reaches no further. */
export const circleRadiusKmMax = 20_016;
/** What a box around a circle is larger by, so that rounding never makes it too small. */
const marginRadians = 1e-10;
/** The least corners of a polygon. */
export const polygonPointsMin = 3;
/** The most corners of a polygon. */
export const polygonPointsMax = 100;

/** Degrees east, -180 to 180, and north, -90 to 90. */
export interface GeoPoint {
  readonly longitude: number;
  readonly latitude: number;
}

/** A box in degrees; west greater than east crosses the antimeridian. */
export interface GeoBox {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

/**
 * Where to search. What lies on an edge is inside. A polygon's edges are straight in degrees and take the shorter way round the earth, across
 * the antimeridian where that is shorter.
 */
export type Area =
  | { readonly kind: 'bounds'; readonly box: GeoBox }
  | { readonly kind: 'circle'; readonly centre: GeoPoint; readonly radiusKm: number }
  | { readonly kind: 'polygon'; readonly points: readonly GeoPoint[] };

/**
 * Degrees to 9 decimals, a tenth of a millimetre. Smaller differences would only make products too small for the numbers
 * that areas and distances are computed with.
 */
export function roundDegrees(degrees: number): number {
  return Math.round(degrees * 1e9) / 1e9 + 0; // no negative zero
}

/** The point of a GeoJSON Point, rounded, or undefined for anything else. */
export function asGeoPoint(value: JsonValue | undefined): GeoPoint | undefined {
  if (!isJsonObject(value) || value.type !== 'Point' || !Array.isArray(value.coordinates)) return undefined;
  const [longitude, latitude] = value.coordinates;
  if (typeof longitude !== 'number' || typeof latitude !== 'number') return undefined;
  const point = { longitude: roundDegrees(longitude), latitude: roundDegrees(latitude) };
  return isOnGlobe(point) ? point : undefined;
}

/** Every broken rule of an area. */
export function areaProblems(area: Area): readonly Violation[] {
  switch (area.kind) {
    case 'bounds': {
      const { west, south, east, north } = area.box;
      const corners = [
        { longitude: west, latitude: south },
        { longitude: east, latitude: north },
      ];
      const holds = corners.every(isOnGlobe) && south <= north;
      return holds
        ? []
        : [{ field: 'bounds', reason: 'must be degrees on the globe, with south below north' }];
    }
    case 'circle': {
      const { centre, radiusKm } = area;
      const holds = isOnGlobe(centre) && radiusKm > 0 && radiusKm <= circleRadiusKmMax;
      const reason = `must have a centre on the globe and a radius of up to ${circleRadiusKmMax} km`;
      return holds ? [] : [{ field: 'circle', reason }];
    }
    case 'polygon': {
      const { length } = area.points;
      const holds = length >= polygonPointsMin && length <= polygonPointsMax && area.points.every(isOnGlobe);
      if (!holds) {
        const reason = `must have ${polygonPointsMin} to ${polygonPointsMax} corners on the globe`;
        return [{ field: 'polygon', reason }];
      }
      const closes = Math.abs(turnOf(area.points)) < 1;
      return closes ? [] : [{ field: 'polygon', reason: 'must not go round a pole' }];
    }
  }
}

/** One or two boxes, none across the antimeridian, that together hold the same points. */
export function splitBox(box: GeoBox): readonly [GeoBox] | readonly [GeoBox, GeoBox] {
  if (box.west <= box.east) return [box];
  return [
    { ...box, east: 180 },
    { ...box, west: -180 },
  ];
}

/**
 * One or two polygons that together hold the same points, in degrees that may go beyond the antimeridian: a polygon across it, once seen
 * from either side.
 */
export function splitPolygon(points: readonly GeoPoint[]): readonly (readonly GeoPoint[])[] {
  let longitude = points[0]?.longitude ?? 0;
  const unrolled = points.map((point, at) => {
    longitude += at === 0 ? 0 : shorterWay(points[at - 1]?.longitude ?? 0, point.longitude);
    return { ...point, longitude };
  });
  const beyond = unrolled.find((point) => Math.abs(point.longitude) > 180);
  if (!beyond) return [points];
  const turn = beyond.longitude > 0 ? -360 : 360;
  return [unrolled, unrolled.map((point) => ({ ...point, longitude: point.longitude + turn }))];
}

/** Degrees that a way along all corners and back to the first turns round the earth: 0, or 360 either way round a pole. */
function turnOf(points: readonly GeoPoint[]): number {
  return points.reduce(
    (sum, { longitude }, at) => sum + shorterWay(longitude, points[(at + 1) % points.length]?.longitude ?? 0),
    0,
  );
}

function shorterWay(from: number, to: number): number {
  const degrees = to - from;
  if (degrees > 180) return degrees - 360;
  return degrees < -180 ? degrees + 360 : degrees;
}

/** A close box around a circle; a circle around a pole has all longitudes. */
export function circleBox(centre: GeoPoint, radiusKm: number): GeoBox {
  const angle = radiusKm / earthRadiusKm + marginRadians;
  const degrees = toDegrees(angle);
  const south = centre.latitude - degrees;
  const north = centre.latitude + degrees;
  if (south <= -90 || north >= 90) {
    return { west: -180, east: 180, south: Math.max(south, -90), north: Math.min(north, 90) };
  }
  const spread = toDegrees(Math.asin(Math.sin(angle) / Math.cos((centre.latitude * Math.PI) / 180)));
  return { west: wrap(centre.longitude - spread), east: wrap(centre.longitude + spread), south, north };
}

function isOnGlobe({ longitude, latitude }: GeoPoint): boolean {
  return longitude >= -180 && longitude <= 180 && latitude >= -90 && latitude <= 90;
}

function toDegrees(radians: number): number {
  return (radians * 180) / Math.PI;
}

function wrap(longitude: number): number {
  if (longitude < -180) return longitude + 360;
  return longitude > 180 ? longitude - 360 : longitude;
}
