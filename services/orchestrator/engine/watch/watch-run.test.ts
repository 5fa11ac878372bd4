// Watching one run on real engines and a real database: gapless and in order from wherever one begins, however often one leaves.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Fault } from '../../../../foundation/fault/fault.ts';
import { startTestDatabases, type TestDatabases } from '../../../../local/databases/test-databases.ts';
import type { AttemptEnd, Invocation } from '../../clients/invoke-agent.ts';
import { type JournalWatch, watchJournal } from '../../store/journal-watch.for-test.ts';
import { openTestStores, type TestStores } from '../../store/stores.for-test.ts';
import { answered, beginTestEngine, recordOf, type TestEngine, untilAborted } from '../engine.for-test.ts';
import { createFeed, type Feed } from '../feed.ts';
import { addressOf, beginWatching, type TestWatching, watchRun } from './watching.for-test.ts';

const diamond = { a: [], b: ['a'], c: ['a'], d: ['b', 'c'] };
/** Raised for a soak. */
const disconnects = Number(process.env.WATCH_DISCONNECTS ?? 500);

let databases: TestDatabases;
let stores: TestStores;
let journal: JournalWatch;
const open: { close(): Promise<unknown> }[] = [];
beforeAll(async () => {
  databases = await startTestDatabases();
  stores = await openTestStores(databases, 'watch_run');
  journal = await watchJournal(stores.urls.admin);
}, 30_000);
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

/** A hub in the process of the engine. */
async function watchingOf(engine: TestEngine, replicaName = 'replica-0'): Promise<TestWatching> {
  const address = await addressOf(stores, replicaName);
  return opened(beginWatching(stores, { own: { address, feed: engine.feed } }));
}

const seqs = (events: readonly { readonly seq: number }[]) => events.map(({ seq }) => seq);
const upTo = (count: number, from = 1) => Array.from({ length: count - from + 1 }, (_, at) => at + from);

/** Agents that answer when the test lets them. */
function gates() {
  const waiting = new Map<string, () => void>();
  const let_ = new Set<string>();
  return {
    invoke: ({ agent, signal }: Invocation): Promise<AttemptEnd> =>
      new Promise((resolve) => {
        const answer = () => resolve(answered(agent.agentId));
        if (let_.delete(agent.agentId)) return answer();
        waiting.set(agent.agentId, answer);
        signal.addEventListener('abort', () => resolve({ fault: { code: 'cancelled', message: '' } }));
      }),
    letGo(agentId: string): void {
      const answer = waiting.get(agentId);
      waiting.delete(agentId);
      if (answer) answer();
      else let_.add(agentId);
    },
  };
}

