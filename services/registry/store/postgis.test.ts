// What needs PostGIS: made by the real migrations where the server has it, and by a later preparation when the server gets it later.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { migrate } from '../../../foundation/postgres/migrations.ts';
import { ensureRole } from '../../../foundation/postgres/roles.ts';
import {
  type DebianPostgres,
  describeOnDebianPostgis,
  startDebianPostgres,
} from './debian-postgres.for-test.ts';
import { type PgliteServer, startPgliteWithPostgis } from './pglite-server.for-test.ts';
import { ensureIncidentLocation } from './postgis.ts';
import { prepareRegistryDatabase, registrySchema } from './schema.ts';
import { reportDatabase, testSchema } from './verify-database.ts';

const appPassword = 'for tests';

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const unmet = (url: string) =>
  withClient(url, async (client) => (await testSchema(client)).filter(({ status }) => status !== 'passed'));

const nearest = `select raw_text from registry.incidents
  where location is not null order by location <-> $1 limit 1`;

async function expectPlaces(url: string): Promise<void> {
  await withClient(url, async (client) => {
    const insert = 'insert into registry.incidents (raw_text, location) values ($1, $2)';
    await client.query(insert, ['Madrid', 'point(-3.70 40.42)']);
    await client.query(insert, ['Boston', 'point(-71.06 42.36)']);
    const { rows } = await client.query(nearest, ['point(-74.00 40.71)']);
    expect(rows).toEqual([{ raw_text: 'Boston' }]);
    await client.query('delete from registry.incidents');
  });
}

describe('a database with PostGIS, in PGlite', () => {
  let server: PgliteServer;
  beforeAll(async () => {
    server = await startPgliteWithPostgis();
  }, 120_000);
  afterAll(() => server?.stop());

  it('gets the whole schema from the real migrations, and nothing is left out', async () => {
    const prepared = await prepareRegistryDatabase({ adminUrl: server.url, appPassword });
    expect(prepared.warnings).toEqual([]);
    expect(await unmet(server.url)).toEqual([]);
    const { report, complete } = await withClient(server.url, reportDatabase);
    expect([complete, report.left_out, report.indexes.length]).toEqual([true, [], 10]);
  }, 60_000);

  it('finds the incident that is nearest', async () => {
    await expectPlaces(server.url);
  });

  it('shows the app role only rows of its tenant', async () => {
    await withClient(server.url, async (client) => {
      await client.query(`insert into registry.tenants (id, tenant_name)
        values ('aaaaaaaa-0000-7000-8000-000000000001', 'A'), ('bbbbbbbb-0000-7000-8000-000000000001', 'B')`);
      await client.query('begin');
      await client.query('set local role registry_app');
      await client.query(`set local app.tenant = 'aaaaaaaa-0000-7000-8000-000000000001'`);
      const { rows } = await client.query('select tenant_name from registry.tenants');
      expect(rows).toEqual([{ tenant_name: 'A' }]);
      await client.query('rollback');
    });
  });

  it('gets what was left out when PostGIS came later', async () => {
    await withClient(server.url, async (client) => {
      await client.query('alter table registry.incidents drop column location');
      await client.query('drop extension postgis');
    });
    expect((await unmet(server.url)).map(({ name, status }) => [name, status])).toEqual([
      ['postgis', 'skipped'],
      ['incidents.location', 'skipped'],
      ['idx_incidents_location', 'skipped'],
    ]);
    const again = await prepareRegistryDatabase({ adminUrl: server.url, appPassword });
    expect([again.migrations, again.warnings]).toEqual([[], []]);
    expect(await unmet(server.url)).toEqual([]);
  }, 60_000);

  it('counts the column as missing, not as left out, once PostGIS is installed', async () => {
    await withClient(server.url, (client) =>
      client.query('alter table registry.incidents drop column location'),
    );
    expect((await unmet(server.url)).map(({ name, status }) => [name, status])).toEqual([
      ['incidents.location', 'failed'],
      ['idx_incidents_location', 'failed'],
    ]);
  });
});

describeOnDebianPostgis("a database with PostGIS, in Debian's PostgreSQL 15", () => {
  let server: DebianPostgres;
  beforeAll(async () => {
    server = await startDebianPostgres();
  }, 60_000);
  afterAll(() => server?.stop());

  it('gets the whole schema from the real migrations, and nothing is left out', async () => {
    const adminUrl = await server.createDatabase('with_postgis');
    expect((await prepareRegistryDatabase({ adminUrl, appPassword })).warnings).toEqual([]);
    expect(await unmet(adminUrl)).toEqual([]);
    await expectPlaces(adminUrl);
  });

  it('takes PostGIS from whichever schema it lies in', async () => {
    const adminUrl = await server.createDatabase('elsewhere');
    await withClient(adminUrl, async (client) => {
      await client.query('create schema places');
      await client.query('create extension postgis schema places');
    });
    await prepareRegistryDatabase({ adminUrl, appPassword });
    expect(await unmet(adminUrl)).toEqual([]);
  });

  it('leaves it out, and says so, for a role that may not install it', async () => {
    const adminUrl = await server.createDatabase('not_allowed');
    await ensureRole({ adminUrl, role: registrySchema.role, password: appPassword, schema: 'public' });
    await withClient(adminUrl, async (client) => {
      await client.query('create role plain_owner login');
      await client.query('grant create on database not_allowed to plain_owner');
    });
    const url = Object.assign(new URL(adminUrl), { username: 'plain_owner' }).toString();
    await migrate({ url, schema: registrySchema.schema, directory: registrySchema.directory });
    const warning = await withClient(url, ensureIncidentLocation);
    expect(warning).toContain('may not be installed by this role');
    expect(warning).toContain('idx_incidents_location are left out');
    expect((await unmet(url)).map(({ status }) => status)).toEqual(['skipped', 'skipped', 'skipped']);
  });
});
