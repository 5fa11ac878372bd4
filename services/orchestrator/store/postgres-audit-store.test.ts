// The audit log on a real database: an entry stands or falls with its write, starts are told by their executions, and nobody changes an entry.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { newId, newIdAt } from '../../../foundation/ids/ids.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { newEntry } from '../core/audit.for-test.ts';
import type { AuditFilter } from '../core/audit-filter.ts';
import { newDeletion } from '../core/deletion.for-test.ts';
import { newRecord } from '../core/execution-record.for-test.ts';
import { jobIdOf } from '../core/public-id.ts';
import {
  createPostgresAuditKeeper,
  createPostgresAuditStore,
  filterValues,
  selectAudit,
  sliceValues,
} from './postgres-audit-store.ts';
import { createPostgresCommandStore } from './postgres-command-store.ts';
import { recordTestWork } from './recorded-work.for-test.ts';
import type { AuditSlice, AuditStore, CommandStore } from './store.ts';
import { openTestStores, type TestStores } from './stores.for-test.ts';
import { commandsMax } from './write-command.ts';

let databases: TestDatabases;
let stores: TestStores;
let audit: AuditStore;
let commands: CommandStore;
let ownerId: string;
beforeAll(async () => {
  databases = await startTestDatabases();
  stores = await openTestStores(databases, 'audit');
  audit = createPostgresAuditStore(stores.app);
  commands = createPostgresCommandStore(stores.app);
  ownerId = await stores.newOwner();
}, 30_000);
afterAll(async () => {
  await stores.close();
  await databases.stop();
});

const list = (tenantId: string, changes: Partial<AuditSlice> = {}) =>
  audit.list(tenantId, { filter: {}, limit: 20, offset: 0, after: undefined, ...changes });
const pause = () => ({ id: newId(), command: { type: 'pause', by: 'u' } }) as const;
const held = () => ({ claim: randomUUID(), leaseMs: 1_000 });
const countOf = async (table: string, tenantId: string): Promise<number> => {
  const text = `select count(*)::int as rows from orchestrator.${table} where tenant_id = $1`;
  return (await stores.admin.query<{ rows: number }>(text, [tenantId])).rows[0]?.rows ?? 0;
};

/** Entries of the tenant, one a millisecond from `first` milliseconds of 2030 on; entry n is of `job_n`. */
async function insertEntries(tenantId: string, count: number, changes: Record<string, unknown> = {}) {
  const { first = 0, operation = 'execution_pause', userId = randomUUID() } = changes;
  const text = `insert into orchestrator.orchestration_logs (tenant_id, id, operation_type, entity_type, entity_id, status, user_id,
      duration_ms, "timestamp")
    select $1, gen_random_uuid(), $2, 'execution', 'job_' || n, 'success', $3, 0,
      timestamptz '2030-01-01 00:00:00.0005Z' + n * interval '1 millisecond'
    from generate_series($4::integer, $4::integer + $5::integer - 1) n`;
  await stores.admin.query(text, [tenantId, operation, userId, first, count]);
}

