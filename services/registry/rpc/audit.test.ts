// The audit log through the real service: who may read it, how a list is narrowed and paged, and that nobody can change an entry.
import { create } from '@bufbuild/protobuf';
import { TimestampSchema, timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { Fault } from '../../../foundation/fault/fault.ts';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { type RegistryForTest, startRegistryForTest } from '../app.for-test.ts';
import { filterValues, selectAuditEntries } from '../store/audit-statements.ts';

let databases: TestDatabases;
let registry: RegistryForTest;
let app: pg.Client;
beforeAll(async () => {
  databases = await startTestDatabases();
  registry = await startRegistryForTest(await databases.createDatabase('registry_audit'));
  app = new pg.Client({ connectionString: registry.databaseUrl });
  await app.connect();
}, 60_000);
afterAll(async () => {
  await app?.end();
  await registry?.close();
  await databases?.stop();
});

const midnight = Date.parse('2030-01-01T00:00:00Z');
const at = (seconds: number) => timestampFromDate(new Date(midnight + seconds * 1_000));

/** Writes entries of the tenant, one a second from the `first` second of 2030 on; entry n is of team n. */
async function insertEntries(
  { tenantId, userId }: Principal,
  count: number,
  columns: Record<string, string> = {},
) {
  const text = `insert into registry.audit_log (tenant_id, id, operation_type, entity_type, entity_id, status, user_id,
      duration_ms, "timestamp")
    select $1, gen_random_uuid(), $4, $5, n::text, $6, $2, 0, timestamptz '2030-01-01 00:00:00Z' + n * interval '1 second'
    from generate_series($7::integer, $7::integer + $3::integer - 1) n`;
  const { operation = 'create', entity = 'team', status = 'success', first = '0' } = columns;
  await registry.admin.query(text, [tenantId, userId, count, operation, entity, status, first]);
}

const list = async (principal: Principal, request: object = {}) => {
  const { entries, page } = await registry.audit.listAuditEntries(request, registry.as(principal));
  return { ids: entries.map(({ entityId }) => entityId), entries, page };
};

describe('ListAuditEntries', () => {
  it('tells who wrote what and when, newest first, of the own tenant alone', async () => {
    const [own, other] = [await registry.newTenant(), await registry.newTenant()];
    const definition = { team_name: 'Ours' };
    const { team } = await registry.teams.createTeam({ definition }, registry.as(own));
    await registry.teams.deleteTeam({ id: team?.id ?? '' }, registry.as(own));
    const { entries } = await list(own);
    expect(entries).toMatchObject([
      {
        operationType: 'delete',
        entityType: 'team',
        entityId: team?.id,
        message: 'Deleted a team',
        afterHash: '',
      },
      { operationType: 'create', status: 'success', userId: own.userId, beforeHash: '' },
    ]);
    expect(entries[0]?.beforeHash).toMatch(/^[0-9a-f]{64}$/);
    expect(entries[1]?.afterHash).toBe(entries[0]?.beforeHash);
    expect((await list(other)).entries).toEqual([]);
  });

  it('is narrowed by each filter and by all of them together', async () => {
    const own = await registry.newTenant();
    await insertEntries(own, 3);
    await insertEntries({ ...own, userId: newId() }, 1, {
      operation: 'grant',
      entity: 'tool_access',
      status: 'partial',
    });
    const count = async (filter: object) => (await list(own, filter)).ids.length;
    expect(await count({})).toBe(4);
    expect(await count({ operationType: 'create' })).toBe(3);
    expect(await count({ entityType: 'tool_access' })).toBe(1);
    expect(await count({ entityId: '0' })).toBe(2);
    expect(await count({ status: 'partial' })).toBe(1);
    expect(await count({ userId: own.userId })).toBe(3);
    const exact = { operationType: 'create', entityType: 'team', entityId: '0', status: 'success' };
    expect(await count({ ...exact, userId: own.userId, from: at(0), to: at(1) })).toBe(1);
    expect(await count({ ...exact, userId: own.userId, from: at(1) })).toBe(0);
  });

  it('takes entries from a time on, and up to another one without it', async () => {
    const own = await registry.newTenant();
    await insertEntries(own, 5);
    expect((await list(own, { from: at(1), to: at(3) })).ids).toEqual(['2', '1']);
    expect((await list(own, { from: at(4) })).ids).toEqual(['4']);
    expect((await list(own, { to: at(1) })).ids).toEqual(['0']);
  });

  it('goes on where a page ended, whatever is written meanwhile', async () => {
    const own = await registry.newTenant();
    await insertEntries(own, 5);
    const filter = { entityType: 'team' };
    const first = await list(own, { ...filter, page: { limit: 2 } });
    expect([first.ids, first.page?.total, first.page?.totalAtLeast]).toEqual([['4', '3'], 5n, false]);
    await insertEntries(own, 2, { first: '100' });
    const page = { limit: 3, cursor: first.page?.nextCursor ?? '' };
    const second = await list(own, { ...filter, page });
    expect(second.ids).toEqual(['2', '1', '0']);
    await expect(list(own, { page })).rejects.toMatchObject({ violations: [{ field: 'cursor' }] });
  });

  it('goes on after any place, to the microsecond, and not beside a cursor', async () => {
    const own = await registry.newTenant();
    await insertEntries(own, 3);
    const { entries, page } = await list(own, { page: { limit: 1 } });
    const [newest] = entries;
    const after = { at: newest?.timestamp, id: newest?.id };
    expect((await list(own, { after })).ids).toEqual(['1', '0']);
    const between = { at: create(TimestampSchema, { ...at(1), nanos: 1_000 }), id: newId() };
    expect((await list(own, { after: between })).ids).toEqual(['1', '0']);
    expect(
      (await list(own, { after: { at: at(1), id: '00000000-0000-0000-0000-000000000000' } })).ids,
    ).toEqual(['0']);
    const both = { after, page: { cursor: page?.nextCursor ?? '' } };
    await expect(list(own, both)).rejects.toMatchObject({ violations: [{ field: 'after' }] });
  });

  it('counts up to 10,000 entries and says when there are more', async () => {
    const own = await registry.newTenant();
    await insertEntries(own, 10_001);
    const { page } = await list(own);
    expect([page?.total, page?.totalAtLeast]).toEqual([10_000n, true]);
  });

  it('names every filter that cannot be', async () => {
    const own = await registry.newTenant();
    const year = (seconds: bigint) => create(TimestampSchema, { seconds });
    const wrong = {
      page: { page: 1, cursor: 'x' },
      operationType: 'read',
      entityType: 'poem',
      entityId: 'x'.repeat(301),
      status: 'fine',
      userId: 'alice',
      from: year(-10_000_000_000_000n),
      to: year(10_000_000_000_000n),
    };
    const fields = await list(own, wrong).catch((fault: Fault) => fault.violations.map(({ field }) => field));
    expect(fields).toEqual([
      'page',
      'operation_type',
      'entity_type',
      'entity_id',
      'status',
      'user_id',
      'from',
      'to',
    ]);
    await expect(list(own, { from: at(1), to: at(1) })).rejects.toMatchObject({
      violations: [{ field: 'to' }],
    });
    await expect(list(own, { entityId: 'a\0' })).rejects.toMatchObject({
      violations: [{ field: 'entity_id' }],
    });
  });

  it('is for admins alone, and for no run', async () => {
    const own = await registry.newTenant();
    const run = { runId: 'job_1', capability: 'query', writeTarget: '' };
    for (const changes of [{ roles: ['editor'] }, { roles: [] }, { run }]) {
      await expect(list({ ...own, ...changes })).rejects.toMatchObject({ reason: 'permission_denied' });
    }
  });

  it.each([
    ['the newest', {}, 'audit_log_tenant_id_timestamp_idx'],
    ['a range of time', { from: new Date(midnight) }, 'audit_log_tenant_id_timestamp_idx'],
    ['one object', { entityType: 'team', entityId: '77' }, 'audit_log_tenant_id_entity_idx'],
  ])('reads %s by an index', async (_, filter, index) => {
    const own = await registry.newTenant();
    await insertEntries(own, 3_000);
    await registry.admin.query('analyze registry.audit_log');
    await app.query(`select set_config('app.tenant', $1, false)`, [own.tenantId]);
    const values = [own.tenantId, ...filterValues(filter), null, null, 21, 0];
    const { rows } = await app.query(`explain ${selectAuditEntries}`, values);
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toContain(index);
    expect(plan).not.toContain('Seq Scan');
  });
});

describe('an audit entry', () => {
  const changes = [
    `update registry.audit_log set message = 'nothing happened'`,
    'delete from registry.audit_log',
    'truncate registry.audit_log',
  ];

  it.each(changes)('is changed neither by the service nor by the owner of the table: %s', async (text) => {
    const own = await registry.newTenant();
    await insertEntries(own, 1);
    await app.query(`select set_config('app.tenant', $1, false)`, [own.tenantId]);
    await expect(app.query(text)).rejects.toMatchObject({ code: '42501' });
    await expect(registry.admin.query(text)).rejects.toMatchObject({
      code: '42501',
      message: 'the audit log is append-only',
    });
    expect((await list(own)).ids).toEqual(['0']);
  });
});
