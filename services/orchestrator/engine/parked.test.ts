// Runs that wait for a person or a time: they cost their rows alone, are taken up when it is time, and what people ask of them is carried out
// once, whichever replica is asked.
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import type { Command } from '../core/decision/decision.ts';
import type { ExecutionRecord } from '../core/execution-record.ts';
import type { JournalEvent } from '../core/journal-event.ts';
import { type JournalWatch, watchJournal } from '../store/journal-watch.for-test.ts';
import { openTestStores, type TestStores } from '../store/stores.for-test.ts';
import {
  answered,
  beginTestEngine,
  quickRhythm,
  recordOf,
  type TestEngine,
  type TestEngineOptions,
  untilAborted,
} from './engine.for-test.ts';
import { approvalPlan } from './pinned-plan.for-test.ts';
import { pinPlan } from './pinned-plan.ts';

/** How many runs wait at once. */
const parkedCount = 200;
const withinMs = 10_000;

let databases: TestDatabases;
let stores: TestStores;
let watch: JournalWatch;
const engines: TestEngine[] = [];
beforeAll(async () => {
  databases = await startTestDatabases();
  stores = await openTestStores(databases, 'parked');
  watch = await watchJournal(stores.urls.admin);
}, 30_000);
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.close();
  await stores.admin.query(
    'truncate orchestrator.executions, orchestrator.execution_events, orchestrator.commands',
  );
});
afterAll(async () => {
  await watch.close();
  await stores.close();
  await databases.stop();
});

async function begin(options: TestEngineOptions = {}): Promise<TestEngine> {
  const engine = await beginTestEngine(stores.urls, options);
  engines.push(engine);
  return engine;
}

/** A run of `draft`, an approval `ask` that waits for so many seconds, and `send`. */
const askingRun = (timeoutS = 86_400) => recordOf({}, {}, { plan: pinPlan(approvalPlan(timeoutS)) });

const decision = (approved = true): Command => ({
  ...{ type: 'decide_approval', by: randomUUID(), nodeId: 'ask', approved, comment: '' },
});

/** Stores a command, as the replica that was asked does first. */
async function store({ tenantId, id }: ExecutionRecord, command: Command): Promise<void> {
  await stores.admin.query(
    'insert into orchestrator.commands (tenant_id, execution_id, id, command) values ($1, $2, $3, $4)',
    [tenantId, id, randomUUID(), JSON.stringify(command)],
  );
}

const rowOf = ({ tenantId, id }: ExecutionRecord) => stores.executions.read(tenantId, id);
async function eventsOf<T extends JournalEvent['type']>({ tenantId, id }: ExecutionRecord, type: T) {
  const journal = await stores.executions.readJournal(tenantId, id);
  return journal.map(({ event }) => event).filter((event) => event.type === type);
}
async function commands(): Promise<number> {
  const { rows } = await stores.admin.query('select 1 from orchestrator.commands');
  return rows.length;
}

