// db-init on real servers: what it makes, what it says, and that a fault leaves what it should.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { withOwnClient } from '../../foundation/postgres/own-client.ts';
import { type OwnTestDatabases, startOwnTestDatabases } from '../../local/databases/test-databases.ts';
import {
  type DebianPostgres,
  describeOnDebianPostgres,
  startDebianPostgres,
} from '../../services/registry/store/debian-postgres.for-test.ts';
import { reportDatabase } from '../../services/registry/store/verify-database.ts';
import { readInitSettings } from './admin-settings.ts';
import { initDatabase } from './init-database.ts';

const passwords = {
  REGISTRY_DB_PASSWORD: 'the registry enters @:/',
  REPORTS_DB_PASSWORD: 'the reports enter',
  ORCHESTRATOR_DB_PASSWORD: 'the orchestrator enters',
  ENGINE_DB_PASSWORD: 'the engine enters',
};
const roles = {
  registry_app: passwords.REGISTRY_DB_PASSWORD,
  reports_app: passwords.REPORTS_DB_PASSWORD,
  orchestrator_app: passwords.ORCHESTRATOR_DB_PASSWORD,
  orchestrator_engine: passwords.ENGINE_DB_PASSWORD,
};
const settingsOf = (adminUrl: string, changes: Record<string, string> = {}) =>
  readInitSettings({ ADMIN_DATABASE_URL: adminUrl, ...passwords, ...changes });

const withClient = <T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> =>
  withOwnClient({ connectionString: url }, work);

const run = (url: string, text: string) =>
  withClient(url, async (client) => (await client.query<{ count: string }>(text)).rows[0]?.count);

