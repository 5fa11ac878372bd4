// What changes the report index: rows, tombstones, and the upkeep for all tenants. Questions are asked in the other files.
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import type { IndexRow } from '../core/index-row.ts';
import { rowJson } from './index-filter.ts';
import type { IndexedVersion, ReportIndex } from './store.ts';

/** Rows of one call of `upsertMany` and `replaceMany`. */
export const indexRowsMax = 500;
/** Tombstones that one call of `forgetTombstones` removes. */
const tombstonesMax = 10_000;
/** Changes that one call of `foldFacets` takes. */
const changesMax = 20_000;
/** Changes of domains that one call of `forgetChanges` removes. */
const olderChangesMax = 100_000;

type Writes = Pick<
  ReportIndex,
  | 'upsert'
  | 'upsertMany'
  | 'replaceMany'
  | 'remove'
  | 'idsAfter'
  | 'forgetTombstones'
  | 'forgetChanges'
  | 'foldFacets'
>;

/** The writing part of the index. */
export function createIndexWrites(postgres: Postgres): Writes {
  return {
    upsert: (row) => write(postgres, [row], false),
    upsertMany: (rows) => write(postgres, rows, false),
    replaceMany: (rows) => write(postgres, rows, true),
    remove: ({ tenantId, incidentId, version }) =>
      postgres.tenantTransaction(tenantId, async (client) => {
        await client.query({
          name: 'reports.remove_index_row',
          text: 'select reports.index_remove($1, $2)',
          values: [incidentId, version],
        });
      }),
    idsAfter: (tenantId, cursor, limit) => idsAfter(postgres, tenantId, { cursor, limit }),
    forgetTombstones: (before) =>
      maintain(postgres, {
        name: 'reports.forget_index_tombstones',
        text: 'select reports.index_forget_tombstones($1, $2) as n',
        values: [before, tombstonesMax],
      }),
    forgetChanges: () =>
      maintain(postgres, {
        name: 'reports.forget_index_changes',
        text: 'select reports.index_forget_changes($1) as n',
        values: [olderChangesMax],
      }),
    foldFacets: () =>
      maintain(postgres, {
        name: 'reports.fold_index_facets',
        text: 'select reports.index_fold($1) as n',
        values: [changesMax],
      }),
  };
}

async function write(postgres: Postgres, rows: readonly IndexRow[], again: boolean): Promise<void> {
  const [first] = rows;
  if (!first) return;
  const { tenantId } = first;
  if (rows.length > indexRowsMax) throw new RangeError(`At most ${indexRowsMax} rows are written at once`);
  if (rows.some((row) => row.tenantId !== tenantId)) throw new RangeError('The rows must be of one tenant');
  const json = `[${newestOfEach(rows).map(rowJson).join(',')}]`;
  await postgres.tenantTransaction(tenantId, async (client) => {
    await client.query({
      name: 'reports.upsert_index_rows',
      text: 'select reports.index_upsert_many($1::jsonb, $2)',
      values: [json, again],
    });
  });
}

// One statement changes a row once.
function newestOfEach(rows: readonly IndexRow[]): readonly IndexRow[] {
  const newest = new Map<string, IndexRow>();
  for (const row of rows) {
    if ((newest.get(row.incidentId)?.version ?? 0) < row.version) newest.set(row.incidentId, row);
  }
  return [...newest.values()];
}

async function idsAfter(
  postgres: Postgres,
  tenantId: string,
  { cursor, limit }: { readonly cursor: string | undefined; readonly limit: number },
): Promise<readonly IndexedVersion[]> {
  // The primary is asked: a replica may not know yet of a row that must not be taken for gone.
  return postgres.tenantRead(
    tenantId,
    async (client) => {
      const { rows } = await client.query<{ readonly incident_id: string; readonly version: string }>({
        name: 'reports.list_index_ids',
        text: 'select incident_id, version from reports.index_ids($1, $2)',
        values: [cursor ?? '', limit],
      });
      return rows.map((row) => ({ incidentId: row.incident_id, version: Number(row.version) }));
    },
    { fresh: true },
  );
}

async function maintain(
  postgres: Postgres,
  statement: { readonly name: string; readonly text: string; readonly values: readonly unknown[] },
): Promise<number> {
  return postgres.systemTransaction(async (client) => {
    const { rows } = await client.query<{ readonly n: string }>(statement);
    return Number(rows[0]?.n ?? 0);
  });
}
