// A database of the release before counts were kept: its rows are counted by the migration, and rows of its replicas go on being counted.
import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { migrate } from '../../../foundation/postgres/migrations.ts';
import { createPostgres, type Postgres } from '../../../foundation/postgres/pool.ts';
import { ensureRole } from '../../../foundation/postgres/roles.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import type { IndexRow } from '../core/index-row.ts';
import { rowJson } from './index-filter.ts';
import { createPostgresIndex } from './postgres-index.ts';
import { testDomain, testRow } from './report-index.for-test.ts';
import { prepareReportsDatabase, reportsSchema } from './schema.ts';

const tenantId = randomUUID();
const { schema, role, directory } = reportsSchema;

let databases: TestDatabases;
let admin: pg.Client;
let postgres: Postgres;

/** As replicas of the release before write a row. */
async function writeAsBefore(row: IndexRow): Promise<void> {
  await admin.query("select set_config('app.tenant', $1, false)", [tenantId]);
  await admin.query('select reports.index_upsert($1, $2)', [rowJson(row), row.searchText]);
}

beforeAll(async () => {
  databases = await startTestDatabases();
  const adminUrl = await databases.createDatabase('report_index_before');
  await ensureRole({ adminUrl, role, password: 'p', schema });
  const before = await mkdtemp(join(tmpdir(), 'migrations-'));
  await cp(directory, before, { recursive: true, filter: (path) => !/000[3-9]_/.test(path) });
  await migrate({ url: adminUrl, schema, directory: before });
  await rm(before, { recursive: true });
  admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  for (let at = 0; at < 30; at += 1) {
    const long = at === 7 ? 'x'.repeat(600) : 'short';
    const ingestionData = { kind: [`k${at % 3}`, 'all'], long, deep: { er: at % 2 } };
    await writeAsBefore(testRow({ tenantId, status: at % 5 ? 'completed' : 'failed', ingestionData }));
  }
  const { databaseUrl } = await prepareReportsDatabase({ adminUrl, appPassword: 'p' });
  postgres = createPostgres({
    url: databaseUrl,
    applicationName: 'test',
    sizeMax: 2,
    acquireTimeoutMs: 5_000,
    onError: () => undefined,
  });
}, 60_000);

afterAll(async () => {
  await postgres.close();
  await admin.end();
  await databases.stop();
}, 30_000);

it('is counted as it was, and as it is changed from then on by old replicas and new', async () => {
  const index = createPostgresIndex(postgres);
  const filter = { domainId: testDomain };
  const from = '2000-01-01T00:00:00.000Z'; // any filter makes the rows be read
  const compare = async (): Promise<number> => {
    for (const path of ['status', 'ingestion_data.kind', 'ingestion_data.long', 'ingestion_data.deep.er']) {
      const query = { path: path.split('.'), limit: 100 };
      const kept = await index.aggregate(tenantId, filter, query);
      expect(kept).toEqual(await index.aggregate(tenantId, { ...filter, from }, query));
    }
    return (await index.list(tenantId, { ...filter, offset: 0, limit: 1 })).total ?? 0;
  };
  expect(await compare()).toBe(30);
  await writeAsBefore(
    testRow({ tenantId, status: 'new', ingestionData: { kind: 'k1', deep: { er: true } } }),
  );
  await index.upsert(testRow({ tenantId, status: 'newer', ingestionData: { kind: 'k2' } }));
  expect(await compare()).toBe(32);
  while ((await index.foldFacets()) > 0);
  expect(await compare()).toBe(32);
  const { rows } = await admin.query('select path from reports.facets_uncounted where tenant_id = $1', [
    tenantId,
  ]);
  expect(rows).toEqual([{ path: 'ingestion_data.long' }]);
});
