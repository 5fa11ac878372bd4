// Workers on PostgreSQL when many change them at once, when a write fails on its way, and under row-level security.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { newId } from '../../../foundation/ids/ids.ts';
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { newEntry } from '../core/audit.for-test.ts';
import type { WorkerContent } from '../core/work/worker.ts';
import type { DispatchStore } from './dispatch-store.ts';
import { giveTask, taskRow } from './held-task.for-test.ts';
import { createPostgresDispatchStore } from './postgres-dispatch-store.ts';
import { createPostgresWorkerStore } from './postgres-worker-store.ts';
import { openTestStores, type TestStores } from './stores.for-test.ts';
import type { WorkerKey, WorkerStore } from './worker-store.ts';

jest.setTimeout(60_000);

let databases: TestDatabases;
let stores: TestStores;
let postgres: Postgres;
let workers: WorkerStore;
let dispatch: DispatchStore;
/** Transactions that were run again, because the server gave them up. */
let repeated = 0;
beforeAll(async () => {
  databases = await startTestDatabases();
  stores = await openTestStores(databases, 'worker_store');
  postgres = countingRepeats(stores.app);
  workers = createPostgresWorkerStore(postgres);
  dispatch = createPostgresDispatchStore(postgres);
}, 30_000);
afterAll(async () => {
  await stores?.close();
  await databases?.stop();
});

function countingRepeats(pool: Postgres): Postgres {
  return {
    ...pool,
    tenantTransaction: (tenantId, work) => {
      let runs = 0;
      return pool.tenantTransaction(tenantId, (client) => {
        runs += 1;
        if (runs > 1) repeated += 1;
        return work(client);
      });
    },
  };
}

const content: WorkerContent = {
  ...{ type: 'detector', name: 'North', protocol: 'pull', endpoint: '', capabilities: ['cars'] },
  ...{ version: '', metadata: {}, healthCheckIntervalS: 60, maxConcurrentTasks: 5 },
};

async function register(tenantId: string, name: string): Promise<WorkerKey> {
  const registration = { tenantId, id: newId(), content: { ...content, name }, createdBy: randomUUID() };
  const { worker } = await workers.register(registration, () => newEntry());
  return { tenantId, id: worker.id };
}

const operate = (tenantId: string, operation: 'activate' | 'deactivate' | 'reset_status', ids: string[]) =>
  workers.operate(tenantId, { operation, workerIds: ids }, () => newEntry());

async function entries(tenantId: string): Promise<number> {
  const count = 'select count(*)::int as count from orchestrator.orchestration_logs where tenant_id = $1';
  const { rows } = await stores.admin.query<{ count: number }>(count, [tenantId]);
  return rows[0]?.count ?? 0;
}

describe('workers that many change at once', () => {
  it('are never locked against each other by operations, heartbeats, claims and removals', async () => {
    const tenantId = randomUUID();
    const keys = await Promise.all(Array.from({ length: 8 }, (_, at) => register(tenantId, `worker ${at}`)));
    const tasks: string[] = [];
    for (const worker of [...keys, ...keys, ...keys]) tasks.push(await giveTask(stores.admin, { worker }));
    const ids = keys.map(({ id }) => id);
    const before = repeated;
    const rounds = Array.from({ length: 12 }, (_, round) => [
      operate(tenantId, round % 2 === 0 ? 'reset_status' : 'deactivate', ids.toSorted()),
      operate(tenantId, 'activate', ids.toReversed()),
      ...keys.map((key) => workers.hear(key, { runningTaskIds: [] })),
      ...keys.map(({ id: workerId }) => dispatch.claim({ tenantId, workerId, max: 2 })),
      ...tasks.slice(0, 4).map((id, at) => dispatch.assign({ tenantId, id }, ids[at] ?? '', newEntry())),
      ...keys.slice(0, 2).map((key) => workers.change(key, (worker) => worker, newEntry())),
    ]);
    await Promise.all(rounds.flat());
    expect(repeated).toBe(before);
    const removed = await Promise.all(keys.map((key) => workers.remove(key, () => newEntry())));
    expect(removed).not.toContain('unknown');
    const left = `select count(*)::int as count from orchestrator.tasks where tenant_id = $1 and status = 'running'`;
    expect((await stores.admin.query(left, [tenantId])).rows).toEqual([{ count: 0 }]);
  });

  it('lose a task once, however many take it back', async () => {
    const tenantId = randomUUID();
    const key = await register(tenantId, 'taken');
    const task = await giveTask(stores.admin, { worker: key });
    const outcomes = await Promise.all(
      Array.from({ length: 5 }, () => operate(tenantId, 'reset_status', [key.id])),
    );
    expect(outcomes.map(({ returnedTasks }) => returnedTasks).toSorted()).toEqual([0, 0, 0, 0, 1]);
    expect(await taskRow(stores.admin, task)).toMatchObject({ attempt: 2, returned: 1, status: 'pending' });
  });
});

