// What watchers read on a real database: bounded parts of journals, from wherever one stands, and the runs of one person alone.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { newIdAt } from '../../../foundation/ids/ids.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { newRecord } from '../core/execution-record.for-test.ts';
import type { ExecutionRecord } from '../core/execution-record.ts';
import type { JournalEvent } from '../core/journal-event.ts';
import { lastIdAt } from '../core/resume-vector.ts';
import type { NewsScope } from '../core/watch-reads.ts';
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

describe('news of the runs of a person', () => {
  const nowMs = Date.now();
  const of = (tenantId: string, userId: string) => ({ tenantId, userId, username: 'somebody', roles: [] });
  const afterId = lastIdAt(0);
  const everything = { atMs: nowMs - 3_600_000, oldest: 0, next: 0, pending: [] };
  const found = async (scope: NewsScope, limit = 10) => (await store.news([scope], limit))[0];

  /** Takes a run up and parks it again, so that it may have news. */
  async function park({ id }: ExecutionRecord): Promise<void> {
    await stores.admin.query('update orchestrator.executions set owner_id = null where id = $1', [id]);
  }

  it('are runs with what was written since the view, for many persons at once', async () => {
    const [tenantId, userId, another] = [randomUUID(), randomUUID(), randomUUID()];
    const own = (atMs: number, changes: Partial<ExecutionRecord> = {}) =>
      record({ tenantId, id: newIdAt(atMs), principal: of(tenantId, userId), ...changes });
    const [quiet, going] = [await own(nowMs - 60_000), await own(nowMs - 50_000, { sessionId: 'ses_1' })];
    const theirs = await own(nowMs, { principal: of(tenantId, another) });
    await record({ principal: of(randomUUID(), userId) });
    for (const run of [quiet, going, theirs]) await write(run, 1, 2);
    const seen = await store.view();
    await write(going, 3, 3);
    await write(going, 6, 1);
    await write(theirs, 3, 1);
    const scope = { tenantId, userId, seen, afterId };
    const news = await store.news(
      [
        scope,
        { ...scope, sessionId: 'ses_1' },
        { ...scope, sessionId: 'ses_2' },
        { ...scope, userId: another },
        { ...scope, tenantId: randomUUID() },
        { ...scope, seen: everything },
      ],
      10,
    );
    const [ofGoing, ofTheirs] = [
      { id: going.id, after: 2, last: 6 },
      { id: theirs.id, after: 2, last: 3 },
    ];
    const all = [
      { id: quiet.id, after: 0, last: 2 },
      { id: going.id, after: 0, last: 6 },
    ];
    expect(news.map(({ runs }) => runs)).toEqual([[ofGoing], [ofGoing], [], [ofTheirs], [], all]);
    expect(await found({ ...scope, seen: news[0]?.view ?? seen })).toMatchObject({ runs: [] });
  });

  it('are none of the shadow runs of gates', async () => {
    const [tenantId, userId] = [randomUUID(), randomUUID()];
    const own = { tenantId, principal: of(tenantId, userId) };
    const [run, shadow] = [await record(own), await record({ ...own, kind: 'shadow_query' })];
    for (const each of [run, shadow]) await write(each, 1, 1);
    const news = await found({ tenantId, userId, seen: everything, afterId });
    expect(news?.runs.map(({ id }) => id)).toEqual([run.id]);
  });

  it('come in parts, of what another view shows', async () => {
    const [tenantId, userId] = [randomUUID(), randomUUID()];
    const own = (atMs: number) => record({ tenantId, id: newIdAt(atMs), principal: of(tenantId, userId) });
    const runs = [await own(nowMs - 3_000), await own(nowMs - 2_000), await own(nowMs - 1_000)];
    const [first, second, third] = runs;
    for (const run of runs) await write(run, 1, 1);
    const scope = { tenantId, userId, seen: everything, afterId };
    const part = await found(scope, 2);
    expect(part).toMatchObject({
      runs: [
        { id: first?.id, after: 0, last: 1 },
        { id: second?.id, after: 0, last: 1 },
      ],
      untilId: second?.id,
    });
    for (const run of runs) await write(run, 2, 1);
    const through = part?.view;
    const rest = await found({ ...scope, ...(through ? { through } : {}), afterId: second?.id ?? '' }, 2);
    expect(rest?.runs).toEqual([{ id: third?.id, after: 0, last: 1 }]);
    expect(rest?.untilId).toBeUndefined();
  });

  it('are found of old runs that somebody owns, that were parked since, or that have ended since', async () => {
    const [tenantId, userId] = [randomUUID(), randomUUID()];
    const own = () => record({ tenantId, id: newIdAt(nowMs - 3_600_000), principal: of(tenantId, userId) });
    const [owned, parked, done] = [await own(), await own(), await own()];
    const seen = await store.view();
    for (const run of [owned, parked, done]) await write(run, 1, 1);
    await park(parked);
    const end = `update orchestrator.executions set status = 'completed', completed_at = now() where id = $1`;
    await stores.admin.query(end, [done.id]);
    const news = await found({ tenantId, userId, seen, afterId });
    expect(news?.runs.map(({ id }) => id)).toEqual([owned.id, parked.id, done.id].toSorted());
  });

  it('are what becomes visible after the view, although its transaction was begun before', async () => {
    const [tenantId, userId] = [randomUUID(), randomUUID()];
    const run = await record({ tenantId, principal: of(tenantId, userId) });
    const late = new pg.Client({ connectionString: stores.urls.admin });
    await late.connect();
    await late.query('begin');
    const insert =
      'insert into orchestrator.execution_events (tenant_id, execution_id, seq, at, payload) values ($1, $2, 1, now(), $3)';
    await late.query(insert, [tenantId, run.id, '[{"type":"started"}]']);
    await record(); // a later transaction that commits before
    const seen = await store.view();
    expect((await found({ tenantId, userId, seen, afterId }))?.runs).toEqual([]);
    await late.query('commit');
    await late.end();
    const news = await found({ tenantId, userId, seen, afterId });
    expect(news?.runs).toEqual([{ id: run.id, after: 0, last: 1 }]);
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
