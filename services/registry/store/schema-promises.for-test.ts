// What the registry's database promises on every server: its shape, what preparing it again does, and what row-level security shows with
// every predicate removed. A test file names the server.
import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import { migrate } from '../../../foundation/postgres/migrations.ts';
import { systemTenantId, systemUserId } from '../core/system-tenant.ts';
import { insertAgent, insertDomain, insertPrincipal, newPrincipal, storedPlaybook } from './rows.for-test.ts';
import { prepareRegistryDatabase, registrySchema } from './schema.ts';
import { seedBuiltins } from './seed/seed-builtins.ts';
import { testSchema } from './verify-database.ts';

const appPassword = 'for tests @:/';
/** Tables of which every tenant sees the platform's rows too. */
const definitionTables = [
  'agent_definitions',
  'agent_versions',
  'domain_configurations',
  'domain_versions',
  'tools',
  'tool_permissions',
];
/** Tables that the service reaches by functions alone, and those that came with the core schema and that it does not touch. */
const untouchedTables = ['breaker_reports', 'forced_breakers', 'image_evidence', 'incidents'];
const postgisChecks = ['postgis', 'incidents.location', 'idx_incidents_location'];

/** A server to hold to the promises. */
export interface ServerForTest {
  /** Answers the URL of a superuser. */
  createDatabase(name: string): Promise<string>;
  stop(): Promise<void>;
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}

async function column(client: pg.Client, text: string, values: unknown[] = []): Promise<string[]> {
  const { rows } = await client.query({ text, values, rowMode: 'array' });
  return rows.map(([value]) => String(value));
}

interface PreparedDatabase {
  server: ServerForTest;
  adminUrl: string;
  databaseUrl: string;
  admin: pg.Client;
}

/** A prepared database, there before the first test and gone after the last. */
function usePreparedDatabase(start: () => Promise<ServerForTest>): PreparedDatabase {
  const used = {} as PreparedDatabase;
  beforeAll(async () => {
    used.server = await start();
    used.adminUrl = await used.server.createDatabase('registry_schema');
    const { databaseUrl } = await prepareRegistryDatabase({ adminUrl: used.adminUrl, appPassword });
    used.databaseUrl = databaseUrl;
    used.admin = await connect(used.adminUrl);
  }, 60_000);
  afterAll(async () => {
    await used.admin?.end();
    await used.server?.stop();
  });
  return used;
}

/** Writes a new tenant with a row of its own in every table that the service touches. */
async function storeTenant(admin: pg.Client): Promise<Principal> {
  const principal = newPrincipal();
  const { userId } = principal;
  await insertPrincipal(admin, principal);
  const agentId = await insertAgent(admin, principal);
  await insertDomain(admin, principal, { domainId: 'own', versions: [storedPlaybook([])] });
  const insert = insertFor(admin, principal);
  const tool = [newId(), 'own_tool', 'custom', 'none', 'read', userId];
  await insert('tools', 'id, tool_name, tool_type, auth_method, effect, created_by', tool);
  await insert('tool_permissions', 'agent_id, tool_name, granted_by', [agentId, 'own_tool', userId]);
  await storeOwnRows(admin, principal);
  return principal;
}

function insertFor(admin: pg.Client, { tenantId }: Pick<Principal, 'tenantId'>) {
  return (table: string, columns: string, values: readonly unknown[]) =>
    admin.query(
      `insert into registry.${table} (tenant_id, ${columns}) values ($1, ${values.map((_, at) => `$${at + 2}`)})
      on conflict do nothing`,
      [tenantId, ...values],
    );
}

/** Writes rows that no other tenant may see, whoever the tenant is. */
async function storeOwnRows(admin: pg.Client, owner: Pick<Principal, 'tenantId' | 'userId'>): Promise<void> {
  const { userId } = owner;
  const insert = insertFor(admin, owner);
  await insert('tenant_settings', 'settings', ['{}']);
  await insert('teams', 'team_name, created_by', ['Own', userId]);
  const call = [newId(), 'job_1', 'task', 1, 1, 1, 'agent-1', 1, '', 'any', 'any', 'now', '2026-01-01', 0, 0];
  await insert(
    'usage_ledger',
    `id, job_id, task_id, attempt, number, repeat, agent_id, agent_version, domain_id, provider, model, reserved_at, day,
    input_tokens_estimate, output_tokens_max`,
    call,
  );
  await insert('usage_totals', 'scope, scope_id, month, currency, money', [
    'tenant',
    '',
    '2026-01',
    'EUR',
    1,
  ]);
  const keyId = `key_${newId().replaceAll('-', '')}`;
  const key = [newId(), keyId, 'Own', 'user', Buffer.from(keyId.slice(4)), 10, 'viewer', userId, userId];
  await insert('api_keys', 'id, key_id, name, kind, key_hash, rate_limit, role, user_id, created_by', key);
  await storeGoldenSet(admin, owner);
  const entry = [newId(), 'create', 'team', 'Own', 'success', userId, 0];
  await insert(
    'audit_log',
    'id, operation_type, entity_type, entity_id, status, user_id, duration_ms',
    entry,
  );
}

