// Runs that come back: how many of a tenant run at the same time holds for them as for new ones, on all replicas together, and what people
// ask of them waits for no place.

import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { pause } from '../../../local/pause.for-test.ts';
import type { AttemptEnd, Invocation } from '../clients/invoke-agent.ts';
import type { Command } from '../core/decision/decision.ts';
import type { ExecutionRecord } from '../core/execution-record.ts';
import { type JournalWatch, watchJournal } from '../store/journal-watch.for-test.ts';
import { openTestStores, type TestStores } from '../store/stores.for-test.ts';
import {
  answered,
  beginTestEngine,
  quickRhythm,
  recordOf,
  type TestEngine,
  type TestEngineOptions,
} from './engine.for-test.ts';
import { approvalPlan } from './pinned-plan.for-test.ts';
import { pinPlan } from './pinned-plan.ts';

const withinMs = 10_000;

let databases: TestDatabases;
let stores: TestStores;
let watch: JournalWatch;
let aheadMs: number;
let agents: ReturnType<typeof heldAgents>;
const engines: TestEngine[] = [];
beforeAll(async () => {
  databases = await startTestDatabases();
  stores = await openTestStores(databases, 'woken');
  watch = await watchJournal(stores.urls.admin);
}, 30_000);
beforeEach(() => {
  aheadMs = 0;
  agents = heldAgents();
});
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

/** `draft` answers at once; every other agent when its run is let go. The most of them at the same time is counted. */
function heldAgents() {
  const letGo = new Map<string, PromiseWithResolvers<void>>();
  const under = new Set<string>();
  let most = 0;
  const of = (id: string) => {
    const gate = letGo.get(id) ?? Promise.withResolvers<void>();
    letGo.set(id, gate);
    return gate;
  };
  return {
    invoke: async ({ execution, agent }: Invocation): Promise<AttemptEnd> => {
      if (agent.agentId === 'draft') return answered('drafted');
      under.add(execution.id);
      most = Math.max(most, under.size);
      await of(execution.id).promise;
      under.delete(execution.id);
      return answered('done');
    },
    end: ({ id }: ExecutionRecord) => of(id).resolve(),
    most: () => most,
  };
}

async function begin(replicaName: string, options: TestEngineOptions = {}): Promise<TestEngine> {
  const { invoke } = agents;
  const engine = await beginTestEngine(stores.urls, {
    replicaName,
    invoke,
    clock: () => Date.now() + aheadMs,
    ...options,
  });
  engines.push(engine);
  return engine;
}

/** Two replicas that know of each other; each has one of a tenant's two places. */
async function beginTwo(): Promise<[TestEngine, TestEngine]> {
  const limits = { perTenantMax: 2 };
  const two: [TestEngine, TestEngine] = [await begin('one', { limits }), await begin('two', { limits })];
  const left = await stores.newOwner(); // whoever takes over from it has been steady for a lease, and so has heard of the other
  const orphan = recordOf({ draft: [] });
  await stores.executions.record(orphan, left);
  await watch.seen(orphan, 'ended');
  return two;
}

/** `draft`, an approval `ask` that waits for a minute, then `send`. */
const asking = (tenantId: string) => recordOf({}, {}, { tenantId, plan: pinPlan(approvalPlan(60)) });
const blocking = (tenantId: string) => recordOf({ block: [] }, {}, { tenantId });

async function store({ tenantId, id }: ExecutionRecord, command: Command): Promise<void> {
  await stores.admin.query(
    'insert into orchestrator.commands (tenant_id, execution_id, id, command) values ($1, $2, $3, $4)',
    [tenantId, id, randomUUID(), JSON.stringify(command)],
  );
}
const decision = (approved: boolean): Command => ({
  ...{ type: 'decide_approval', by: randomUUID(), nodeId: 'ask', approved, comment: '' },
});
const cancel: Command = { type: 'cancel', by: randomUUID(), because: '' };

const rowOf = ({ tenantId, id }: ExecutionRecord) => stores.executions.read(tenantId, id);

/** How often each has been taken up. */
async function epochs(records: readonly ExecutionRecord[]): Promise<number[]> {
  const { rows } = await stores.admin.query<{ epoch: number }>(
    'select epoch from orchestrator.executions where id = any($1) order by id',
    [records.map(({ id }) => id)],
  );
  return rows.map(({ epoch }) => epoch);
}

/** Resolves after every engine has looked around some times. */
async function looks(): Promise<void> {
  const count = () =>
    engines.map(({ statements }) => statements.filter((each) => each.endsWith('line_up_due')).length);
  const before = count();
  while (count().some((now, at) => now < (before[at] ?? 0) + 5)) await pause();
}

/** Runs of a tenant that wait for a person, and two that have all of its places. */
async function beginFull([one, two]: [TestEngine, TestEngine], count: number) {
  const tenantId = randomUUID();
  const waiting = Array.from({ length: count }, () => asking(tenantId));
  for (const record of waiting) {
    await one.start(record);
    await watch.seen(record, 'parked');
  }
  const blockers: [ExecutionRecord, ExecutionRecord] = [blocking(tenantId), blocking(tenantId)];
  await one.start(blockers[0]);
  await two.start(blockers[1]);
  for (const blocker of blockers) await watch.seen(blocker, 'task_started');
  return { tenantId, waiting, blockers };
}

