// Watching a user with very many runs, on a real database: history comes whole to whoever reads it, parked runs hold nobody up, and what
// does not fit at once comes later.
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newIdAt } from '../../../../foundation/ids/ids.ts';
import { startTestDatabases, type TestDatabases } from '../../../../local/databases/test-databases.ts';
import { pause } from '../../../../local/pause.for-test.ts';
import type { ExecutionRecord } from '../../core/execution-record.ts';
import type { JournalEvent } from '../../core/journal-event.ts';
import { placesMax, type ResumeVector } from '../../core/resume-vector.ts';
import { openTestStores, type TestStores } from '../../store/stores.for-test.ts';
import { recordOf } from '../engine.for-test.ts';
import { createFeed, type Feed } from '../feed.ts';
import { createResumeTokens } from './resume-tokens.ts';
import { beginWatching, type TestWatching, vectorSince, watchMany } from './watching.for-test.ts';

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
async function write({ agoMs = longAgoMs, events = 1, isParked = true }: Written = {}, into = stores) {
  const { tenantId, userId } = person;
  const principal = { tenantId, userId, username: 'somebody', roles: ['editor'] };
  const atMs = Date.now() - agoMs;
  const run = recordOf({ a: [] }, {}, { tenantId, principal, id: newIdAt(atMs) });
  await into.executions.record(run, into === stores ? ownerId : await into.newOwner());
  if (isParked)
    await into.admin.query('update orchestrator.executions set owner_id = null where id = $1', [run.id]);
  await into.admin.query(
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

/** Somebody takes the run up, and it goes on by one event, or ends with it; else it is parked again. */
async function goOn({ tenantId, id }: ExecutionRecord, seq: number, event: JournalEvent): Promise<void> {
  await stores.admin.query('update orchestrator.executions set owner_id = $2 where id = $1', [id, ownerId]);
  await stores.admin.query(
    'insert into orchestrator.execution_events (tenant_id, execution_id, seq, at, payload) values ($1, $2, $3, now(), $4)',
    [tenantId, id, seq, JSON.stringify([event])],
  );
  const end = event.type === 'ended' ? `, status = 'completed', completed_at = now()` : '';
  const text = `update orchestrator.executions set owner_id = null${end} where id = $1`;
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
    const vector = vectorSince(Date.now() - longAgoMs);
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
    const vector = vectorSince(Date.now() - longAgoMs);
    const leaveAt = (told: readonly string[]): boolean => told.length >= 2_500;
    const { events } = await watchMany(watching(), { subject: person, vector, leaveAt });
    expect(events).toEqual(Array.from({ length: 2_500 }, (_, at) => `${run.id} ${at + 1}`));
  });
});

describe('runs that are parked', () => {
  it('need no place in a stream that begins, and are followed when they go on', async () => {
    const [parked] = await writeMany(placesMax + 5);
    const told: string[] = [];
    const onBegun = once(async () => {
      const fresh = await write({ agoMs: 0 });
      if (parked) await goOn(parked, 2, ended);
      told.push(`${fresh.id} 1`, `${parked?.id} 2`);
    });
    const leaveAt = (events: readonly string[]): boolean => events.length >= 2;
    const { events, vector } = await watchMany(watching(), { subject: person, onBegun, leaveAt });
    expect(events.toSorted()).toEqual(told.toSorted());
    expect(vector?.runs.size).toBe(0);
  }, 60_000);

  it('are told of, from where they were, to who was away while they went on', async () => {
    const [parked, still] = [await write({ events: 3 }), await write()];
    const away = await watchMany(watching(), { subject: person, leaveAt: () => true });
    expect(away.vector?.runs.size).toBe(0);
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
    const rhythm = { lookMs: 3_600_000 };
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
      if (begun === 2) goesOn(); // the first look has been
    };
    const leaveAt = (events: readonly string[]): boolean => events.length >= 2;
    const { events } = await watchMany(hub, { subject: person, onBegun, leaveAt });
    expect(events).toEqual([`${parked.id} 4`, `${parked.id} 5`]);
  });

  it('leave their places once they are quiet, and tell what they do later once', async () => {
    const hub = watching({ rhythm: { aliveMs: 30 } });
    const [first] = await writeMany(20, { agoMs: 1_000 });
    const isQuiet = untilSilences(10, 20);
    const { events, vector } = await watchMany(hub, {
      subject: person,
      vector: vectorSince(Date.now() - 60_000),
      leaveAt: isQuiet,
    });
    expect([events.length, vector?.runs.size]).toEqual([20, 0]);
    if (first) await goOn(first, 2, started);
    const after = await watchMany(hub, {
      subject: person,
      vector: throughToken(vector),
      leaveAt: untilSilences(4, 1),
    });
    expect(after.events).toEqual([`${first?.id} 2`]);
  }, 60_000);
});

