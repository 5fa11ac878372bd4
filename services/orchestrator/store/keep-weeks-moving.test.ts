// Runs that have not ended when their week goes: they stay whole, whatever happens to them meanwhile, and nobody waits for them to be copied.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import type { ExecutionRecord } from '../core/execution-record.ts';
import { appendOf, completed, parkedUntil, running } from './journal-append.for-test.ts';
import { createPostgresEngineStore } from './postgres-engine-store.ts';
import { openTestPool, openTestStores, type TestStores } from './stores.for-test.ts';
import { keptDays, type TestWeeks, testWeeks } from './weeks.for-test.ts';

const daysAgo = keptDays + 8;
/** More than one step copies. */
const many = 120;

let databases: TestDatabases;
let stores: TestStores;
let ownerId: string;
let week: TestWeeks;
let old: string;
beforeAll(async () => {
  databases = await startTestDatabases();
  stores = await openTestStores(databases, 'moving');
  ownerId = await stores.newOwner();
  week = testWeeks(stores, () => ownerId);
}, 30_000);
beforeEach(async () => {
  await week.clear();
  const { rows } = await stores.admin.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'orchestrator'::regnamespace and relkind = 'r' and relname ~ '_until_[0-9]{8}$'`,
  );
  for (const { name } of rows) await stores.admin.query(`drop table orchestrator.${name}`);
  old = await week.make(daysAgo);
});
afterAll(async () => {
  await stores.close();
  await databases.stop();
});

const runs = (count: number, change = running): Promise<ExecutionRecord[]> =>
  Promise.all(Array.from({ length: count }, () => week.record(daysAgo, change)));
const read = ({ tenantId, id }: ExecutionRecord) => stores.executions.read(tenantId, id);
const seqsOf = async ({ tenantId, id }: ExecutionRecord) =>
  (await stores.executions.readJournal(tenantId, id)).map(({ seq }) => seq);
const upTo = (seq: number) => Array.from({ length: seq }, (_, at) => at + 1);
const copied = async (): Promise<string[]> =>
  (await stores.admin.query<{ id: string }>(`select id from orchestrator.executions_until_${old}`)).rows.map(
    ({ id }) => id,
  );

async function countOf(table: string): Promise<number> {
  const { rows } = await stores.admin.query<{ count: number }>(
    `select count(*)::int as count from orchestrator.${table}`,
  );
  return rows[0]?.count ?? 0;
}

/** How often this session has read the table from end to end, also if it is gone by now. */
async function scansOf(table: string): Promise<string> {
  const { rows } = await stores.admin.query<{ scans: string }>(
    'select pg_stat_get_xact_numscans($1) as scans',
    [table],
  );
  return rows[0]?.scans ?? '';
}

const asked = {
  ...({ type: 'requested', nodeId: 'ask', taskId: 'task_1', domainId: 'city', prompt: 'Go on?' } as const),
  ...{ roles: ['editor'], requestedAtMs: 1_000, expiresAtMs: 2_000 },
};
const decided = {
  ...({ type: 'decided', nodeId: 'ask', status: 'approved', decidedAtMs: 1_500, decidedBy: null } as const),
  comment: '',
};
const command = `insert into orchestrator.commands (tenant_id, execution_id, id, command, created_at)
  values ($1, $2, $3, '{}', clock_timestamp() - interval '30 days')`;

describe('runs that have not ended when their week goes', () => {
  it.each([
    ['that are held', running],
    ['that wait for a time', parkedUntil(Date.now() + 1_000_000)],
    ['that wait for somebody', parkedUntil(null)],
    ['that wait for a place', parkedUntil(null, true)],
    ['that wait for a place and a time', parkedUntil(Date.now() + 1_000_000, true)],
  ])('stay whole, with journal, approvals and commands: those %s', async (_, change) => {
    const gone = await week.record(daysAgo);
    const record = await week.record(daysAgo, running);
    await stores.engine.append(ownerId, [appendOf(record, 2, { approvals: [asked] })]);
    await stores.engine.append(ownerId, [appendOf(record, 3, { change, approvals: [decided] })]);
    await stores.admin.query(command, [record.tenantId, record.id, randomUUID()]);
    const before = await read(record);
    expect(await stores.engine.keepWeeks(keptDays)).toEqual([old]);
    expect(await read(record)).toEqual(before);
    expect(await seqsOf(record)).toEqual([1, 2, 3]);
    expect(await week.partsOf(record)).toEqual([
      'executions_past',
      ...Array(3).fill('execution_events_past'),
    ]);
    expect(await stores.engine.commandsOf(record)).toHaveLength(1);
    expect(await countOf('approvals')).toBe(1);
    expect(await read(gone)).toBeUndefined();
    await stores.admin.query('truncate orchestrator.approvals, orchestrator.commands');
  });

  it('are copied in bounded steps, while they are written to', async () => {
    const records = await runs(many);
    await week.record(daysAgo);
    await stores.admin.query('begin');
    await stores.admin.query(`select orchestrator.keep_weeks('${keptDays} days')`);
    const appends = records.map((record) => appendOf(record, 2));
    expect(await stores.engine.append(ownerId, appends)).toBe('appended');
    await stores.admin.query('commit');
    expect(await copied()).toHaveLength(100);
    expect(await stores.engine.keepWeeks(keptDays)).toEqual([old]);
    for (const record of records) expect(await seqsOf(record)).toEqual([1, 2]);
  });

  it('are found by index, however many others go', async () => {
    await runs(many);
    const { admin } = stores;
    const copies = (table: string, id: string) =>
      admin.query(`insert into orchestrator.${table} select made.* from (
          select * from orchestrator.${table} limit 1) x, generate_series(1, 5000) n,
        lateral jsonb_populate_record(null::orchestrator.${table}, to_jsonb(x) || jsonb_build_object('status', 'completed', 'completed_at', now(),
          '${id}', overlay(md5(n::text)::uuid::text placing left(x.${id}::text, 13) from 1 for 13))) as made`);
    await copies('executions', 'id');
    await copies('execution_events', 'execution_id');
    await admin.query('analyze orchestrator.executions, orchestrator.execution_events');
    const { rows } = await admin.query<{ oid: string }>(
      `select unnest(array['orchestrator.executions_${old}', 'orchestrator.execution_events_${old}']::regclass[])::oid as oid`,
    );
    const scans = () => Promise.all(rows.map(({ oid }) => scansOf(oid)));
    await admin.query('begin');
    const before = await scans();
    const step = `select orchestrator.keep_weeks('${keptDays} days') as week`;
    expect([...(await admin.query(step)).rows, ...(await admin.query(step)).rows]).toEqual([
      { week: null },
      { week: old },
    ]);
    expect(await scans()).toEqual(before);
    await admin.query('commit');
  });

  it('stay as they are now, not as they were when they were copied', async () => {
    const records = await runs(many);
    expect(await week.step()).toEqual([null]);
    const first = await copied();
    const [told, parked, ended, taken] = records.filter(({ id }) => first.includes(id));
    if (!told || !parked || !ended || !taken) throw new Error('nothing was copied');
    await stores.engine.append(ownerId, [
      appendOf(told, 2),
      appendOf(parked, 2, { change: parkedUntil(null) }),
      appendOf(ended, 2, { change: { ...completed, completedAtMs: Date.now() } }),
      appendOf(taken, 2, { change: parkedUntil(null) }),
    ]);
    const other = await stores.newOwner();
    expect(await stores.engine.claimParked(other, taken)).toBe(true);
    await stores.engine.append(other, [appendOf(taken, 3)]);
    expect(await week.step()).toEqual([old]);
    for (const [record, seqs] of [
      [told, 2],
      [parked, 2],
      [ended, 2],
      [taken, 3],
    ] as const) {
      expect(await seqsOf(record)).toEqual(upTo(seqs));
    }
    expect(await read(parked)).toMatchObject({ isParked: true });
    expect(await read(ended)).toMatchObject({ status: 'completed' });
    expect(await stores.engine.holderOf(taken)).toMatchObject({ ownerId: other });
    expect(await countOf('executions_past')).toBe(many);
    expect(await stores.engine.append(ownerId, [appendOf(told, 3, { change: completed })])).toBe('appended');
  });

  it('take along what is written while the exchange waits for its lock', async () => {
    const [told, ended] = await runs(2);
    if (!told || !ended) throw new Error('nothing was recorded');
    const { admin } = stores;
    const waits = (timeout: string) =>
      admin.query(`alter function orchestrator.keep_weeks(interval) set lock_timeout = '${timeout}'`);
    await waits('5s');
    await admin.query('begin');
    await admin.query(
      `insert into orchestrator.execution_events values ($1, $2, 2, now(), '[{"type":"started"}]')`,
      [told.tenantId, told.id],
    );
    await admin.query(
      `update orchestrator.executions set status = 'completed', completed_at = now() where id = $1`,
      [ended.id],
    );
    const kept = week.step();
    await stores.untilBlocked(1);
    await admin.query('commit');
    expect(await kept).toEqual([old]);
    await waits('100ms');
    expect(await seqsOf(told)).toEqual([1, 2]);
    expect(await read(ended)).toMatchObject({ status: 'completed' });
  });

  it('are all there, once, when replicas keep at the same time and the runs go on', async () => {
    const records = await runs(many);
    const pools = Array.from({ length: 3 }, () => openTestPool(stores.urls.engine));
    const weeksOf = async (pool: (typeof pools)[number]): Promise<string[]> =>
      createPostgresEngineStore(pool, stores.engine)
        .keepWeeks(keptDays)
        .catch((error) => {
          expect(error).toMatchObject({ reason: 'aborted' });
          return [];
        });
    const appends = async (): Promise<void> => {
      for (let seq = 2; seq <= 20; seq += 1) {
        const batch = records.map((record) => appendOf(record, seq));
        expect(await stores.engine.append(ownerId, batch)).toBe('appended');
      }
    };
    const [, ...dropped] = await Promise.all([appends(), ...pools.map(weeksOf)]);
    await Promise.all(pools.map((pool) => pool.close()));
    expect([...dropped.flat(), ...(await stores.engine.keepWeeks(keptDays))]).toEqual([old]);
    for (const record of records) expect(await seqsOf(record)).toEqual(upTo(20));
    expect(await countOf('executions')).toBe(many);
  });

  it('are where they were when the exchange cannot have its lock, and go with the next try', async () => {
    const records = await runs(many);
    await stores.admin.query('begin');
    await stores.admin.query('lock table only orchestrator.execution_events in access share mode');
    await expect(stores.engine.keepWeeks(keptDays)).rejects.toMatchObject({ reason: 'aborted' });
    expect(await copied()).toHaveLength(100);
    for (const record of records) expect((await week.partsOf(record))[0]).toBe(`executions_${old}`);
    const batch = records.map((record) => appendOf(record, 2));
    expect(await stores.engine.append(ownerId, batch)).toBe('appended');
    await stores.admin.query('commit');
    expect(await stores.engine.keepWeeks(keptDays)).toEqual([old]);
    for (const record of records) expect(await seqsOf(record)).toEqual([1, 2]);
  });

  it('come along when the next weeks go, those that ended not long ago too, and the others do not', async () => {
    const older = await week.make(daysAgo + 7);
    const [held, ended, over] = [
      await week.record(daysAgo + 7, running),
      await week.record(daysAgo + 7, running),
      await week.record(daysAgo + 7, running),
    ];
    expect(await week.step()).toEqual([older]);
    const change = (completedAtMs: number) => ({ change: { ...completed, completedAtMs } });
    await stores.engine.append(ownerId, [
      appendOf(ended, 2, change(Date.now())),
      appendOf(over, 2, change(over.createdAtMs + 1_000)),
    ]);
    const late = await week.record(daysAgo, running);
    expect(await week.step()).toEqual([old]);
    expect(await seqsOf(held)).toEqual([1]);
    expect(await seqsOf(ended)).toEqual([1, 2]);
    expect(await seqsOf(late)).toEqual([1]);
    expect(await read(over)).toBeUndefined();
    expect(await seqsOf(over)).toEqual([]);
  });

  it('come along from where earlier versions kept them', async () => {
    const record = await week.record(daysAgo + 70, running);
    expect(await week.partsOf(record)).toEqual(['executions_rest', 'execution_events_rest']);
    expect(await stores.engine.keepWeeks(keptDays)).toEqual([old]);
    expect(await week.partsOf(record)).toEqual(['executions_past', 'execution_events_past']);
  });
});