/** A golden set of any domain of the tenant's, with the result of a gate. */
async function storeGoldenSet(
  admin: pg.Client,
  owner: Pick<Principal, 'tenantId' | 'userId'>,
): Promise<void> {
  const { tenantId, userId } = owner;
  const insert = insertFor(admin, owner);
  const anyDomain = 'select id from registry.domain_configurations where tenant_id = $1 limit 1';
  const [domain] = await column(admin, anyDomain, [tenantId]);
  const set = [domain, 'own', 1, 'query', false, '{}', 'now', 'now', userId, userId];
  await insert(
    'golden_sets',
    'domain_configuration_id, name, version, playbook, required, definition, created_at, updated_at, created_by, updated_by',
    set,
  );
  await insert(
    'gate_results',
    'gate_id, domain_configuration_id, name, version, candidate_hash, present_hash, passed',
    [newId(), domain, 'own', 1, 'a', 'b', true],
  );
}

/** A table of the schema as the catalogue has it. */
interface TenantTable {
  readonly name: string;
  /** The column that says whose a row is. */
  readonly whose: string;
  /** What the role of the service may do with it. */
  readonly rights: readonly string[];
}

const selectTables = `select c.relname as name, case c.relname when 'tenants' then 'id' else 'tenant_id' end as whose,
  array(
    select wanted from unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE']) wanted
    where has_table_privilege('${registrySchema.role}', c.oid, wanted)
  ) as rights
from pg_class c
where c.relnamespace = 'registry'::regnamespace and c.relkind in ('r', 'p') and c.relname <> 'migrations'
order by c.relname`;

/** Every table that holds rows of tenants, those included that nobody thought of here. */
async function tablesOf(admin: pg.Client, right?: string): Promise<readonly TenantTable[]> {
  const { rows } = await admin.query<TenantTable>(selectTables);
  return rows.filter(({ rights }) => right === undefined || rights.includes(right));
}

/** The shape of the schema and the rules that the database itself keeps. */
function promiseSchema(used: PreparedDatabase, postgis: boolean): void {
  it('is in every check of the schema test as it must be', async () => {
    const checks = await testSchema(used.admin);
    expect(checks.filter(({ status }) => status === 'failed')).toEqual([]);
    const skipped = checks.filter(({ status }) => status === 'skipped').map(({ name }) => name);
    expect(skipped).toEqual(postgis ? [] : postgisChecks);
    expect(checks.length).toBeGreaterThan(50);
  });

  it('moves updated_at with every update', async () => {
    const text = `update registry.tenants set tenant_name = tenant_name where id = $1
      returning updated_at = now() and updated_at > created_at`;
    expect(await column(used.admin, text, [systemTenantId])).toEqual(['true']);
  });

  it('refuses a fourth agent class and a domain id twice in one tenant', async () => {
    const own = await storeTenant(used.admin);
    await expect(insertAgent(used.admin, own, { agentClass: 'poetry' })).rejects.toMatchObject({
      constraint: 'agent_definitions_agent_class_check',
    });
    await expect(
      insertDomain(used.admin, own, { domainId: 'own', versions: [storedPlaybook([])] }),
    ).rejects.toMatchObject({ constraint: 'domain_configurations_tenant_id_domain_id_key' });
  });

  it('removes the images of an incident with it', async () => {
    const incident = 'insert into registry.incidents (id, tenant_id) values ($1, $2)';
    const [incidentId, { tenantId }] = [newId(), await storeTenant(used.admin)];
    await used.admin.query(incident, [incidentId, tenantId]);
    const image = 'insert into registry.image_evidence (incident_id, tenant_id) values ($1, $2)';
    await used.admin.query(image, [incidentId, tenantId]);
    await used.admin.query('delete from registry.incidents where id = $1', [incidentId]);
    const left = 'select count(*) from registry.image_evidence where incident_id = $1';
    expect(await column(used.admin, left, [incidentId])).toEqual(['0']);
  });

  it('lets nobody change the audit log, not even its owner', async () => {
    await storeTenant(used.admin);
    for (const change of [
      `update registry.audit_log set message = 'other'`,
      'delete from registry.audit_log',
      'truncate registry.audit_log',
    ]) {
      await expect(used.admin.query(change)).rejects.toMatchObject({ code: '42501' });
    }
  });
}

