// Group commit on a real store: what is written together, and what one execution's bad data does to the others.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { newRecord } from '../core/execution-record.for-test.ts';
import type { ExecutionRecord } from '../core/execution-record.ts';
import { createPostgresEngineStore } from '../store/postgres-engine-store.ts';
import type { EngineStore, JournalAppend } from '../store/store.ts';
import { openTestPool, openTestStores, type TestStores } from '../store/stores.for-test.ts';
import { createJournal } from './journal-lane.ts';

let databases: TestDatabases;
let stores: TestStores;
beforeAll(async () => {
  databases = await startTestDatabases();
  stores = await openTestStores(databases, 'lanes');
}, 30_000);
afterAll(async () => {
  await stores.close();
  await databases.stop();
});

/** Executions of the same lane. */
async function record(ownerId: string, count: number): Promise<ExecutionRecord[]> {
  const id = () => randomUUID().replace(/.{6}$/, '000000');
  const records = Array.from({ length: count }, () => newRecord({ id: id() }));
  for (const each of records) await stores.executions.record(each, ownerId);
  return records;
}

function appendOf({ tenantId, id }: ExecutionRecord, seq: number): JournalAppend {
  return { tenantId, executionId: id, entries: [{ seq, atMs: 1_000, event: { type: 'started' } }] };
}

/** The store, and how many executions each of its statements was for. */
function counted(store: EngineStore): [Pick<EngineStore, 'append'>, number[]] {
  const sizes: number[] = [];
  const append: EngineStore['append'] = (ownerId, batch) => {
    sizes.push(batch.length);
    return store.append(ownerId, batch);
  };
  return [{ append }, sizes];
}

/** Keeps appends under the owner waiting until it is let go. */
async function hold(ownerId: string): Promise<() => Promise<void>> {
  const holder = new pg.Client({ connectionString: stores.urls.admin });
  await holder.connect();
  await holder.query('begin');
  await holder.query('select 1 from orchestrator.owners where owner_id = $1 for update', [ownerId]);
  return async () => {
    await holder.query('commit');
    await holder.end();
  };
}

const seqsOf = async ({ tenantId, id }: ExecutionRecord) =>
  (await stores.executions.readJournal(tenantId, id)).map(({ seq }) => seq);

describe('a lane', () => {
  it('writes in one statement what came while the one before was under way', async () => {
    const ownerId = await stores.newOwner();
    const records = await record(ownerId, 6);
    const [store, sizes] = counted(stores.engine);
    const journal = createJournal(store);
    const letGo = await hold(ownerId);
    const appended = records.map((each) => journal.append(ownerId, appendOf(each, 1)));
    await letGo();
    expect(await Promise.all(appended)).toEqual(records.map(() => 'appended'));
    expect(sizes).toEqual([1, 5]);
    expect(await Promise.all(records.map(seqsOf))).toEqual(records.map(() => [1]));
  });

  it('fails only the execution whose data is refused', async () => {
    const ownerId = await stores.newOwner();
    const records = await record(ownerId, 8);
    const [guilty] = records.slice(3);
    if (!guilty) throw new Error('too few executions');
    await stores.engine.append(ownerId, [appendOf(guilty, 1)]);
    const journal = createJournal(stores.engine);
    const letGo = await hold(ownerId);
    const ends = Promise.allSettled(records.map((each) => journal.append(ownerId, appendOf(each, 1))));
    await letGo();
    expect((await ends).map(({ status }) => status)).toEqual(
      records.map((each) => (each === guilty ? 'rejected' : 'fulfilled')),
    );
    expect(await Promise.all(records.map(seqsOf))).toEqual(records.map(() => [1]));
  });

  it('goes on after a refused statement', async () => {
    const ownerId = await stores.newOwner();
    const [first] = await record(ownerId, 1);
    if (!first) throw new Error('no execution');
    const journal = createJournal(stores.engine);
    await journal.append(ownerId, appendOf(first, 1));
    await expect(journal.append(ownerId, appendOf(first, 1))).rejects.toMatchObject({ code: '23505' });
    expect(await journal.append(ownerId, appendOf(first, 2))).toBe('appended');
  });

  it('does not try each one again while the database is away', async () => {
    const ownerId = await stores.newOwner();
    const records = await record(ownerId, 5);
    const pool = openTestPool(stores.urls.engine);
    const [store, sizes] = counted(createPostgresEngineStore(pool));
    const journal = createJournal(store);
    await pool.close();
    const ends = await Promise.allSettled(records.map((each) => journal.append(ownerId, appendOf(each, 1))));
    expect(ends.map(({ status }) => status)).toEqual(records.map(() => 'rejected'));
    expect(sizes).toEqual([1, 4]);
  });

  it('writes under the owner that took an execution up, also when the process has another one by now', async () => {
    const [oldId, newId] = [await stores.newOwner(), await stores.newOwner()];
    const [first, stale, fresh] = await record(oldId, 3);
    if (!first || !stale || !fresh) throw new Error('too few executions');
    const journal = createJournal(stores.engine);
    await stores.owners.end(oldId);
    const ends = [
      journal.append(newId, appendOf(first, 1)),
      journal.append(oldId, appendOf(stale, 1)),
      journal.append(newId, appendOf(fresh, 1)),
    ];
    expect(await Promise.all(ends)).toEqual(['appended', 'fenced', 'appended']);
    expect(await seqsOf(stale)).toEqual([]);
  });
});
