// Giving tasks to workers: for how long, what later attempts keep of the first one, whose turn it is, and what is written of it.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { newEntry } from '../core/audit.for-test.ts';
import type { GivenAttempt, TaskKey } from './store.ts';
import { openTestStores, type TestStores } from './stores.for-test.ts';
import { createTestWork, type TestWork } from './work.for-test.ts';

let databases: TestDatabases;
let stores: TestStores;
let work: TestWork;
beforeAll(async () => {
  databases = await startTestDatabases();
  stores = await openTestStores(databases, 'give_tasks');
  work = createTestWork(stores);
}, 30_000);
afterAll(async () => {
  await stores?.close();
  await databases?.stop();
});

/** Of the workers of these tests, in seconds. */
const intervalS = 60;
const caller = { callerId: randomUUID(), leaseMs: 15_000 };
const byHand = () => newEntry({ operation: 'task_assignment', entityType: 'task', entityId: 'x' });
const secondsLeft = (column: string) => `extract(epoch from ${column} - clock_timestamp())::float8`;

async function claim(tenantId: string, workerId: string, max = 1): Promise<readonly GivenAttempt[]> {
  const claimed = await work.dispatch.claim({ tenantId, workerId, max });
  if (claimed.type !== 'given') throw new Error(claimed.type);
  return claimed.given;
}

async function offerAgain(key: TaskKey): Promise<void> {
  await work.set(key, `status = 'pending', attempt = attempt + 1, answered_at = null, offered_at = now()`);
}

async function expectFullLease(key: TaskKey): Promise<void> {
  const leftS = Number(await work.column(key, secondsLeft('lease_until')));
  expect(leftS).toBeGreaterThan(2 * intervalS - 10);
  expect(leftS).toBeLessThanOrEqual(2 * intervalS);
}

describe('a worker that asks', () => {
  it('has a task for two of its intervals without a sign of life', async () => {
    const tenantId = randomUUID();
    const [key, worker] = [await work.task({ tenantId }), await work.worker({ tenantId })];
    await claim(tenantId, worker);
    await expectFullLease(key);
  });

  it('has what was assigned to it for that long from when it asks', async () => {
    const tenantId = randomUUID();
    const [key, worker] = [await work.task({ tenantId }), await work.worker({ tenantId })];
    await work.dispatch.assign(key, worker, byHand());
    expect(await work.column(key, 'fetched_at')).toBeNull();
    await work.set(key, `lease_until = now() + interval '1 second'`);
    expect(await claim(tenantId, worker)).toMatchObject([{ id: key.id, attempt: 1, isNew: false }]);
    await expectFullLease(key);
  });

  it('is given as many as it asks for, those included that were assigned to it', async () => {
    const tenantId = randomUUID();
    const [assigned, worker] = [await work.task({ tenantId }), await work.worker({ tenantId })];
    await work.dispatch.assign(assigned, worker, byHand());
    for (const _ of [1, 2, 3]) await work.task({ tenantId });
    const given = await claim(tenantId, worker, 2);
    expect(given.map(({ isNew }) => isNew)).toEqual([false, true]);
  });

  it('is not given what is kept for another, whatever it can do', async () => {
    const tenantId = randomUUID();
    const key = await work.task({ tenantId });
    const [keeper, other] = [await work.worker({ tenantId }), await work.worker({ tenantId })];
    await work.dispatch.assign(key, keeper, byHand());
    await claim(tenantId, keeper);
    await offerAgain(key);
    expect(await claim(tenantId, other)).toEqual([]);
    const candidates = { workerIds: [other], limit: 10 };
    expect(await work.queue.candidates(tenantId, candidates)).toEqual([]);
    expect(await claim(tenantId, keeper)).toMatchObject([{ id: key.id, attempt: 2 }]);
  });

  it('is given by waiting up to the highest priority and not beyond: of those the one that waits longest', async () => {
    const tenantId = randomUUID();
    const worker = await work.worker({ tenantId });
    const low = await work.task({ tenantId, priority: 1 });
    const high = await work.task({ tenantId, priority: 3 });
    await work.set(low, `offered_at = now() - interval '250 seconds'`);
    await work.set(high, `offered_at = now() - interval '245 seconds'`);
    expect((await claim(tenantId, worker, 2)).map(({ id }) => id)).toEqual([low.id, high.id]);
  });
});

describe('an assignment', () => {
  it('is a sign of the worker', async () => {
    const tenantId = randomUUID();
    const [key, worker] = [await work.task({ tenantId }), await work.worker({ tenantId })];
    const { admin } = stores;
    await admin.query(`update orchestrator.workers set last_seen = now() - interval '1 hour' where id = $1`, [
      worker,
    ]);
    await work.dispatch.assign(key, worker, byHand());
    const seen =
      "select last_seen > now() - interval '1 minute' as now from orchestrator.workers where id = $1";
    expect((await admin.query(seen, [worker])).rows).toEqual([{ now: true }]);
  });

  it('is refused once all the time of the task is up, which its run is told of', async () => {
    const tenantId = randomUUID();
    const [key, worker] = [await work.task({ tenantId }), await work.worker({ tenantId })];
    await work.set(key, 'deadline_at = now()');
    const refused = { type: 'not_pending', status: 'overdue' };
    expect(await work.dispatch.assign(key, worker, byHand())).toEqual(refused);
  });

  it('to a worker that is called is not made by who calls where another is to have it', async () => {
    const tenantId = randomUUID();
    const key = await work.task({ tenantId });
    const [keeper, other] = [
      await work.worker({ tenantId, protocol: 'http' }),
      await work.worker({ tenantId, protocol: 'http' }),
    ];
    await work.set(key, `kept_worker_id = '${keeper}'`);
    const refused = { type: 'not_pending', status: 'kept' };
    expect(await work.queue.assign(key, { ...caller, workerId: other })).toEqual(refused);
    expect((await work.queue.assign(key, { ...caller, workerId: keeper })).type).toBe('assigned');
  });
});

describe('a later attempt', () => {
  it('keeps when the first one began, and all the time that the task has', async () => {
    const tenantId = randomUUID();
    const [key, worker] = [await work.task({ tenantId }), await work.worker({ tenantId })];
    await claim(tenantId, worker);
    const back = `interval '100 seconds'`;
    await work.set(key, `started_at = started_at - ${back}, deadline_at = deadline_at - ${back}`);
    const times = `array[started_at, deadline_at]::text`;
    const first = await work.column(key, times);
    await offerAgain(key);
    await claim(tenantId, worker);
    expect(await work.column(key, times)).toBe(first);
    expect(await work.column(key, 'timeout_at <= deadline_at')).toBe(true);
  });
});

describe('the entries', () => {
  it('of a task tell that it was created and cancelled, once each', async () => {
    const tenantId = randomUUID();
    const key = await work.task({ tenantId });
    const entry = newEntry({ operation: 'task_cancellation', entityType: 'task', entityId: key.id });
    await work.dispatch.cancel(key, entry);
    await work.dispatch.cancel(key, entry);
    const text = `select operation_type as operation, entity_id as id from orchestrator.orchestration_logs where tenant_id = $1 order by id`;
    const { rows } = await stores.admin.query(text, [tenantId]);
    expect(rows).toHaveLength(2);
    for (const operation of ['task_creation', 'task_cancellation'])
      expect(rows).toContainEqual({ operation, id: key.id });
  });
});
