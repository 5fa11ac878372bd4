// The report index in PostgreSQL, by its functions alone: the service's role has no right on its tables. This file reads rows.
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import { closedSnippet } from '../core/snippet.ts';
import { filterJson } from './index-filter.ts';
import { createIndexGroups } from './postgres-index-groups.ts';
import { type EntryRow, entryOf, readRows } from './postgres-index-rows.ts';
import { createIndexWrites } from './postgres-index-writes.ts';
import type { IndexPage, Listed, Points, PointsQuery, ReportIndex, Retrieved, SearchQuery } from './store.ts';

/** Where more reports match, the newest of this number are ranked, and of what is common matches are counted to it. */
const countedMax = 2_000;

/** The index. Statements run under the tenant that each call names. */
export function createPostgresIndex(postgres: Postgres): ReportIndex {
  return {
    ...createIndexWrites(postgres),
    ...createIndexGroups(postgres),
    list: (tenantId, page) => list(postgres, tenantId, page),
    retrieve: (tenantId, query) => retrieve(postgres, tenantId, query),
    points: (tenantId, query) => points(postgres, tenantId, query),
    async verify(tenantId, domainId, incidentIds) {
      const rows = await readRows<EntryRow>(postgres, tenantId, {
        name: 'reports.verify_references',
        text: 'select * from reports.index_verify($1, $2)',
        values: [domainId, incidentIds],
      });
      return rows.map((row) => entryOf(tenantId, row));
    },
    // Asked where questions are asked: a replica that lags behind names the state that it answers from.
    async revision(tenantId, domainId) {
      const rows = await readRows<{ readonly revision: string | null }>(postgres, tenantId, {
        name: 'reports.read_index_revision',
        text: 'select reports.index_revision($1) as revision',
        values: [domainId],
      });
      return rows[0]?.revision ?? undefined;
    },
  };
}

async function list(postgres: Postgres, tenantId: string, page: IndexPage): Promise<Listed> {
  const { after, offset, limit, ...filter } = page;
  return postgres.tenantRead(tenantId, async (client) => {
    const [{ rows }, total] = await Promise.all([
      client.query<EntryRow>({
        name: 'reports.list_index_entries',
        text: 'select * from reports.index_list($1::jsonb, $2, $3)',
        values: [filterJson(filter, { after }), limit, offset],
      }),
      after ? undefined : totalOf(client, filterJson(filter)),
    ]);
    const entries = rows.map((row) => entryOf(tenantId, row));
    return total === undefined ? { entries } : { entries, total };
  });
}

async function retrieve(
  postgres: Postgres,
  tenantId: string,
  { filter, limit, snippets }: SearchQuery,
): Promise<Retrieved> {
  const rows = await readRows<EntryRow>(postgres, tenantId, {
    name: 'reports.search_index',
    text: 'select * from reports.index_search($1::jsonb, $2, $3, $4)',
    values: [filterJson(filter), limit, snippets, countedMax],
  });
  return {
    entries: rows.map((row) => entryOf(tenantId, { ...row, snippet: closedSnippet(row.snippet) })),
    total: Number(rows[0]?.total ?? 0),
    totalAtLeast: rows[0]?.total_at_least ?? false,
  };
}

interface PointRow {
  readonly incident_id: string;
  readonly created_at: Date;
  readonly longitude: number;
  readonly latitude: number;
  readonly status: string;
  readonly location_text: string;
}

async function points(
  postgres: Postgres,
  tenantId: string,
  { filter, after, limit }: PointsQuery,
): Promise<Points> {
  return postgres.tenantRead(tenantId, async (client) => {
    const [{ rows }, total] = await Promise.all([
      client.query<PointRow>({
        name: 'reports.list_index_points',
        text: `select incident_id, created_at, longitude, latitude, status, location_text
          from reports.index_points($1::jsonb, $2)`,
        values: [filterJson(filter, { placed: true, after }), limit],
      }),
      after ? undefined : totalOf(client, filterJson(filter, { placed: true })),
    ]);
    const found = rows.map(({ longitude, latitude, ...row }) => ({
      incidentId: row.incident_id,
      createdAt: row.created_at.toISOString(),
      place: { longitude, latitude },
      status: row.status,
      locationText: row.location_text,
    }));
    return total === undefined ? { points: found } : { points: found, total };
  });
}

async function totalOf(client: SqlClient, filter: string): Promise<number> {
  const { rows } = await client.query<{ readonly total: string }>({
    name: 'reports.count_index_entries',
    text: 'select reports.index_total($1::jsonb) as total',
    values: [filter],
  });
  return Number(rows[0]?.total ?? 0);
}