describe('a task that is taken back', () => {
  it('waits from now on, since it was with a worker until then', async () => {
    const tenantId = randomUUID();
    const key = await register(tenantId, 'loses it');
    const task = await giveTask(stores.admin, { worker: key });
    const { admin } = stores;
    await admin.query(`update orchestrator.tasks set offered_at = now() - interval '1 hour' where id = $1`, [
      task,
    ]);
    await operate(tenantId, 'reset_status', [key.id]);
    const waits = `select clock_timestamp() - offered_at < interval '1 minute' as short from orchestrator.tasks where id = $1`;
    expect((await admin.query(waits, [task])).rows).toEqual([{ short: true }]);
  });
});

describe('a write that fails', () => {
  it('leaves nothing behind', async () => {
    const tenantId = randomUUID();
    const key = await register(tenantId, 'whole');
    const task = await giveTask(stores.admin, { worker: key });
    const before = [await workers.read(key), await taskRow(stores.admin, task), await entries(tenantId)];
    const failing = () => {
      throw new Error('no entry');
    };
    const registration = {
      tenantId,
      id: newId(),
      content: { ...content, name: 'new' },
      createdBy: randomUUID(),
    };
    for (const write of [
      () => workers.register(registration, failing),
      () =>
        workers.register(
          { ...registration, content: { ...content, name: 'whole', version: '2.0.0' } },
          failing,
        ),
      () => workers.remove(key, failing),
      () => workers.operate(tenantId, { operation: 'deactivate', workerIds: [key.id] }, failing),
    ]) {
      await expect(write()).rejects.toThrow('no entry');
    }
    await expect(workers.change(key, failing, newEntry())).rejects.toThrow('no entry');
    const [worker, row, count] = before;
    expect(await workers.read(key)).toEqual(worker);
    expect(await taskRow(stores.admin, task)).toMatchObject({
      ...(row as object),
      lease_s: expect.anything(),
    });
    expect(await entries(tenantId)).toBe(count);
    expect((await workers.list(tenantId, { limit: 10, offset: 0 })).total).toBe(1);
  });
});

describe('the time of the last change', () => {
  it('moves with status, use and description, and with nothing else', async () => {
    const tenantId = randomUUID();
    const key = await register(tenantId, 'timed');
    const changed = async (write: () => Promise<unknown>): Promise<boolean> => {
      const before = (await workers.read(key))?.updatedAtMs;
      await stores.admin.query('select pg_sleep(0.002)'); // so that another time is another millisecond
      await write();
      return (await workers.read(key))?.updatedAtMs !== before;
    };
    const again = (changes: Partial<WorkerContent> = {}) =>
      workers.register(
        {
          tenantId,
          id: newId(),
          content: { ...content, name: 'timed', ...changes },
          createdBy: randomUUID(),
        },
        () => newEntry(),
      );
    expect(await changed(() => again())).toBe(false);
    expect(await changed(() => workers.hear(key, { metrics: { a: 1 } }))).toBe(false);
    expect(await changed(() => operate(tenantId, 'activate', [key.id]))).toBe(false);
    expect(await changed(() => again({ version: '1.0.0' }))).toBe(true);
    expect(await changed(() => operate(tenantId, 'deactivate', [key.id]))).toBe(true);
    expect(await changed(() => again({ version: '1.0.0' }))).toBe(false);
    expect(await changed(() => workers.hear(key, {}))).toBe(false);
    expect(await changed(() => operate(tenantId, 'activate', [key.id]))).toBe(true);
    expect(await changed(() => workers.remove(key, () => newEntry()))).toBe(true);
    expect(await changed(() => again({ version: '1.0.0' }))).toBe(true);
  });
});

describe('row-level security', () => {
  it('keeps workers and their tasks within the tenant, also without a predicate', async () => {
    const [ours, theirs] = [await register(randomUUID(), 'ours'), await register(randomUUID(), 'theirs')];
    for (const worker of [ours, theirs]) await giveTask(stores.admin, { worker });
    for (const table of ['workers', 'tasks']) {
      const statement = { name: 'test', text: `select tenant_id from orchestrator.${table}` };
      const { rows } = await stores.app.tenantRead(ours.tenantId, (client) => client.query(statement));
      expect(rows).toEqual([{ tenant_id: ours.tenantId }]);
    }
    const update = { name: 'test', text: `update orchestrator.workers set name = 'mine'` };
    const { count } = await stores.app.tenantTransaction(ours.tenantId, (client) => client.query(update));
    expect(count).toBe(1);
    const insert = `insert into orchestrator.workers (tenant_id, id, type, name, protocol, capabilities, health_check_interval_s,
      max_concurrent_tasks, created_by) values ($1, $2, 'custom', 'x', 'pull', '{}', 60, 5, $2)`;
    const foreign = { name: 'test', text: insert, values: [theirs.tenantId, randomUUID()] };
    await expect(
      stores.app.tenantTransaction(ours.tenantId, (client) => client.query(foreign)),
    ).rejects.toMatchObject({ code: '42501' });
    const remove = { name: 'test', text: 'delete from orchestrator.workers' };
    await expect(
      stores.app.tenantTransaction(ours.tenantId, (client) => client.query(remove)),
    ).rejects.toMatchObject({ code: '42501' });
  });
});
