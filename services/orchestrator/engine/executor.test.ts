// What an engine does when it is not known what became durable: it reads the journal again, and every run ends right.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import type { AttemptEnd } from '../clients/invoke-agent.ts';
import type { ExecutionRecord } from '../core/execution-record.ts';
import { type JournalWatch, watchJournal } from '../store/journal-watch.for-test.ts';
import { type ReplyLosingProxy, startReplyLosingProxy } from '../store/reply-losing-proxy.for-test.ts';
import type { NameBinding } from '../store/store.ts';
import { openTestStores, type TestStores } from '../store/stores.for-test.ts';
import {
  answered,
  beginTestEngine,
  quickRhythm,
  recordOf,
  type TestEngine,
  untilAborted,
} from './engine.for-test.ts';

const diamond = { a: [], b: ['a'], c: ['a'], d: ['b', 'c'] };
/** Name of the statement: its text is sent once for each connection. */
const journalInsert = 'orchestrator.append_journal';

let databases: TestDatabases;
let stores: TestStores;
let watch: JournalWatch;
let toEngine: ReplyLosingProxy;
let toApp: ReplyLosingProxy;
let engine: TestEngine | undefined;
beforeAll(async () => {
  databases = await startTestDatabases();
  stores = await openTestStores(databases, 'executor');
  watch = await watchJournal(stores.urls.admin);
  toEngine = await startReplyLosingProxy(stores.urls.engine);
  toApp = await startReplyLosingProxy(stores.urls.app);
}, 30_000);
afterEach(async () => {
  await engine?.close();
  engine = undefined;
});
afterAll(async () => {
  await toEngine.close();
  await toApp.close();
  await watch.close();
  await stores.close();
  await databases.stop();
});

const rowOf = ({ tenantId, id }: ExecutionRecord) => stores.executions.read(tenantId, id);
const seqsOf = async ({ tenantId, id }: ExecutionRecord) =>
  (await stores.executions.readJournal(tenantId, id)).map(({ seq }) => seq);
const invokedIn = ({ invoked }: TestEngine, { id }: ExecutionRecord) =>
  invoked.filter((each) => each.startsWith(id)).map((each) => each.slice(id.length + 1));

/** A name for a start: then it is recorded before anything else. */
function nameOf({ tenantId, principal }: ExecutionRecord): NameBinding {
  const key = { tenantId, userId: principal.userId, route: 'start_ingestion', key: 'k' } as const;
  return { name: { ...key, bodyHash: '0'.repeat(64) } };
}

/** Ends every living owner, as another replica does with one that fell silent. */
async function endOwners(): Promise<void> {
  await stores.admin.query(
    'update orchestrator.owners set ended_at = clock_timestamp() where ended_at is null',
  );
}

describe('an append whose reply is lost', () => {
  it('leads to a reload and a right end, and no recorded task runs again', async () => {
    const answers = Promise.withResolvers<AttemptEnd>();
    engine = await beginTestEngine(stores.urls, {
      engineUrl: toEngine.url,
      invoke: async ({ agent }) => (agent.agentId === 'a' ? answers.promise : answered(agent.agentId)),
    });
    const record = recordOf(diamond);
    await engine.start(record);
    await watch.seen(record, 'task_started', 'a');
    const sent = toEngine.loseReplyTo(journalInsert);
    answers.resolve(answered('a'));
    await sent;
    await watch.seen(record, 'task_succeeded', 'a');
    toEngine.cut();
    await watch.seen(record, 'ended');
    expect(await rowOf(record)).toMatchObject({ status: 'completed' });
    expect(invokedIn(engine, record).toSorted()).toEqual(['a', 'b', 'c', 'd']);
    const seqs = await seqsOf(record);
    expect(seqs).toEqual(seqs.map((_, at) => at + 1));
  });

  it('keeps the caller of a start waiting for what the journal says', async () => {
    engine = await beginTestEngine(stores.urls, { engineUrl: toEngine.url });
    const record = recordOf({ a: [] });
    const sent = toEngine.loseReplyTo(journalInsert);
    const started = engine.start(record);
    await sent;
    await watch.seen(record, 'recorded');
    toEngine.cut();
    await expect(started).resolves.toBe('started');
    await watch.seen(record, 'ended');
    expect(await rowOf(record)).toMatchObject({ status: 'completed' });
  });

  it('does not keep that caller for ever: the start is told as unavailable, and run all the same', async () => {
    const rhythm = { ...quickRhythm, callerWaitMs: 0 };
    engine = await beginTestEngine(stores.urls, { engineUrl: toEngine.url, rhythm });
    const record = recordOf({ a: [] });
    const sent = toEngine.loseReplyTo(journalInsert);
    const started = engine.start(record).catch((error: unknown) => error);
    await sent;
    await watch.seen(record, 'recorded');
    toEngine.cut();
    expect(await started).toMatchObject({ reason: 'unavailable', retryAfterMs: 1_000 });
    await watch.seen(record, 'ended');
    expect(await rowOf(record)).toMatchObject({ status: 'completed' });
  });
});

