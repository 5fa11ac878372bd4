// Puts the results of several searches that share no report together, as if one had been made.

import type {
  AggregateResult,
  ClusterResult,
  RetrieveResult,
  SeriesRequest,
  SeriesResult,
  SpatialResult,
} from '../report-data.ts';
import { withEmptyBuckets } from './local-series.ts';

/** Best match first, the newest of equals first. */
export function mergeRetrieved(results: readonly RetrieveResult[]): RetrieveResult {
  const [only, ...more] = results;
  if (only !== undefined && more.length === 0) return only;
  const reports = [
    ...new Map(results.flatMap((one) => one.reports).map((report) => [report.incident_id, report])).values(),
  ];
  const order = (a: string, b: string): number => (a < b ? 1 : a > b ? -1 : 0);
  return {
    total: totalOf(results),
    reports: reports.sort((a, b) => b.rank - a.rank || order(a.created_at, b.created_at)),
  };
}

/** The largest groups first. Figures of groups are not kept: averages do not add up. */
export function mergeAggregates(results: readonly AggregateResult[]): AggregateResult {
  const [only, ...more] = results;
  if (only !== undefined && more.length === 0) return only;
  const counts = new Map<string, number>();
  for (const { key, count } of results.flatMap(({ groups }) => groups))
    counts.set(key, (counts.get(key) ?? 0) + count);
  const groups = [...counts].map(([key, count]) => ({ key, count }));
  return {
    total: totalOf(results),
    groups: groups.sort((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1)),
  };
}

/** In order of time, with the empty buckets between. */
export function mergeSeries(
  results: readonly SeriesResult[],
  request: Pick<SeriesRequest, 'bucket' | 'time_zone'>,
): SeriesResult {
  const [only, ...more] = results;
  if (only !== undefined && more.length === 0) return only;
  const counts = new Map<string, number>();
  for (const { start, count } of results.flatMap(({ buckets }) => buckets))
    counts.set(start, (counts.get(start) ?? 0) + count);
  const counted = [...counts].map(([start, count]) => ({ start, count })).filter(({ count }) => count > 0);
  return { total: totalOf(results), buckets: withEmptyBuckets(counted, request) };
}

/** Points in the order of the results. */
export function mergeSpatial(results: readonly SpatialResult[]): SpatialResult {
  const points = new Map(results.flatMap((one) => one.points).map((point) => [point.incident_id, point]));
  return { total: totalOf(results), points: [...points.values()] };
}

/** Clusters of one cell may come more than once. */
export function mergeClusters(results: readonly ClusterResult[]): ClusterResult {
  return { total: totalOf(results), clusters: results.flatMap(({ clusters }) => clusters) };
}

function totalOf(results: readonly { readonly total: number }[]): number {
  return results.reduce((sum, { total }) => sum + total, 0);
}