describe('the stream of a run', () => {
  it('tells every event once and in order, and ends after the last one', async () => {
    const engine = await begin();
    const watching = await watchingOf(engine);
    const record = recordOf(diamond);
    await engine.start(record);
    const { events } = await watchRun(watching, record);
    expect(seqs(events)).toEqual(upTo(events.length));
    expect(events.map(({ status }) => status)).toEqual(
      expect.arrayContaining([
        'loading_agents',
        'agent_invoking',
        'agent_complete',
        'validating',
        'complete',
      ]),
    );
    expect(events.filter(({ last }) => last)).toEqual([events.at(-1)]);
    const entries = await stores.executions.readJournal(record.tenantId, record.id);
    expect(entries.length).toBe(events.length);
  });

  it('goes on after every number with what followed it, also after the end', async () => {
    const engine = await begin();
    const watching = await watchingOf(engine);
    const record = recordOf(diamond);
    await engine.start(record);
    const whole = await watchRun(watching, record);
    for (let after = 0; after <= whole.events.length; after += 1) {
      const { events } = await watchRun(watching, record, { after });
      expect(events).toEqual(whole.events.slice(after));
    }
    expect(whole.events.at(-1)?.message).toBe('The run is complete');
  });

  it('ends without a word when nothing is left, also for a number that never was', async () => {
    const engine = await begin();
    const watching = await watchingOf(engine);
    const record = recordOf({ a: [] });
    await engine.start(record);
    const { events } = await watchRun(watching, record);
    for (const after of [events.length, events.length + 1, 1_000]) {
      expect(await watchRun(watching, record, { after })).toEqual({ events: [], steps: [] });
    }
  });

  it('says why a run failed, wherever one begins', async () => {
    const fault = { code: 'output_invalid', message: 'No JSON' };
    const engine = await begin({ invoke: async () => ({ fault }) });
    const watching = await watchingOf(engine);
    const record = recordOf({ a: [] });
    await engine.start(record);
    const { events } = await watchRun(watching, record);
    const last = events.at(-1);
    expect(last).toMatchObject({
      status: 'error',
      metadata: { reason: 'a Agent failed: No JSON', error_code: 'output_invalid' },
    });
    const { events: rest } = await watchRun(watching, record, { after: events.length - 1 });
    expect(rest).toEqual([last]);
  });

  it('says why a run failed also to who begins after its results were refused', async () => {
    const [refused, letGo] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const engine = await begin({
      documents: {
        apply: async ({ outcome }) => {
          if (outcome.succeeded) throw new Fault('permission_denied', 'Not any more');
          refused.resolve();
          await letGo.promise;
        },
      },
    });
    const watching = await watchingOf(engine);
    const record = recordOf({ a: [] });
    await engine.start(record);
    await refused.promise;
    const before = await stores.executions.readJournal(record.tenantId, record.id);
    const { events } = await watchRun(watching, record, {
      after: before.length,
      leaveAt: () => {
        letGo.resolve();
        return false;
      },
    });
    expect(events).toMatchObject([
      { seq: before.length + 1, status: 'error', metadata: { error_code: 'permission_denied' } },
    ]);
  });

  it('is alive at once while there is nothing to tell, and again and again', async () => {
    const engine = await begin({ invoke: untilAborted });
    const watching = await watchingOf(engine);
    const record = recordOf({ a: [] });
    await engine.start(record);
    let alive = 0;
    const { steps } = await watchRun(watching, record, {
      after: 2,
      leaveAt: ({ type }) => {
        alive += type === 'alive' ? 1 : 0;
        return alive === 3;
      },
    });
    expect(steps.map(({ type }) => type)).toEqual(['alive', 'alive', 'alive']);
  });

  it('ends with a fault when the run is not kept any more', async () => {
    const engine = await begin({ invoke: untilAborted });
    const watching = opened(beginWatching(stores));
    const record = recordOf({ a: [] });
    await engine.start(record);
    const gone = watchRun(watching, record, {
      after: 2,
      leaveAt: () => {
        void stores.admin.query('delete from orchestrator.executions where id = $1', [record.id]);
        return false;
      },
    });
    await expect(gone).rejects.toMatchObject({ reason: 'not_found' });
  });
});

