// The command import-legacy as an operator runs it: every legacy row becomes the report that it always becomes, or is named.
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createDocumentClient } from '../foundation/dynamodb/client.ts';
import { ensureTables } from '../foundation/dynamodb/tables.ts';
import { idOfPrefixed, idTimeMs } from '../foundation/ids/ids.ts';
import { type OwnTestDatabases, startOwnTestDatabases } from '../local/databases/test-databases.ts';
import { prepareRegistryDatabase } from '../services/registry/store/schema.ts';
import type { Report } from '../services/reports/core/report.ts';
import { tombstoneOf } from '../services/reports/core/tombstone.ts';
import { createDynamodbStore } from '../services/reports/store/dynamodb-store.ts';
import type { ReportStore } from '../services/reports/store/store.ts';
import { reportsTables } from '../services/reports/store/tables.ts';

const createdAt = '2019-03-04T05:06:07.089Z';
const updatedAt = '2020-01-01T00:00:00.000Z';
let databases: OwnTestDatabases;
let adminUrl: string;
let admin: pg.Client;
let client: DynamoDBDocumentClient;
let store: ReportStore;
let bucket: Server;
const objects = new Set<string>();
let tenantId: string;

beforeAll(async () => {
  databases = await startOwnTestDatabases();
  adminUrl = await databases.createDatabase('legacy');
  await prepareRegistryDatabase({ adminUrl, appPassword: 'registry-test', seed: false });
  admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  client = createDocumentClient({
    endpoint: databases.dynamoEndpoint,
    region: 'local',
    requestTimeoutMs: 5_000,
  });
  await ensureTables(client, reportsTables({ reports: 'Reports', patches: 'Patches' }));
  store = createDynamodbStore({ client, table: 'Reports' });
  bucket = createServer((request, response) => {
    const isThere = objects.has(decodeURIComponent(request.url ?? '').replace('/images/', ''));
    const headers = { 'content-length': '321', 'content-type': 'image/webp' };
    response.writeHead(isThere ? 200 : 404, isThere ? headers : {}).end();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => bucket.once('listening', resolve));
}, 60_000);

afterAll(async () => {
  await admin?.end();
  client?.destroy();
  bucket?.closeAllConnections();
  await new Promise((resolve) => bucket.close(resolve));
  await databases?.stop();
});

beforeEach(async () => {
  tenantId = randomUUID();
  await admin.query('delete from registry.incidents');
  await admin.query('insert into registry.tenants (id, tenant_name) values ($1, $2)', [tenantId, 'Old town']);
});

interface Ended {
  readonly code: number;
  readonly counts: Record<string, unknown>;
  readonly stderr: string;
}

function importLegacy(args: readonly string[] = [], settings: Record<string, string> = {}): Promise<Ended> {
  const { port } = bucket.address() as AddressInfo;
  const env = {
    PATH: process.env.PATH,
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
    ADMIN_DATABASE_URL: adminUrl,
    DYNAMODB_ENDPOINT: databases.dynamoEndpoint,
    OBJECTS_BUCKET: 'images',
    OBJECTS_ENDPOINT: `http://127.0.0.1:${port}`,
    OBJECTS_ACCESS_KEY_ID: 'one',
    OBJECTS_SECRET_ACCESS_KEY: 'two',
    ...settings,
  };
  const command = [join(import.meta.dirname, 'import-legacy.ts'), ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, command, { env }, (error, stdout, stderr) => {
      const counts = stdout === '' ? {} : JSON.parse(stdout);
      resolve({ code: error ? Number(error.code) : 0, counts, stderr });
    });
  });
}

/** Stores a row and answers its id. Given columns go before those of a row without faults. */
async function insert(table: 'incidents' | 'image_evidence', columns: object): Promise<string> {
  const plain = { tenant_id: tenantId };
  const incident = {
    ...{ domain_id: 'civic_complaints', raw_text: 'A pothole on Main Street', created_at: createdAt },
    ...{ structured_data: '{"category":"roads"}', updated_at: updatedAt, created_by: randomUUID() },
  };
  const row = { ...plain, ...(table === 'incidents' ? incident : {}), ...columns };
  const names = Object.keys(row);
  const { rows } = await admin.query(
    `insert into registry.${table} (${names}) values (${names.map((_, at) => `$${at + 1}`)}) returning id`,
    Object.values(row),
  );
  return rows[0].id;
}

