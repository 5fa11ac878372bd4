// The rows of tasks move with the journals of their runs, all or nothing, and with nobody else's leave.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../../foundation/ids/ids.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { newRecord } from '../core/execution-record.for-test.ts';
import type { ExecutionRecord } from '../core/execution-record.ts';
import { beginWork } from '../core/work/begin-work.ts';
import type { NewTaskRow, TaskChange } from '../core/work/task-change.ts';
import { openWork } from '../core/work/work-plan.ts';
import { pinnedWork, workerEnded } from '../core/work/work-run.for-test.ts';
import { insertWorkerEnd } from './insert-worker-end.ts';
import { appendOf } from './journal-append.for-test.ts';
import { recordWork } from './record-work.ts';
import { recordTestWork } from './recorded-work.for-test.ts';
import { openTestStores, type TestStores } from './stores.for-test.ts';

let databases: TestDatabases;
let stores: TestStores;
let ownerId: string;
beforeAll(async () => {
  databases = await startTestDatabases();
  stores = await openTestStores(databases, 'task_mirror');
  ownerId = await stores.newOwner();
}, 30_000);
afterAll(async () => {
  await stores.close();
  await databases.stop();
});

interface TaskRow {
  readonly [column: string]: unknown;
  readonly status: string;
}

async function taskOf({ id }: { readonly id: string }, nodeId: string): Promise<TaskRow | undefined> {
  const { rows } = await stores.admin.query<TaskRow>(
    'select * from orchestrator.tasks where execution_id = $1 and node_id = $2',
    [id, nodeId],
  );
  return rows[0];
}

/** A run of these nodes, which is the owner's. */
async function recorded(graph: Readonly<Record<string, readonly string[]>>): Promise<ExecutionRecord> {
  const record = await recordTestWork(stores, graph);
  await stores.engine.claimParked(ownerId, record);
  return record;
}

const append = (record: ExecutionRecord, seq: number, tasks: readonly TaskChange[], owner = ownerId) =>
  stores.engine.append(owner, [appendOf(record, seq, { events: [{ type: 'placed', waitedMs: 1 }], tasks })]);

/** A worker has it. */
async function give(record: ExecutionRecord, nodeId: string, attempt = 1): Promise<void> {
  await stores.admin.query(
    `update orchestrator.tasks set status = 'running', worker_id = $3, attempt = $4, lease_until = clock_timestamp(), caller_id = $3
     where execution_id = $1 and node_id = $2`,
    [record.id, nodeId, randomUUID(), attempt],
  );
}

const offered = (nodeId: string, attempt: number): TaskChange => ({
  ...{ type: 'offered', nodeId, attempt, offeredAtMs: 9_000 },
});
const fault = { code: 'worker_lost', message: 'It is \0 gone' };
const ended = (nodeId: string): TaskChange => ({
  ...{ type: 'ended', nodeId, status: 'completed', completedAtMs: 8_000, result: { found: 'a\0b' } },
});

const newRow = (): NewTaskRow => ({
  ...{ id: newId(), taskType: 'custom', name: 'Reader', input: { text: 'A' }, context: { job_id: 'job_1' } },
  ...{
    priority: 3,
    requiredCapabilities: ['see', 'hear "it"'],
    attemptTimeoutMs: 5_000,
    totalTimeoutMs: 90_000,
  },
  ...{ retriesMax: 2, failsUncertain: true, createdBy: randomUUID() },
});

describe('a run of tasks for workers', () => {
  it('is recorded begun, owned by nobody, with the beginning of its journal', async () => {
    const record = newRecord({
      kind: 'task',
      plan: pinnedWork({ task: [] }),
      domainId: '',
      domainVersion: 0,
    });
    const run = openWork(record.plan);
    if (!run) throw new Error('no plan of work');
    const begun = beginWork({ run, nowMs: record.createdAtMs });
    await stores.app.tenantTransaction(record.tenantId, (client) => recordWork(client, { record, begun }));
    const stored = await stores.executions.read(record.tenantId, record.id, { fresh: true });
    expect(stored).toMatchObject({
      ...{ kind: 'task', status: 'running', isParked: true, isQueued: false, plan: record.plan },
      ...{ startedAtMs: record.createdAtMs, principal: record.principal, input: record.input },
    });
    const journal = await stores.executions.readJournal(record.tenantId, record.id, { fresh: true });
    expect(journal.map(({ event }) => event)).toEqual(begun.events);
    expect(await stores.engine.lineUpDue(10)).toBe(0);
  });

  it('is shown in lists of executions only where its kind is asked for', async () => {
    const record = await recorded({ a: [] });
    const list = (kind?: string) =>
      stores.executions.list(record.tenantId, {
        filter: { userId: record.principal.userId, ...(kind ? { kind } : {}) },
        ...{ limit: 10, offset: 0 },
      });
    expect(await list()).toEqual([]);
    expect((await list('workflow')).map(({ id }) => id)).toEqual([record.id]);
  });

  it('finds what came of an attempt as a command, however many wait already', async () => {
    const record = await recorded({ a: [] });
    await stores.app.tenantTransaction(record.tenantId, async (client) => {
      for (let at = 0; at < 101; at += 1) await insertWorkerEnd(client, record, workerEnded('a', at + 1));
    });
    const { rows } = await stores.admin.query('select 1 from orchestrator.commands where execution_id = $1', [
      record.id,
    ]);
    expect(rows).toHaveLength(101);
    const [first] = await stores.engine.commandsOf(record);
    expect(first?.command).toEqual(workerEnded('a', 1));
  });
});

