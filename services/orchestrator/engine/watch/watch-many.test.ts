// Watching everything of a user or a session on real engines and a real database: nothing is left out and nothing comes twice, from wherever
// one goes on.
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newIdAt } from '../../../../foundation/ids/ids.ts';
import { startTestDatabases, type TestDatabases } from '../../../../local/databases/test-databases.ts';
import type { AttemptEnd, Invocation } from '../../clients/invoke-agent.ts';
import type { ExecutionRecord } from '../../core/execution-record.ts';
import { passingMax, placesMax, type ResumeVector } from '../../core/resume-vector.ts';
import type { WatchScope } from '../../core/watch-reads.ts';
import { type JournalWatch, watchJournal } from '../../store/journal-watch.for-test.ts';
import { openTestStores, type TestStores } from '../../store/stores.for-test.ts';
import { answered, beginTestEngine, recordOf, type TestEngine } from '../engine.for-test.ts';
import { createResumeTokens } from './resume-tokens.ts';
import { addressOf, beginWatching, type TestWatching, vectorSince, watchMany } from './watching.for-test.ts';

/** Raised for a soak. */
const disconnects = Number(process.env.WATCH_DISCONNECTS ?? 300);
const tokens = createResumeTokens({ key: 'a key for tests that is long enough' });

let databases: TestDatabases;
let stores: TestStores;
let journal: JournalWatch;
let person: { readonly tenantId: string; readonly userId: string };
const open: { close(): Promise<unknown> }[] = [];
beforeAll(async () => {
  databases = await startTestDatabases();
  stores = await openTestStores(databases, 'watch_many');
  journal = await watchJournal(stores.urls.admin);
}, 30_000);
beforeEach(() => {
  person = { tenantId: randomUUID(), userId: randomUUID() };
});
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
  await stores.admin.query('truncate orchestrator.executions, orchestrator.execution_events');
});
afterAll(async () => {
  await journal.close();
  await stores.close();
  await databases.stop();
});

function opened<T extends { close(): Promise<unknown> }>(each: T): T {
  open.unshift(each);
  return each;
}

async function begin(options: Parameters<typeof beginTestEngine>[1] = {}): Promise<TestEngine> {
  return opened(await beginTestEngine(stores.urls, options));
}

async function watchingOf(engine: TestEngine): Promise<TestWatching> {
  const address = await addressOf(stores, 'replica-0');
  return opened(beginWatching(stores, { own: { address, feed: engine.feed } }));
}

/** A run of the person. */
function runOf(changes: Partial<ExecutionRecord> = {}, of = person): ExecutionRecord {
  const { tenantId, userId } = of;
  const principal = { tenantId, userId, username: 'somebody', roles: ['editor'] };
  return recordOf({ a: [], b: ['a'] }, {}, { tenantId, principal, ...changes });
}

/** Agents that answer once they are let go. */
function gate() {
  const { promise, resolve } = Promise.withResolvers<void>();
  const invoke = async ({ agent }: Invocation): Promise<AttemptEnd> => {
    await promise;
    return answered(agent.agentId);
  };
  return { invoke, letGo: resolve };
}

// One after the other: there may be thousands, and the pool is small.
const namesOf = async (...records: ExecutionRecord[]): Promise<string[]> => {
  const names: string[] = [];
  for (const { tenantId, id } of records) {
    const entries = await stores.executions.readJournal(tenantId, id);
    names.push(...entries.map(({ seq }) => `${id} ${seq}`));
  }
  return names;
};

/** The events of each run, in the order in which they were told. */
function byRun(events: readonly string[]): Map<string, string[]> {
  return Map.groupBy(events, (name) => name.slice(0, 36));
}

/** What a client keeps in between. */
const throughToken = (subject: WatchScope, vector: ResumeVector | undefined) =>
  vector && tokens.open(subject, tokens.seal(subject, vector));

/** Watches until every run has told its last event. */
function untilEnded(...records: readonly ExecutionRecord[]) {
  const left = new Set(records.map(({ id }) => id));
  const lasts = new Map<string, number>();
  return async (watching: TestWatching, subject: WatchScope, vector?: ResumeVector, onBegun?: () => void) => {
    for (const record of records) {
      void journal.seen(record, 'ended').then(async () => {
        const names = await namesOf(record);
        lasts.set(record.id, names.length);
      });
    }
    return watchMany(watching, {
      subject,
      vector,
      ...(onBegun ? { onBegun } : {}),
      leaveAt: (told) => {
        for (const [id, last] of lasts) if (told.includes(`${id} ${last}`)) left.delete(id);
        return left.size === 0;
      },
    });
  };
}