describe('a run that waits for a person', () => {
  it('belongs to nobody meanwhile, and is gone on with by whoever brings the decision', async () => {
    const first = await begin({ replicaName: 'first' });
    const record = askingRun();
    await first.start(record);
    await watch.seen(record, 'parked');
    expect(await rowOf(record)).toMatchObject({ status: 'running', isParked: true, isQueued: false });
    await first.close();
    engines.splice(0);
    const second = await begin({ replicaName: 'second' });
    await store(record, decision());
    await second.deliver(record, withinMs);
    await watch.seen(record, 'ended');
    expect(first.invoked).toEqual([`${record.id} draft`]);
    expect(second.invoked).toEqual([`${record.id} send`]);
    expect(await commands()).toBe(0);
  });

  it('takes one decision, however many replicas bring some at the same time', async () => {
    const [one, two] = [await begin({ replicaName: 'one' }), await begin({ replicaName: 'two' })];
    const record = askingRun();
    await one.start(record);
    await watch.seen(record, 'parked');
    for (let at = 0; at < 10; at += 1) await store(record, decision(at % 2 === 0));
    await Promise.all([one, two, one, two].map((engine) => engine.deliver(record, withinMs)));
    await watch.seen(record, 'ended');
    expect(await eventsOf(record, 'approval_decided')).toHaveLength(1);
    expect(await commands()).toBe(0);
  });

  it('is decided by time when its time has come, and not before', async () => {
    let aheadMs = 0;
    await begin({ clock: () => Date.now() + aheadMs });
    const [engine] = engines;
    const record = askingRun(60);
    await engine?.start(record);
    await watch.seen(record, 'parked');
    const { rows } = await stores.admin.query<{ wait: number }>(
      'select extract(epoch from wake_at - created_at)::int as wait from orchestrator.executions where id = $1',
      [record.id],
    );
    expect(rows[0]?.wait).toBeGreaterThanOrEqual(59);
    aheadMs = 60_000;
    await stores.admin.query(`update orchestrator.executions set wake_at = clock_timestamp()`);
    await watch.seen(record, 'ended');
    expect(await eventsOf(record, 'approval_decided')).toMatchObject([{ approved: false, by: null }]);
  });

  it('is no more than its rows: nothing of it is held, read or claimed while it waits', async () => {
    const engine = await begin({ limits: { heldMax: 5, perTenantMax: 1_000_000 } }); // parked ones take no place
    const records = Array.from({ length: parkedCount }, () => askingRun());
    for (const record of records) await engine.start(record);
    await Promise.all(records.map((record) => watch.seen(record, 'parked')));
    const { rows } = await stores.admin.query<{ parked: number; claimed: number }>(
      `select count(*) filter (where owner_id is null and not queued)::int as parked,
         count(*) filter (where epoch > 1)::int as claimed from orchestrator.executions`,
    );
    expect(rows).toEqual([{ parked: parkedCount, claimed: 0 }]);
    const count = (name: string) =>
      engine.statements.filter((each) => each === `orchestrator.${name}`).length;
    for (const looks = count('line_up_due'); count('line_up_due') < looks + 3; )
      await stores.admin.query('select 1');
    expect(count('select_owned')).toBe(0);
  }, 60_000);
});

describe('a paused run', () => {
  it('leaves memory once nothing of it runs, survives a restart, and goes on where it was', async () => {
    const answers = Promise.withResolvers<void>();
    const first = await begin({
      replicaName: 'first',
      invoke: async () => {
        await answers.promise;
        return answered('in the end');
      },
    });
    const record = recordOf({ a: [], b: ['a'] });
    await first.start(record);
    await watch.seen(record, 'task_started', 'a');
    await store(record, { type: 'pause', by: randomUUID() });
    await first.deliver(record, withinMs);
    answers.resolve();
    await watch.seen(record, 'parked');
    await first.close();
    engines.splice(0);
    expect(await rowOf(record)).toMatchObject({ status: 'paused', isParked: true });
    const second = await begin({ replicaName: 'first' });
    await store(record, { type: 'resume', by: randomUUID() });
    await second.deliver(record, withinMs);
    await watch.seen(record, 'ended');
    expect(second.invoked).toEqual([`${record.id} b`]);
    expect(await rowOf(record)).toMatchObject({ status: 'completed' });
  });
});