describe('an entry', () => {
  it('is written with its command, and not for one that is not stored', async () => {
    const key = newRecord();
    for (let at = 0; at < commandsMax; at += 1) await commands.add(key, pause());
    expect(await commands.add(key, pause(), newEntry())).toBe('full');
    expect(await countOf('orchestration_logs', key.tenantId)).toBe(0);
    const other = newRecord({ tenantId: key.tenantId });
    const entry = newEntry({ entityId: jobIdOf(other.id), traceId: 'a'.repeat(32) });
    expect(await commands.add(other, pause(), entry)).toBe('stored');
    const { operation: operationType, startedMs: _, ...told } = entry;
    const { items, total } = await list(key.tenantId);
    expect(items).toMatchObject([{ ...told, operationType, status: 'success' }]);
    expect([total, items[0]?.durationMs]).toEqual([1, expect.any(Number)]);
  });

  it('is not there without its write, and its write not without it', async () => {
    const key = newRecord();
    const sameId = pause();
    await commands.add(key, sameId);
    await expect(commands.add(key, sameId, newEntry())).rejects.toMatchObject({ code: '23505' });
    expect(await countOf('orchestration_logs', key.tenantId)).toBe(0);
    const unwritable = newEntry({ userId: 'nobody' });
    await expect(commands.add(key, pause(), unwritable)).rejects.toMatchObject({ code: '22P02' });
    expect(await countOf('commands', key.tenantId)).toBe(1);
    const deletion = newDeletion();
    await expect(stores.deletions.record(deletion, held(), unwritable)).rejects.toMatchObject({
      code: '22P02',
    });
    expect(await countOf('deletions', deletion.tenantId)).toBe(0);
  });

  it('is written once for a deletion, however often it is asked for', async () => {
    const deletion = newDeletion();
    const entry = newEntry({ operation: 'delete', entityType: 'report', entityId: deletion.subjectId });
    for (let at = 0; at < 3; at += 1) await stores.deletions.record(deletion, held(), entry);
    const { items } = await list(deletion.tenantId);
    expect(items.map(({ operationType, entityId }) => [operationType, entityId])).toEqual([
      ['delete', deletion.subjectId],
    ]);
  });

  it.each([
    [`update orchestrator.orchestration_logs set message = 'nothing happened'`],
    ['delete from orchestrator.orchestration_logs'],
    ['truncate orchestrator.orchestration_logs'],
  ])('is not changed by the owner of the table either: %s', async (text) => {
    const { tenantId } = newRecord();
    await insertEntries(tenantId, 1);
    const refused = { code: '42501', message: 'the audit log is append-only' };
    await expect(stores.admin.query(text)).rejects.toMatchObject(refused);
    expect(await countOf('orchestration_logs', tenantId)).toBe(1);
  });

  it('goes when it is older than is kept, a bounded number at a time, and no younger one with it', async () => {
    const { tenantId } = newRecord();
    const keeper = createPostgresAuditKeeper(stores.enginePool);
    await stores.admin.query(
      `insert into orchestrator.orchestration_logs (tenant_id, id, operation_type, entity_type, entity_id, status, user_id, duration_ms, "timestamp")
       select $1, gen_random_uuid(), 'delete', 'report', age || ' days', 'success', $1, 0, clock_timestamp() - make_interval(days => age)
       from unnest(array[29, 31, 32, 33]) age`,
      [tenantId],
    );
    expect(await keeper.remove(30, 2)).toBe(2);
    expect((await list(tenantId)).items.map(({ entityId }) => entityId)).toEqual(['29 days', '31 days']);
    expect(await keeper.remove(30, 2)).toBe(1);
    expect((await list(tenantId)).items.map(({ entityId }) => entityId)).toEqual(['29 days']);
    await expect(keeper.remove(0, 1)).rejects.toMatchObject({ code: 'P0001' });
    await expect(stores.admin.query('delete from orchestrator.orchestration_logs')).rejects.toThrow();
  });
});