describe('a watcher', () => {
  it('who leaves at random, and comes back after what was read, misses nothing and reads nothing twice', async () => {
    const engine = await begin({
      invoke: async ({ agent }) => {
        await new Promise(setImmediate);
        return answered(agent.agentId);
      },
    });
    const local = await watchingOf(engine);
    const remote = opened(beginWatching(stores));
    remote.connect(await addressOf(stores, 'replica-0'), engine.feed);
    const any = () => (Math.random() < 0.5 ? local : remote);
    let left = 0;
    while (left < disconnects) {
      const record = recordOf(diamond);
      await engine.start(record);
      const told: number[] = [];
      let isOver = false;
      while (!isOver) {
        const leave = new AbortController();
        const stay = Math.floor(Math.random() * 4);
        let read = 0;
        const { events } = await watchRun(any(), record, {
          after: told.at(-1) ?? 0,
          signal: leave.signal,
          leaveAt: ({ type }) => {
            read += type === 'event' ? 1 : 0;
            if (read >= stay && Math.random() < 0.5) leave.abort();
            return read > stay;
          },
        });
        told.push(...seqs(events));
        isOver = events.at(-1)?.last ?? false;
        left += isOver ? 0 : 1;
      }
      expect(told).toEqual(upTo(told.length));
      expect(told.length).toBe((await stores.executions.readJournal(record.tenantId, record.id)).length);
    }
  }, 600_000);

  it('who reads too slowly is ended, and resumes where it was', async () => {
    const engine = await begin({ invoke: untilAborted });
    const watching = await watchingOf(engine);
    const record = recordOf({ a: [] });
    await engine.start(record);
    const execution = await watching.store.read(record.tenantId, record.id);
    if (!execution) throw new Error('not recorded');
    const stream = watching.hub.watchRun(execution, 0, new AbortController().signal);
    const first = await stream.next();
    const { principal } = record;
    const subject = { tenantId: record.tenantId, executionId: record.id, createdBy: principal.userId };
    const live = { execution, dropped: false } as Parameters<typeof engine.feed.appended>[0];
    for (let seq = 3; seq < 3 + 1_100; seq += 1) {
      const event = { type: 'tool_called', nodeId: 'a', attempt: 1, toolName: 'lookup' } as const;
      engine.feed.appended(live, { ...subject, seq, atMs: 0, events: [event] });
    }
    await expect(
      (async () => {
        for (let step = await stream.next(); !step.done; step = await stream.next());
      })(),
    ).rejects.toMatchObject({ reason: 'resource_exhausted' });
    expect(first.value).toMatchObject({ type: 'event', event: { seq: 1 } });
    const { events } = await watchRun(watching, record, {
      after: 1,
      leaveAt: ({ type }) => type === 'event',
    });
    expect(seqs(events)).toEqual([2]);
  });

  it('leaves nothing behind: no listener, no stream of a peer, no look', async () => {
    const engine = await begin({ replicaName: 'owner', invoke: untilAborted });
    const address = await addressOf(stores, 'owner');
    let listeners = 0;
    const own = createFeed();
    const listen: Feed['listen'] = (listener) => {
      const stop = own.listen(listener);
      listeners += 1;
      return () => {
        listeners -= 1;
        stop();
      };
    };
    const watching = opened(beginWatching(stores, { own: { address: 'here:1', feed: { ...own, listen } } }));
    watching.connect(address, engine.feed);
    const record = recordOf({ a: [] });
    await engine.start(record);
    await watchRun(watching, record, {
      leaveAt: () => listeners === 1 && watching.hub.peers().length > 0,
    });
    expect([watching.opened, listeners]).toEqual([[address], 0]);
    await watching.ended(address, 1);
    expect(watching.hub.peers()).toEqual([]);
    const reads = watching.reads.length;
    for (let turn = 0; turn < 20; turn += 1) await stores.admin.query('select 1');
    expect(watching.reads.length).toBe(reads);
  });
});