describe('the stream of a user', () => {
  it('begins now: with what runs that go on do next, and with new runs from their beginnings', async () => {
    const { invoke, letGo } = gate();
    const engine = await begin({ invoke });
    const watching = await watchingOf(engine);
    const [old, fresh] = [runOf(), runOf()];
    await engine.start(old);
    await journal.seen(old, 'started');
    const before = await namesOf(old);
    let isBegun = false;
    const onBegun = (): void => {
      if (!isBegun) void engine.start(fresh).then(() => letGo());
      isBegun = true;
    };
    const { events } = await untilEnded(old, fresh)(watching, person, undefined, onBegun);
    const expected = (await namesOf(old, fresh)).filter((name) => !before.includes(name));
    expect(events.toSorted()).toEqual(expected.toSorted());
  });

  it('tells no run that ended before it began', async () => {
    const engine = await begin();
    const watching = await watchingOf(engine);
    const [done, fresh] = [runOf(), runOf()];
    await engine.start(done);
    await journal.seen(done, 'ended');
    let isBegun = false;
    const onBegun = (): void => {
      if (!isBegun) void engine.start(fresh);
      isBegun = true;
    };
    const { events } = await untilEnded(fresh)(watching, person, undefined, onBegun);
    expect(events).toEqual(await namesOf(fresh));
  });

  it('tells the runs of nobody else, be it in the same tenant, and a session those of the session alone', async () => {
    const engine = await begin();
    const watching = await watchingOf(engine);
    const [own, inSession] = [runOf(), runOf({ kind: 'query', sessionId: 'ses_1' })];
    const others = [
      runOf({}, { ...person, userId: randomUUID() }),
      runOf({ sessionId: 'ses_1' }, { ...person, userId: randomUUID() }),
      runOf({ sessionId: 'ses_1' }, { ...person, tenantId: randomUUID() }),
      runOf({ sessionId: 'ses_2' }, { tenantId: randomUUID(), userId: randomUUID() }),
    ];
    for (const each of [...others, own, inSession]) {
      await engine.start(each);
      await journal.seen(each, 'ended');
    }
    const start = vectorSince(Date.now() - 60_000);
    const all = await untilEnded(own, inSession)(watching, person, start);
    expect(all.events.toSorted()).toEqual((await namesOf(own, inSession)).toSorted());
    const session = { ...person, sessionId: 'ses_1' };
    const ofSession = await untilEnded(inSession)(watching, session, vectorSince(Date.now() - 60_000));
    expect(ofSession.events).toEqual(await namesOf(inSession));
  });

  it('of a session tells no new run of the same user outside it', async () => {
    const engine = await begin();
    const watching = await watchingOf(engine);
    const [outside, inSession] = [runOf(), runOf({ kind: 'query', sessionId: 'ses_1' })];
    let isBegun = false;
    const onBegun = (): void => {
      if (!isBegun) void engine.start(outside).then(() => engine.start(inSession));
      isBegun = true;
    };
    const subject = { ...person, sessionId: 'ses_1' };
    const { events } = await untilEnded(inSession)(watching, subject, undefined, onBegun);
    expect(events).toEqual(await namesOf(inSession));
  });

  it('finds new runs by what replicas tell, without looking', async () => {
    const engine = await begin();
    const address = await addressOf(stores, 'replica-0');
    const rhythm = { lookMs: 3_600_000 };
    const watching = opened(beginWatching(stores, { own: { address, feed: engine.feed }, rhythm }));
    const fresh = runOf();
    let begun = 0;
    const onBegun = (): void => {
      begun += 1;
      if (begun === 2) void engine.start(fresh); // the first look has been
    };
    const { events } = await untilEnded(fresh)(watching, person, undefined, onBegun);
    expect(events).toEqual(await namesOf(fresh));
  });

  it('finds new runs by looking while no replica can be heard', async () => {
    const engine = await begin();
    const watching = opened(beginWatching(stores));
    const fresh = runOf();
    let isBegun = false;
    const onBegun = (): void => {
      if (!isBegun) void engine.start(fresh);
      isBegun = true;
    };
    const { events } = await untilEnded(fresh)(watching, person, undefined, onBegun);
    expect(events).toEqual(await namesOf(fresh));
  });

  it('finds a run that became visible long after its id was made', async () => {
    const engine = await begin();
    const watching = await watchingOf(engine);
    const [first, late] = [runOf(), runOf({ id: newIdAt(Date.now() - 20_000) })];
    await engine.start(first);
    const told = await untilEnded(first)(watching, person, vectorSince(Date.now() - 60_000));
    await engine.start(late);
    await journal.seen(late, 'ended');
    const { events } = await untilEnded(late)(watching, person, throughToken(person, told.vector));
    expect(events).toEqual(await namesOf(late));
  });
});

