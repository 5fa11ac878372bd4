// Runs that want the same output at the same time: one computes it, in one process and, where it is paid for, in all of them.
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { AgentRuntime } from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import type { AttemptEnd } from '../clients/invoke-agent.ts';
import type { ExecutionRecord } from '../core/execution-record.ts';
import { type JournalWatch, watchJournal } from '../store/journal-watch.for-test.ts';
import { createPostgresCacheStore } from '../store/postgres-cache-store.ts';
import { openTestStores, type TestStores } from '../store/stores.for-test.ts';
import { answered, beginTestEngine, faulted, type TestEngine, untilAborted } from './engine.for-test.ts';
import {
  eventually,
  openTestCache,
  sharingRecord,
  type TestAgents,
  type TestCache,
} from './output-cache.for-test.ts';

const one = { only: [] };
const builtin: TestAgents = { settings: { runtime: AgentRuntime.BUILTIN } };
const paid: TestAgents = { settings: { runtime: AgentRuntime.MODEL, cacheTtlS: 3_600 } };

let databases: TestDatabases;
let stores: TestStores;
let watch: JournalWatch;
const engines: TestEngine[] = [];
beforeAll(async () => {
  databases = await startTestDatabases();
  stores = await openTestStores(databases, 'output_cache_waits');
  watch = await watchJournal(stores.urls.admin);
}, 30_000);
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.close();
  const tables = ['executions', 'execution_events', 'output_cache'].map((table) => `orchestrator.${table}`);
  await stores.admin.query(`truncate ${tables.join()}`);
});
afterAll(async () => {
  await watch.close();
  await stores.close();
  await databases.stop();
});

interface Process extends TestEngine, TestCache {
  /** Resolves once so many attempts have begun. */
  untilInvoked(attempts: number): Promise<void>;
  /** Ends the attempts under way that came first. */
  endFirst(end: AttemptEnd): void;
}

/** An engine with a cache of its own, whose attempts end when the test says so. */
async function begin(replicaName = 'replica-0', promiseMs = 500): Promise<Process> {
  const cache = openTestCache(createPostgresCacheStore(stores.enginePool), { promiseMs });
  const open: ((end: AttemptEnd) => void)[] = [];
  const engine = await beginTestEngine(stores.urls, {
    replicaName,
    cache: cache.cache,
    invoke: (invocation) =>
      Promise.race([new Promise<AttemptEnd>((resolve) => open.push(resolve)), untilAborted(invocation)]),
  });
  engines.push(engine);
  return {
    ...engine,
    ...cache,
    untilInvoked: (attempts) => eventually(() => engine.invoked.length >= attempts),
    endFirst: (end) => open.shift()?.(end),
  };
}

function runs(agents: TestAgents, count: number): ExecutionRecord[] {
  const tenantId = randomUUID();
  return Array.from({ length: count }, () => sharingRecord(one, agents, { tenantId }));
}

const ended = (records: readonly ExecutionRecord[]) =>
  Promise.all(records.map((record) => watch.seen(record, 'ended')));
const statusesOf = (processes: readonly TestEngine[]) =>
  processes.flatMap(({ applied }) => applied.map(({ state }) => state.log.at(-1)?.status)).toSorted();
const failed = faulted({ code: 'output_invalid', message: 'Not JSON' });

async function cancel(process: TestEngine, record: ExecutionRecord): Promise<void> {
  const { tenantId, id, principal } = record;
  const command = JSON.stringify({ type: 'cancel', by: principal.userId, because: 'enough' });
  await stores.admin.query(
    'insert into orchestrator.commands (tenant_id, execution_id, id, command) values ($1, $2, $3, $4)',
    [tenantId, id, randomUUID(), command],
  );
  await process.handle(record);
}

