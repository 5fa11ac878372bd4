// What is counted of attempts, by every label that there is, as a scrape prints it.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createMetrics, type Metrics } from '../../../../foundation/telemetry/metrics.ts';
import { startTestDatabases, type TestDatabases } from '../../../../local/databases/test-databases.ts';
import { newEntry } from '../../core/audit.for-test.ts';
import type { AttemptKey, DispatchQueue, DispatchStore, TaskKey } from '../../store/store.ts';
import { openTestStores, type TestStores } from '../../store/stores.for-test.ts';
import { createTestWork, type TestWork } from '../../store/work.for-test.ts';
import { createAttemptMetrics } from './attempt-metrics.ts';

let databases: TestDatabases;
let stores: TestStores;
let work: TestWork;
let metrics: Metrics;
let requests: DispatchStore;
let engine: DispatchQueue;
beforeAll(async () => {
  databases = await startTestDatabases();
  stores = await openTestStores(databases, 'attempt_metrics');
  work = createTestWork(stores);
}, 60_000);
beforeEach(() => {
  metrics = createMetrics({ processMetrics: false });
  const counted = createAttemptMetrics(metrics);
  requests = counted.ofRequests(work.dispatch);
  engine = counted.ofEngine(work.queue);
});
afterAll(async () => {
  await stores?.close();
  await databases?.stop();
});

/** The lines of a metric, without what stands before its labels. */
async function lines(name: string): Promise<string[]> {
  const text = await metrics.metrics();
  return text
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .map((line) => line.slice(name.length).trim())
    .sort();
}

const given = () => lines('domainflow_work_assignments_total');
const lost = () => lines('domainflow_work_lost_attempts_total');
const caller = { callerId: randomUUID(), leaseMs: 15_000 };
const assignment = () => newEntry({ operation: 'task_assignment', entityType: 'task', entityId: 'x' });

/** A task that a worker has asked for. */
async function claimed(): Promise<AttemptKey & { readonly workerId: string }> {
  const tenantId = randomUUID();
  await work.task({ tenantId });
  const workerId = await work.worker({ tenantId });
  const found = await work.dispatch.claim({ tenantId, workerId, max: 1 });
  const [attempt] = found.type === 'given' ? found.given : [];
  if (!attempt) throw new Error('nothing was given');
  return attempt;
}

describe('attempts that workers are given', () => {
  it('count as claimed, assigned by hand or pushed, each once', async () => {
    const tenantId = randomUUID();
    const [asks, called] = [
      await work.worker({ tenantId }),
      await work.worker({ tenantId, protocol: 'http', places: 1 }),
    ];
    await work.task({ tenantId });
    await requests.claim({ tenantId, workerId: asks, max: 5 });
    expect(await given()).toEqual(['{by="claim"} 1']);
    const byHand = await work.task({ tenantId, isDispatched: false });
    await requests.assign(byHand, asks, assignment());
    await requests.claim({ tenantId, workerId: asks, max: 5 }); // it was counted when it was assigned
    expect(await given()).toEqual(['{by="claim"} 1', '{by="hand"} 1']);
    const [pushed, refused] = [await work.task({ tenantId }), await work.task({ tenantId })];
    await engine.assign(pushed, { ...caller, workerId: called });
    await engine.assign(refused, { ...caller, workerId: called }); // it has no place for it
    await requests.assign(byHand, asks, assignment()); // it is running
    expect(await given()).toEqual(['{by="claim"} 1', '{by="hand"} 1', '{by="push"} 1']);
  });

  it('tell how long each had waited since it was offered', async () => {
    const tenantId = randomUUID();
    const workerId = await work.worker({ tenantId });
    const key = await work.task({ tenantId });
    await work.set(key, `offered_at = now() - interval '90 seconds'`);
    await requests.claim({ tenantId, workerId, max: 5 });
    expect(await lines('domainflow_work_wait_seconds_count')).toEqual(['1']);
    const sum = Number((await lines('domainflow_work_wait_seconds_sum'))[0]);
    expect(sum).toBeGreaterThanOrEqual(90);
    expect(sum).toBeLessThan(120);
  });
});

describe('attempts that are lost', () => {
  const giveUp = async (key: TaskKey): Promise<void> => {
    for (const each of await work.queue.lapsed(1_000)) if (each.id === key.id) await engine.giveUp(each, 0.5);
  };

  it.each([
    ['worker_lost', 'lease_until = clock_timestamp()'],
    ['attempt_timeout', 'timeout_at = clock_timestamp()'],
    ['deadline', 'timeout_at = clock_timestamp(), deadline_at = clock_timestamp()'],
    ['cancelled', `status = 'pending', held = true, withdrawn = true`],
  ])('are counted as %s when they are given up', async (cause, change) => {
    const attempt = await claimed();
    await work.set(attempt, change);
    await giveUp(attempt);
    await giveUp(attempt);
    expect(await lost()).toEqual([`{cause="${cause}"} 1`]);
  });

  it('are counted as unheard when who claimed them was gone before it was told', async () => {
    const tenantId = randomUUID();
    const workerId = await work.worker({ tenantId });
    for (const _ of [1, 2]) await work.task({ tenantId });
    const found = await work.dispatch.claim({ tenantId, workerId, max: 2 });
    const attempts = found.type === 'given' ? found.given : [];
    expect(await requests.giveBack({ tenantId, workerId }, attempts)).toBe(2);
    await requests.giveBack({ tenantId, workerId }, attempts); // they are others' by then
    expect(await lost()).toEqual(['{cause="unheard"} 2']);
  });

  it('are counted as worker_lost, each of those that a silent worker has', async () => {
    const tenantId = randomUUID();
    const workerId = await work.worker({ tenantId });
    for (const _ of [1, 2]) await work.task({ tenantId });
    await work.dispatch.claim({ tenantId, workerId, max: 2 });
    await engine.loseWorker({ tenantId, workerId }, 0.5); // it is idle
    expect(await lost()).toEqual([]);
    await stores.admin.query(`update orchestrator.workers set status = 'offline' where id = $1`, [workerId]);
    await engine.loseWorker({ tenantId, workerId }, 0.5);
    expect(await lost()).toEqual(['{cause="worker_lost"} 2']);
  });

  it.each([['worker_lost'], ['attempt_timeout'], ['dependency_unavailable'], ['cancelled'], ['uncertain']])(
    'are counted as %s when that is what calling the worker came to',
    async (code) => {
      const ended = work.answerOf(await claimed(), { fault: { code, message: 'It is gone' } });
      await engine.end({ ...ended, isSign: false });
      await engine.end({ ...ended, isSign: false });
      expect(await lost()).toEqual([`{cause="${code}"} 1`]);
    },
  );

  it('are none where a worker itself says what it came to', async () => {
    await requests.end(work.answerOf(await claimed(), { fault: { code: 'worker_lost', message: 'I stop' } }));
    await engine.end({
      ...work.answerOf(await claimed(), { fault: { code: 'tool_error', message: 'No' } }),
      isSign: true,
    });
    await requests.end(work.answerOf(await claimed()));
    expect(await lost()).toEqual([]);
  });
});
