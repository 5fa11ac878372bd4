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

/** Each function that reads, so that it answers one row for the tenant's one report. */
const reads: Readonly<Record<string, string>> = {
  index_count: `select reports.index_count(${filter}) as n where reports.index_count(${filter}) > 0`,
  index_retrieve: `select * from reports.index_retrieve(${filter}, 10, 0)`,
  index_verify: `select * from reports.index_verify('civic_complaints', array['${row.incidentId}'])`,
  index_aggregate: `select * from reports.index_aggregate(${filter}, '{ingestion_data,urgency}', 10)`,
  index_time_series: `select * from reports.index_time_series(${filter}, 'day', 'UTC', false, 10)`,
  index_points: `select * from reports.index_points(${filter}, 10)`,
};

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
  it('has no right on the table, whatever tenant is set', async () => {
    for (const statement of [
      'select 1 from reports.report_index',
      "update reports.report_index set status = 'x'",
      'delete from reports.report_index',
      "copy reports.report_index to program 'cat'",
    ]) {
      await expect(under(tenantId, statement)).rejects.toMatchObject({ code: '42501' });
    }
  });

  it('may execute these functions of the schema and no others', async () => {
    const { rows } = await admin.query<{ name: string }>(
      `select proname as name from pg_proc
       where pronamespace = 'reports'::regnamespace and has_function_privilege('reports_app', oid, 'execute')`,
    );
    expect(rows.map(({ name }) => name).sort()).toEqual(['index_upsert', ...Object.keys(reads)].sort());
  });

  it.each(Object.entries(reads))('sees its tenant alone through %s', async (_name, text) => {
    expect(await under(tenantId, text)).toHaveLength(1);
    expect(await under(randomUUID(), text)).toEqual([]);
    await expect(under(undefined, text)).rejects.toMatchObject({
      code: expect.stringMatching(/42704|22P02/),
    });
  });

  it('writes under its tenant alone', async () => {
    const text = 'select reports.index_upsert($1, $2)';
    await expect(under(undefined, text, [rowJson(row), ''])).rejects.toThrow();
    await app.query('begin');
    await app.query("select set_config('app.tenant', $1, true)", [randomUUID()]);
    await app.query(text, [rowJson({ ...row, version: 9, status: 'foreign' }), '']);
    await app.query('commit');
    const { rows } = await admin.query('select status from reports.report_index where tenant_id = $1', [
      tenantId,
    ]);
    expect(rows).toEqual([{ status: 'processing' }]);
  });

  it('is bound to its tenant by row-level security, even if it were granted the table', async () => {
    await admin.query('grant select on reports.report_index to reports_app');
    try {
      expect(await under(tenantId, 'select 1 from reports.report_index')).toHaveLength(1);
      const other = await under(randomUUID(), 'select 1 from reports.report_index');
      expect(other).toEqual([]);
      await expect(under(undefined, 'select 1 from reports.report_index')).rejects.toThrow();
    } finally {
      await admin.query('revoke select on reports.report_index from reports_app');
    }
  });
});