describe('runs in one process', () => {
  it('compute once what they want at the same time', async () => {
    const process = await begin();
    const records = runs(builtin, 5);
    await Promise.all(records.map((record) => process.start(record)));
    await process.untilInvoked(1);
    await process.untilWaiting(4);
    process.endFirst(answered('once'));
    await ended(records);
    expect(process.invoked).toHaveLength(1);
    expect(statusesOf([process])).toEqual(['cached', 'cached', 'cached', 'cached', 'success']);
    expect(await process.count('computing')).toBe(0);
  });

  it('compute once also when the one that computes leaves memory with its output', async () => {
    const process = await begin();
    const tenantId = randomUUID();
    const [first, second] = [1, 2].map(() =>
      sharingRecord({ only: [], gate: ['only'] }, builtin, { tenantId }),
    ) as [ExecutionRecord, ExecutionRecord];
    await process.start(first);
    await process.untilInvoked(1);
    await process.start(second);
    await process.untilWaiting(1);
    process.endFirst(answered('once'));
    await watch.seen(second, 'approval_requested');
    expect(process.invoked).toEqual([`${first.id} only`]);
    expect(await process.count('computing')).toBe(0);
  });

  it('do not wait for what differs', async () => {
    const process = await begin();
    const records = [...runs(builtin, 1), ...runs(builtin, 1)];
    await Promise.all(records.map((record) => process.start(record)));
    await process.untilInvoked(2);
    process.endFirst(answered('a'));
    process.endFirst(answered('b'));
    await ended(records);
    expect(await process.count('waits_total')).toBe(0);
  });

  it('go on one after the other when the one that computes fails', async () => {
    const process = await begin();
    const records = runs(builtin, 3);
    await Promise.all(records.map((record) => process.start(record)));
    await process.untilInvoked(1);
    await process.untilWaiting(2);
    process.endFirst(failed);
    await process.untilInvoked(2);
    process.endFirst(answered('at last'));
    await ended(records);
    expect(process.invoked).toHaveLength(2);
    expect(statusesOf([process])).toEqual(['cached', 'error', 'success']);
  });

  it('go on when the one that computes is cancelled', async () => {
    const process = await begin();
    const [first, second] = runs(builtin, 2) as [ExecutionRecord, ExecutionRecord];
    await process.start(first);
    await process.untilInvoked(1);
    await process.start(second);
    await process.untilWaiting(1);
    await cancel(process, first);
    await process.untilInvoked(2);
    process.endFirst(answered('too late'));
    process.endFirst(answered('mine'));
    await ended([first, second]);
    expect(await process.count('computing')).toBe(0);
  });

  it('are not kept waiting by one that waited and was cancelled', async () => {
    const process = await begin();
    const [first, gone, last] = runs(builtin, 3) as [ExecutionRecord, ExecutionRecord, ExecutionRecord];
    await process.start(first);
    await process.untilInvoked(1);
    await process.start(gone);
    await process.untilWaiting(1);
    await process.start(last);
    await process.untilWaiting(2);
    await cancel(process, gone);
    await watch.seen(gone, 'ended');
    process.endFirst(failed);
    await process.untilInvoked(2);
    process.endFirst(answered('mine'));
    await ended([first, last]);
    expect(process.invoked).toEqual([`${first.id} only`, `${last.id} only`]);
    expect(await process.count('computing')).toBe(0);
  });

  it('leave nothing behind when the engine stops', async () => {
    const process = await begin();
    const records = runs(paid, 2);
    await Promise.all(records.map((record) => process.start(record)));
    await process.untilInvoked(1);
    await process.untilWaiting(1);
    await process.stop();
    await eventually(async () => (await process.count('computing')) === 0);
    expect(process.invoked).toHaveLength(1);
  });
});

const expiryOf = async ({ tenantId }: ExecutionRecord): Promise<number> => {
  const text = 'select expires_at, answer from orchestrator.output_cache where tenant_id = $1';
  const { rows } = await stores.admin.query<{ expires_at: Date; answer: string | null }>(text, [tenantId]);
  expect(rows).toMatchObject([{ answer: null }]);
  return rows[0]?.expires_at.getTime() ?? 0;
};

describe('runs in two processes', () => {
  it('compute once what is paid for, however long that takes', async () => {
    const [first, second] = [await begin(), await begin('replica-1')];
    const records = runs(paid, 2) as [ExecutionRecord, ExecutionRecord];
    await first.start(records[0]);
    await first.untilInvoked(1);
    const promisedUntilMs = await expiryOf(records[0]);
    await second.start(records[1]);
    await second.untilWaiting(1);
    const longEnoughMs = promisedUntilMs + 500;
    await eventually(async () => (await expiryOf(records[0])) > longEnoughMs);
    first.endFirst(answered('once'));
    await ended(records);
    expect([...first.invoked, ...second.invoked]).toEqual([`${records[0].id} only`]);
    expect(statusesOf([first, second])).toEqual(['cached', 'success']);
  });

  it('go on in the other when the one that computes fails', async () => {
    const [first, second] = [await begin('replica-0', 600_000), await begin('replica-1', 600_000)];
    const records = runs(paid, 2) as [ExecutionRecord, ExecutionRecord];
    await first.start(records[0]);
    await first.untilInvoked(1);
    await second.start(records[1]);
    await second.untilWaiting(1);
    first.endFirst(failed);
    await second.untilInvoked(1);
    second.endFirst(answered('mine'));
    await ended(records);
    expect(statusesOf([first, second])).toEqual(['error', 'success']);
  });

  it('take over what a process that is gone had promised', async () => {
    const process = await begin();
    const [gone, record] = runs(paid, 2) as [ExecutionRecord, ExecutionRecord];
    await process.start(gone);
    await process.untilInvoked(1);
    process.endFirst(answered('before'));
    await ended([gone]);
    // What a process leaves that ends while it computes: a promise that nobody renews.
    const text = `update orchestrator.output_cache
      set answer = null, expires_at = clock_timestamp() + interval '1 second' where tenant_id = $1`;
    await stores.admin.query(text, [gone.tenantId]);
    await process.start(record);
    await process.untilWaiting(1);
    await process.untilInvoked(2);
    process.endFirst(answered('taken over'));
    await ended([record]);
    expect(statusesOf([process])).toEqual(['success', 'success']);
  });

  it('do not wait for each other where nothing is paid', async () => {
    const [first, second] = [await begin(), await begin('replica-1')];
    const records = runs(builtin, 2) as [ExecutionRecord, ExecutionRecord];
    await first.start(records[0]);
    await second.start(records[1]);
    await first.untilInvoked(1);
    await second.untilInvoked(1);
    first.endFirst(answered('a'));
    second.endFirst(answered('a'));
    await ended(records);
    expect(statusesOf([first, second])).toEqual(['success', 'success']);
  });
});