describe('watchers that come and go', () => {
  it('a thousand of them leave nothing behind: no place, no listener, no stream of a peer, no timer', async () => {
    const before = process.getActiveResourcesInfo().length;
    const alone = await openTestStores(databases, 'watch_crowds_leaving'); // closed here, with its pools' connections and timers
    let listeners = 0;
    const own = createFeed();
    const feed: Feed = {
      ...own,
      listen(listener) {
        const stop = own.listen(listener);
        listeners += 1;
        return () => {
          listeners -= 1;
          stop();
        };
      },
    };
    const each = beginWatching(alone, { own: { address: 'here:1', feed } });
    open.push(each);
    const run = await write({ events: 3 }, alone);
    const execution = await each.store.read(run.tenantId, run.id);
    if (!execution) throw new Error('not recorded');
    for (let turn = 0; turn < 10; turn += 1) {
      const leaving = Array.from({ length: 100 }, async (_, at) => {
        const cut = new AbortController();
        const { signal } = cut;
        const { hub } = each;
        const vector = vectorSince(Date.now() - longAgoMs);
        const steps =
          at % 2 === 0 ? hub.watchRun(execution, 0, signal) : hub.watchMany(person, vector, signal);
        await steps.next();
        cut.abort();
        if (at % 3 === 0) await steps.return(undefined);
        else while (!(await steps.next()).done);
      });
      await Promise.all(leaving);
      expect([listeners, each.hub.watching()]).toEqual([0, 0]);
    }
    await each.close();
    await alone.close();
    // Sockets that were closed are gone a little later; what is left stays.
    const left = () => process.getActiveResourcesInfo();
    const giveUp = AbortSignal.timeout(5_000);
    while (left().length > before + 5 && !giveUp.aborted) await pause();
    if (left().length > before + 5) throw new Error(`There are ${before} and now ${left()}`);
  }, 60_000);
});

describe('thousands of runs', () => {
  const count = 3_000;

  it('that ended within seconds while a watcher was away are told whole and once, however often it is cut off', async () => {
    const away = await watchMany(watching(), { subject: person, leaveAt: () => true });
    const runs = await writeAtOnce(count, { status: 'completed', events: [started, ended] });
    const events: string[] = [];
    let { vector } = away;
    let longest = 0;
    while (events.length < 2 * count) {
      const stay = 1 + Math.floor(Math.random() * 400);
      const enough = Math.min(stay, 2 * count - events.length);
      const leaveAt = (told: readonly string[]): boolean => told.length >= enough;
      const back = await watchMany(watching(), { subject: person, vector: throughToken(vector), leaveAt });
      events.push(...back.events);
      vector = back.vector;
      longest = Math.max(longest, vector ? tokens.seal(person, vector).length : 0);
    }
    const whole = runs.flatMap((id) => [`${id} 1`, `${id} 2`]);
    expect(events.toSorted()).toEqual(whole.toSorted());
    expect(longest).toBeLessThanOrEqual(8_192);
    const rest = await watchMany(watching(), {
      subject: person,
      vector: throughToken(vector),
      leaveAt: untilSilences(4),
    });
    expect([rest.events, rest.vector?.runs.size]).toEqual([[], 0]);
  }, 120_000);

  it('that are parked and go on at the same moment are told whole and once', async () => {
    const runs = await writeAtOnce(count, { status: 'running', events: [started], agoMs: longAgoMs });
    const onBegun = once(() =>
      stores.admin.query(
        `with taken as (
          update orchestrator.executions set owner_id = $2 where created_by = $1 returning tenant_id, id
        )
        insert into orchestrator.execution_events (tenant_id, execution_id, seq, at, payload)
        select tenant_id, id, 2, now(), $3 from taken`,
        [person.userId, ownerId, JSON.stringify([started])],
      ),
    );
    const leaveAt = (told: readonly string[]): boolean => told.length >= count;
    const { events } = await watchMany(watching(), { subject: person, onBegun, leaveAt });
    expect(events.toSorted()).toEqual(runs.map((id) => `${id} 2`).toSorted());
  }, 120_000);
});