describe('the row of a task', () => {
  it('is offered, waits for its next attempt, is offered again and ends as its journal says', async () => {
    const record = await recorded({ a: [], b: ['a'] });
    expect(await append(record, 10, [offered('b', 1)])).toBe('appended');
    expect(await taskOf(record, 'b')).toMatchObject({
      status: 'pending',
      attempt: 1,
      offered_at: new Date(9_000),
    });
    await give(record, 'b');
    await stores.admin.query(
      `update orchestrator.tasks set answered_at = clock_timestamp(), answer_hash = 'a', result = '{}',
         assigned_at = clock_timestamp(), timeout_at = clock_timestamp() where execution_id = $1`,
      [record.id],
    );
    await append(record, 11, [{ type: 'retrying', nodeId: 'b', attempt: 1, retryAtMs: 7_000, fault }]);
    expect(await taskOf(record, 'b')).toMatchObject({
      ...{ status: 'retrying', attempt: 1, retry_at: new Date(7_000), lease_until: null, caller_id: null },
      ...{ error_code: 'worker_lost', error_message: 'It is \ufffd gone', completed_at: null },
      ...{ answered_at: null, answer_hash: Buffer.from('a'), result: null },
    });
    await append(record, 12, [offered('b', 2)]);
    expect(await taskOf(record, 'b')).toMatchObject({
      status: 'pending',
      attempt: 2,
      retry_at: null,
      ...{ assigned_at: null, timeout_at: null },
    });
    await append(record, 13, [ended('b')]);
    const row = await taskOf(record, 'b');
    expect(row).toMatchObject({
      status: 'completed',
      completed_at: new Date(8_000),
      error_code: 'worker_lost',
    });
    expect(JSON.parse(String(row?.result))).toEqual({ found: 'a\0b' });
    expect(await taskOf(record, 'a')).toMatchObject({ status: 'pending', attempt: 0 });
  });

  it('takes the last of what one append says of it, with the fault before', async () => {
    const record = await recorded({ a: [] });
    await give(record, 'a');
    const changes: TaskChange[] = [
      { type: 'retrying', nodeId: 'a', attempt: 1, retryAtMs: 7_000, fault },
      { ...offered('a', 2), ...{ fault } },
    ];
    await append(record, 10, changes);
    expect(await taskOf(record, 'a')).toMatchObject({
      status: 'pending',
      attempt: 2,
      error_code: 'worker_lost',
    });
  });

  it('stays with its worker when the offer is written late', async () => {
    const record = await recorded({ a: [] });
    await give(record, 'a', 2);
    await append(record, 10, [offered('a', 2)]);
    expect(await taskOf(record, 'a')).toMatchObject({ status: 'running', attempt: 2 });
  });

  it('is held while its run is paused, and given its time back afterwards', async () => {
    const record = await recorded({ a: [], b: ['a'] });
    await append(record, 10, [ended('b')]);
    await stores.admin.query(
      `update orchestrator.tasks set deadline_at = '2026-01-01T00:00:00Z' where execution_id = $1`,
      [record.id],
    );
    await append(record, 11, [{ type: 'held', isHeld: true, heldMs: 0 }]);
    expect(await taskOf(record, 'a')).toMatchObject({ held: true });
    await append(record, 12, [{ type: 'held', isHeld: false, heldMs: 61_500 }]);
    const deadline = new Date('2026-01-01T00:01:01.500Z');
    expect(await taskOf(record, 'a')).toMatchObject({ held: false, deadline_at: deadline });
    expect(await taskOf(record, 'b')).toMatchObject({ deadline_at: new Date('2026-01-01T00:00:00Z') });
  });

  it('that is withdrawn is ended at once when no worker has it, and stays with the one that has it', async () => {
    const record = await recorded({ a: [], b: [] });
    await give(record, 'a');
    const withdrawn = ['a', 'b'].map((nodeId): TaskChange => ({ type: 'withdrawn', nodeId }));
    expect(await append(record, 10, withdrawn)).toBe('appended');
    const told = async () => (await stores.engine.commandsOf(record)).map(({ command }) => command);
    expect(await told()).toMatchObject([
      { type: 'worker_ended', nodeId: 'b', attempt: 0, workerId: '', fault: { code: 'cancelled' } },
    ]);
    expect(await taskOf(record, 'a')).toMatchObject({ status: 'running', held: true, answered_at: null });
    await append(record, 11, [{ type: 'held', isHeld: false, heldMs: 1 }]);
    expect(await taskOf(record, 'a')).toMatchObject({ held: true });
    await append(record, 12, [{ type: 'withdrawn', nodeId: 'b' }]);
    expect(await told()).toHaveLength(1);
  });

  it('of a playbook is made when it is offered, with all that a worker is told, and may end in the same append', async () => {
    const record = await recorded({ a: [] });
    const [one, other] = [newRow(), newRow()];
    const change = { type: 'offered', attempt: 1, offeredAtMs: Date.now() } as const;
    await append(record, 10, [
      { ...change, nodeId: 'read', row: one },
      { ...change, nodeId: 'judge', row: other },
      { type: 'ended', nodeId: 'judge', status: 'cancelled', completedAtMs: 8_000, fault },
    ]);
    const row = await taskOf(record, 'read');
    expect(row).toMatchObject({
      ...{ id: one.id, scope: 'playbook', status: 'pending', attempt: 1, dispatched: true, priority: 3 },
      ...{ type: 'custom', name: 'Reader', input: '{"text":"A"}', context: '{"job_id":"job_1"}' },
      ...{ required_capabilities: ['see', 'hear "it"'], max_retries: 2, created_by: one.createdBy },
      ...{ attempt_timeout_ms: '5000', total_timeout_ms: '90000', fails_uncertain: true },
    });
    const leftMs = Number(row?.deadline_at) - Date.now();
    expect(leftMs).toBeGreaterThan(60_000);
    expect(leftMs).toBeLessThanOrEqual(90_000);
    expect(await taskOf(record, 'judge')).toMatchObject({ status: 'cancelled' });
  });
});

