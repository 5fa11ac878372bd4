// Group commit on a real store: what is written together and in which order, and what one execution's data does to the others.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { newId } from '../../../foundation/ids/ids.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { newRecord } from '../core/execution-record.for-test.ts';
import type { ExecutionRecord } from '../core/execution-record.ts';
import type { JournalEvent } from '../core/journal-event.ts';
import { running } from '../store/journal-append.for-test.ts';
import { createPostgresEngineStore } from '../store/postgres-engine-store.ts';
import { createPostgresJournalStore } from '../store/postgres-journal-store.ts';
import type { JournalAppend, JournalStore, RowChange } from '../store/store.ts';
import { openTestPool, openTestStores, type TestStores } from '../store/stores.for-test.ts';
import {
  createJournal,
  type Journal,
  type JournalWriter,
  RefusedAppend,
  smallLanesMax,
} from './journal-lane.ts';

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
  const id = () => newId().replace(/.{6}$/, (0).toString(16).padStart(6, '0'));
  const records = Array.from({ length: count }, () => newRecord({ id: id() }));
  for (const each of records) await stores.executions.record(each, ownerId);
  return records;
}

const writerOf = (ownerId: string, { tenantId, id }: ExecutionRecord): JournalWriter => ({
  ...{ ownerId, tenantId, executionId: id, broken: false },
});

interface Part {
  readonly record?: ExecutionRecord;
  readonly events?: readonly JournalEvent[];
  readonly change?: RowChange;
  readonly atMs?: number;
}

/** Appends, and answers what became of it. */
function append(journal: Journal, writer: JournalWriter, seq: number, part: Part = {}): Promise<string> {
  const { events = [{ type: 'started' }], atMs = 1_000 * seq, ...rest } = part;
  return new Promise((resolve, reject) => {
    const ends = { written: () => resolve('written'), lost: reject };
    journal.append(writer, { seq, atMs, events, ...rest, ...ends });
  });
}

/** An answer of about so many characters. */
function answerOf(characters: number): JournalEvent {
  const more = { reasoning: '', confidence: 1, references: [], spans: {}, runtime: 'builtin' };
  const answer = { output: { answer: 'x'.repeat(characters) }, ...more };
  return { type: 'task_succeeded', nodeId: 'a', attempt: 1, answer, durationMs: 1 };
}

/** The store, and what each of its statements was for. */
function watched(store: JournalStore): [JournalStore, JournalAppend[][]] {
  const batches: JournalAppend[][] = [];
  const noted: JournalStore['append'] = (ownerId, batch) => {
    batches.push([...batch]);
    return store.append(ownerId, batch);
  };
  return [{ append: noted }, batches];
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
const sizesOf = (batches: readonly JournalAppend[][]) => batches.map(({ length }) => length);
const upTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1);

