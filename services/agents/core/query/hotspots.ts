// Where located reports lie close together: counts on a grid, which needs no tuning and gives the same result for the same points.

import type { LocatedReport } from '../report-data.ts';

/** The side of a grid cell in degrees, about a kilometre. */
export const cellDegrees = 0.01;

/** A cell with more reports than others. */
export interface Hotspot {
  /** The mean of its points. */
  readonly center: readonly [longitude: number, latitude: number];
  readonly count: number;
  /** The most frequent place name in the cell; absent when no report there names one. */
  readonly label?: string;
  readonly incident_ids: readonly string[];
}

/** Cells with at least two reports, the fullest first, at most `most`. */
export function findHotspots(points: readonly LocatedReport[], most: number): Hotspot[] {
  const cells = new Map<string, LocatedReport[]>();
  for (const located of points) {
    const [longitude, latitude] = located.point.coordinates;
    const cell = `${Math.floor(longitude / cellDegrees)} ${Math.floor(latitude / cellDegrees)}`;
    cells.set(cell, [...(cells.get(cell) ?? []), located]);
  }
  return [...cells.values()]
    .filter((members) => members.length > 1)
    .map(hotspotOf)
    .sort((a, b) => b.count - a.count || a.center[0] - b.center[0])
    .slice(0, most);
}

function hotspotOf(members: readonly LocatedReport[]): Hotspot {
  const mean = (axis: 0 | 1): number =>
    Math.round(
      (members.reduce((sum, { point }) => sum + point.coordinates[axis], 0) / members.length) * 1e5,
    ) / 1e5;
  const label = mostFrequent(members.flatMap(({ location_text }) => location_text ?? []));
  return {
    center: [mean(0), mean(1)],
    count: members.length,
    ...(label !== undefined && { label }),
    incident_ids: members.map(({ incident_id }) => incident_id),
  };
}

function mostFrequent(names: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}