describe('a record whose reply is lost', () => {
  it('is told to the caller as unavailable, and run all the same', async () => {
    engine = await beginTestEngine(stores.urls, { appUrl: toApp.url });
    const record = recordOf({ a: [] });
    const sent = toApp.loseReplyTo('commit', 2); // the first is that of its plan
    const started = engine.start(record, nameOf(record)).catch((error: unknown) => error);
    await sent;
    await watch.seen(record, 'recorded');
    toApp.cut();
    expect(await started).toMatchObject({ reason: 'unavailable' });
    await watch.seen(record, 'ended');
    expect(await rowOf(record)).toMatchObject({ status: 'completed' });
  });
});

describe('a claim whose reply is lost', () => {
  it('is found again, and what it took is run', async () => {
    const record = recordOf({ a: [] });
    await stores.executions.record(record, await stores.newOwner());
    await endOwners();
    const sent = toEngine.loseReplyTo('set owner_id');
    engine = await beginTestEngine(stores.urls, { engineUrl: toEngine.url });
    await sent;
    await watch.seen(record, 'owned');
    toEngine.cut();
    await watch.seen(record, 'ended');
    expect(await rowOf(record)).toMatchObject({ status: 'completed' });
  });
});

describe('a stale owner', () => {
  it('writes nothing more and drops the run, which its new owner ends', async () => {
    const answers = Promise.withResolvers<AttemptEnd>();
    const dropped = Promise.withResolvers<void>();
    const hour = 3_600_000;
    const stale = await beginTestEngine(stores.urls, {
      replicaName: 'stale',
      rhythm: { ...quickRhythm, beatMs: hour, leaseMs: hour, lookMs: hour },
      invoke: async (invocation) => {
        if (invocation.agent.agentId === 'a') return answers.promise;
        const end = await untilAborted(invocation);
        dropped.resolve();
        return end;
      },
    });
    const record = recordOf({ a: [], b: [], c: ['a'] });
    await stale.start(record);
    await watch.seen(record, 'task_started', 'b');
    const before = await seqsOf(record);
    await endOwners();
    answers.resolve(answered('too late'));
    await dropped.promise;
    expect(await seqsOf(record)).toEqual(before);

    engine = await beginTestEngine(stores.urls, { replicaName: 'fresh' });
    await watch.seen(record, 'ended');
    await stale.close();
    expect(invokedIn(stale, record)).toEqual(['a', 'b']);
    expect(invokedIn(engine, record)).toEqual(['a', 'b', 'c']);
    expect(stale.applied).toEqual([]);
    const journal = await stores.executions.readJournal(record.tenantId, record.id);
    expect(JSON.stringify(journal)).not.toContain('too late');
    expect(await rowOf(record)).toMatchObject({ status: 'completed' });
  });

  it('gives up everything in its hands as soon as it knows, and takes it up again as another owner', async () => {
    const aborts: string[] = [];
    let again = false;
    engine = await beginTestEngine(stores.urls, {
      invoke: async (invocation) => {
        if (again) return answered(invocation.agent.agentId);
        const end = await untilAborted(invocation);
        aborts.push(invocation.execution.id);
        return end;
      },
    });
    const records = [recordOf({ a: [] }), recordOf({ a: [] }), recordOf({ a: [] })];
    for (const record of records) await engine.start(record);
    for (const record of records) await watch.seen(record, 'task_started');
    again = true;
    await endOwners();
    for (const record of records) await watch.seen(record, 'ended');
    expect(aborts.toSorted()).toEqual(records.map(({ id }) => id).toSorted());
    for (const record of records) {
      expect(await rowOf(record)).toMatchObject({ status: 'completed' });
      expect(invokedIn(engine, record)).toEqual(['a', 'a']);
    }
  });
});
