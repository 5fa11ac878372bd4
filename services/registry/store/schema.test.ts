// The registry's database: its shape, what loading again does, and what row-level security shows with every predicate removed.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { migrate } from '../../../foundation/postgres/migrations.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { systemTenantId, systemUserId } from '../core/system-tenant.ts';
import { insertAgent, insertDomain, insertPrincipal, newPrincipal, storedPlaybook } from './rows.for-test.ts';
import { prepareRegistryDatabase, registrySchema } from './schema.ts';
import { seedBuiltins } from './seed/seed-builtins.ts';

const appPassword = 'for tests @:/';
const tenantTables = {
  agent_definitions: 'definitions',
  agent_versions: 'definitions',
  domain_configurations: 'definitions',
  domain_versions: 'definitions',
  tenants: 'own',
  users: 'own',
  tenant_settings: 'own',
} as const;

let databases: TestDatabases;
let adminUrl: string;
let databaseUrl: string;
let admin: pg.Client;
beforeAll(async () => {
  databases = await startTestDatabases();
  adminUrl = await databases.createDatabase('registry_schema');
  ({ databaseUrl } = await prepareRegistryDatabase({ adminUrl, appPassword }));
  admin = await connect(adminUrl);
}, 60_000);
afterAll(async () => {
  await admin?.end();
  await databases?.stop();
});

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}

async function column(client: pg.Client, text: string, values: unknown[] = []): Promise<string[]> {
  const { rows } = await client.query({ text, values, rowMode: 'array' });
  return rows.map(([value]) => String(value));
}

describe('the schema', () => {
  const shapes = {
    tenants: 'id tenant_name created_at updated_at',
    users: 'id username email cognito_sub tenant_id created_at updated_at',
    teams: 'id team_name tenant_id members created_at updated_at created_by',
    agent_definitions:
      'id agent_id tenant_id agent_name agent_class system_prompt tools agent_dependencies max_output_keys ' +
      'output_schema description enabled is_inbuilt version created_at updated_at created_by',
    domain_configurations:
      'id domain_id tenant_id domain_name description ingestion_playbook query_playbook management_playbook ' +
      'created_at updated_at created_by',
    incidents: 'id tenant_id domain_id raw_text structured_data created_at updated_at created_by',
    image_evidence: 'id incident_id tenant_id s3_key s3_bucket content_type file_size_bytes uploaded_at',
  };

  it.each(Object.entries(shapes))('has the columns of %s', async (table, columns) => {
    const text = `select column_name from information_schema.columns
      where table_schema = 'registry' and table_name = $1 order by ordinal_position`;
    expect((await column(admin, text, [table])).join(' ')).toBe(columns);
  });

  it('has the indexes and triggers that are specified, without what PostGIS is needed for', async () => {
    const indexes = `select indexname from pg_indexes where schemaname = 'registry' and indexname like 'idx%' order by 1`;
    expect(await column(admin, indexes)).toEqual([
      'idx_agents_enabled',
      'idx_agents_tenant',
      'idx_agents_tenant_class',
      'idx_domains_tenant',
      'idx_image_evidence_incident',
      'idx_image_evidence_tenant',
      'idx_incidents_created_at',
      'idx_incidents_structured_data',
      'idx_incidents_tenant_domain',
    ]);
    const triggers = `select tgname from pg_trigger where tgname like 'update%' order by 1`;
    const tables = ['agent_definitions', 'domain_configurations', 'incidents', 'teams', 'tenants', 'users'];
    expect(await column(admin, triggers)).toEqual(tables.map((table) => `update_${table}_updated_at`));
  });

  it('moves updated_at with every update', async () => {
    const text = `update registry.tenants set tenant_name = tenant_name where id = $1
      returning updated_at = now() and updated_at > created_at`;
    expect(await column(admin, text, [systemTenantId])).toEqual(['true']);
  });

  it('refuses a fourth agent class and a domain id twice in one tenant', async () => {
    const own = await storedPrincipal();
    await expect(insertAgent(admin, own, { agentClass: 'poetry' })).rejects.toMatchObject({
      constraint: 'agent_definitions_agent_class_check',
    });
    const twice = { domainId: 'twice', versions: [storedPlaybook([])] };
    await insertDomain(admin, own, twice);
    await expect(insertDomain(admin, own, twice)).rejects.toMatchObject({
      constraint: 'domain_configurations_tenant_id_domain_id_key',
    });
  });
});