describe('runs that wake while their tenant has no place', () => {
  it('stand in line untouched, and are gone on with as places are given back', async () => {
    const { waiting, blockers } = await beginFull(await beginTwo(), 4);
    const before = await epochs(waiting);
    aheadMs = 60_000;
    await stores.admin.query(
      'update orchestrator.executions set wake_at = clock_timestamp() where id = any($1)',
      [waiting.map(({ id }) => id)],
    );
    await looks();
    expect(await epochs(waiting)).toEqual(before);
    for (const record of waiting) {
      expect(await rowOf(record)).toMatchObject({ status: 'running', isQueued: true, isParked: true });
    }
    agents.end(blockers[0]);
    for (const record of waiting) await watch.seen(record, 'ended');
    expect(await rowOf(blockers[1])).toMatchObject({ status: 'running' });
    agents.end(blockers[1]);
    await watch.seen(blockers[1], 'ended');
  }, 30_000);

  it('and whom people ask to go on wait for a place with what they begin, not with what was asked', async () => {
    const two = await beginTwo();
    const { waiting, blockers } = await beginFull(two, 4);
    for (const [at, record] of waiting.entries()) {
      await store(record, decision(true));
      await two[at % 2]?.deliver(record, withinMs);
      await watch.seen(record, 'approval_decided');
      expect(await rowOf(record)).toMatchObject({ status: 'running', isQueued: true });
    }
    const before = await epochs(waiting);
    await looks();
    expect(await epochs(waiting)).toEqual(before);
    expect(agents.most()).toBe(2);
    agents.end(blockers[0]);
    await watch.seen(waiting[0] ?? blockers[0], 'task_started', 'send'); // the oldest
    for (const record of [...blockers, ...waiting]) agents.end(record);
    for (const record of waiting) await watch.seen(record, 'ended');
    expect(agents.most()).toBe(2);
    expect([...two[0].invoked, ...two[1].invoked].filter((each) => each.endsWith('send'))).toHaveLength(4);
  }, 30_000);

  it('end as soon as somebody cancels or rejects them, and pause as soon as somebody wants that', async () => {
    const two = await beginTwo();
    const { waiting } = await beginFull(two, 3);
    const [cancelled, rejected, paused] = waiting;
    if (!cancelled || !rejected || !paused) throw new Error('too few runs');
    await store(cancelled, cancel);
    await two[0].deliver(cancelled, withinMs);
    await watch.seen(cancelled, 'ended');
    await store(rejected, decision(false));
    await two[1].deliver(rejected, withinMs);
    await watch.seen(rejected, 'ended');
    await store(paused, { type: 'pause', by: randomUUID() });
    await two[1].deliver(paused, withinMs);
    expect(await rowOf(cancelled)).toMatchObject({ status: 'cancelled' });
    expect(await rowOf(rejected)).toMatchObject({ status: 'failed', reason: 'approval_rejected' });
    expect(await rowOf(paused)).toMatchObject({ status: 'paused', isParked: true });
  }, 30_000);

  it('are carried through by one who cancels them while they stand in line', async () => {
    const two = await beginTwo();
    const {
      waiting: [run],
    } = await beginFull(two, 1);
    if (!run) throw new Error('no run');
    await store(run, decision(true));
    await two[0].deliver(run, withinMs);
    expect(await rowOf(run)).toMatchObject({ isQueued: true });
    await store(run, cancel);
    await two[1].deliver(run, withinMs);
    await watch.seen(run, 'ended');
    expect(await rowOf(run)).toMatchObject({ status: 'cancelled', isQueued: false });
  }, 30_000);
});

describe('runs that are taken over', () => {
  it('go on beyond what their tenant may have, and nothing of it begins before there is room again', async () => {
    const hour = 3_600_000;
    const deaf = { ...quickRhythm, lookMs: hour, beatMs: hour, leaseMs: hour };
    const limits = { perTenantMax: 2 };
    const lost = await begin('lost', { limits, rhythm: deaf });
    const tenantId = randomUUID();
    const ran = [blocking(tenantId), blocking(tenantId)];
    for (const record of ran) await lost.start(record);
    for (const record of ran) await watch.seen(record, 'task_started');
    const next = await begin('next', { limits });
    const own = blocking(tenantId);
    await next.start(own);
    await watch.seen(own, 'task_started');
    await stores.admin.query(
      "update orchestrator.owners set ended_at = clock_timestamp() where replica_name = 'lost'",
    );
    for (const record of ran)
      await watch.until(({ executionId, what }) => executionId === record.id && what === 'owned');
    while (next.invoked.length < 3) await pause();
    const late = blocking(tenantId);
    await next.start(late);
    agents.end(own);
    await watch.seen(own, 'ended');
    await looksOf(next);
    expect(await rowOf(late)).toMatchObject({ status: 'pending', isQueued: true });
    agents.end(ran[0] ?? own);
    await watch.seen(late, 'task_started');
    for (const record of [...ran, late]) agents.end(record);
    for (const record of [...ran, late]) await watch.seen(record, 'ended');
  }, 30_000);
});

async function looksOf(engine: TestEngine): Promise<void> {
  const count = () => engine.statements.filter((each) => each.endsWith('line_up_due')).length;
  for (const before = count(); count() < before + 5; ) await stores.admin.query('select 1');
}
