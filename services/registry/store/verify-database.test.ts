// The schema test and the report of db-verify: whole databases pass, and each thing that is wrong is named.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { type OwnTestDatabases, startOwnTestDatabases } from '../../../local/databases/test-databases.ts';
import { prepareRegistryDatabase } from './schema.ts';
import { reportDatabase, testSchema } from './verify-database.ts';

const template = 'registry_whole';
let databases: OwnTestDatabases;
let count = 0;
beforeAll(async () => {
  databases = await startOwnTestDatabases();
  await prepareRegistryDatabase({
    adminUrl: await databases.createDatabase(template),
    appPassword: 'for tests',
  });
}, 60_000);
afterAll(() => databases?.stop());

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** A copy of a whole database, with something done to it. */
async function damaged<T>(damage: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  count += 1;
  const name = `registry_damaged_${count}`;
  await withClient(databases.adminUrl, (client) =>
    client.query(`create database ${name} template ${template}`),
  );
  const url = Object.assign(new URL(databases.adminUrl), { pathname: `/${name}` }).toString();
  return withClient(url, async (client) => {
    await client.query(damage);
    return work(client);
  });
}

describe('the schema test', () => {
  it('makes at least 50 checks, all of different things', async () => {
    const checks = await damaged('select', testSchema);
    expect(checks.length).toBeGreaterThanOrEqual(50);
    expect(new Set(checks.map(({ kind, name }) => `${kind} ${name}`)).size).toBe(checks.length);
  });

  it.each([
    ['drop table registry.image_evidence', 'table image_evidence is missing'],
    ['drop table registry.tool_permissions', 'table tool_permissions is missing'],
    ['alter table registry.users drop column email', 'column users.email is missing'],
    [
      'alter table registry.agent_definitions alter column agent_name type text',
      'column agent_definitions.agent_name is "text not null", not "character varying(200) not null"',
    ],
    [
      'alter table registry.agent_definitions alter column output_schema drop not null',
      'column agent_definitions.output_schema is "jsonb", not "jsonb not null"',
    ],
    [
      'alter table registry.agent_definitions alter column max_output_keys set default 6',
      'column agent_definitions.max_output_keys is "integer default 6", not "integer default 5"',
    ],
    ['drop index registry.idx_agents_enabled', 'index idx_agents_enabled is missing'],
    [
      `drop index registry.idx_incidents_created_at;
      create index idx_incidents_created_at on registry.incidents (created_at)`,
      'index idx_incidents_created_at is "registry.incidents USING btree (created_at)", not "registry.incidents USING btree (created_at DESC)"',
    ],
    [
      'alter table registry.teams disable trigger update_teams_updated_at',
      'trigger update_teams_updated_at is missing',
    ],
    [
      'alter table registry.agent_definitions drop constraint agent_definitions_created_by_fkey',
      'constraint agent_definitions_created_by_fkey is missing',
    ],
    [
      `alter table registry.agent_definitions drop constraint agent_definitions_agent_class_check,
      add constraint agent_definitions_agent_class_check check (agent_class in ('ingestion', 'query', 'management', 'poetry'))`,
      'check agent_definitions_agent_class_check is "ingestion, management, poetry, query", not "ingestion, management, query"',
    ],
    [
      'alter table registry.incidents no force row level security',
      'row-level security incidents is "not forced", not "forced"',
    ],
    ['create table registry.notes (id int)', 'row-level security notes is "not forced", not "forced"'],
    ['delete from registry.migrations where number = 3', 'migrations'],
    [`update registry.migrations set checksum = 'other' where number = 1`, 'migrations'],
    [
      'create sequence registry.own; alter table registry.incidents owner to registry_app',
      'role registry_app is "owns tables", not "no special rights"',
    ],
  ])('names what is wrong after: %s', async (damage, said) => {
    const failed = (await damaged(damage, testSchema)).filter(({ status }) => status === 'failed');
    const told = failed.map(({ kind, name, detail }) => `${kind} ${name} ${detail}`);
    expect(told.filter((line) => line.startsWith(said))).toHaveLength(1);
  });

  it('reports as skipped, not as passed, what needs PostGIS', async () => {
    const checks = await damaged('select', testSchema);
    expect(checks.filter(({ status }) => status === 'skipped').map(({ name }) => name)).toEqual([
      'postgis',
      'incidents.location',
      'idx_incidents_location',
    ]);
  });

  it('changes nothing, and leaves its client as it was', async () => {
    await damaged('set search_path = registry, public', async (client) => {
      expect((await testSchema(client)).filter(({ status }) => status === 'failed')).toEqual([]);
      const { rows } = await client.query(
        `select current_setting('search_path') as path, current_setting('transaction_read_only') as read_only`,
      );
      expect(rows).toEqual([{ path: 'registry, public', read_only: 'off' }]);
    });
  });
});

describe('reportDatabase', () => {
  it('counts what is there, and lists what is left out', async () => {
    const { report, complete } = await damaged('select', reportDatabase);
    expect(complete).toBe(true);
    expect(report).toMatchObject({
      message: 'The database is complete',
      system_tenant: { id: '00000000-0000-7000-8000-000000000001', name: 'system' },
      builtin_agents_count: 12,
      domains_count: 1,
      domains: [{ domain_id: 'civic_complaints' }],
      left_out: ['incidents.location', 'idx_incidents_location'],
    });
    expect(report.builtin_agents).toHaveLength(12);
    expect([report.tables.length, report.indexes.length, report.triggers.length]).toEqual([7, 9, 6]);
  });

  it('counts nothing as builtin that a tenant has made', async () => {
    const tenant = 'aaaaaaaa-0000-7000-8000-000000000001';
    const insert = `insert into registry.tenants (id, tenant_name) values ('${tenant}', 'Acme');
      insert into registry.users (id, tenant_id) values ('${tenant}', '${tenant}');
      insert into registry.domain_configurations (domain_id, tenant_id, domain_name, ingestion_playbook,
        query_playbook, management_playbook, created_by)
      values ('own', '${tenant}', 'Own', '{}', '{}', '{}', '${tenant}')`;
    expect((await damaged(insert, reportDatabase)).report.domains_count).toBe(1);
  });

  it.each([
    ['drop schema registry cascade', 'Not complete: the schema is missing: run db-init'],
    [
      `delete from registry.domain_versions; delete from registry.domain_configurations;
      delete from registry.agent_versions; delete from registry.agent_definitions;
      delete from registry.tools; delete from registry.users; delete from registry.tenants`,
      'Not complete: the builtin content is missing: run db-init with --seed',
    ],
    [
      `delete from registry.agent_definitions where agent_id = 'builtin-query-why'`,
      'Not complete: agent builtin-query-why is missing',
    ],
    ['delete from registry.domain_configurations', 'Not complete: domain civic_complaints is missing'],
    ['drop index registry.idx_domains_tenant', 'Not complete: index idx_domains_tenant is missing'],
  ])('says what is missing after: %s', async (damage, message) => {
    const { report, complete } = await damaged(damage, reportDatabase);
    expect(complete).toBe(false);
    expect(report.message).toBe(message);
  });
});