describe('a command', () => {
  it('reaches a run that is held here', async () => {
    const engine = await begin({ invoke: untilAborted });
    const record = recordOf({ a: [] });
    await engine.start(record);
    await watch.seen(record, 'task_started');
    await store(record, { type: 'cancel', by: randomUUID(), because: 'no longer needed' });
    await engine.deliver(record, withinMs);
    await watch.seen(record, 'ended');
    expect(await rowOf(record)).toMatchObject({ status: 'cancelled' });
  });

  it('reaches a run that another replica holds, which is told of it', async () => {
    const rhythm = { ...quickRhythm, lookMs: 3_600_000 }; // it does not look for itself
    const holder = await begin({
      replicaName: 'holder',
      invoke: untilAborted,
      address: '127.0.0.1:7',
      rhythm,
    });
    const record = recordOf({ a: [] });
    await holder.start(record);
    await watch.seen(record, 'task_started');
    const nudged: string[] = [];
    const other = await begin({
      replicaName: 'other',
      nudge: async (address, key) => {
        nudged.push(address);
        await holder.handle(key);
      },
    });
    await store(record, { type: 'cancel', by: randomUUID(), because: '' });
    await other.deliver(record, withinMs);
    await watch.seen(record, 'ended');
    expect(new Set(nudged)).toEqual(new Set(['127.0.0.1:7']));
    expect(await eventsOf(record, 'cancel_requested')).toHaveLength(1);
  });

  it('is found by the holder itself when nobody can tell it', async () => {
    const holder = await begin({ replicaName: 'holder', invoke: untilAborted });
    const record = recordOf({ a: [] });
    await holder.start(record);
    await watch.seen(record, 'task_started');
    await store(record, { type: 'cancel', by: randomUUID(), because: '' });
    await watch.seen(record, 'ended');
    expect(await rowOf(record)).toMatchObject({ status: 'cancelled' });
  });

  it('is kept and told as not delivered yet while the holder cannot be reached, and carried out once by the next one', async () => {
    const hour = 3_600_000;
    const deaf = await begin({
      replicaName: 'deaf',
      rhythm: { ...quickRhythm, lookMs: hour, beatMs: hour, leaseMs: hour },
      invoke: untilAborted,
    });
    const record = recordOf({ a: [] });
    await deaf.start(record);
    await watch.seen(record, 'task_started');
    const unreachable = async () => Promise.reject(new Error('nobody there'));
    const other = await begin({ replicaName: 'other', nudge: unreachable, invoke: untilAborted });
    await store(record, { type: 'cancel', by: randomUUID(), because: '' });
    await expect(other.deliver(record, 50)).rejects.toMatchObject({
      reason: 'unavailable',
      retryAfterMs: 1_000,
    });
    expect(await commands()).toBe(1);
    await stores.admin.query(
      `update orchestrator.owners set ended_at = clock_timestamp() where replica_name = 'deaf'`,
    );
    await watch.seen(record, 'ended');
    expect(await eventsOf(record, 'cancel_requested')).toHaveLength(1);
    expect(await rowOf(record)).toMatchObject({ status: 'cancelled' });
    expect(await commands()).toBe(0);
  });

  it('for a run that has ended is dropped', async () => {
    const engine = await begin();
    const record = recordOf({ a: [] });
    await engine.start(record);
    await watch.seen(record, 'ended');
    const before = (await stores.executions.readJournal(record.tenantId, record.id)).length;
    await store(record, { type: 'cancel', by: randomUUID(), because: '' });
    await engine.deliver(record, withinMs);
    expect(await commands()).toBe(0);
    expect(await stores.executions.readJournal(record.tenantId, record.id)).toHaveLength(before);
  });

  it.each(['ingest', 'workflow'] as const)(
    'cancels a %s run that waits for a place before it begins',
    async (kind) => {
      const engine = await begin({ limits: { perTenantMax: 1 }, invoke: untilAborted });
      const running = recordOf({ a: [] }, {}, { kind: 'workflow' });
      await engine.start(running);
      const queued = recordOf({ a: [] }, {}, { kind, tenantId: running.tenantId });
      await engine.start(queued);
      expect(await rowOf(queued)).toMatchObject({ isQueued: true });
      await store(queued, { type: 'cancel', by: randomUUID(), because: '' });
      await engine.deliver(queued, withinMs);
      await watch.seen(queued, 'ended');
      expect(engine.invoked).toEqual([`${running.id} a`]);
      expect(await rowOf(queued)).toMatchObject({ status: 'cancelled', isQueued: false });
    },
  );
});

describe('two replicas that claim', () => {
  it('the same parked run at the same time: one has it', async () => {
    const owners = await Promise.all(Array.from({ length: 4 }, () => stores.newOwner()));
    for (let round = 0; round < 20; round += 1) {
      const record = recordOf({ a: [] });
      await stores.executions.record(record, owners[0] ?? '');
      await stores.admin.query('update orchestrator.executions set owner_id = null where id = $1', [
        record.id,
      ]);
      const claims = await Promise.all(owners.map((ownerId) => stores.engine.claimParked(ownerId, record)));
      expect(claims.filter(Boolean)).toHaveLength(1);
    }
  });
});
