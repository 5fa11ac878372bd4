// The report index in PostgreSQL, by its functions alone: the service's role has no right on the table.
import type { JsonObject } from '../../../foundation/json/json.ts';
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import { type Aggregation, withRest } from '../core/group-by.ts';
import type { IndexEntry, IndexFilter, PlacedReport } from '../core/index-query.ts';
import { filterJson, rowJson } from './index-filter.ts';
import type { GroupLimit, ReportIndex } from './store.ts';

/** Spans of a time series. */
const bucketsMax = 10_000;

interface EntryRow {
  readonly incident_id: string;
  readonly report_id: string;
  readonly domain_id: string;
  readonly status: string;
  readonly source: string;
  readonly created_by: string;
  readonly created_at: Date;
  readonly summary: string;
  readonly ingestion_data: JsonObject;
  readonly longitude: number | null;
  readonly latitude: number | null;
  readonly rank: number;
}

interface Counted {
  readonly count: string;
  /** The same in every row. */
  readonly total: string;
}

/** The index. Statements run under the tenant that each call names. */
export function createPostgresIndex(postgres: Postgres): ReportIndex {
  return {
    upsert: (row) =>
      postgres.tenantTransaction(row.tenantId, async (client) => {
        await client.query({
          name: 'reports.upsert_index_row',
          text: 'select reports.index_upsert($1::jsonb, $2)',
          values: [rowJson(row), row.searchText],
        });
      }),
    list: (tenantId, { domainId, status, after, offset, limit }) =>
      postgres.tenantRead(tenantId, async (client) => {
        const filter = filterJson({ domainId, status }, { after });
        const [entries, total] = await Promise.all([
          retrieve(client, tenantId, [filter, limit, offset]),
          after ? undefined : count(client, filter),
        ]);
        return total === undefined ? { entries } : { entries, total };
      }),
    retrieve: (tenantId, filter, limit) =>
      postgres.tenantRead(tenantId, async (client) => {
        const json = filterJson(filter);
        const [entries, total] = await Promise.all([
          retrieve(client, tenantId, [json, limit, 0]),
          count(client, json),
        ]);
        return { entries, total };
      }),
    aggregate: (tenantId, filter, group) => aggregate(postgres, tenantId, filter, group),
    async countOverTime(tenantId, { filter, bucket, timeZone, byEventTime }) {
      const rows = await read<Counted & { readonly start: Date }>(postgres, tenantId, {
        name: 'reports.count_index_over_time',
        text: 'select start, count, total from reports.index_time_series($1::jsonb, $2, $3, $4, $5)',
        values: [filterJson(filter), bucket, timeZone, byEventTime, bucketsMax],
      });
      const counts = rows.map((row) => ({ start: row.start, count: Number(row.count) }));
      return { counts, total: totalOf(rows) };
    },
    points: (tenantId, filter, limit) =>
      postgres.tenantRead(tenantId, async (client) => {
        const json = filterJson(filter, { placed: true });
        const [points, total] = await Promise.all([listPoints(client, json, limit), count(client, json)]);
        return { points, total };
      }),
    async verify(tenantId, domainId, incidentIds) {
      const rows = await read<EntryRow>(postgres, tenantId, {
        name: 'reports.verify_references',
        text: 'select * from reports.index_verify($1, $2)',
        values: [domainId, incidentIds],
      });
      return rows.map((row) => entryOf(tenantId, row));
    },
  };
}

async function aggregate(
  postgres: Postgres,
  tenantId: string,
  filter: IndexFilter,
  { path, limit }: GroupLimit,
): Promise<Aggregation> {
  const rows = await read<Counted & { readonly key: string }>(postgres, tenantId, {
    name: 'reports.aggregate_index',
    text: 'select key, count, total from reports.index_aggregate($1::jsonb, $2, $3)',
    values: [filterJson(filter), path, limit],
  });
  const groups = rows.map((row) => ({ key: row.key, count: Number(row.count) }));
  return withRest(groups, totalOf(rows));
}

interface PointRow {
  readonly incident_id: string;
  readonly longitude: number;
  readonly latitude: number;
  readonly status: string;
  readonly location_text: string;
}

type Statement = Parameters<SqlClient['query']>[0];

async function read<Row>(
  postgres: Postgres,
  tenantId: string,
  statement: Statement,
): Promise<readonly Row[]> {
  return postgres.tenantRead(tenantId, async (client) => (await client.query<Row>(statement)).rows);
}

async function retrieve(
  client: SqlClient,
  tenantId: string,
  values: readonly [filter: string, limit: number, offset: number],
): Promise<readonly IndexEntry[]> {
  const { rows } = await client.query<EntryRow>({
    name: 'reports.retrieve_index_entries',
    text: 'select * from reports.index_retrieve($1::jsonb, $2, $3)',
    values,
  });
  return rows.map((row) => entryOf(tenantId, row));
}

async function listPoints(
  client: SqlClient,
  filter: string,
  limit: number,
): Promise<readonly PlacedReport[]> {
  const { rows } = await client.query<PointRow>({
    name: 'reports.list_index_points',
    text: `select incident_id, longitude, latitude, status, location_text
      from reports.index_points($1::jsonb, $2)`,
    values: [filter, limit],
  });
  return rows.map(({ incident_id, longitude, latitude, status, location_text }) => ({
    incidentId: incident_id,
    place: { longitude, latitude },
    status,
    locationText: location_text,
  }));
}

async function count(client: SqlClient, filter: string): Promise<number> {
  const { rows } = await client.query<{ readonly total: string }>({
    name: 'reports.count_index_entries',
    text: 'select reports.index_count($1::jsonb) as total',
    values: [filter],
  });
  return totalOf(rows);
}

function totalOf(rows: readonly { readonly total: string }[]): number {
  return Number(rows[0]?.total ?? 0);
}

function entryOf(tenantId: string, row: EntryRow): IndexEntry {
  const { longitude, latitude } = row;
  return {
    tenantId,
    incidentId: row.incident_id,
    id: row.report_id,
    domainId: row.domain_id,
    status: row.status,
    source: row.source,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    summary: row.summary,
    ingestionData: row.ingestion_data,
    place: longitude === null || latitude === null ? undefined : { longitude, latitude },
    rank: row.rank,
  };
}
