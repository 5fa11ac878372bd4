// Which runs begin: a tenant's share, the order of what waits, and that nobody waits behind another's backlog.
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import type { AttemptEnd } from '../clients/invoke-agent.ts';
import type { ExecutionRecord } from '../core/execution-record.ts';
import { type JournalWatch, watchJournal } from '../store/journal-watch.for-test.ts';
import { openTestStores, type TestStores } from '../store/stores.for-test.ts';
import { createAdmission } from './admission.ts';
import {
  answered,
  beginTestEngine,
  quickRhythm,
  recordOf,
  type TestEngine,
  type TestEngineOptions,
} from './engine.for-test.ts';

let databases: TestDatabases;
let stores: TestStores;
let watch: JournalWatch;
const engines: TestEngine[] = [];
beforeAll(async () => {
  databases = await startTestDatabases();
  stores = await openTestStores(databases, 'admission');
  watch = await watchJournal(stores.urls.admin);
}, 30_000);
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.close();
  await stores.admin.query('truncate orchestrator.executions, orchestrator.execution_events');
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

/** Agents whose attempts end when the test says so, by execution. */
function heldAgents() {
  const ends = new Map<string, PromiseWithResolvers<AttemptEnd>>();
  const of = (id: string) => {
    const end = ends.get(id) ?? Promise.withResolvers<AttemptEnd>();
    ends.set(id, end);
    return end;
  };
  return {
    invoke: ({ execution }: { readonly execution: { readonly id: string } }) => of(execution.id).promise,
    end: ({ id }: { readonly id: string }) => of(id).resolve(answered('done')),
  };
}

const of = (tenantId: string, changes: Partial<ExecutionRecord> = {}) =>
  recordOf({ a: [] }, {}, { tenantId, ...changes });
const rowOf = ({ tenantId, id }: ExecutionRecord) => stores.executions.read(tenantId, id);

/** Ids in the order in which their first attempt began. */
const begun = ({ invoked }: TestEngine) => invoked.map((each) => each.slice(0, 36));

describe('a share', () => {
  const options = { perTenantMax: 10, heldMax: 8, onFree: () => undefined };

  it('is what the tenant may have, divided by the replicas, and one at least', () => {
    for (const [replicas, share] of [
      [1, 8], // no more than the replica holds
      [2, 5],
      [3, 3],
      [20, 1],
    ] as const) {
      expect(createAdmission({ ...options, replicas: () => replicas }).room('a')).toBe(share);
    }
  });

  it('is taken and given back, and tells when the replica was full', () => {
    const told: [string, boolean][] = [];
    const admission = createAdmission({
      ...{ perTenantMax: 2, heldMax: 3, replicas: () => 1 },
      onFree: (tenantId, wasFull) => told.push([tenantId, wasFull]),
    });
    expect(['a', 'a', 'a', 'b', 'b'].map((tenantId) => admission.tryEnter(tenantId))).toEqual([
      ...[true, true, false, true, false],
    ]);
    admission.enter('c'); // what ran before goes on
    for (const tenantId of ['c', 'a', 'b']) admission.leave(tenantId);
    expect(told).toEqual([
      ['c', true],
      ['a', true],
      ['b', false],
    ]);
    expect(admission.room('a')).toBe(1);
  });
});