describe('a watcher of many runs', () => {
  it('who leaves at random, and comes back to any replica, misses nothing and reads nothing twice', async () => {
    const engine = await begin({
      invoke: async ({ agent }) => {
        await new Promise(setImmediate);
        return answered(agent.agentId);
      },
    });
    const address = await addressOf(stores, 'replica-0');
    const rhythm = { aliveMs: 5 };
    const local = opened(beginWatching(stores, { own: { address, feed: engine.feed }, rhythm }));
    const remote = opened(beginWatching(stores, { rhythm }));
    remote.connect(address, engine.feed);
    let vector: ResumeVector | undefined = vectorSince(Date.now() - 60_000);
    const told: string[] = [];
    const started: ExecutionRecord[] = [];
    for (let left = 0; left < disconnects; left += 1) {
      if (left % 5 === 0) {
        const records = [runOf(), runOf()];
        started.push(...records);
        for (const record of records) await engine.start(record);
      }
      const stay = Math.floor(Math.random() * 5);
      let steps = 0;
      const watched = await watchMany(Math.random() < 0.5 ? local : remote, {
        subject: person,
        vector: throughToken(person, vector),
        leaveAt: (events) => {
          steps += 1;
          return events.length >= stay || steps > 2 * stay + 1;
        },
      });
      told.push(...watched.events);
      vector = watched.vector;
    }
    for (const record of started) await journal.seen(record, 'ended');
    const whole = await namesOf(...started);
    const missing = whole.length - told.length;
    if (missing > 0) {
      const rest = await watchMany(local, {
        subject: person,
        vector: throughToken(person, vector),
        leaveAt: (events) => events.length >= missing,
      });
      told.push(...rest.events);
    }
    expect(told.toSorted()).toEqual(whole.toSorted());
    for (const [id, events] of byRun(told)) expect(events).toEqual(events.map((_, at) => `${id} ${at + 1}`));
  }, 600_000);

  it('is told of runs that were started and ended while it was away', async () => {
    const engine = await begin();
    const watching = await watchingOf(engine);
    const away = await watchMany(watching, { subject: person, leaveAt: () => true });
    const records = [runOf(), runOf(), runOf()];
    for (const record of records) {
      await engine.start(record);
      await journal.seen(record, 'ended');
    }
    const vector = throughToken(person, away.vector);
    const { events } = await untilEnded(...records)(watching, person, vector);
    expect(events.toSorted()).toEqual((await namesOf(...records)).toSorted());
  });

  it('is told of more runs than are followed at once, those that go on too, and of each event once', async () => {
    const { invoke, letGo } = gate();
    const engine = await begin({ invoke });
    const watching = await watchingOf(engine);
    const beganMs = Date.now() - 120_000;
    const count = placesMax + passingMax + 30;
    const records = Array.from({ length: count }, (_, at) => runOf({ id: newIdAt(beganMs + at) }));
    for (const record of records) await engine.start(record);
    const begun = await namesOf(...records);
    const before = await watchMany(watching, {
      subject: person,
      vector: vectorSince(beganMs - 1),
      leaveAt: (events) => events.length >= begun.length,
    });
    expect(before.events.toSorted()).toEqual(begun.toSorted());
    letGo();
    for (const record of records) await journal.seen(record, 'ended');
    const whole = await namesOf(...records);
    const after = await watchMany(watching, {
      subject: person,
      vector: throughToken(person, before.vector),
      leaveAt: (events) => events.length >= whole.length - begun.length,
    });
    expect([...before.events, ...after.events].toSorted()).toEqual(whole.toSorted());
  }, 60_000);

  it('is told at once of a run that began while a search was left unfinished', async () => {
    const engine = await begin();
    const watching = await watchingOf(engine);
    const beganMs = Date.now() - 120_000;
    const crowd = Array.from({ length: placesMax + passingMax + 30 }, (_, at) =>
      runOf({ id: newIdAt(beganMs + at) }),
    );
    for (const record of crowd) await engine.start(record);
    for (const record of crowd) await journal.seen(record, 'ended');
    const subject = person;
    const cut = await watchMany(watching, {
      ...{ subject, vector: vectorSince(beganMs - 1) },
      leaveAt: (events) => events.length > 0,
    });
    expect(cut.vector?.search).toBeDefined();
    const late = runOf();
    await engine.start(late);
    await journal.seen(late, 'ended');
    const whole = await namesOf(...crowd, late);
    const rest = await watchMany(watching, {
      ...{ subject, vector: throughToken(person, cut.vector) },
      leaveAt: (events) => events.length >= whole.length - cut.events.length,
    });
    expect([...cut.events, ...rest.events].toSorted()).toEqual(whole.toSorted());
  });
});