describe('a run that another replica holds', () => {
  it('is told by the stream of that replica alone, without a look into the journal', async () => {
    const agents = gates();
    const engine = await begin({ replicaName: 'owner', invoke: agents.invoke });
    const address = await addressOf(stores, 'owner');
    const watching = opened(beginWatching(stores));
    watching.connect(address, engine.feed);
    const record = recordOf({ a: [], b: ['a'], c: ['b'] });
    await engine.start(record);
    let readsBefore = 0;
    const { events } = await watchRun(watching, record, {
      leaveAt: (step) => {
        // Every sign of life lets one more agent answer, once the peer is heard.
        if (step.type === 'alive' && watching.hub.peers().length > 0) {
          readsBefore ||= watching.reads.length;
          for (const agent of ['a', 'b', 'c']) agents.letGo(agent);
        }
        return false;
      },
    });
    expect(seqs(events)).toEqual(upTo(events.length));
    // The one look that came after the stream was up.
    expect(watching.reads.length - readsBefore).toBeLessThanOrEqual(1);
    expect(watching.opened).toEqual([address]);
  });

  it('is told by looks into the journal alone while the stream of that replica cannot be had', async () => {
    const agents = gates();
    const engine = await begin({ replicaName: 'owner', invoke: agents.invoke });
    await addressOf(stores, 'owner');
    const watching = opened(beginWatching(stores));
    const record = recordOf({ a: [], b: ['a'] });
    await engine.start(record);
    const { events } = await watchRun(watching, record, {
      leaveAt: (step) => {
        if (step.type === 'event') agents.letGo(step.event.agentId);
        return false;
      },
    });
    expect(seqs(events)).toEqual(upTo(events.length));
    expect(events.at(-1)?.status).toBe('complete');
    expect(watching.hub.peers()).toEqual([]);
  });

  it('is told without gap when the stream of that replica breaks again and again', async () => {
    const agents = gates();
    const engine = await begin({ replicaName: 'owner', invoke: agents.invoke });
    const address = await addressOf(stores, 'owner');
    const watching = opened(beginWatching(stores, { rhythm: { aliveMs: 10 } }));
    watching.connect(address, engine.feed);
    const nodes = Array.from({ length: 20 }, (_, at) => `n${at}`);
    const graph = Object.fromEntries(nodes.map((node, at) => [node, at === 0 ? [] : [`n${at - 1}`]]));
    const record = recordOf(graph);
    await engine.start(record);
    const { events } = await watchRun(watching, record, {
      leaveAt: (step) => {
        if (step.type === 'event' && step.event.status === 'agent_invoking') {
          if (Math.random() < 0.5) watching.connect(address, engine.feed);
          agents.letGo(step.event.agentId);
        }
        return false;
      },
    });
    expect(seqs(events)).toEqual(upTo(events.length));
    expect(events.at(-1)?.last).toBe(true);
  }, 20_000);

  it('is told without gap when its replica goes and another takes it over in between', async () => {
    const first = await begin({ replicaName: 'first', invoke: untilAborted });
    const addressOfFirst = await addressOf(stores, 'first');
    const watching = opened(beginWatching(stores));
    watching.connect(addressOfFirst, first.feed);
    const record = recordOf(diamond);
    await first.start(record);
    let taken: Promise<TestEngine> | undefined;
    const takeOver = async (): Promise<TestEngine> => {
      await first.stop();
      watching.connect(addressOfFirst, undefined);
      const second = await begin({ replicaName: 'second' });
      watching.connect(await addressOf(stores, 'second'), second.feed);
      return second;
    };
    const { events } = await watchRun(watching, record, {
      leaveAt: (step) => {
        if (step.type === 'alive' && watching.hub.peers().length > 0) taken ??= takeOver();
        return false;
      },
    });
    await taken;
    expect(seqs(events)).toEqual(upTo(events.length));
    expect(events.at(-1)?.status).toBe('complete');
    expect(events.length).toBe((await stores.executions.readJournal(record.tenantId, record.id)).length);
  }, 20_000);
});

describe('a run that nobody holds', () => {
  it('is looked at until somebody takes it up', async () => {
    const ownerId = await stores.newOwner();
    const record = recordOf({ a: [] });
    await stores.executions.record(record, ownerId);
    await stores.owners.end(ownerId);
    const watching = opened(beginWatching(stores));
    let engine: Promise<TestEngine> | undefined;
    const { events } = await watchRun(watching, record, {
      leaveAt: () => {
        engine ??= begin({ replicaName: 'late' });
        return false;
      },
    });
    await engine;
    expect(seqs(events)).toEqual(upTo(events.length));
    expect(events.at(-1)?.status).toBe('complete');
  });
});

describe('the text of a model', () => {
  it('is told as it is written, and to a late watcher from its beginning', async () => {
    const written = Promise.withResolvers<Invocation>();
    const engine = await begin({
      invoke: (invocation) => {
        invocation.note({ type: 'text', offset: 0, text: 'Once ' });
        invocation.note({ type: 'text', offset: 5, text: 'upon ' });
        written.resolve(invocation);
        return untilAborted(invocation);
      },
    });
    const local = await watchingOf(engine);
    const remote = opened(beginWatching(stores));
    remote.connect(await addressOf(stores, 'replica-0'), engine.feed);
    const record = recordOf({ a: [] });
    await engine.start(record);
    const { note } = await written.promise;
    const read = async (watching: TestWatching): Promise<unknown[]> => {
      let isMore = false;
      const { steps } = await watchRun(watching, record, {
        leaveAt: (step) => {
          if (step.type !== 'text') return false;
          if (!isMore) note({ type: 'text', offset: 10, text: 'a time' });
          isMore = true;
          return step.text.offset === 10;
        },
      });
      return steps.flatMap((step) =>
        step.type === 'text' ? [[step.text.taskId, step.text.attempt, step.text.offset, step.text.text]] : [],
      );
    };
    expect(await read(local)).toEqual([
      ['task_1', 1, 0, 'Once upon '],
      ['task_1', 1, 10, 'a time'],
    ]);
    expect((await read(remote)).at(0)).toEqual(['task_1', 1, 0, expect.stringContaining('Once upon ')]);
  });
});
