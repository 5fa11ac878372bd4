// What becomes of tasks that were given to a worker that never heard of them.
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
  stores = await openTestStores(databases, 'give_back');
  work = createTestWork(stores);
}, 30_000);
afterAll(async () => {
  await stores?.close();
  await databases?.stop();
});

async function claim(tenantId: string, workerId: string, max = 5): Promise<readonly GivenAttempt[]> {
  const claimed = await work.dispatch.claim({ tenantId, workerId, max });
  if (claimed.type !== 'given') throw new Error(claimed.type);
  return claimed.given;
}

const idsOf = (given: readonly { readonly id: string }[]) => given.map(({ id }) => id);
const row = (key: TaskKey) =>
  work.column(key, `jsonb_build_array(status, attempt, returned, lease_until, started_at, deadline_at)`);

describe('what a worker never heard of', () => {
  it('is given to others at its old place, under the next number, with all of its time', async () => {
    const tenantId = randomUUID();
    const [gone, other] = [await work.worker({ tenantId }), await work.worker({ tenantId })];
    const first = await work.task({ tenantId });
    const given = await claim(tenantId, gone);
    const second = await work.task({ tenantId });
    expect(await work.dispatch.giveBack({ tenantId, workerId: gone }, given)).toBe(1);
    expect(await row(first)).toEqual(['pending', 2, 1, null, null, null]);
    const again = await claim(tenantId, other);
    expect(idsOf(again)).toEqual([first.id, second.id]);
    expect(again.map(({ attempt }) => attempt)).toEqual([2, 1]);
    expect(await work.dispatch.end(work.answerOf({ ...first, attempt: 1 }))).toEqual({ type: 'lost' });
  });

  it('keeps the time that an attempt before has begun', async () => {
    const tenantId = randomUUID();
    const worker = await work.worker({ tenantId });
    const task = await work.task({ tenantId });
    await work.set(task, `attempt = 2, started_at = '2026-01-01', deadline_at = '2100-01-01'`);
    const given = await claim(tenantId, worker);
    await work.dispatch.giveBack({ tenantId, workerId: worker }, given);
    expect(await row(task)).toMatchObject(['pending', 3, 1, null, expect.any(String), expect.any(String)]);
  });

  it('stays with its worker when it was assigned by hand, which is given it when it asks again', async () => {
    const tenantId = randomUUID();
    const worker = await work.worker({ tenantId });
    const task = await work.task({ tenantId, isDispatched: false });
    await work.dispatch.assign(
      task,
      worker,
      newEntry({ operation: 'task_assignment', entityType: 'task', entityId: task.id }),
    );
    const given = await claim(tenantId, worker);
    expect(await work.dispatch.giveBack({ tenantId, workerId: worker }, given)).toBe(0);
    expect(await claim(tenantId, worker)).toMatchObject([{ id: task.id, attempt: 1 }]);
  });

  it("is left alone once it was answered, is another attempt, or is another worker's", async () => {
    const tenantId = randomUUID();
    const [worker, other] = [await work.worker({ tenantId }), await work.worker({ tenantId })];
    const tasks = [await work.task({ tenantId }), await work.task({ tenantId })];
    const [answered, running] = await claim(tenantId, worker);
    if (!answered || !running) throw new Error('two tasks were to be given');
    await work.dispatch.end(work.answerOf(answered));
    const before = await Promise.all(tasks.map(row));
    const back = (workerId: string, attempts: readonly { id: string; attempt: number }[]) =>
      work.dispatch.giveBack({ tenantId, workerId }, attempts);
    expect(await back(worker, [answered, { id: running.id, attempt: 2 }])).toBe(0);
    expect(await back(other, [running])).toBe(0);
    expect(await work.dispatch.giveBack({ tenantId: randomUUID(), workerId: worker }, [running])).toBe(0);
    expect(await Promise.all(tasks.map(row))).toEqual(before);
  });
});
