// What stands behind the tenant predicates of tools and permissions: statements without them, run as the role of the service.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { systemTenantId } from '../core/system-tenant.ts';
import { insertAgent, insertPrincipal, newPrincipal } from './rows.for-test.ts';
import { prepareRegistryDatabase } from './schema.ts';

const [own, other] = [newPrincipal(), newPrincipal({ username: 'bob' })];
let databases: TestDatabases;
let admin: pg.Client;
let app: pg.Client;
beforeAll(async () => {
  databases = await startTestDatabases();
  const adminUrl = await databases.createDatabase('tool_isolation');
  const { databaseUrl } = await prepareRegistryDatabase({ adminUrl, appPassword: 'for-tests' });
  [admin, app] = [
    new pg.Client({ connectionString: adminUrl }),
    new pg.Client({ connectionString: databaseUrl }),
  ];
  await Promise.all([admin.connect(), app.connect()]);
  for (const principal of [own, other]) await insertWeather(principal);
}, 60_000);
afterAll(async () => {
  await app?.end();
  await admin?.end();
  await databases?.stop();
});

/** A tenant with a tool `weather` and an agent that it is granted to. */
async function insertWeather(principal: Principal): Promise<void> {
  await insertPrincipal(admin, principal);
  const agentId = await insertAgent(admin, principal);
  await insertTool(admin, principal);
  const values = [principal.tenantId, agentId, principal.userId];
  await admin.query(
    `insert into registry.tool_permissions (tenant_id, agent_id, tool_name, granted_by) values ($1, $2, 'weather', $3)`,
    values,
  );
}

function insertTool(client: pg.Client, { tenantId, userId }: Principal, toolName = 'weather') {
  return client.query(
    `insert into registry.tools (tenant_id, id, tool_name, tool_type, auth_method, effect, created_by)
     values ($1, $2, $3, 'custom', 'none', 'read', $4)`,
    [tenantId, newId(), toolName, userId],
  );
}

/** Runs the work as the service does for a tenant, and takes it back. */
async function underTenant<T>(tenantId: string | undefined, work: () => Promise<T>): Promise<T> {
  await app.query('begin');
  try {
    if (tenantId) await app.query(`select set_config('app.tenant', $1, true)`, [tenantId]);
    return await work();
  } finally {
    await app.query('rollback');
  }
}

async function tenantsIn(table: string): Promise<readonly string[]> {
  const { rows } = await app.query(`select distinct tenant_id from registry.${table} order by tenant_id`);
  return rows.map((row) => row.tenant_id);
}

describe.each(['tools', 'tool_permissions'])('registry.%s without a predicate', (table) => {
  it('shows rows of the tenant and of the platform alone', async () => {
    const seen = await underTenant(own.tenantId, () => tenantsIn(table));
    expect([...seen].sort()).toEqual([systemTenantId, own.tenantId].sort());
  });

  it('shows nothing where no tenant is set', async () => {
    expect(await underTenant(undefined, () => tenantsIn(table))).toEqual([]);
  });

  it('deletes rows of the tenant alone', async () => {
    const deleted = await underTenant(own.tenantId, () =>
      app.query(`delete from registry.${table} returning tenant_id`),
    );
    expect(deleted.rows).toEqual([{ tenant_id: own.tenantId }]);
  });
});

describe('registry.tools', () => {
  it('changes rows of the tenant alone', async () => {
    const changed = await underTenant(own.tenantId, () =>
      app.query(`update registry.tools set description = 'mine' returning tenant_id`),
    );
    expect(changed.rows).toEqual([{ tenant_id: own.tenantId }]);
  });

  it.each([
    ['another tenant', () => other],
    ['the platform', () => ({ ...own, tenantId: systemTenantId })],
  ])('takes no row of %s', async (_name, owner) => {
    const insert = underTenant(own.tenantId, () => insertTool(app, owner(), 'news'));
    await expect(insert).rejects.toMatchObject({ code: '42501' });
  });

  it('takes no row for the platform from one who claims to be it', async () => {
    const owner = { ...own, tenantId: systemTenantId };
    const insert = underTenant(systemTenantId, () => insertTool(app, owner, 'news'));
    await expect(insert).rejects.toMatchObject({ code: '42501' });
  });
});
