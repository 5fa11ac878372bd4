// Points between the protos and GeoJSON.
import type { GeoPoint } from '../../proto/gen/domainflow/common/v1/geo_pb.js';

/** A GeoJSON point: longitude first. */
export interface PointJson {
  readonly type: 'Point';
  readonly coordinates: readonly [longitude: number, latitude: number];
}

/** The point, or null for an unknown place. */
export function pointJson(point: GeoPoint | undefined): PointJson | null {
  return point ? { type: 'Point', coordinates: [point.longitude, point.latitude] } : null;
}

/** The message for a point that the schema has let through. */
export function pointMessage({ coordinates: [longitude, latitude] }: PointJson): {
  longitude: number;
  latitude: number;
} {
  return { longitude, latitude };
}
