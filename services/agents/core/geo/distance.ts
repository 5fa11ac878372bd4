// Distances and boxes on a sphere; good to half a percent, which is finer than any place name.

import type { Position } from '../gazetteer.ts';

const earthRadiusKm = 6371;
const kmPerDegree = 111.2;

/** A box in degrees; it never crosses the date line. */
export interface Bounds {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

/** The great-circle distance in kilometres. */
export function distanceKm(a: Position, b: Position): number {
  const radians = Math.PI / 180;
  const latitudeHalf = Math.sin(((b[1] - a[1]) * radians) / 2) ** 2;
  const longitudeHalf = Math.sin(((b[0] - a[0]) * radians) / 2) ** 2;
  const across = Math.cos(a[1] * radians) * Math.cos(b[1] * radians) * longitudeHalf;
  return 2 * earthRadiusKm * Math.asin(Math.min(1, Math.sqrt(latitudeHalf + across)));
}

/** The box that holds the circle, cut off at the poles and at the date line. */
export function boundsAround(center: Position, radiusKm: number): Bounds {
  const latitudeSpan = radiusKm / kmPerDegree;
  const longitudeSpan = latitudeSpan / Math.max(0.01, Math.cos((center[1] * Math.PI) / 180));
  return {
    west: Math.max(-180, center[0] - longitudeSpan),
    south: Math.max(-90, center[1] - latitudeSpan),
    east: Math.min(180, center[0] + longitudeSpan),
    north: Math.min(90, center[1] + latitudeSpan),
  };
}