/** Runs like one that was written, all in one statement each. */
async function writeAtOnce(
  count: number,
  { status, events, agoMs = 0 }: { status: string; events: readonly JournalEvent[]; agoMs?: number },
): Promise<string[]> {
  const like = await write({ agoMs, events: 0 });
  const ids = Array.from({ length: count }, () => newIdAt(Date.now() - agoMs));
  await stores.admin.query(
    `insert into orchestrator.executions (tenant_id, id, kind, status, domain_id, domain_version, plan_hash, subject_id, input, principal,
        created_by, rank, created_at, completed_at)
      select x.tenant_id, n.id, x.kind, $3, x.domain_id, x.domain_version, x.plan_hash, x.subject_id, x.input, x.principal,
        x.created_by, x.rank, x.created_at, case when $3 = 'completed' then now() end
      from orchestrator.executions x, unnest($2::uuid[]) as n (id) where x.id = $1`,
    [like.id, ids, status],
  );
  for (const [at, event] of events.entries()) {
    await stores.admin.query(
      `insert into orchestrator.execution_events (tenant_id, execution_id, seq, at, payload)
        select $1, n.id, $2, now() - make_interval(secs => $5), $3 from unnest($4::uuid[]) as n (id)`,
      [like.tenantId, at + 1, JSON.stringify([event]), ids, agoMs / 1_000],
    );
  }
  await stores.admin.query('delete from orchestrator.executions where id = $1', [like.id]);
  return ids;
}

/** Leaves after so many steps that told nothing new, once so many events are there [0]: on a busy machine the first of them come late. */
function untilSilences(count: number, eventsMin = 0): (events: readonly string[]) => boolean {
  let [silences, told] = [0, 0];
  return (events) => {
    silences += events.length === told && told >= eventsMin ? 1 : 0;
    told = events.length;
    return silences >= count;
  };
}

describe('a run that has told its last event', () => {
  it('is told no more to who goes on there, although no search has found its end yet', async () => {
    const feed = createFeed();
    const hub = watching({ own: { address: 'here:1', feed }, rhythm: { lookMs: 3_600_000 } });
    const run = await write({ agoMs: 0, isParked: false });
    const execution = await hub.store.read(run.tenantId, run.id);
    if (!execution) throw new Error('no such execution');
    const source = { execution, dropped: false, state: undefined as never };
    const tell = (seq: number, event: JournalEvent): void =>
      feed.appended(source, { seq, atMs: Date.now(), events: [event] });
    const ends = once(async () => {
      await goOn(run, 2, ended);
      tell(2, ended);
    });
    const { events, vector } = await watchMany(hub, {
      subject: person,
      vector: vectorSince(Date.now() - longAgoMs),
      onBegun: once(async () => tell(1, started)),
      leaveAt: (told) => {
        if (told.length === 1) ends();
        return told.length === 2;
      },
    });
    expect(events).toEqual([`${run.id} 1`, `${run.id} 2`]);
    expect([...(vector?.runs.values() ?? [])]).toEqual([{ seq: 2, covered: 1, ended: true }]);
    const leaveAt = untilSilences(4);
    const back = await watchMany(watching(), { subject: person, vector: throughToken(vector), leaveAt });
    expect([back.events, back.vector?.runs.size]).toEqual([[], 0]);
  });
});

describe('more runs than are followed at once', () => {
  it('do not keep a stream from beginning, and those without a place are told of when there is one', async () => {
    const runs = await writeMany(placesMax + 20, { isParked: false });
    const onBegun = once(async () => {
      for (const run of runs) await goOn(run, 2, ended);
    });
    const leaveAt = (events: readonly string[]): boolean => events.length >= runs.length;
    const { events } = await watchMany(watching(), { subject: person, onBegun, leaveAt });
    expect(events.toSorted()).toEqual(runs.map(({ id }) => `${id} 2`).toSorted());
  }, 60_000);
});
