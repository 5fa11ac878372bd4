// What watchers read on a real database: bounded parts of journals, from wherever one stands, and the runs of one person alone.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newIdAt } from '../../../foundation/ids/ids.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { newRecord } from '../core/execution-record.for-test.ts';
import type { ExecutionRecord } from '../core/execution-record.ts';
import type { JournalEvent } from '../core/journal-event.ts';
import { lastIdAt } from '../core/resume-vector.ts';
import { createPostgresWatchStore } from './postgres-watch-store.ts';
import type { WatchStore } from './store.ts';
import { openTestStores, type TestStores } from './stores.for-test.ts';

let databases: TestDatabases;
let stores: TestStores;
let store: WatchStore;
beforeAll(async () => {
  databases = await startTestDatabases();
  stores = await openTestStores(databases, 'watch_store');
  store = createPostgresWatchStore({ requests: stores.app, engine: stores.enginePool });
}, 30_000);
afterAll(async () => {
  await stores.close();
  await databases.stop();
});

async function record(changes: Partial<ExecutionRecord> = {}): Promise<ExecutionRecord> {
  const execution = newRecord(changes);
  await stores.executions.record(execution, await stores.newOwner());
  return execution;
}

/** Writes a row of so many events; `padding` characters in each. */
async function write(
  { tenantId, id }: ExecutionRecord,
  seq: number,
  events: number,
  padding = 0,
): Promise<void> {
  const each: JournalEvent = { type: 'tool_called', nodeId: 'a', attempt: 1, toolName: 'x'.repeat(padding) };
  const payload = JSON.stringify(Array.from({ length: events }, () => each));
  await stores.admin.query(
    'insert into orchestrator.execution_events (tenant_id, execution_id, seq, at, payload) values ($1, $2, $3, now(), $4)',
    [tenantId, id, seq, payload],
  );
}

async function read({ tenantId, id }: ExecutionRecord, after: number, atRowEnd: boolean) {
  const [part] = await store.readJournals([{ tenantId, id, after, atRowEnd }]);
  return { seqs: part?.entries.map(({ seq }) => seq), isWhole: part?.isWhole };
}

describe('a part of a journal', () => {
  it('begins after a row, or with the row that one may stand inside', async () => {
    const run = await record();
    await write(run, 1, 3);
    await write(run, 4, 1);
    await write(run, 5, 2);
    expect(await read(run, 0, false)).toEqual({ seqs: [1, 2, 3, 4, 5, 6], isWhole: true });
    expect(await read(run, 3, true)).toEqual({ seqs: [4, 5, 6], isWhole: true });
    expect(await read(run, 6, true)).toEqual({ seqs: [], isWhole: true });
    for (const inside of [1, 2, 3]) {
      expect(await read(run, inside, false)).toEqual({ seqs: [1, 2, 3, 4, 5, 6], isWhole: true });
    }
    expect(await read(run, 6, false)).toEqual({ seqs: [5, 6], isWhole: true });
    expect(await read(run, 99, false)).toEqual({ seqs: [5, 6], isWhole: true });
  });

  it('is bounded in rows, and says that more follows', async () => {
    const run = await record();
    for (let seq = 1; seq <= 60; seq += 1) await write(run, seq, 1);
    const part = await read(run, 0, false);
    expect(part.isWhole).toBe(false);
    expect(part.seqs?.length).toBe(50);
    expect(await read(run, 50, true)).toEqual({
      seqs: Array.from({ length: 10 }, (_, at) => 51 + at),
      isWhole: true,
    });
  });

  it('is bounded in bytes, but never without a row', async () => {
    const run = await record();
    for (let seq = 1; seq <= 4; seq += 1) await write(run, seq, 1, 200_000);
    expect(await read(run, 0, false)).toEqual({ seqs: [1, 2], isWhole: false });
    const large = await record();
    await write(large, 1, 1, 2_000_000);
    await write(large, 2, 1);
    expect(await read(large, 0, false)).toEqual({ seqs: [1], isWhole: false });
    expect(await read(large, 1, true)).toEqual({ seqs: [2], isWhole: true });
  });

  it('comes with where the run is held: nowhere while it is parked, or its owner has ended', async () => {
    const ownerId = await stores.newOwner();
    const run = newRecord();
    await stores.executions.record(run, ownerId);
    const holder = async () => {
      const [part] = await store.readJournals([
        { tenantId: run.tenantId, id: run.id, after: 0, atRowEnd: true },
      ]);
      return { address: part?.address, isParked: part?.isParked, ended: part?.ended };
    };
    expect(await holder()).toEqual({ address: '127.0.0.1:1', isParked: false, ended: false });
    await stores.owners.end(ownerId);
    expect(await holder()).toEqual({ address: undefined, isParked: false, ended: false });
    await stores.admin.query('update orchestrator.executions set owner_id = null where id = $1', [run.id]);
    expect(await holder()).toEqual({ address: undefined, isParked: true, ended: false });
  });

  it('is read for many runs of many tenants at once, and is none for a run that the tenant does not have', async () => {
    const [one, two] = [await record(), await record()];
    await write(one, 1, 1);
    await write(two, 1, 2);
    const positions = [
      { tenantId: two.tenantId, id: two.id, after: 0, atRowEnd: false },
      { tenantId: one.tenantId, id: two.id, after: 0, atRowEnd: false },
      { tenantId: one.tenantId, id: one.id, after: 0, atRowEnd: false },
    ];
    const found = await store.readJournals(positions);
    expect(found.map((part) => part?.entries.map(({ seq }) => seq))).toEqual([[1, 2], undefined, [1]]);
  });
});