describe('initDatabase', () => {
  let databases: OwnTestDatabases;
  let url: string;
  let count = 0;
  beforeAll(async () => {
    databases = await startOwnTestDatabases();
  }, 30_000);
  afterAll(() => databases?.stop());
  beforeEach(async () => {
    count += 1;
    url = await databases.createDatabase(`init_${count}`);
  });

  it('makes every schema without content, and warns that PostGIS is missing', async () => {
    expect(await initDatabase(settingsOf(url), { seed: false })).toEqual({
      status: 200,
      message: 'The schemas registry, reports and orchestrator are in place',
      schema_created: true,
      data_seeded: false,
      warnings: [expect.stringMatching(/^PostGIS is not available on this server: .* are left out/)],
    });
    expect(await run(url, 'select count(*) from registry.tenants')).toBe('0');
    for (const schema of ['registry', 'reports', 'orchestrator']) {
      expect(await run(url, `select count(*) from ${schema}.migrations`)).not.toBe('0');
    }
  });

  it('lets each role in with the password that it was given', async () => {
    await initDatabase(settingsOf(url), { seed: false });
    for (const [username, password] of Object.entries(roles)) {
      const entered = Object.assign(new URL(url), { username, password: encodeURIComponent(password) });
      expect(await run(entered.toString(), 'select 1 as count')).toBe(1);
    }
  });

  it('loads the builtin content, and changes nothing when it is repeated', async () => {
    await initDatabase(settingsOf(url), { seed: true });
    const everything = `select md5(string_agg(a::text, '' order by a.id)) as count from registry.agent_definitions a`;
    const before = await run(url, everything);
    const again = await initDatabase(settingsOf(url), { seed: true });
    expect(again).toMatchObject({ status: 200, schema_created: true, data_seeded: true });
    expect(await run(url, everything)).toBe(before);
    expect((await withClient(url, reportDatabase)).complete).toBe(true);
  });

  it('keeps the schema when the content cannot be loaded', async () => {
    await initDatabase(settingsOf(url), { seed: false });
    await run(url, 'alter table registry.tenants add constraint shut check (false)');
    const answer = await initDatabase(settingsOf(url), { seed: true });
    expect(answer).toEqual({
      status: 500,
      error: expect.stringContaining('"shut"'),
      schema_created: true,
      data_seeded: false,
    });
    await run(url, 'alter table registry.tenants drop constraint shut');
    expect(await initDatabase(settingsOf(url), { seed: true })).toMatchObject({ status: 200 });
  });

  it('makes everything anew after the schemas were dropped', async () => {
    await initDatabase(settingsOf(url), { seed: true });
    await run(url, 'drop schema registry, reports, orchestrator cascade');
    expect((await withClient(url, reportDatabase)).complete).toBe(false);
    expect(await initDatabase(settingsOf(url), { seed: true })).toMatchObject({ status: 200 });
    expect((await withClient(url, reportDatabase)).complete).toBe(true);
  });

  it('refuses a database that its code is too old for, and changes nothing in it', async () => {
    await initDatabase(settingsOf(url), { seed: false });
    await run(
      url,
      `insert into registry.migrations (number, name, checksum, needs) values (9999, '9999_new.sql', '', 9999)`,
    );
    expect(await initDatabase(settingsOf(url), { seed: true })).toEqual({
      status: 500,
      error: expect.stringMatching(
        /^registry holds migration 9999_new\.sql, which only code with migration 9999 lives with; this code ends at \d{4}$/,
      ),
      schema_created: false,
      data_seeded: false,
    });
    expect(await run(url, 'select count(*) from registry.tenants')).toBe('0');
  });

  it.each([
    ['a wrong password', (good: string) => Object.assign(new URL(good), { password: 'hunter2hunter2' })],
    ['an unknown database', (good: string) => Object.assign(new URL(good), { pathname: '/nowhere' })],
    ['a port where nobody listens', (good: string) => Object.assign(new URL(good), { port: '1' })],
  ])('answers %s with 500 and shows no password', async (_what, change) => {
    const wrong = change(url);
    const answer = await initDatabase(settingsOf(wrong.toString()), { seed: true });
    expect(answer).toMatchObject({ status: 500, schema_created: false, data_seeded: false });
    for (const secret of [wrong.password, ...Object.values(passwords)]) {
      expect(JSON.stringify(answer)).not.toContain(secret);
    }
  });

  it('shows no password that it may not use either', async () => {
    const settings = settingsOf(url, { REPORTS_DB_PASSWORD: 'contraseña' });
    const answer = await initDatabase(settings, { seed: true });
    expect(answer).toMatchObject({ status: 500, error: 'A database password must be printable ASCII' });
  });

  it('gives up at its deadline, even if the server never answers', async () => {
    const sockets: Socket[] = [];
    const mute = createServer((socket) => void sockets.push(socket)).listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const { port } = mute.address() as AddressInfo;
    const settings = settingsOf(`postgresql://admin:secret@127.0.0.1:${port}/any`);
    expect(await initDatabase(settings, { seed: true, deadlineMs: 100 })).toEqual({
      status: 500,
      error: 'The database was not ready within 0.1 s',
      schema_created: false,
      data_seeded: false,
    });
    for (const socket of sockets) socket.destroy();
    mute.close();
    await once(mute, 'close');
  });

  it('leaves nothing waiting in the server for a lock that is never given', async () => {
    await initDatabase(settingsOf(url), { seed: false });
    await withClient(url, async (client) => {
      await client.query('begin');
      await client.query('lock table registry.tenants in access exclusive mode');
      const answer = await initDatabase(settingsOf(url), { seed: true, deadlineMs: 1_000 });
      expect(answer).toMatchObject({ status: 500, data_seeded: false });
      const waiting = `select count(*) from pg_locks where not granted and database =
        (select oid from pg_database where datname = current_database())`;
      for (;;) {
        const { rows } = await client.query<{ count: string }>(waiting);
        if (rows[0]?.count === '0') break;
      }
      await client.query('rollback');
    });
  });
});

describeOnDebianPostgres("initDatabase on Debian's PostgreSQL 15", () => {
  let server: DebianPostgres;
  beforeAll(async () => {
    server = await startDebianPostgres();
  }, 60_000);
  afterAll(() => server?.stop());

  it('makes every schema with its content', async () => {
    const url = await server.createDatabase('init');
    expect(await initDatabase(settingsOf(url), { seed: true })).toMatchObject({
      status: 200,
      data_seeded: true,
    });
    expect((await withClient(url, reportDatabase)).complete).toBe(true);
  });
});
