// What the service's role can reach of the report index, tried with plain SQL.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { newId } from '../../../foundation/ids/ids.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { indexRowOf } from '../core/index-row.ts';
import { submittedReport } from '../core/report.ts';
import { rowJson } from './index-filter.ts';
import { prepareReportsDatabase } from './schema.ts';

const tenantId = randomUUID();
const filter = `'{"domain_id": "civic_complaints"}'`;
const row = indexRowOf(
  submittedReport({
    ...{ tenantId, id: newId(), domainId: 'civic_complaints', rawText: 'A flood', source: 'web' },
    ...{ jobId: 'job_1', createdAt: '2025-01-01T00:00:00.000Z', createdBy: 'someone' },
  }),
);
row.ingestionData.geo_location = { type: 'Point', coordinates: [1, 2] };
row.ingestionData.urgency = 'low';

const verify = `'civic_complaints', array['${row.incidentId}']`;
const urgency = `'{ingestion_data,urgency}'`;
const sums = `'sum', '{ingestion_data,urgency}'`;

/** Each function that reads, so that it answers one row for the tenant's one report. */
const reads: Readonly<Record<string, string>> = {
  index_total: `select reports.index_total(${filter}) as n where reports.index_total(${filter}) > 0`,
  index_list: `select * from reports.index_list(${filter}, 10, 0)`,
  index_search: `select * from reports.index_search(${filter}, 10, true, 10)`,
  index_verify: `select * from reports.index_verify(${verify})`,
  index_aggregate: `select * from reports.index_aggregate(${filter}, ${urgency}, 10, null, null)`,
  index_time_series: `select * from reports.index_time_series(${filter}, 'day', 'UTC', false, 10)`,
  index_points: `select * from reports.index_points(${filter}, 10)`,
  index_clusters: `select * from reports.index_clusters(${filter}, 2, 10)`,
  index_ids: `select * from reports.index_ids('', 10)`,
  index_revision: `select 1 where reports.index_revision('civic_complaints') <> '0'`,
};

/** Other ways of the same functions: through rows instead of counts, with words, with a measure. */
const otherWays: readonly string[] = [
  `select * from reports.index_aggregate('{"domain_id": "civic_complaints", "status": "processing"}', ${urgency}, 10, null, null)`,
  `select * from reports.index_aggregate(${filter}, ${urgency}, 10, ${sums})`,
  `select * from reports.index_aggregate(${filter}, '{status}', 10, null, null)`,
  `select * from reports.index_search('{"domain_id": "civic_complaints", "words": "flood"}', 10, true, 10)`,
  `select * from reports.index_time_series('{"domain_id": "civic_complaints", "status": "processing"}', 'day', 'UTC', false, 10)`,
  `select 1 where reports.index_total('{}') > 0`,
  `select 1 where reports.index_total('{"from_at": "2020-01-01"}') > 0`,
];

/** Functions that write under a tenant. */
const writes: Readonly<Record<string, string>> = {
  index_upsert: "select reports.index_upsert($1::jsonb -> 0, '')",
  index_upsert_many: 'select reports.index_upsert_many($1::jsonb, true)',
  index_remove: "select reports.index_remove($1::jsonb -> 0 ->> 'incident_id', 9)",
};

/** Upkeep for all tenants: functions that tell a number and nothing else. */
const upkeep: Readonly<Record<string, string>> = {
  index_forget_tombstones: `select reports.index_forget_tombstones('2000-01-01', 10) as n`,
  index_fold: 'select reports.index_fold(1000) as n',
  index_forget_changes: 'select reports.index_forget_changes(10) as n',
};

const tables = ['report_index', 'facet_counts', 'facet_deltas', 'facets_uncounted', 'domain_changes'];

let databases: TestDatabases;
let adminUrl: string;
let admin: pg.Client;
let app: pg.Client;

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}

async function under(tenant: string | undefined, text: string, values: unknown[] = []): Promise<unknown[]> {
  await app.query('begin');
  try {
    if (tenant) await app.query("select set_config('app.tenant', $1, true)", [tenant]);
    return (await app.query(text, values)).rows;
  } finally {
    await app.query('rollback');
  }
}

