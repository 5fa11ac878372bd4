// Counts of the report index: by value, by time, by cell of a map.
import { invalidArgument, type Violation } from '../../../foundation/fault/fault.ts';
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import { type Aggregation, withRest } from '../core/group-by.ts';
import type { IndexFilter, TimeSeriesQuery } from '../core/index-query.ts';
import { filterJson } from './index-filter.ts';
import { readRows } from './postgres-index-rows.ts';
import type { Clusters, GroupQuery, ReportIndex, TimeSeries } from './store.ts';

/** Spans of a time series. */
const bucketsMax = 10_000;
/** Clusters of an answer. */
const clustersMax = 10_000;
/** A map of zoom 0 is one tile; a tile is four cells wide. */
const cellDepthOfTile = 2;

interface Counted {
  readonly count: string;
  /** The same in every row. */
  readonly total: string;
}

/** The counting part of the index. */
export function createIndexGroups(
  postgres: Postgres,
): Pick<ReportIndex, 'aggregate' | 'countOverTime' | 'clusters'> {
  return {
    aggregate: (tenantId, filter, query) => aggregate(postgres, tenantId, { filter, ...query }),
    countOverTime: (tenantId, query) => countOverTime(postgres, tenantId, query),
    clusters: (tenantId, filter, zoom) => clusters(postgres, tenantId, { filter, zoom }),
  };
}

async function aggregate(
  postgres: Postgres,
  tenantId: string,
  { filter, path, limit, measure }: GroupQuery & { readonly filter: IndexFilter },
): Promise<Aggregation> {
  const rows = await readRows<Counted & { readonly key: string; readonly value: string | null }>(
    postgres,
    tenantId,
    {
      name: 'reports.aggregate_index',
      text: 'select key, count, total, value from reports.index_aggregate($1::jsonb, $2, $3, $4, $5)',
      values: [filterJson(filter), path, limit, measure?.figure ?? null, measure?.path ?? null],
    },
  );
  const groups = rows.map(({ key, count, value }) => ({
    key,
    count: Number(count),
    ...(value === null ? {} : { value: Number(value) }),
  }));
  return withRest(groups, totalOf(rows));
}

async function countOverTime(
  postgres: Postgres,
  tenantId: string,
  { filter, bucket, timeZone, byEventTime }: TimeSeriesQuery,
): Promise<TimeSeries> {
  const rows = await readRows<Counted & { readonly start: Date }>(postgres, tenantId, {
    name: 'reports.count_index_over_time',
    text: 'select start, count, total from reports.index_time_series($1::jsonb, $2, $3, $4, $5)',
    values: [filterJson(filter), bucket, timeZone, byEventTime, bucketsMax],
  }).catch((error: unknown) => {
    throw isUnknownValue(error) ? unknownZone(timeZone) : error;
  });
  const counts = rows.map(({ start, count }) => ({ start, count: Number(count) }));
  requireAll(counts, totalOf(rows), {
    field: 'bucket',
    reason: `gives more than ${bucketsMax} spans: choose a longer one, or narrow the time`,
  });
  return { counts, total: totalOf(rows) };
}

// Databases know the zones of their own release: `invalid_parameter_value` can mean nothing else here.
function isUnknownValue(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '22023';
}

function unknownZone(timeZone: string): Error {
  const reason = `is not known to the database: ${timeZone}`;
  return invalidArgument([{ field: 'time_zone', reason }]);
}

async function clusters(
  postgres: Postgres,
  tenantId: string,
  { filter, zoom }: { readonly filter: IndexFilter; readonly zoom: number },
): Promise<Clusters> {
  const rows = await readRows<Counted & { readonly longitude: number; readonly latitude: number }>(
    postgres,
    tenantId,
    {
      name: 'reports.cluster_index_points',
      text: 'select longitude, latitude, count, total from reports.index_clusters($1::jsonb, $2, $3)',
      values: [filterJson(filter, { placed: true }), zoom + cellDepthOfTile, clustersMax],
    },
  );
  const found = rows.map(({ longitude, latitude, count }) => ({
    point: { longitude, latitude },
    count: Number(count),
  }));
  requireAll(found, totalOf(rows), {
    field: 'zoom',
    reason: `gives more than ${clustersMax} clusters: choose a lower one, or an area`,
  });
  return { clusters: found, total: totalOf(rows) };
}

// A part would look like the whole.
function requireAll(
  groups: readonly { readonly count: number }[],
  total: number,
  violation: Violation,
): void {
  if (groups.reduce((sum, { count }) => sum + count, 0) < total) throw invalidArgument([violation]);
}

function totalOf(rows: readonly { readonly total: string }[]): number {
  return Number(rows[0]?.total ?? 0);
}