/** Every report of the tenant. */
async function reports(): Promise<readonly Report[]> {
  const all: Report[] = [];
  for await (const keys of store.walk({ tenantId })) all.push(...(await store.findMany(keys)));
  return all;
}

async function onlyReport(): Promise<Report> {
  const [report, ...more] = await reports();
  expect(more).toEqual([]);
  if (!report) throw new Error('There is no report');
  return report;
}

describe('import-legacy', () => {
  it('makes the report of an incident, of its time, its owner and its findings', async () => {
    const createdBy = randomUUID();
    await insert('incidents', { created_by: createdBy });
    const { code, counts, stderr } = await importLegacy();
    expect([code, stderr]).toEqual([0, '']);
    expect(counts).toEqual({ dry_run: false, imported: 1, present: 0, refused: 0, images: 0, unverified: 0 });
    const report = await onlyReport();
    expect(report).toMatchObject({
      ...{ tenantId, domainId: 'civic_complaints', rawText: 'A pothole on Main Street', createdBy },
      ...{ source: 'legacy', status: 'completed', createdAt, updatedAt, version: 1, images: [] },
      findings: { ingestionData: { category: 'roads' } },
    });
    expect(idOfPrefixed('inc_', report.incidentId)).toBe(report.id);
    expect(idTimeMs(report.id)).toBe(Date.parse(createdAt));
  }, 30_000);

  it('changes nothing when it is repeated, and brings back nothing that was deleted', async () => {
    await insert('incidents', {});
    await insert('incidents', { raw_text: 'Deleted soon' });
    await importLegacy();
    const [one, other] = await reports();
    const [kept, gone] = one?.rawText === 'Deleted soon' ? [other, one] : [one, other];
    if (!kept || !gone) throw new Error('Both were imported');
    const changed = { ...kept, status: 'closed', version: 2 };
    await store.replace(changed);
    await store.remove(tombstoneOf(gone, new Date().toISOString()));
    await insert('incidents', { raw_text: 'New since' });
    expect((await importLegacy(['--dry-run'])).counts).toMatchObject({
      dry_run: true,
      imported: 1,
      present: 2,
    });
    expect((await importLegacy()).counts).toMatchObject({ imported: 1, present: 2 });
    const texts = (await reports()).map(({ rawText, status }) => `${rawText}: ${status}`);
    expect(texts.sort()).toEqual(['A pothole on Main Street: closed', 'New since: completed']);
  }, 30_000);

  it('stores nothing in a dry run, and nothing of other tenants where one is named', async () => {
    await insert('incidents', {});
    expect((await importLegacy(['--dry-run'])).counts).toMatchObject({ dry_run: true, imported: 1 });
    expect(await reports()).toEqual([]);
    expect((await importLegacy(['--tenant', randomUUID()])).counts).toMatchObject({
      imported: 0,
      refused: 0,
    });
    expect(await reports()).toEqual([]);
    expect((await importLegacy(['--tenant', tenantId])).counts).toMatchObject({ imported: 1 });
    expect(await reports()).toHaveLength(1);
  }, 30_000);

  it('names everything that is wrong with a row, and imports the others', async () => {
    const bad = await insert('incidents', {
      domain_id: 'No Domain',
      raw_text: null,
      structured_data: '[1]',
      created_at: '1969-01-01T00:00:00Z',
    });
    const homeless = await insert('incidents', { tenant_id: null });
    await insert('incidents', {});
    const { code, counts, stderr } = await importLegacy();
    expect([code, counts]).toMatchObject([1, { imported: 1, refused: 2 }]);
    const lines = stderr.trim().split('\n');
    const line = lines.find((text) => text.startsWith(`${bad}: `)) ?? '';
    for (const field of ['domain_id', 'raw_text', 'structured_data must be an object', 'created_at'])
      expect(line).toContain(field);
    expect(lines).toContain(`${homeless}: tenant_id is missing`);
  }, 30_000);

  it('keeps images of the own bucket by key, looks whether they are there, and keeps others as places', async () => {
    const incident_id = await insert('incidents', {});
    const image = { incident_id, s3_bucket: 'images', content_type: 'image/png', file_size_bytes: 7 };
    await insert('image_evidence', { ...image, s3_key: 'old/there it is.png', uploaded_at: '2019-01-01' });
    await insert('image_evidence', { ...image, s3_key: 'old/gone.png', uploaded_at: '2019-01-02' });
    const elsewhere = { s3_bucket: 'other', s3_key: 'a.png', uploaded_at: '2019-01-03' };
    await insert('image_evidence', { ...image, ...elsewhere, content_type: null });
    objects.add('old/there it is.png');
    expect((await importLegacy()).counts).toMatchObject({ imported: 1, images: 3, unverified: 2 });
    const { images } = await onlyReport();
    expect(images).toEqual([
      {
        ...{ objectKey: 'old/there it is.png', contentType: 'image/png', sizeBytes: 321, verified: true },
        ...{ url: '', checksum: '' },
      },
      {
        ...{ objectKey: 'old/gone.png', contentType: 'image/png', sizeBytes: 7, verified: false },
        ...{ url: '', checksum: '' },
      },
      {
        ...{ objectKey: '', contentType: '', sizeBytes: 7, verified: false },
        ...{ url: 's3://other/a.png', checksum: '' },
      },
    ]);
  }, 30_000);

  it('records all images as unverified without a bucket, and refuses keys of other tenants', async () => {
    const incident_id = await insert('incidents', {});
    const image = { incident_id, s3_bucket: 'images' };
    await insert('image_evidence', { ...image, s3_key: `${tenantId}/own.png` });
    const noBucket = { OBJECTS_BUCKET: '' };
    const { counts } = await importLegacy(['--dry-run'], noBucket);
    expect(counts).toMatchObject({ imported: 1, images: 1, unverified: 1 });
    for (const s3_key of [`${randomUUID()}/foreign.png`, `uploads/${tenantId}/new.png`, '', null])
      await insert('image_evidence', { ...image, s3_key });
    const refused = await importLegacy([], noBucket);
    expect(refused.counts).toMatchObject({ imported: 0, refused: 1 });
    expect(refused.stderr.match(/images\[[1-4]\]/g)).toHaveLength(4);
    expect(await reports()).toEqual([]);
  }, 30_000);

  it('reads as many rows as there are, over several batches', async () => {
    await admin.query(
      `insert into registry.incidents (tenant_id, domain_id, raw_text, created_at)
       select $1, 'parks', 'Tree ' || n, now() from generate_series(1, 450) as n`,
      [tenantId],
    );
    const { code, counts } = await importLegacy();
    expect([code, counts.imported]).toEqual([0, 450]);
    const texts = new Set((await reports()).map(({ rawText }) => rawText));
    expect(texts.size).toBe(450);
  }, 60_000);

  it('names every setting that is missing, and what cannot be reached', async () => {
    const none = await importLegacy([], { ADMIN_DATABASE_URL: '', REPORTS_TABLE: 'R', OBJECTS_BUCKET: 'I' });
    expect(none.code).toBe(1);
    for (const name of ['ADMIN_DATABASE_URL', 'REPORTS_TABLE', 'OBJECTS_BUCKET'])
      expect(none.stderr).toContain(name);
    const away = await importLegacy([], {
      ADMIN_DATABASE_URL: 'postgresql://a:hunter2hunter2@127.0.0.1:1/b',
    });
    expect([away.code, away.stderr]).toEqual([1, expect.stringContaining('ECONNREFUSED')]);
    expect(away.stderr).not.toContain('hunter2');
  }, 30_000);

  it('refuses a role that would see no rows', async () => {
    await admin.query(`create role bound login password 'bound-password'`);
    const bound = Object.assign(new URL(adminUrl), { username: 'bound', password: 'bound-password' });
    const { code, stderr } = await importLegacy([], { ADMIN_DATABASE_URL: bound.toString() });
    expect([code, stderr]).toEqual([1, 'The admin must bypass row-level security to read all incidents\n']);
  }, 30_000);
});
