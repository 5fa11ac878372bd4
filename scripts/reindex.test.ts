// The command reindex as an operator runs it: the index says what the documents say, whatever it said before.
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { DeleteCommand, type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createDocumentClient } from '../foundation/dynamodb/client.ts';
import { ensureTables } from '../foundation/dynamodb/tables.ts';
import { newId, prefixedId } from '../foundation/ids/ids.ts';
import { createPostgres, type Postgres } from '../foundation/postgres/pool.ts';
import { type OwnTestDatabases, startOwnTestDatabases } from '../local/databases/test-databases.ts';
import { indexRowOf } from '../services/reports/core/index-row.ts';
import { type Report, submittedReport } from '../services/reports/core/report.ts';
import { tombstoneOf } from '../services/reports/core/tombstone.ts';
import { createDynamodbStore } from '../services/reports/store/dynamodb-store.ts';
import { itemKey } from '../services/reports/store/keys.ts';
import { createPostgresIndex } from '../services/reports/store/postgres-index.ts';
import { prepareReportsDatabase } from '../services/reports/store/schema.ts';
import type { ReportStore } from '../services/reports/store/store.ts';
import { reportsTables } from '../services/reports/store/tables.ts';

const table = 'Reports';
const everything = 100_000;
let databases: OwnTestDatabases;
let databaseUrl: string;
let client: DynamoDBDocumentClient;
let store: ReportStore;
let postgres: Postgres;
let index: ReturnType<typeof createPostgresIndex>;
let tenantId: string;

beforeAll(async () => {
  databases = await startOwnTestDatabases();
  const adminUrl = await databases.createDatabase('reindexed');
  ({ databaseUrl } = await prepareReportsDatabase({ adminUrl, appPassword: 'reports-test' }));
  client = createDocumentClient({
    endpoint: databases.dynamoEndpoint,
    region: 'local',
    requestTimeoutMs: 5_000,
  });
  await ensureTables(client, reportsTables({ reports: table, patches: 'Patches' }));
  store = createDynamodbStore({ client, table });
  const options = { applicationName: 'reindex test', sizeMax: 2, acquireTimeoutMs: 5_000 };
  postgres = createPostgres({ url: databaseUrl, ...options });
  index = createPostgresIndex(postgres);
}, 60_000);

afterAll(async () => {
  await postgres?.close();
  client?.destroy();
  await databases?.stop();
});

beforeEach(() => {
  tenantId = randomUUID();
});

interface Ended {
  readonly code: number;
  readonly counts: Record<string, number>;
  readonly stderr: string;
}

function reindex(args: readonly string[] = [], settings: Record<string, string> = {}): Promise<Ended> {
  const env = {
    PATH: process.env.PATH,
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
    DATABASE_URL: databaseUrl,
    DYNAMODB_ENDPOINT: databases.dynamoEndpoint,
    ...settings,
  };
  const command = [join(import.meta.dirname, 'reindex.ts'), ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, command, { env }, (error, stdout, stderr) => {
      const counts = stdout === '' ? {} : JSON.parse(stdout);
      resolve({ code: error ? Number(error.code) : 0, counts, stderr });
    });
  });
}

function someReport(changes: Partial<Report> = {}): Report {
  const id = newId();
  const submission = { tenantId, id, domainId: 'civic_complaints', rawText: `Report ${id}`, source: 'web' };
  const createdAt = new Date().toISOString();
  const jobId = prefixedId('job_', newId());
  return { ...submittedReport({ ...submission, jobId, createdAt, createdBy: 'someone' }), ...changes };
}

async function put(...reports: Report[]): Promise<Report[]> {
  for (const report of reports) expect(await store.create(report)).toBe(true);
  return reports;
}

/** Ids of the tenant's rows with their versions, in order. */
async function indexed(): Promise<Record<string, number>> {
  const rows = await index.idsAfter(tenantId, undefined, everything);
  return Object.fromEntries(rows.map(({ incidentId, version }) => [incidentId, version]));
}

const versionsOf = (reports: readonly Report[]) =>
  Object.fromEntries(reports.map(({ incidentId, version }) => [incidentId, version]));

const onlyTenant = () => ['--tenant', tenantId];