describe('a lane', () => {
  it('writes in one statement what came while the one before was under way', async () => {
    const ownerId = await stores.newOwner();
    const records = await record(ownerId, 6);
    const [store, batches] = watched(stores.engine);
    const journal = createJournal(store);
    const letGo = await hold(ownerId);
    const [first, ...rest] = records.map((each) => writerOf(ownerId, each));
    if (!first) throw new Error('no execution');
    const begun = append(journal, first, 1);
    await stores.untilBlocked(1);
    const appended = rest.map((writer) => append(journal, writer, 1));
    await letGo();
    expect(await Promise.all([begun, ...appended])).toEqual(records.map(() => 'written'));
    expect(sizesOf(batches)).toEqual([1, 5]);
    expect(await Promise.all(records.map(seqsOf))).toEqual(records.map(() => [1]));
  });

  it('makes one part of what an execution decides while its last part waits: rows by moment, the newest change', async () => {
    const ownerId = await stores.newOwner();
    const [each] = await record(ownerId, 1);
    if (!each) throw new Error('no execution');
    const [store, batches] = watched(stores.engine);
    const journal = createJournal(store);
    const writer = writerOf(ownerId, each);
    const letGo = await hold(ownerId);
    const parts = [append(journal, writer, 1)];
    await stores.untilBlocked(1);
    parts.push(append(journal, writer, 2, { atMs: 7, change: { ...running, reason: 'old' } }));
    parts.push(append(journal, writer, 3, { atMs: 7, change: { ...running, reason: 'new' } }));
    parts.push(append(journal, writer, 4, { atMs: 8 }));
    await letGo();
    await Promise.all(parts);
    expect(batches.map(([one]) => one?.rows.map(({ seq, events }) => [seq, events.length]))).toEqual([
      [[1, 1]],
      [
        [2, 2],
        [4, 1],
      ],
    ]);
    expect(await stores.executions.read(each.tenantId, each.id)).toMatchObject({ reason: 'new' });
    expect(await seqsOf(each)).toEqual([1, 2, 3, 4]);
  });

  it('shows a reader no gap at any moment, however many executions write at once', async () => {
    const ownerId = await stores.newOwner();
    const records = Array.from({ length: 60 }, () => newRecord());
    for (const each of records) await stores.executions.record(each, ownerId);
    const journal = createJournal(stores.engine);
    let isOver = false;
    let reads = 0;
    const reading = (async () => {
      for (; !isOver; reads += 1) {
        const { rows } = await stores.admin.query<{ gaps: number }>(
          `select count(*)::int as gaps from (select execution_id from orchestrator.execution_events
             where execution_id = any($1) group by execution_id having max(seq) <> count(*)) as gap`,
          [records.map(({ id }) => id)],
        );
        expect(rows).toEqual([{ gaps: 0 }]);
      }
    })();
    const writing = records.map(async (each, place) => {
      const writer = writerOf(ownerId, each);
      const parts: Promise<string>[] = [];
      for (let seq = 1; seq <= 30; seq += 1) {
        const isLarge = (seq + place) % 7 === 0;
        parts.push(append(journal, writer, seq, isLarge ? { events: [answerOf(20_000)] } : {}));
        if (seq % 3 === 0) await parts.at(-1); // else it decides ahead of what is durable
      }
      await Promise.all(parts);
    });
    await Promise.all(writing);
    isOver = true;
    await reading;
    expect(reads).toBeGreaterThan(0);
    for (const each of records) expect(await seqsOf(each)).toEqual(upTo(30));
  });

  it('writes no more than 500 executions and about 4 MiB in one statement', async () => {
    const ownerId = await stores.newOwner();
    const ids = Array.from({ length: 1_100 }, () => ({
      ...newRecord(),
      id: newId().replace(/.{6}$/, '000000'),
    }));
    const journal = (store: JournalStore) => createJournal(store);
    const [few, fewBatches] = watched(stores.engine);
    const small = journal(few);
    await Promise.all(ids.map((each) => append(small, writerOf(ownerId, each), 1)));
    expect(sizesOf(fewBatches)).toEqual([500, 500, 100]);
    const [heavy, heavyBatches] = watched(stores.engine);
    const large = journal(heavy);
    const events = [answerOf(1024 * 1024)];
    await Promise.all(ids.slice(0, 8).map((each) => append(large, writerOf(ownerId, each), 2, { events })));
    expect(sizesOf(heavyBatches)).toEqual([3, 3, 2]);
  });

  it('weighs answers, the input of a run and what its outcome will change', async () => {
    const ownerId = await stores.newOwner();
    const text = 'x'.repeat(1024 * 1024);
    const [store, batches] = watched(stores.engine);
    const journal = createJournal(store);
    const heavy = Array.from({ length: 4 }, () => newRecord({ input: { input: { text } } }));
    const parts = heavy.map((each) => append(journal, writerOf(ownerId, each), 1, { record: each }));
    expect(await Promise.all(parts)).toEqual(heavy.map(() => 'written'));
    expect(sizesOf(batches)).toEqual([3, 1]);
    const events: JournalEvent[] = [{ type: 'effects_planned', prepared: { changes: [{ after: text }] } }];
    await Promise.all(heavy.map((each) => append(journal, writerOf(ownerId, each), 2, { events })));
    expect(sizesOf(batches)).toEqual([3, 1, 3, 1]);
  });

  it('does not keep small parts waiting for large ones', async () => {
    const ownerId = await stores.newOwner();
    const [small, large] = await record(ownerId, 2);
    if (!small || !large) throw new Error('too few executions');
    const gate = Promise.withResolvers<void>();
    const journal = createJournal({
      append: async (owner, batch) => {
        if (batch.some(({ executionId }) => executionId === large.id)) await gate.promise;
        return stores.engine.append(owner, batch);
      },
    });
    const [quick, slow] = [writerOf(ownerId, small), writerOf(ownerId, large)];
    const held = append(journal, slow, 1, { events: [answerOf(60_000)] });
    expect(await append(journal, quick, 1)).toBe('written');
    const next = append(journal, slow, 2); // small, but of an execution with something large under way
    expect(await append(journal, quick, 2)).toBe('written');
    expect(await seqsOf(large)).toEqual([]);
    gate.resolve();
    expect(await Promise.all([held, next])).toEqual(['written', 'written']);
    expect(await seqsOf(large)).toEqual([1, 2]);
  });

  it('writes what follows a large part in the same lane as long as any of it is under way', async () => {
    const ownerId = await stores.newOwner();
    const [large, small] = await record(ownerId, 2);
    if (!large || !small) throw new Error('too few executions');
    const three = () => Array.from({ length: 3 }, () => Promise.withResolvers<void>());
    const [begun, gates] = [three(), three()];
    let calls = 0;
    const journal = createJournal({
      append: async (owner, batch) => {
        if (batch.some(({ executionId }) => executionId === large.id)) {
          const at = calls;
          calls += 1;
          begun[at]?.resolve();
          await gates[at]?.promise;
        }
        return stores.engine.append(owner, batch);
      },
    });
    const [writer, quick] = [writerOf(ownerId, large), writerOf(ownerId, small)];
    const first = append(journal, writer, 1, { events: [answerOf(60_000)] });
    await begun[0]?.promise;
    const second = append(journal, writer, 2);
    gates[0]?.resolve();
    await first;
    await begun[1]?.promise;
    const third = append(journal, writer, 3);
    await append(journal, quick, 1); // its own lane has been written meanwhile
    expect(calls).toBe(2);
    gates[1]?.resolve();
    gates[2]?.resolve();
    await Promise.all([second, third]);
    expect(await seqsOf(large)).toEqual([1, 2, 3]);
  });

  it('has as many connections as lanes', async () => {
    const { journalPoolSize } = await import('../store/engine-connections.ts');
    expect(journalPoolSize).toBe(smallLanesMax + 1);
  });
});

