// Tenants that an operator makes: stored with an entry in their log or not at all, also by an owner whom row-level security binds.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { newId } from '../../../foundation/ids/ids.ts';
import { migrate } from '../../../foundation/postgres/migrations.ts';
import { ensureRole } from '../../../foundation/postgres/roles.ts';
import { type OwnTestDatabases, startOwnTestDatabases } from '../../../local/databases/test-databases.ts';
import { contentHash } from '../core/audit.ts';
import { systemTenantId, systemUserId } from '../core/system-tenant.ts';
import { registrySchema } from './schema.ts';
import { seedBuiltins } from './seed/seed-builtins.ts';
import { createTenant, listTenants } from './tenant-admin.ts';

let databases: OwnTestDatabases;
let superuser: pg.Client;
let owner: pg.Client;
beforeAll(async () => {
  databases = await startOwnTestDatabases();
  const adminUrl = await databases.createDatabase('tenant_admin');
  const { schema, role, directory } = registrySchema;
  superuser = await connect(adminUrl);
  await superuser.query(`create role plain_owner login password 'plain'`);
  await superuser.query('grant create on database tenant_admin to plain_owner');
  await ensureRole({ adminUrl, role, password: 'for tests', schema: 'public' });
  const url = Object.assign(new URL(adminUrl), { username: 'plain_owner', password: 'plain' }).toString();
  await migrate({ url, schema, directory });
  owner = await connect(url);
  await seedBuiltins(owner);
}, 60_000);
afterAll(async () => {
  await superuser?.end();
  await owner?.end();
  await databases?.stop();
});

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}

async function entriesOf(tenantId: string) {
  const text = `select operation_type, entity_type, entity_id, status, user_id, before_hash, after_hash
    from registry.audit_log where tenant_id = $1`;
  return (await superuser.query(text, [tenantId])).rows;
}

describe('createTenant', () => {
  it('stores the tenant and an entry in its audit log', async () => {
    const id = newId();
    await createTenant(owner, { id, name: 'Acme' });
    const { rows } = await superuser.query('select tenant_name from registry.tenants where id = $1', [id]);
    expect(rows).toEqual([{ tenant_name: 'Acme' }]);
    expect(await entriesOf(id)).toEqual([
      {
        operation_type: 'create',
        entity_type: 'tenant',
        entity_id: id,
        status: 'success',
        user_id: systemUserId,
        before_hash: null,
        after_hash: contentHash({ id, tenant_name: 'Acme' }),
      },
    ]);
  });

  it('refuses an id that is taken, and then writes nothing', async () => {
    const id = newId();
    await createTenant(owner, { id, name: 'First' });
    await expect(createTenant(owner, { id, name: 'Second' })).rejects.toMatchObject({
      reason: 'already_exists',
      message: `A tenant with the id ${id} exists already`,
    });
    expect(await entriesOf(id)).toHaveLength(1);
    const { rows } = await superuser.query('select tenant_name from registry.tenants where id = $1', [id]);
    expect(rows).toEqual([{ tenant_name: 'First' }]);
  });

  it('stores no tenant without its entry', async () => {
    const id = newId();
    await superuser.query(`alter table registry.audit_log add constraint shut check (false) not valid`);
    await expect(createTenant(owner, { id, name: 'Acme' })).rejects.toMatchObject({ constraint: 'shut' });
    await superuser.query('alter table registry.audit_log drop constraint shut');
    const { rowCount } = await superuser.query('select from registry.tenants where id = $1', [id]);
    expect(rowCount).toBe(0);
  });
});

describe('listTenants', () => {
  it('lists every tenant once, over several pages', async () => {
    await superuser.query(`insert into registry.tenants (tenant_name)
      select 'Tenant ' || n from generate_series(1, 1100) n`);
    const stored = await superuser.query('select id, tenant_name from registry.tenants order by id');
    const listed: object[] = [];
    for await (const { id, tenant_name } of listTenants(owner)) listed.push({ id, tenant_name });
    expect(listed).toEqual(stored.rows);
    expect(listed).toContainEqual({ id: systemTenantId, tenant_name: 'system' });
  });
});