describe('the list', () => {
  it('tells starts and re-runs by their executions, among what was written', async () => {
    const [timeMs, traceparent] = [Date.now() - 5_000, `00-${'c'.repeat(32)}-${'d'.repeat(16)}-01`];
    const started = newRecord({ id: newIdAt(timeMs), trace: { traceparent, tracestate: null } });
    const { tenantId, principal, kind, domainId, subjectId } = started;
    const rerun = newRecord({ tenantId, id: newIdAt(timeMs + 1), rerunOf: started.id });
    for (const record of [started, rerun]) await stores.executions.record(record, ownerId);
    await commands.add(started, pause(), newEntry());
    const { items, total } = await list(tenantId);
    const words = ['execution_pause', 'execution_rerun', 'execution_start'];
    expect([items.map(({ operationType }) => operationType), total]).toEqual([words, 3]);
    const details = { kind, domain_id: domainId, subject_id: subjectId };
    expect(items[2]).toEqual({
      ...{ id: started.id, operationType: 'execution_start', entityType: 'execution' },
      ...{ entityId: jobIdOf(started.id), status: 'success', message: 'Started a run', details },
      ...{ userId: principal.userId, traceId: 'c'.repeat(32), timestampUs: BigInt(timeMs) * 1_000n },
    });
    expect(items[1]).toMatchObject({ message: 'Repeated a run', details: { rerun_of: jobIdOf(started.id) } });
    const found = async (filter: AuditFilter) => {
      const { items: some, total: counted } = await list(tenantId, { filter });
      expect(counted).toBe(some.length);
      return some.map(({ operationType }) => operationType);
    };
    expect(await found({ operationType: 'execution_start' })).toEqual(['execution_start']);
    expect(await found({ operationType: 'execution_rerun' })).toEqual(['execution_rerun']);
    expect(await found({ entityId: jobIdOf(rerun.id) })).toEqual(['execution_rerun']);
    expect(await found({ userId: principal.userId })).toContain('execution_start');
    expect(await found({ from: new Date(timeMs), to: new Date(timeMs + 1) })).toEqual(['execution_start']);
    expect(await found({ status: 'failure' })).toEqual([]);
    expect(await found({ operationType: 'execution_pause', entityType: 'execution' })).toEqual([words[0]]);
    expect((await list(randomUUID())).items).toEqual([]);
  });

  it('leaves the start of a run of tasks for workers to the entry of what created it', async () => {
    const { tenantId } = await recordTestWork(stores, { a: [] });
    expect(await list(tenantId)).toEqual({ items: [], total: 0 });
  });

  it('goes on after any place, whichever of the two it was, without a gap and without a repeat', async () => {
    const { tenantId } = newRecord();
    await insertEntries(tenantId, 6);
    const midnight = Date.parse('2030-01-01T00:00:00Z');
    for (let at = 0; at < 6; at += 1) {
      await stores.executions.record(newRecord({ tenantId, id: newIdAt(midnight + at) }), ownerId);
    }
    const whole = (await list(tenantId)).items.map(({ id }) => id);
    expect(whole).toHaveLength(12);
    for (const limit of [1, 2, 5]) {
      const walked: string[] = [];
      for (let after: AuditSlice['after']; ; ) {
        const { items, next } = await list(tenantId, { limit, after });
        walked.push(...items.map(({ id }) => id));
        if (!next) break;
        after = next;
      }
      expect(walked).toEqual(whole);
      expect((await list(tenantId, { limit, offset: 3 })).items.map(({ id }) => id)).toEqual(
        whole.slice(3, 3 + limit),
      );
    }
  });

  it('counts up to 10,001 of each', async () => {
    const { tenantId } = newRecord();
    await insertEntries(tenantId, 10_002);
    expect((await list(tenantId, { limit: 1 })).total).toBe(10_001);
  });

  it.each([
    ['the newest', {}, 'idx_orchestration_logs_timestamp'],
    ['one operation', { operationType: 'delete' }, 'idx_orchestration_logs_operation_type'],
    ['one object', { entityId: 'job_77' }, 'idx_orchestration_logs_entity_id'],
    ['one person', { userId: randomUUID() }, 'idx_orchestration_logs_user_id'],
    ['re-runs', { operationType: 'execution_rerun' }, '_tenant_id_id_idx'],
  ])('reads %s by an index', async (_, filter, index) => {
    const { tenantId } = newRecord();
    await insertEntries(tenantId, 3_000);
    await stores.admin.query('analyze orchestrator.orchestration_logs');
    const client = new pg.Client({ connectionString: stores.urls.app });
    await client.connect();
    await client.query(`select set_config('app.tenant', $1, false)`, [tenantId]);
    const values = [
      ...filterValues(tenantId, filter),
      ...sliceValues({ after: undefined, limit: 20, offset: 0 }),
    ];
    const { rows } = await client.query(`explain ${selectAudit}`, values);
    await client.end();
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toContain(index);
    expect(plan).not.toContain('Seq Scan on orchestration_logs');
  });
});