describe('what is refused', () => {
  it('fails only the execution whose data it is, with everything that it decided after it', async () => {
    const ownerId = await stores.newOwner();
    const records = await record(ownerId, 8);
    const guilty = records[3];
    if (!guilty) throw new Error('too few executions');
    const journal = createJournal(stores.engine);
    const impossible = { ...running, completedAtMs: 1_000 }; // running and ended
    const letGo = await hold(ownerId);
    const writers = records.map((each) => writerOf(ownerId, each));
    const ends = Promise.allSettled([
      ...writers.map((writer, at) => append(journal, writer, 1, at === 3 ? { change: impossible } : {})),
    ]);
    await stores.untilBlocked(1);
    const after = Promise.allSettled(writers.map((writer) => append(journal, writer, 2)));
    await letGo();
    const expected = records.map((each) => (each === guilty ? 'rejected' : 'fulfilled'));
    expect((await ends).map(({ status }) => status)).toEqual(expected);
    expect((await after).map(({ status }) => status)).toEqual(expected);
    expect((await ends)[3]).toMatchObject({ reason: expect.any(RefusedAppend) });
    expect(await Promise.all(records.map(seqsOf))).toEqual(
      records.map((each) => (each === guilty ? [] : [1, 2])),
    );
    const writer = writers[3];
    if (writer) await expect(append(journal, writer, 3)).rejects.toThrow('an earlier part');
  });

  it('is no matter of the data when a place in the journal is taken or a right is missing', async () => {
    const ownerId = await stores.newOwner();
    const [taken, denied] = await record(ownerId, 2);
    if (!taken || !denied) throw new Error('too few executions');
    const journal = createJournal(stores.engine);
    await append(journal, writerOf(ownerId, taken), 1);
    const again = await append(journal, writerOf(ownerId, taken), 1).catch((error: unknown) => error);
    expect(again).toMatchObject({ code: '23505' });
    expect(again).not.toBeInstanceOf(RefusedAppend);
    await stores.admin.query('revoke insert on orchestrator.execution_events from orchestrator_engine');
    const refused = await append(journal, writerOf(ownerId, denied), 1).catch((error: unknown) => error);
    await stores.admin.query('grant insert on orchestrator.execution_events to orchestrator_engine');
    expect(refused).toMatchObject({ code: '42501' });
    expect(refused).not.toBeInstanceOf(RefusedAppend);
    expect(await append(journal, writerOf(ownerId, denied), 1)).toBe('written');
  });

  it.each([
    ['ERR_OUT_OF_RANGE', true],
    ['ERR_STREAM_DESTROYED', false],
    ['ERR_TLS_CERT_ALTNAME_INVALID', false],
    ['22P05', true],
    ['2200', false], // no code of PostgreSQL has four characters
  ])('is told by the code: %s, a matter of the data: %p', async (code, isOfData) => {
    const ownerId = await stores.newOwner();
    const [each] = await record(ownerId, 1);
    if (!each) throw new Error('no execution');
    const journal = createJournal({
      append: () => Promise.reject(Object.assign(new Error('refused'), { code })),
    });
    const lost = await append(journal, writerOf(ownerId, each), 1).catch((error: unknown) => error);
    expect(lost instanceof RefusedAppend).toBe(isOfData);
  });

  it('is not tried again one by one while the database is away', async () => {
    const ownerId = await stores.newOwner();
    const records = await record(ownerId, 5);
    const pool = openTestPool(stores.urls.engine);
    const [store, batches] = watched(createPostgresEngineStore(pool, createPostgresJournalStore(pool)));
    const journal = createJournal(store);
    await pool.close();
    const ends = await Promise.allSettled(records.map((each) => append(journal, writerOf(ownerId, each), 1)));
    expect(ends.map(({ status }) => status)).toEqual(records.map(() => 'rejected'));
    expect(sizesOf(batches)).toEqual([5]);
  });
});

describe('a journal', () => {
  it('writes under the owner that took an execution up, also when the process has another one by now', async () => {
    const [oldId, nextId] = [await stores.newOwner(), await stores.newOwner()];
    const [first, stale, fresh] = await record(oldId, 3);
    if (!first || !stale || !fresh) throw new Error('too few executions');
    const journal = createJournal(stores.engine);
    await stores.owners.end(oldId);
    const ends = await Promise.allSettled([
      append(journal, writerOf(nextId, first), 1),
      append(journal, writerOf(oldId, stale), 1),
      append(journal, writerOf(nextId, fresh), 1),
    ]);
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await seqsOf(stale)).toEqual([]);
  });
});