/** Preparing a database once, again, without content, and as another owner. */
function promisePreparation(used: PreparedDatabase): void {
  const everything = async (): Promise<string> => {
    const rows: string[][] = [];
    for (const { name } of await tablesOf(used.admin)) {
      rows.push(await column(used.admin, `select to_jsonb(t)::text from registry.${name} t order by 1`));
    }
    return JSON.stringify(rows);
  };

  it('changes nothing when it is repeated, also by several at once', async () => {
    const before = await everything();
    const repeated = await Promise.all(
      [1, 2, 3].map(() => prepareRegistryDatabase({ adminUrl: used.adminUrl, appPassword })),
    );
    expect(repeated.map(({ migrations }) => migrations)).toEqual([[], [], []]);
    expect(await everything()).toBe(before);
  });

  it('loads 12 agents, their versions and the sample domain, all of the system tenant', async () => {
    const count = (table: string) =>
      column(used.admin, `select count(*) from registry.${table} where tenant_id = $1`, [systemTenantId]);
    expect(await count('agent_definitions')).toEqual(['12']);
    expect(await count('agent_versions')).toEqual(['12']);
    expect(await count('domain_configurations')).toEqual(['1']);
    expect(await count('domain_versions')).toEqual(['1']);
    const user = 'select username from registry.users where id = $1';
    expect(await column(used.admin, user, [systemUserId])).toEqual(['system-builtin']);
    expect(await column(used.admin, 'select registry.system_tenant_id()')).toEqual([systemTenantId]);
  });

  it('makes the schema alone when it is told so', async () => {
    const bare = await used.server.createDatabase('registry_bare');
    const prepared = await prepareRegistryDatabase({ adminUrl: bare, appPassword, seed: false });
    expect(prepared.migrations).toEqual((await readdir(registrySchema.directory)).sort());
    const client = await connect(bare);
    expect(await column(client, 'select count(*) from registry.tenants')).toEqual(['0']);
    await client.end();
  });

  it('loads builtin content under an owner whom row-level security binds too', async () => {
    const database = await used.server.createDatabase('registry_owned');
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
      owner.query(`insert into registry.users (tenant_id) values ($1)`, [newId()]),
    ).rejects.toMatchObject({ code: '42501' });
    await owner.end();
  });
}

/** A connection of the role of the service, without a tenant at the start of each test. */
function useApp(used: PreparedDatabase) {
  let app: pg.Client;
  beforeAll(async () => {
    app = await connect(used.databaseUrl);
    await storeTenant(used.admin);
  });
  afterAll(() => app?.end());
  beforeEach(async () => {
    await app.query('reset app.tenant');
  });
  return {
    app: () => app,
    actAs: (tenantId: string) => app.query(`select set_config('app.tenant', $1, false)`, [tenantId]),
  };
}

/** What the role of the service sees when no statement says which tenant it means, in every table of the catalogue. */
function promiseIsolation(used: PreparedDatabase): void {
  const { app, actAs } = useApp(used);
  const tenantsIn = ({ name, whose }: TenantTable) =>
    column(app(), `select distinct ${whose} from registry.${name}`);

  it('may read each table but those that the service does not touch', async () => {
    const unread = (await tablesOf(used.admin)).filter(({ rights }) => !rights.includes('SELECT'));
    expect(unread.map(({ name, rights }) => ({ name, rights }))).toEqual(
      untouchedTables.map((name) => ({ name, rights: [] })),
    );
  });

  it('sees in each table its own rows, and the definitions of the platform', async () => {
    await storeOwnRows(used.admin, { tenantId: systemTenantId, userId: systemUserId });
    const { tenantId } = await storeTenant(used.admin);
    await actAs(tenantId);
    for (const table of await tablesOf(used.admin, 'SELECT')) {
      const expected = definitionTables.includes(table.name) ? [systemTenantId, tenantId] : [tenantId];
      expect([table.name, (await tenantsIn(table)).sort()]).toEqual([table.name, expected]);
    }
  });

  it.each([undefined, '', systemTenantId])('sees nobody’s own rows as %j', async (nobody) => {
    if (nobody !== undefined) await actAs(nobody);
    for (const table of await tablesOf(used.admin, 'SELECT')) {
      const shared = nobody === systemTenantId && definitionTables.includes(table.name);
      expect([table.name, await tenantsIn(table)]).toEqual([table.name, shared ? [systemTenantId] : []]);
    }
  });

  it('finds row-level security forced on every table that holds rows of tenants', async () => {
    const unforced = `select relname from pg_class
      where relnamespace = 'registry'::regnamespace and relkind = 'r'
        and not (relrowsecurity and relforcerowsecurity)`;
    expect(await column(used.admin, unforced)).toEqual(['migrations']);
  });
}

