// Map data as the platform shows it: up to ten points as markers, more as a heat map, always with bounds and a feature collection.

import type { FoundReport, LocatedReport, SpatialResult } from '../report-data.ts';
import type { JsonObject } from '../skill.ts';

const markersMax = 10;
const clusterDegrees = 0.01;
const paddingShare = 0.1;
const paddingDegreesMin = 0.01;

/** The most features of one map; the rest is left out, last in the given order first. */
export const featuresMax = 100;

/** The map of the points, or null when there is none. */
export function mapDataOf(points: readonly LocatedReport[]): JsonObject | null {
  if (points.length === 0) return null;
  const shown = points.slice(0, featuresMax);
  const many = points.length > markersMax;
  return {
    map_action: many ? 'FIT_BOUNDS' : 'ADD_MARKERS',
    display: many ? 'heatmap' : points.length === 1 ? 'marker' : 'markers',
    ...(many && { cluster_degrees: clusterDegrees }),
    bounds: boundsOf(shown),
    data: { type: 'FeatureCollection', features: shown.map(featureOf) },
  };
}

/** The points of reports that were read, by the same rules as the index, which orders them by age; here they keep their order. */
export function pointsOf(reports: readonly FoundReport[], limit: number): SpatialResult {
  const points = reports.flatMap(({ incident_id, status, location: point, ingestion_data }) => {
    const { location_text } = ingestion_data;
    const named = typeof location_text === 'string' && location_text !== '' ? location_text : null;
    return point === null ? [] : [{ incident_id, status, point, location_text: named }];
  });
  return { total: points.length, points: points.slice(0, limit) };
}

function featureOf({ incident_id, point, status }: LocatedReport): JsonObject {
  return {
    type: 'Feature',
    geometry: { type: 'Point', coordinates: [...point.coordinates] },
    properties: { incident_id, status },
  };
}

/** West, south, east, north, padded and kept on the globe. */
function boundsOf(points: readonly LocatedReport[]): JsonObject {
  const longitudes = points.map(({ point }) => point.coordinates[0]);
  const latitudes = points.map(({ point }) => point.coordinates[1]);
  const [west, east] = padded(Math.min(...longitudes), Math.max(...longitudes), 180);
  const [south, north] = padded(Math.min(...latitudes), Math.max(...latitudes), 90);
  return { west, south, east, north };
}

function padded(low: number, high: number, limit: number): [number, number] {
  const padding = Math.max((high - low) * paddingShare, paddingDegreesMin);
  return [Math.max(-limit, round(low - padding)), Math.min(limit, round(high + padding))];
}

function round(degrees: number): number {
  return Math.round(degrees * 1e5) / 1e5;
}