describe('runs beyond the share of their tenant', () => {
  it('wait in the database by priority, which counts a minute for each step, and then by age', async () => {
    const { invoke, end } = heldAgents();
    const engine = await begin({ limits: { perTenantMax: 1 }, invoke });
    const tenantId = randomUUID();
    const nowMs = Date.now();
    const running = of(tenantId);
    const low = of(tenantId, { priority: 1, createdAtMs: nowMs - 90_000 });
    const usual = of(tenantId, { createdAtMs: nowMs });
    const urgent = of(tenantId, { priority: 5, createdAtMs: nowMs });
    const older = of(tenantId, { createdAtMs: nowMs - 1_000 });
    for (const record of [running, usual, low, older, urgent]) await engine.start(record);
    expect(await rowOf(usual)).toMatchObject({ status: 'pending', isQueued: true, isParked: true });
    const order = [running, urgent, low, older, usual];
    for (const record of order) {
      await watch.seen(record, 'task_started');
      end(record);
      await watch.seen(record, 'ended');
    }
    expect(begun(engine)).toEqual(order.map(({ id }) => id));
  });

  it('are claimed as soon as a place is free, without waiting for the next look', async () => {
    const { invoke, end } = heldAgents();
    const engine = await begin({
      limits: { perTenantMax: 1 },
      invoke,
      rhythm: { ...quickRhythm, lookMs: 3_600_000 },
    });
    const tenantId = randomUUID();
    const [first, second, third] = [of(tenantId), of(tenantId), of(tenantId)];
    for (const record of [first, second, third]) await engine.start(record);
    for (const record of [first, second, third]) {
      await watch.seen(record, 'task_started');
      end(record);
    }
    await watch.seen(third, 'ended');
  });

  it('do not keep another tenant waiting, however many they are', async () => {
    const engine = await begin({
      limits: { perTenantMax: 2, heldMax: 4 },
      invoke: async () => answered('done'),
      rhythm: { ...quickRhythm, lookMs: 3_600_000 },
    });
    const [many, few] = [randomUUID(), randomUUID()];
    const ownerId = await stores.newOwner();
    const backlog = Array.from({ length: 1_000 }, () => of(many, { kind: 'workflow' }));
    await stores.admin.query('begin');
    for (const record of backlog) await stores.executions.record(record, ownerId);
    await stores.admin.query('commit');
    await stores.admin.query('update orchestrator.executions set owner_id = null, queued = true');
    const own = of(few, { kind: 'workflow' });
    await engine.start(own);
    await watch.seen(own, 'ended');
    expect(begun(engine)).toContain(own.id);
    await stores.owners.end(ownerId);
  }, 30_000);

  it('come in turn by tenant where the replica as a whole is full', async () => {
    const { invoke, end } = heldAgents();
    const engine = await begin({
      ...{ limits: { perTenantMax: 2, heldMax: 2 }, invoke },
      rhythm: { ...quickRhythm, lookMs: 3_600_000 },
    });
    const [many, few] = [randomUUID(), randomUUID()];
    const backlog = Array.from({ length: 6 }, () => of(many, { kind: 'workflow' }));
    for (const record of backlog) await engine.start(record);
    const own = of(few, { kind: 'workflow' });
    await engine.start(own);
    expect(await rowOf(own)).toMatchObject({ isQueued: true });
    for (const record of backlog.slice(0, 2)) end(record);
    await watch.seen(own, 'task_started');
    for (const record of [own, ...backlog]) end(record);
    for (const record of [own, ...backlog]) await watch.seen(record, 'ended');
    expect(begun(engine).indexOf(own.id)).toBeLessThanOrEqual(3);
  });

  it('are given the place of another tenant at once where the replica as a whole was full', async () => {
    const { invoke, end } = heldAgents();
    const engine = await begin({
      ...{ limits: { perTenantMax: 2, heldMax: 1 }, invoke },
      rhythm: { ...quickRhythm, lookMs: 3_600_000 },
    });
    const [first, waiting] = [of(randomUUID(), { kind: 'workflow' }), of(randomUUID(), { kind: 'workflow' })];
    for (const record of [first, waiting]) await engine.start(record);
    end(first);
    await watch.seen(waiting, 'task_started');
    end(waiting);
    await watch.seen(waiting, 'ended');
  });

  it('are taken up by another replica when theirs is gone, in their order', async () => {
    const { invoke } = heldAgents();
    const first = await begin({ replicaName: 'first', limits: { perTenantMax: 1 }, invoke });
    const tenantId = randomUUID();
    const records = Array.from({ length: 4 }, () => of(tenantId));
    for (const record of records) await first.start(record);
    await first.close();
    engines.splice(0);
    const second = await begin({ replicaName: 'second', limits: { perTenantMax: 1 } });
    for (const record of records) await watch.seen(record, 'ended');
    expect(begun(second)).toEqual(records.map(({ id }) => id));
  });

  it('tell their caller that they are recorded', async () => {
    const { invoke } = heldAgents();
    const engine = await begin({ limits: { perTenantMax: 1 }, invoke });
    const tenantId = randomUUID();
    await engine.start(of(tenantId, { kind: 'workflow' }));
    const waiting = of(tenantId, { kind: 'workflow' });
    await expect(engine.start(waiting)).resolves.toBe('started');
    expect(await rowOf(waiting)).toMatchObject({ status: 'pending', isQueued: true });
    expect(await stores.executions.readJournal(tenantId, waiting.id)).toEqual([]);
  });
});

describe('places for attempts', () => {
  it('are shared by runs, and all given back', async () => {
    let under = 0;
    let most = 0;
    const engine = await begin({
      limits: { invocationsMax: 3 },
      invoke: async () => {
        under += 1;
        most = Math.max(most, under);
        await new Promise((resolve) => setImmediate(resolve));
        under -= 1;
        return answered('done');
      },
    });
    const records = Array.from({ length: 20 }, () => recordOf({ a: [], b: [], c: ['a', 'b'] }));
    await Promise.all(records.map((record) => engine.start(record)));
    await Promise.all(records.map((record) => watch.seen(record, 'ended')));
    expect(most).toBe(3);
    expect(engine.invoked).toHaveLength(60);
  });
});