describe('the runs of a person', () => {
  const nowMs = Date.now();
  const of = (tenantId: string, userId: string) => ({ tenantId, userId, username: 'somebody', roles: [] });

  it('are found after an id, in the order of their ids, for many persons at once', async () => {
    const [tenantId, userId, another] = [randomUUID(), randomUUID(), randomUUID()];
    const own = (atMs: number, changes: Partial<ExecutionRecord> = {}) =>
      record({ tenantId, id: newIdAt(atMs), principal: of(tenantId, userId), ...changes });
    const old = await own(nowMs - 60_000);
    const [second, first] = [await own(nowMs - 1_000, { sessionId: 'ses_1' }), await own(nowMs - 2_000)];
    const theirs = await own(nowMs, { principal: of(tenantId, another) });
    await record({ principal: of(randomUUID(), userId) });
    const afterId = lastIdAt(nowMs - 30_000);
    const found = await store.started(
      [
        { tenantId, userId, afterId },
        { tenantId, userId, sessionId: 'ses_1', afterId },
        { tenantId, userId: another, afterId },
        { tenantId, userId, afterId: lastIdAt(0) },
      ],
      10,
    );
    expect(found).toEqual([[first.id, second.id], [second.id], [theirs.id], [old.id, first.id, second.id]]);
    expect(await store.started([{ tenantId, userId, afterId: lastIdAt(0) }], 2)).toEqual([
      [old.id, first.id],
    ]);
  });

  it('that go on are found with where they stand, and young ones or those that ended just now also when they have ended', async () => {
    const [tenantId, userId] = [randomUUID(), randomUUID()];
    const principal = of(tenantId, userId);
    const [going, oldDone, youngDone] = [
      await record({ tenantId, principal, id: newIdAt(nowMs - 60_000) }),
      await record({ tenantId, principal, id: newIdAt(nowMs - 50_000) }),
      await record({ tenantId, principal, id: newIdAt(nowMs - 1_000) }),
    ];
    await record({ tenantId });
    await write(going, 1, 2);
    await write(going, 3, 3);
    await stores.admin.query(
      `update orchestrator.executions set status = 'completed', completed_at = now() where id = any($1)`,
      [[oldDone.id, youngDone.id]],
    );
    const afterId = lastIdAt(nowMs - 30_000);
    expect(await store.goingOn({ tenantId, userId, afterId }, 10)).toEqual([
      { id: youngDone.id, seq: 0, ended: true, isParked: false },
      { id: oldDone.id, seq: 0, ended: true, isParked: false },
      { id: going.id, seq: 5, atMs: expect.any(Number), ended: false, isParked: false },
    ]);
  });

  it('of which something was decided are found with where that begins, up to an id, for many persons at once', async () => {
    const [tenantId, userId] = [randomUUID(), randomUUID()];
    const principal = of(tenantId, userId);
    const own = (atMs: number, changes: Partial<ExecutionRecord> = {}) =>
      record({ tenantId, principal, id: newIdAt(atMs), ...changes });
    const [quiet, going] = [await own(nowMs - 60_000), await own(nowMs - 50_000, { sessionId: 'ses_1' })];
    const [done, young] = [await own(nowMs - 40_000), await own(nowMs)];
    for (const run of [quiet, going, done, young]) await write(run, 1, 2);
    const sinceMs = Date.now() + 60_000;
    for (const run of [going, done, young]) await write(run, 3, 3);
    const later = 'update orchestrator.execution_events set at = $1 where seq = 3 and tenant_id = $2';
    await stores.admin.query(later, [new Date(sinceMs + 1), tenantId]);
    const end = `update orchestrator.executions set status = 'completed', completed_at = $1 where id = $2`;
    await stores.admin.query(end, [new Date(sinceMs + 1), done.id]);
    const scope = { tenantId, userId, untilId: lastIdAt(nowMs - 30_000), sinceMs };
    const moved = await store.moved(
      [scope, { ...scope, sessionId: 'ses_1' }, { ...scope, sinceMs: sinceMs + 1 }],
      10,
    );
    expect(moved).toEqual([
      [
        { id: done.id, after: 2 },
        { id: going.id, after: 2 },
      ],
      [{ id: going.id, after: 2 }],
      [],
    ]);
  });
});

describe('addresses', () => {
  it('are those of owners that live', async () => {
    await stores.admin.query('update orchestrator.owners set ended_at = now()');
    expect(await store.addresses()).toEqual([]);
    await stores.newOwner();
    expect(await store.addresses()).toEqual(['127.0.0.1:1']);
  });
});