describe('prepareRegistryDatabase', () => {
  const everything = async (): Promise<string> => {
    const rows: string[][] = [];
    for (const table of Object.keys(tenantTables)) {
      rows.push(await column(admin, `select to_jsonb(t)::text from registry.${table} t order by 1`));
    }
    return JSON.stringify(rows);
  };

  it('changes nothing when it is repeated, also by several at once', async () => {
    const before = await everything();
    const repeated = await Promise.all(
      [1, 2, 3].map(() => prepareRegistryDatabase({ adminUrl, appPassword })),
    );
    expect(repeated.map(({ migrations }) => migrations)).toEqual([[], [], []]);
    expect(await everything()).toBe(before);
  });

  it('loads 12 agents, their versions and the sample domain, all of the system tenant', async () => {
    const count = (table: string) =>
      column(admin, `select count(*) from registry.${table} where tenant_id = $1`, [systemTenantId]);
    expect(await count('agent_definitions')).toEqual(['12']);
    expect(await count('agent_versions')).toEqual(['12']);
    expect(await count('domain_configurations')).toEqual(['1']);
    expect(await count('domain_versions')).toEqual(['1']);
    const user = 'select username from registry.users where id = $1';
    expect(await column(admin, user, [systemUserId])).toEqual(['system-builtin']);
    expect(await column(admin, 'select registry.system_tenant_id()')).toEqual([systemTenantId]);
  });

  it('makes the schema alone when it is told so', async () => {
    const bare = await databases.createDatabase('registry_bare');
    const prepared = await prepareRegistryDatabase({ adminUrl: bare, appPassword, seed: false });
    expect(prepared.migrations).toHaveLength(3);
    const client = await connect(bare);
    expect(await column(client, 'select count(*) from registry.tenants')).toEqual(['0']);
    await client.end();
  });

  it('loads builtin content under an owner whom row-level security binds too', async () => {
    const database = await databases.createDatabase('registry_owned');
    const setup = await connect(database);
    await setup.query(`create role plain_owner login password 'plain'`);
    await setup.query('grant create on database registry_owned to plain_owner');
    await setup.end();
    const url = Object.assign(new URL(database), { username: 'plain_owner', password: 'plain' }).toString();
    const { schema, directory } = registrySchema;
    await migrate({ url, schema, directory });
    const owner = await connect(url);
    await seedBuiltins(owner);
    await seedBuiltins(owner);
    expect(await column(owner, 'select count(*) from registry.agent_versions')).toEqual(['12']);
    await expect(
      owner.query(`insert into registry.tenants (tenant_name) values ('Anyone')`),
    ).rejects.toMatchObject({ code: '42501' });
    await owner.end();
  });
});

async function storedPrincipal() {
  const principal = newPrincipal();
  await insertPrincipal(admin, principal);
  const settings = `insert into registry.tenant_settings (tenant_id, settings) values ($1, '{}')`;
  await admin.query(settings, [principal.tenantId]);
  await insertAgent(admin, principal);
  await insertDomain(admin, principal, { domainId: 'own', versions: [storedPlaybook([])] });
  return principal;
}

describe('the app role, with every predicate removed', () => {
  let app: pg.Client;
  beforeAll(async () => {
    app = await connect(databaseUrl);
    await storedPrincipal();
  });
  afterAll(() => app.end());
  beforeEach(async () => {
    await app.query('reset app.tenant');
  });
  const actAs = (tenantId: string) => app.query(`select set_config('app.tenant', $1, false)`, [tenantId]);
  const tenantsIn = (table: string) =>
    column(app, `select distinct ${table === 'tenants' ? 'id' : 'tenant_id'} from registry.${table}`);

  it.each(Object.entries(tenantTables))(
    'sees in %s its own rows, and the definitions of the platform',
    async (table, kind) => {
      const { tenantId } = await storedPrincipal();
      await actAs(tenantId);
      const visible = kind === 'definitions' ? [tenantId, systemTenantId] : [tenantId];
      expect((await tenantsIn(table)).sort()).toEqual(visible.sort());
    },
  );

  it.each(Object.keys(tenantTables))('sees nothing in %s without a tenant', async (table) => {
    expect(await tenantsIn(table)).toEqual([]);
    await actAs('');
    expect(await tenantsIn(table)).toEqual([]);
  });

  it('writes neither for another tenant nor for the system tenant', async () => {
    const [own, other] = [await storedPrincipal(), await storedPrincipal()];
    const refused = { code: '42501' };
    const insertUser = 'insert into registry.users (tenant_id) values ($1)';
    await actAs(own.tenantId);
    await expect(app.query(insertUser, [other.tenantId])).rejects.toMatchObject(refused);
    await expect(
      app.query(`insert into registry.tenants (tenant_name) values ('Any')`),
    ).rejects.toMatchObject(refused);
    const update = await app.query(`update registry.tenant_settings set settings = '{"time_zone": "UTC"}'`);
    expect(update.rowCount).toBe(1);
    await actAs(systemTenantId);
    await expect(app.query(insertUser, [systemTenantId])).rejects.toMatchObject(refused);
  });

  it('never changes a version, and owns nothing', async () => {
    await actAs((await storedPrincipal()).tenantId);
    for (const table of ['agent_versions', 'domain_versions']) {
      await expect(app.query(`update registry.${table} set version = 2`)).rejects.toMatchObject({
        code: '42501',
      });
      await expect(app.query(`delete from registry.${table}`)).rejects.toMatchObject({ code: '42501' });
    }
    const owned = 'select count(*) from pg_class where pg_get_userbyid(relowner) = current_user';
    expect(await column(app, owned)).toEqual(['0']);
    const rights = 'select rolsuper or rolbypassrls from pg_roles where rolname = current_user';
    expect(await column(app, rights)).toEqual(['false']);
  });

  it('finds row-level security forced on every table that holds rows of tenants', async () => {
    const unforced = `select relname from pg_class
      where relnamespace = 'registry'::regnamespace and relkind = 'r'
        and not (relrowsecurity and relforcerowsecurity)`;
    expect(await column(admin, unforced)).toEqual(['migrations']);
  });
});