describe('an append with tasks', () => {
  it('of an owner that has been ended changes neither the journal nor a row', async () => {
    const record = await recorded({ a: [] });
    const gone = await stores.newOwner();
    await stores.owners.end(gone);
    expect(await append(record, 10, [ended('a')], gone)).toBe('fenced');
    expect(await taskOf(record, 'a')).toMatchObject({ status: 'pending' });
    expect(await stores.executions.readJournal(record.tenantId, record.id, { fresh: true })).toHaveLength(2);
  });

  it('that the journal refuses changes no row', async () => {
    const record = await recorded({ a: [] });
    await expect(append(record, 1, [ended('a')])).rejects.toMatchObject({
      constraint: expect.stringMatching(/execution_events/),
    });
    expect(await taskOf(record, 'a')).toMatchObject({ status: 'pending' });
  });

  it('waits for whoever gives the task out at the moment, and decides after it', async () => {
    const record = await recorded({ a: [] });
    const [given, held] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const giving = stores.app.tenantTransaction(record.tenantId, async (client) => {
      await client.query({
        name: 'test.give_task',
        text: `update orchestrator.tasks set status = 'running', worker_id = id, attempt = 2, lease_until = clock_timestamp()
          where tenant_id = $1 and execution_id = $2`,
        values: [record.tenantId, record.id],
      });
      given.resolve();
      await held.promise;
    });
    await given.promise;
    const appending = append(record, 10, [offered('a', 2)]);
    await stores.untilBlocked(1);
    held.resolve();
    await giving;
    expect(await appending).toBe('appended');
    expect(await taskOf(record, 'a')).toMatchObject({ status: 'running', attempt: 2 });
  });

  it('locks many rows in one order, whatever the order of their changes', async () => {
    const names = Array.from({ length: 20 }, (_, at) => `n${at}`);
    const record = await recorded(Object.fromEntries(names.map((name) => [name, []])));
    const other = await recorded(Object.fromEntries(names.map((name) => [name, []])));
    const both = (order: readonly ExecutionRecord[], seq: number) =>
      stores.engine.append(
        ownerId,
        order.map((each) =>
          appendOf(each, seq, { events: [], tasks: names.toReversed().map((name) => offered(name, seq)) }),
        ),
      );
    const rounds = Array.from({ length: 10 }, (_, at) => [
      both([record, other], 10 + at),
      both([other, record], 10 + at),
    ]);
    expect(new Set(await Promise.all(rounds.flat()))).toEqual(new Set(['appended']));
  });
});