beforeAll(async () => {
  databases = await startTestDatabases();
  adminUrl = await databases.createDatabase('index_locks');
  const { databaseUrl } = await prepareReportsDatabase({ adminUrl, appPassword: 'p' });
  expect((await prepareReportsDatabase({ adminUrl, appPassword: 'p' })).migrations).toEqual([]);
  admin = await connect(adminUrl);
  app = await connect(databaseUrl);
  const place = { longitude: 1, latitude: 2 };
  await admin.query("select set_config('app.tenant', $1, false)", [tenantId]);
  await admin.query('select reports.index_upsert($1, $2)', [rowJson({ ...row, place }), 'A flood']);
}, 60_000);

afterAll(async () => {
  await Promise.all([app.end(), admin.end()]);
  await databases.stop();
});

describe('the role of the service', () => {
  it('has no right on the tables, whatever tenant is set', async () => {
    for (const table of tables) {
      for (const statement of [
        `select 1 from reports.${table}`,
        `update reports.${table} set domain_id = 'x'`,
        `delete from reports.${table}`,
        `truncate reports.${table}`,
        `copy reports.${table} to program 'cat'`,
      ]) {
        await expect(under(tenantId, statement)).rejects.toMatchObject({ code: '42501' });
      }
    }
  });

  it('may execute these functions of the schema and no others', async () => {
    const { rows } = await admin.query<{ name: string }>(
      `select proname as name from pg_proc
       where pronamespace = 'reports'::regnamespace and has_function_privilege('reports_app', oid, 'execute')`,
    );
    const known = [reads, writes, upkeep].flatMap((functions) => Object.keys(functions));
    expect(rows.map(({ name }) => name).sort()).toEqual(known.sort());
  });

  it.each(Object.entries(reads))('sees its tenant alone through %s', async (_name, text) => {
    expect(await under(tenantId, text)).toHaveLength(1);
    expect(await under(randomUUID(), text)).toEqual([]);
    await expect(under(undefined, text)).rejects.toMatchObject({
      code: expect.stringMatching(/42704|22P02/),
    });
  });

  it.each(otherWays)('sees its tenant alone by %s', async (text) => {
    expect(await under(tenantId, text)).toHaveLength(1);
    expect(await under(randomUUID(), text)).toEqual([]);
    await expect(under(undefined, text)).rejects.toThrow();
  });

  it.each(Object.entries(writes))('writes under its tenant alone through %s', async (_name, text) => {
    const foreign = JSON.stringify([{ ...JSON.parse(rowJson(row)), version: 9, status: 'foreign' }]);
    await expect(under(undefined, text, [foreign])).rejects.toThrow();
    await app.query('begin');
    await app.query("select set_config('app.tenant', $1, true)", [randomUUID()]);
    await app.query(text, [foreign]);
    await app.query('commit');
    const { rows } = await admin.query(
      'select status, deleted from reports.report_index where tenant_id = $1',
      [tenantId],
    );
    expect(rows).toEqual([{ status: 'processing', deleted: false }]);
    expect(
      await under(tenantId, `select * from reports.index_aggregate(${filter}, '{status}', 10, null, null)`),
    ).toEqual([{ key: 'processing', count: '1', total: '1', value: null }]);
  });

  it.each(Object.entries(upkeep))('learns nothing but a number from %s', async (_name, text) => {
    for (const tenant of [undefined, tenantId, randomUUID()]) {
      const rows = await under(tenant, text);
      expect(rows).toEqual([{ n: expect.stringMatching(/^[0-9]+$/) }]);
    }
  });

  it.each(tables)(
    'is bound to its tenant by row-level security, even if it were granted %s',
    async (table) => {
      const text = `select 1 from reports.${table} limit 1`;
      await admin.query(
        `insert into reports.facet_counts values ($1, 'd', 'p', 'v', 1) on conflict do nothing`,
        [tenantId],
      );
      await admin.query(
        `insert into reports.facets_uncounted values ($1, 'd', 'p', true) on conflict do nothing`,
        [tenantId],
      );
      await admin.query(`grant select on reports.${table} to reports_app`);
      try {
        expect(await under(tenantId, text)).toHaveLength(1);
        expect(await under(randomUUID(), text)).toEqual([]);
        await expect(under(undefined, text)).rejects.toThrow();
      } finally {
        await admin.query(`revoke select on reports.${table} from reports_app`);
      }
    },
  );
});
