// The map of an answer (SPEC E8.4): what to show of the reports that it rests on.
import type { JsonObject } from '../../../foundation/json/json.ts';
import type { VerifiedReference } from './verified-reference.ts';

/** Map instructions, or null where no report has a place. A plain JSON object. */
export type MapData = JsonObject;

const markersMax = 10;
const featuresMax = 1_000;
const paddingShare = 0.1;
const extentDegreesMin = 0.01;
const clusterDegrees = 0.01;

interface Located {
  readonly id: string;
  readonly status: string;
  readonly longitude: number;
  readonly latitude: number;
}

/** The map of these reports; those without a place are left out. */
export function mapData(references: readonly VerifiedReference[]): MapData | null {
  const located = references.flatMap(({ referenceId: id, status, location }): Located[] =>
    location ? [{ id, status, ...location }] : [],
  );
  if (located.length === 0) return null;
  const few = located.length <= markersMax;
  return {
    map_action: few ? 'ADD_MARKERS' : 'FIT_BOUNDS',
    display: few ? (located.length === 1 ? 'marker' : 'markers') : 'heatmap',
    ...(few ? {} : { cluster_degrees: clusterDegrees }),
    bounds: boundsOf(located),
    data: { type: 'FeatureCollection', features: located.slice(0, featuresMax).map(featureOf) },
  };
}

function featureOf({ id, status, longitude, latitude }: Located): JsonObject {
  return {
    type: 'Feature',
    geometry: { type: 'Point', coordinates: [longitude, latitude] },
    properties: { incident_id: id, status },
  };
}

function boundsOf(located: readonly Located[]): JsonObject {
  const [west, east] = padded(
    located.map(({ longitude }) => longitude),
    180,
  );
  const [south, north] = padded(
    located.map(({ latitude }) => latitude),
    90,
  );
  return { west, south, east, north };
}

function padded(values: readonly number[], limit: number): [number, number] {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const padding = Math.max((high - low) * paddingShare, extentDegreesMin);
  return [Math.max(low - padding, -limit), Math.min(high + padding, limit)];
}
