// The gate in front of a schema: shut while its migrations are not those of the code, and why; once open it stays open.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { startTestDatabases, type TestDatabases } from '../../local/databases/test-databases.ts';
import { createMigrationGate } from './migration-gate.ts';
import { migrate } from './migrations.ts';
import { createPostgres, type Postgres } from './pool.ts';
import { ensureRole } from './roles.ts';

const login = { role: 'shop_app', password: 'shop', schema: 'shop' };
let databases: TestDatabases;
let adminUrl: string;
let directory: string;
let app: Postgres;
let reasons: string[];
let count = 0;

beforeAll(async () => {
  databases = await startTestDatabases();
}, 30_000);
afterAll(() => databases?.stop());

beforeEach(async () => {
  count += 1;
  adminUrl = await databases.createDatabase(`gate_${count}`);
  directory = await mkdtemp(join(tmpdir(), 'migrations-'));
  reasons = [];
  await writeFile(join(directory, '0001_a.sql'), 'grant select on shop.migrations to shop_app');
  await writeFile(join(directory, '0002_b.sql'), 'select 1');
  await ensureRole({ adminUrl, ...login });
  app = createPostgres({
    url: Object.assign(new URL(adminUrl), { username: login.role, password: login.password }).toString(),
    applicationName: 'gate',
    sizeMax: 1,
    acquireTimeoutMs: 10_000,
    onError: () => undefined,
  });
});
afterEach(async () => {
  await app.close();
  await rm(directory, { recursive: true, force: true });
});

const migrateShop = () => migrate({ url: adminUrl, schema: 'shop', directory });
const openGate = () =>
  createMigrationGate({ client: app, schema: 'shop', directory, onMismatch: (why) => reasons.push(why) });

async function admin(text: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  await client.query(text);
  await client.end();
}

describe('createMigrationGate', () => {
  it('is open when the schema holds exactly the migrations of the code', async () => {
    await migrateShop();
    await openGate()();
    expect(reasons).toEqual([]);
  });

  it('names the first migration that is missing, once, and opens when it is there', async () => {
    const gate = openGate();
    await expect(gate()).rejects.toThrow('shop lacks migration 0001_a.sql');
    await expect(gate()).rejects.toThrow('shop lacks migration 0001_a.sql');
    expect(reasons).toEqual(['shop lacks migration 0001_a.sql']);
    await migrateShop();
    await writeFile(join(directory, '0003_c.sql'), 'select 1');
    await expect(gate()).rejects.toThrow('shop lacks migration 0003_c.sql');
    await migrateShop();
    await gate();
    expect(reasons).toHaveLength(2);
  });

  it('takes a record that it may not read for missing migrations', async () => {
    await migrateShop();
    await admin('revoke select on shop.migrations from shop_app');
    await expect(openGate()()).rejects.toThrow('shop lacks migration 0001_a.sql');
  });

  it('is open when a newer release has only added to the schema, so that the one before can come back', async () => {
    await migrateShop();
    await admin(`insert into shop.migrations (number, name, checksum) values (3, '0003_new.sql', '')`);
    await admin(
      `insert into shop.migrations (number, name, checksum, needs) values (4, '0004_tidy.sql', '', 2)`,
    );
    await openGate()();
    expect(reasons).toEqual([]);
  });

  it('opens on records of a release that did not know contracts', async () => {
    await migrateShop();
    await admin('alter table shop.migrations drop column needs');
    await openGate()();
  });

  it('stays shut on a schema that the code is too old for, or that differs', async () => {
    await migrateShop();
    await admin(
      `insert into shop.migrations (number, name, checksum, needs) values (3, '0003_new.sql', '', 3)`,
    );
    await expect(openGate()()).rejects.toThrow(
      'shop holds migration 0003_new.sql, which only code with migration 0003 lives with; this code ends at 0002',
    );
    await admin(`delete from shop.migrations where number = 3;
      update shop.migrations set checksum = 'other' where number = 2`);
    await expect(openGate()()).rejects.toThrow('0002_b.sql is not the migration that was applied');
    expect(reasons).toHaveLength(2);
  });

  it('once open, stays open when a newer release migrates', async () => {
    await migrateShop();
    const gate = openGate();
    await gate();
    await admin(`insert into shop.migrations (number, name, checksum) values (3, '0003_new.sql', '')`);
    await gate();
    expect(reasons).toEqual([]);
  });

  it('says nothing of migrations while the database is away', async () => {
    await migrateShop();
    await admin('alter role shop_app nologin');
    await expect(openGate()()).rejects.toMatchObject({ reason: 'unavailable' });
    expect(reasons).toEqual([]);
    await admin('alter role shop_app login');
  });
});
