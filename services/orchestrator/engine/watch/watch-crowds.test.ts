// Watching a user with very many runs, on a real database: history comes whole to whoever reads it, parked runs hold nobody up, and what
// does not fit at once comes later.
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newIdAt } from '../../../../foundation/ids/ids.ts';
import { startTestDatabases, type TestDatabases } from '../../../../local/databases/test-databases.ts';
import type { ExecutionRecord } from '../../core/execution-record.ts';
import type { JournalEvent } from '../../core/journal-event.ts';
import { newVector, openRunsMax, type ResumeVector } from '../../core/resume-vector.ts';
import { openTestStores, type TestStores } from '../../store/stores.for-test.ts';
import { recordOf } from '../engine.for-test.ts';
import { createFeed } from '../feed.ts';
import { createResumeTokens } from './resume-tokens.ts';
import { beginWatching, type TestWatching, watchMany } from './watching.for-test.ts';

const tokens = createResumeTokens({ key: 'a key for tests that is long enough' });
const started: JournalEvent = { type: 'task_started', nodeId: 'a', attempt: 1 };
const ended: JournalEvent = { type: 'ended', status: 'completed', summary: '' };
const longAgoMs = 600_000;

let databases: TestDatabases;
let stores: TestStores;
let ownerId: string;
let person: { readonly tenantId: string; readonly userId: string };
const open: TestWatching[] = [];
beforeAll(async () => {
  databases = await startTestDatabases();
  stores = await openTestStores(databases, 'watch_crowds');
  ownerId = await stores.newOwner();
}, 30_000);
beforeEach(() => {
  person = { tenantId: randomUUID(), userId: randomUUID() };
});
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
  await stores.admin.query('truncate orchestrator.executions, orchestrator.execution_events');
});
afterAll(async () => {
  await stores.close();
  await databases.stop();
});

function watching(options: Parameters<typeof beginWatching>[1] = {}): TestWatching {
  const each = beginWatching(stores, options);
  open.push(each);
  return each;
}

interface Written {
  /** How long ago it was started and did what it did, in milliseconds. */
  readonly agoMs?: number;
  /** In its journal, one in each row [1]. */
  readonly events?: number;
  /** [true] */
  readonly isParked?: boolean;
}

/** A run of the person that goes on. */
async function write({ agoMs = longAgoMs, events = 1, isParked = true }: Written = {}) {
  const { tenantId, userId } = person;
  const principal = { tenantId, userId, username: 'somebody', roles: ['editor'] };
  const atMs = Date.now() - agoMs;
  const run = recordOf({ a: [] }, {}, { tenantId, principal, id: newIdAt(atMs) });
  await stores.executions.record(run, ownerId);
  if (isParked)
    await stores.admin.query('update orchestrator.executions set owner_id = null where id = $1', [run.id]);
  await stores.admin.query(
    `insert into orchestrator.execution_events (tenant_id, execution_id, seq, at, payload)
      select $1, $2, seq, $3, $4 from generate_series(1, $5::integer) seq`,
    [tenantId, run.id, new Date(atMs), JSON.stringify([started]), events],
  );
  return run;
}

async function writeMany(count: number, written?: Written): Promise<ExecutionRecord[]> {
  const runs: ExecutionRecord[] = [];
  for (let left = count; left > 0; left -= 1) runs.push(await write(written));
  return runs;
}

/** The run goes on by one event, or ends with it. */
async function goOn({ tenantId, id }: ExecutionRecord, seq: number, event: JournalEvent): Promise<void> {
  await stores.admin.query(
    'insert into orchestrator.execution_events (tenant_id, execution_id, seq, at, payload) values ($1, $2, $3, now(), $4)',
    [tenantId, id, seq, JSON.stringify([event])],
  );
  if (event.type !== 'ended') return;
  const text = `update orchestrator.executions set status = 'completed', completed_at = now(), owner_id = null where id = $1`;
  await stores.admin.query(text, [id]);
}

const throughToken = (vector: ResumeVector | undefined) =>
  vector && tokens.open(person, tokens.seal(person, vector));

/** Does something when the stream has begun, once. */
function once(work: () => Promise<unknown>): () => void {
  let isDone = false;
  return () => {
    if (!isDone) void work();
    isDone = true;
  };
}

describe('the history of very many runs', () => {
  it('comes whole in one stream, to a reader who takes his time', async () => {
    const runs = await writeMany(100, { agoMs: 60_000, events: 40 });
    const vector = newVector(Date.now() - longAgoMs);
    const events: string[] = [];
    for await (const { step } of watching().hub.watchMany(person, vector, new AbortController().signal)) {
      if (step.type === 'event') events.push(`${step.subject.id} ${step.event.seq}`);
      if (events.length >= 4_000) break;
      await new Promise(setImmediate);
    }
    const expected = runs.flatMap(({ id }) => Array.from({ length: 40 }, (_, at) => `${id} ${at + 1}`));
    expect(events.toSorted()).toEqual(expected.toSorted());
  }, 60_000);

  it('comes whole when one decision of a run holds more than may wait live', async () => {
    const run = await write({ agoMs: 60_000, events: 1 });
    const payload = JSON.stringify(Array.from({ length: 2_500 }, () => started));
    const text = 'update orchestrator.execution_events set payload = $2 where execution_id = $1';
    await stores.admin.query(text, [run.id, payload]);
    const vector = newVector(Date.now() - longAgoMs);
    const leaveAt = (told: readonly string[]): boolean => told.length >= 2_500;
    const { events } = await watchMany(watching(), { subject: person, vector, leaveAt });
    expect(events).toEqual(Array.from({ length: 2_500 }, (_, at) => `${run.id} ${at + 1}`));
  });
});