/** What the role of the service changes when no statement says which tenant it means. */
function promiseOwnWrites(used: PreparedDatabase): void {
  const { app, actAs } = useApp(used);

  /** Runs a statement as a tenant and takes it back. */
  const tried = async (tenantId: string, text: string, values: unknown[] = []): Promise<string[]> => {
    await app().query('begin');
    try {
      await actAs(tenantId);
      return [...new Set(await column(app(), text, values))];
    } finally {
      await app().query('rollback');
    }
  };

  it('changes and deletes in each table its own rows alone', async () => {
    const { tenantId } = await storeTenant(used.admin);
    for (const { name, whose, rights } of await tablesOf(used.admin)) {
      const update = `update registry.${name} set ${whose} = ${whose} returning ${whose}`;
      const remove = `delete from registry.${name} returning ${whose}`;
      if (rights.includes('UPDATE'))
        expect([name, await tried(tenantId, update)]).toEqual([name, [tenantId]]);
      if (rights.includes('DELETE'))
        expect([name, await tried(tenantId, remove)]).toEqual([name, [tenantId]]);
    }
  });

  it('adds and gives to no table a row of another tenant or of the platform', async () => {
    const [own, other] = [await storeTenant(used.admin), await storeTenant(used.admin)];
    const denied = { code: '42501', message: expect.stringContaining('row-level security') };
    for (const { name, whose, rights } of await tablesOf(used.admin, 'INSERT')) {
      for (const tenantId of [other.tenantId, systemTenantId]) {
        const insert = `insert into registry.${name} select (jsonb_populate_record(
          null::registry.${name}, to_jsonb(t) || jsonb_build_object('${whose}', $1::text))).*
          from registry.${name} t where t.${whose} = $2`;
        const give = `update registry.${name} set ${whose} = $1 where ${whose} = $2`;
        const values = [tenantId, own.tenantId];
        await expect(tried(own.tenantId, insert, values)).rejects.toMatchObject(denied);
        if (rights.includes('UPDATE')) {
          await expect(tried(own.tenantId, give, values)).rejects.toMatchObject(denied);
        }
      }
    }
  });
}

/** What the role of the service cannot do, whatever a statement says. */
function promiseWrites(used: PreparedDatabase): void {
  const { app, actAs } = useApp(used);

  it('writes neither for another tenant nor for the system tenant', async () => {
    const [own, other] = [await storeTenant(used.admin), await storeTenant(used.admin)];
    const refused = { code: '42501' };
    const insertUser = 'insert into registry.users (tenant_id) values ($1)';
    await actAs(own.tenantId);
    await expect(app().query(insertUser, [other.tenantId])).rejects.toMatchObject(refused);
    await expect(
      app().query(`insert into registry.tenants (tenant_name) values ('Any')`),
    ).rejects.toMatchObject(refused);
    const update = await app().query(`update registry.tenant_settings set settings = '{"time_zone": "UTC"}'`);
    expect(update.rowCount).toBe(1);
    await actAs(systemTenantId);
    await expect(app().query(insertUser, [systemTenantId])).rejects.toMatchObject(refused);
  });

  it('never changes a version, and owns nothing', async () => {
    await actAs((await storeTenant(used.admin)).tenantId);
    for (const table of ['agent_versions', 'domain_versions']) {
      await expect(app().query(`update registry.${table} set version = 2`)).rejects.toMatchObject({
        code: '42501',
      });
      await expect(app().query(`delete from registry.${table}`)).rejects.toMatchObject({ code: '42501' });
    }
    const owned = 'select count(*) from pg_class where pg_get_userbyid(relowner) = current_user';
    expect(await column(app(), owned)).toEqual(['0']);
    const rights = 'select rolsuper or rolbypassrls from pg_roles where rolname = current_user';
    expect(await column(app(), rights)).toEqual(['false']);
  });
}

/** Registers the tests of all promises; `postgis` says whether the server has PostGIS. */
export function promiseDatabase(
  start: () => Promise<ServerForTest>,
  { postgis }: { readonly postgis: boolean },
): void {
  const used = usePreparedDatabase(start);
  describe('the schema', () => promiseSchema(used, postgis));
  describe('prepareRegistryDatabase', () => promisePreparation(used));
  describe('the app role, with every predicate removed', () => {
    promiseIsolation(used);
    promiseOwnWrites(used);
  });
  describe('the app role', () => promiseWrites(used));
}