describe('reindex', () => {
  it('makes the whole index from nothing, of all tenants, and tells how much it did', async () => {
    const mine = await put(...Array.from({ length: 230 }, () => someReport()));
    const [gone] = await put(someReport());
    if (gone) await store.remove(tombstoneOf(gone, new Date().toISOString()));
    const firstTenant = tenantId;
    tenantId = randomUUID();
    const other = await put(someReport());
    const { code, counts, stderr } = await reindex(['--segments', '3']);
    expect([code, stderr]).toEqual([0, '']);
    expect(counts).toMatchObject({ reports: 231, tombstones: 1, removed: 0, failed: 0 });
    expect(await indexed()).toEqual(versionsOf(other));
    tenantId = firstTenant;
    expect(await indexed()).toEqual(versionsOf(mine));
  }, 60_000);

  it('mends rows that are wrong, older or of another version of the index, and leaves newer ones', async () => {
    const [wrong, older, newer] = await put(someReport(), someReport({ version: 4 }), someReport());
    if (!wrong || !older || !newer) throw new Error('They were put');
    await index.upsertMany([
      { ...indexRowOf(wrong), summary: 'wrong words' },
      { ...indexRowOf(older), summary: 'older words', version: 2 },
      { ...indexRowOf(newer), summary: 'newer words', version: 9 },
    ]);
    expect((await reindex(onlyTenant())).code).toBe(0);
    const { entries } = await index.list(tenantId, { offset: 0, limit: 10 });
    const summaries = Object.fromEntries(entries.map(({ incidentId, summary }) => [incidentId, summary]));
    expect(summaries).toEqual({
      [wrong.incidentId]: wrong.summary,
      [older.incidentId]: older.summary,
      [newer.incidentId]: 'newer words',
    });
    expect(await indexed()).toMatchObject({ [older.incidentId]: 4, [newer.incidentId]: 9 });
  }, 60_000);

  it('removes rows whose document is gone or deleted, for good', async () => {
    const reports = await put(...Array.from({ length: 120 }, () => someReport()));
    await index.upsertMany(reports.map(indexRowOf));
    const [gone, deleted, ...kept] = reports;
    if (!gone || !deleted) throw new Error('They were put');
    await client.send(new DeleteCommand({ TableName: table, Key: { pk: itemKey(gone) } }));
    await store.remove(tombstoneOf(deleted, new Date().toISOString()));
    const { counts } = await reindex(onlyTenant());
    expect(counts).toMatchObject({ reports: 118, removed: 2 });
    await index.upsert(indexRowOf(gone));
    await index.upsert(indexRowOf(deleted));
    expect(await indexed()).toEqual(versionsOf(kept));
  }, 60_000);

  it('keeps to a tenant and a domain', async () => {
    const others = await put(someReport({ domainId: 'parks' }), someReport({ domainId: 'civic' }));
    const mine = await put(someReport());
    const foreign = await put(someReport({ tenantId: randomUUID() }));
    const [staleHere, staleThere] = [someReport(), someReport({ domainId: 'parks' })];
    await index.upsertMany([staleHere, staleThere].map(indexRowOf));
    const { counts } = await reindex([...onlyTenant(), '--domain', 'civic_complaints']);
    expect(counts).toMatchObject({ reports: 1, removed: 1 });
    expect(await indexed()).toEqual(versionsOf([...mine, staleThere]));
    expect((await reindex(onlyTenant())).counts).toMatchObject({ reports: 3, removed: 1 });
    expect(await indexed()).toEqual(versionsOf([...mine, ...others]));
    tenantId = foreign[0]?.tenantId ?? '';
    expect(await indexed()).toEqual({});
  }, 60_000);

  it('names a report that cannot be indexed, and indexes the others', async () => {
    const [broken, ...others] = await put(someReport(), someReport(), someReport());
    if (!broken) throw new Error('It was put');
    const update = { TableName: table, Key: { pk: itemKey(broken) } };
    const values = { ':never': 'no time at all' };
    await client.send(
      new UpdateCommand({
        ...update,
        UpdateExpression: 'set created_at = :never',
        ExpressionAttributeValues: values,
      }),
    );
    const { code, counts, stderr } = await reindex(onlyTenant());
    await client.send(new DeleteCommand(update));
    expect([code, counts]).toMatchObject([1, { reports: 2, failed: 1 }]);
    expect(stderr).toContain(`${tenantId} ${broken.incidentId}: `);
    expect(await indexed()).toEqual(versionsOf(others));
  }, 60_000);

  it('loses no write that the service makes meanwhile', async () => {
    const reports = await put(...Array.from({ length: 60 }, () => someReport()));
    await index.upsertMany(reports.map(indexRowOf));
    const changed = reports.map((report) => ({ ...report, version: report.version + 1, status: 'closed' }));
    const running = reindex(onlyTenant());
    for (const report of changed) {
      await store.replace(report);
      await index.upsert(indexRowOf(report));
    }
    const [added] = await put(someReport());
    if (added) await index.upsert(indexRowOf(added));
    expect((await running).code).toBe(0);
    expect(await indexed()).toEqual(versionsOf([...changed, ...(added ? [added] : [])]));
  }, 60_000);

  it('ends with 1 and a sentence when a store is away', async () => {
    const noPostgres = { DATABASE_URL: 'postgresql://someone:hunter2hunter2@127.0.0.1:1/any' };
    await put(someReport());
    const away = await reindex(onlyTenant(), noPostgres);
    expect([away.code, away.counts]).toEqual([1, {}]);
    expect(away.stderr).not.toContain('hunter2');
    expect(away.stderr).not.toBe('');
  }, 60_000);

  it.each([
    ['--tenant 12', '--tenant must be a UUID'],
    ['--domain parks', '--domain needs --tenant'],
    ['--segments 65', '--segments must be 1 to 64'],
  ])('refuses "%s" in one sentence', async (words, sentence) => {
    const { code, stderr } = await reindex(words.split(' '));
    expect([code, stderr.split('\n')[0]]).toEqual([1, sentence]);
  });

  it('names every setting that is missing', async () => {
    const { code, stderr } = await reindex([], { DATABASE_URL: '', REPORTS_TABLE: 'R' });
    expect(code).toBe(1);
    for (const name of ['DATABASE_URL', 'REPORTS_TABLE']) expect(stderr).toContain(name);
  });
});