describe('runs that are parked', () => {
  it('need no place in a stream that begins, and are followed when they go on', async () => {
    const [parked] = await writeMany(openRunsMax + 5);
    const told: string[] = [];
    const onBegun = once(async () => {
      const fresh = await write({ agoMs: 0 });
      if (parked) await goOn(parked, 2, ended);
      told.push(`${fresh.id} 1`, `${parked?.id} 2`);
    });
    const leaveAt = (events: readonly string[]): boolean => events.length >= 2;
    const { events, vector } = await watchMany(watching(), { subject: person, onBegun, leaveAt });
    expect(events.toSorted()).toEqual(told.toSorted());
    expect(vector?.open.size).toBe(1);
  }, 60_000);

  it('are told of, from where they were, to who was away while they went on', async () => {
    const [parked, still] = [await write({ events: 3 }), await write()];
    const away = await watchMany(watching(), { subject: person, leaveAt: () => true });
    expect(away.vector?.open.size).toBe(0);
    await goOn(parked, 4, started);
    await goOn(parked, 5, ended);
    const vector = throughToken(away.vector);
    const leaveAt = (events: readonly string[]): boolean => events.length >= 2;
    const back = await watchMany(watching(), { subject: person, vector, leaveAt });
    expect(back.events).toEqual([`${parked.id} 4`, `${parked.id} 5`]);
    await goOn(still, 2, started);
    const last = await watchMany(watching(), {
      subject: person,
      vector: throughToken(back.vector),
      leaveAt: (events) => events.length >= 1,
    });
    expect(last.events).toEqual([`${still.id} 2`]);
  });

  it('are found by what replicas tell, from where they were', async () => {
    const feed = createFeed();
    const rhythm = { parkedMs: 3_600_000 };
    const hub = watching({ own: { address: 'here:1', feed }, rhythm });
    const parked = await write({ events: 3 });
    const goesOn = once(async () => {
      await goOn(parked, 4, started);
      await goOn(parked, 5, ended);
      const execution = await hub.store.read(parked.tenantId, parked.id);
      if (!execution) throw new Error('no such execution');
      feed.appended(
        { execution, dropped: false, state: undefined as never },
        { seq: 5, atMs: Date.now(), events: [ended] },
      );
    });
    let begun = 0;
    const onBegun = (): void => {
      begun += 1;
      if (begun === 3) goesOn(); // the first look has been
    };
    const leaveAt = (events: readonly string[]): boolean => events.length >= 2;
    const { events } = await watchMany(hub, { subject: person, onBegun, leaveAt });
    expect(events).toEqual([`${parked.id} 4`, `${parked.id} 5`]);
  });

  it('leave their places once they are quiet, and tell what they do later once', async () => {
    let aheadMs = 0;
    const clock = (): number => Date.now() + aheadMs;
    const hub = watching({ clock, rhythm: { aliveMs: 30 } });
    const [first] = await writeMany(20, { agoMs: 1_000 });
    const isQuiet = untilSilences(20);
    const { events, vector } = await watchMany(hub, {
      subject: person,
      vector: newVector(Date.now() - 60_000),
      leaveAt: (told) => {
        if (told.length === 20) aheadMs += 20_000;
        return isQuiet(told);
      },
    });
    expect([events.length, vector?.open.size]).toEqual([20, 0]);
    if (first) await goOn(first, 2, started);
    const later = `update orchestrator.execution_events set at = now() + interval '1 hour' where seq = 2`;
    await stores.admin.query(later);
    const after = await watchMany(hub, {
      subject: person,
      vector: throughToken(vector),
      leaveAt: untilSilences(4),
    });
    expect(after.events).toEqual([`${first?.id} 2`]);
  }, 60_000);
});

/** Leaves after so many steps that told nothing new. */
function untilSilences(count: number): (events: readonly string[]) => boolean {
  let [silences, told] = [0, 0];
  return (events) => {
    silences += events.length === told ? 1 : 0;
    told = events.length;
    return silences >= count;
  };
}

describe('more runs than are followed at once', () => {
  it('do not keep a stream from beginning, and those without a place are told of when there is one', async () => {
    const runs = await writeMany(openRunsMax + 20, { isParked: false });
    const onBegun = once(async () => {
      for (const run of runs) await goOn(run, 2, ended);
    });
    const leaveAt = (events: readonly string[]): boolean => events.length >= runs.length;
    const { events } = await watchMany(watching(), { subject: person, onBegun, leaveAt });
    expect(events.toSorted()).toEqual(runs.map(({ id }) => `${id} 2`).toSorted());
  }, 60_000);
});
