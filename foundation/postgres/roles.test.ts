// A service role is made in any race, has no special rights and is bound by row-level security.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { type OwnTestDatabases, startOwnTestDatabases } from '../../local/databases/test-databases.ts';
import { newId } from '../ids/ids.ts';
import { sqlState } from './database-fault.ts';
import { createPostgres } from './pool.ts';
import { ensureRole } from './roles.ts';

let databases: OwnTestDatabases;
let adminUrl: string;
const role = 'shop_app';

async function admin(text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  const { rows } = await client.query(text);
  await client.end();
  return rows;
}

const ensure = (password = 'first password') => ensureRole({ adminUrl, role, password, schema: 'shop' });

function connectAs(password: string) {
  const url = Object.assign(new URL(adminUrl), { username: role, password }).toString();
  return createPostgres({
    url,
    applicationName: 'test',
    sizeMax: 2,
    acquireTimeoutMs: 5_000,
    onError: () => undefined,
  });
}

beforeAll(async () => {
  databases = await startOwnTestDatabases();
  adminUrl = await databases.createDatabase('roles_test');
}, 30_000);

afterAll(() => databases.stop());

describe('ensureRole', () => {
  it('makes one plain login role when many race, also from other databases of the server', async () => {
    const other = await databases.createDatabase('roles_other');
    const elsewhere = () => ensureRole({ adminUrl: other, role, password: 'first password', schema: 'shop' });
    await Promise.all([ensure(), elsewhere(), ensure(), elsewhere(), ensure(), elsewhere()]);
    const [found] =
      await admin(`select rolsuper, rolcreatedb, rolcreaterole, rolbypassrls, rolreplication, rolcanlogin,
      exists (select from pg_class where relowner = pg_roles.oid) or
      exists (select from pg_namespace where nspowner = pg_roles.oid) as owns from pg_roles where rolname = '${role}'`);
    expect(found).toEqual({
      rolsuper: false,
      rolcreatedb: false,
      rolcreaterole: false,
      rolbypassrls: false,
      rolreplication: false,
      rolcanlogin: true,
      owns: false,
    });
  });

  it('takes special rights back and changes the password', async () => {
    await ensure('first password');
    await admin(`alter role ${role} bypassrls createrole`);
    await ensure('second password');
    expect(
      await admin(`select rolbypassrls or rolcreaterole as special from pg_roles where rolname = '${role}'`),
    ).toEqual([{ special: false }]);
    const postgres = connectAs('second password');
    await postgres.ping();
    await postgres.close();
    const refused = connectAs('first password');
    await expect(refused.ping()).rejects.toMatchObject({ reason: 'unavailable' });
    await refused.close();
  });

  it('makes a role that row-level security binds to its tenant and that cannot create anything', async () => {
    await ensure('third password');
    await admin(`create table shop.item (tenant_id uuid not null, value text);
      alter table shop.item enable row level security; alter table shop.item force row level security;
      create policy item_tenant on shop.item using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
      grant select, insert on shop.item to ${role}`);
    const postgres = connectAs('third password');
    const [one, two] = [newId(), newId()];
    const add = (tenantId: string) => ({
      name: 'shop.insert_item',
      text: 'insert into shop.item (tenant_id, value) values ($1, $2)',
      values: [tenantId, 'a'],
    });
    const list = { name: 'shop.list_items', text: 'select tenant_id from shop.item' };
    await postgres.tenantTransaction(one, (client) => client.query(add(one)));
    await postgres.tenantTransaction(two, (client) => client.query(add(two)));
    expect((await postgres.tenantRead(one, (client) => client.query(list))).rows).toEqual([
      { tenant_id: one },
    ]);
    expect((await postgres.query(list)).rows).toEqual([]);
    const foreign = postgres.tenantTransaction(one, (client) => client.query(add(two)));
    expect(sqlState(await foreign.catch((error: unknown) => error))).toBe('42501');
    const create = postgres.query({ name: 'shop.create', text: 'create table shop.mine (id int)' });
    expect(sqlState(await create.catch((error: unknown) => error))).toBe('42501');
    await postgres.close();
  });

  it('needs no superuser: the administrator of a managed server makes roles too, twice', async () => {
    await admin(`create role manager login createrole password 'manager password'`);
    await admin('grant create on database roles_test to manager');
    const managed = Object.assign(new URL(adminUrl), { username: 'manager', password: 'manager password' });
    const make = () =>
      ensureRole({ adminUrl: managed.toString(), role: 'managed_app', password: 'p', schema: 'managed' });
    await make();
    await make();
    const found = await admin(`select rolsuper, rolcanlogin from pg_roles where rolname = 'managed_app'`);
    expect(found).toEqual([{ rolsuper: false, rolcanlogin: true }]);
  });
});
