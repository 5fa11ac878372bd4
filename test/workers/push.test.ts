// Tasks that workers are called for: what a worker is told, who is chosen, how many it has at the same time, and what becomes of failures.
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { startTestDatabases, type TestDatabases } from '../../local/databases/test-databases.ts';
import { jobIdOf } from '../../services/orchestrator/core/public-id.ts';
import { openStage, type Stage, type StageWorker, startWorker, until, type Work } from './stage.for-test.ts';

jest.setTimeout(60_000);

let databases: TestDatabases;
let stage: Stage;
const workers: StageWorker[] = [];
beforeAll(async () => {
  databases = await startTestDatabases();
  stage = await openStage(databases, 'push', '{"worker":{"failures":5,"reset_s":1}}');
}, 60_000);
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.close();
  await stage.app.stores.admin.query(`update orchestrator.workers set is_active = false, status = 'offline'`);
});
afterAll(async () => {
  await stage?.close();
  await databases?.stop();
});

const done: Work = async ({ task_id }) => ({ body: { output: { done: task_id }, confidence: 0.5 } });

async function worker(work: Work, document: Record<string, string | number | string[]> = {}) {
  const started = await startWorker(work);
  workers.push(started);
  const usual = { type: 'custom', name: `Worker ${workers.length}`, endpoint: started.endpoint };
  return { ...started, id: await stage.register({ ...usual, ...document }) };
}

describe('a task', () => {
  it('is posted to a worker with its key, and its answer is its result', async () => {
    const one = await worker(done);
    const task = await stage.create({ input_data: { text: 'Smoke' }, type: 'detection' });
    await stage.ended(task);
    const jobId = jobIdOf(task.executionId);
    expect(one.posted).toEqual([
      {
        ...{ task_id: task.id, task_type: 'detection', attempt: 1, input_data: { text: 'Smoke' } },
        context: expect.objectContaining({ job_id: jobId, task_id: task.id, timeout_ms: expect.any(Number) }),
        key: `${jobId}/${task.id}/1`,
      },
    ]);
    const row = await stage.row(task.id);
    expect(row).toMatchObject({ status: 'completed', attempt: 1, returned: 0, worker_id: one.id });
    expect(row.result).toContain(task.id);
    expect(await stage.worker(one.id)).toMatchObject({ tasks_succeeded: '1', tasks_failed: '0' });
    expect((await stage.events(task.executionId)).filter((type) => type === 'task_succeeded')).toHaveLength(
      1,
    );
  });

  it('is given to the worker that suits it best', async () => {
    const general = await worker(done, { capabilities: ['smoke', 'fire', 'water', 'light'] });
    const special = await worker(done, { type: 'analyzer', capabilities: ['smoke'] });
    const task = await stage.create({ required_capabilities: ['smoke'] });
    await stage.ended(task);
    expect(general.posted).toHaveLength(0);
    expect(special.posted).toHaveLength(1);
  });

  it('is given to one of whom nothing is known rather than to one that has failed before', async () => {
    const failed = await worker(done);
    const fresh = await worker(done);
    const figures = 'update orchestrator.workers set tasks_succeeded = 1, tasks_failed = 1 where id = $1';
    await stage.app.stores.admin.query(figures, [failed.id]);
    await stage.ended(await stage.create());
    expect([failed.posted.length, fresh.posted.length]).toEqual([0, 1]);
  });

  it('waits until there is somebody who can do it, while others go on', async () => {
    const one = await worker(done);
    const waiting = await stage.create({ required_capabilities: ['rare'], priority: 5 });
    const other = await stage.create();
    await stage.ended(other);
    expect((await stage.row(waiting.id)).status).toBe('pending');
    const able = await worker(done, { capabilities: ['rare'] });
    await stage.ended(waiting);
    expect([one.posted.length, able.posted.length]).toEqual([1, 1]);
  });

  it('that nobody has asked to be given out waits; one that was assigned by hand is called for at once, whatever it needs', async () => {
    const one = await worker(done);
    const task = await stage.create({ required_capabilities: ['rare'] }, false);
    await stage.ended(await stage.create());
    expect((await stage.row(task.id)).status).toBe('pending');
    const { app, person } = stage;
    await app.tasks.assignTask({ taskId: task.id, workerId: one.id }, app.as(person));
    await stage.ended(task);
    expect(one.posted.map(({ task_id, attempt }) => [task_id, attempt]).at(-1)).toEqual([task.id, 1]);
  });

  it('that is cancelled while its worker works on it has no result, and its place is free', async () => {
    const letGo = Promise.withResolvers<void>();
    const one = await worker(
      async (task) => {
        await letGo.promise;
        return done(task);
      },
      { max_concurrent_tasks: 1 },
    );
    const [task, next] = [await stage.create(), await stage.create()];
    await until(() => one.posted.length === 1);
    const { app, person } = stage;
    await app.tasks.cancelTask({ taskId: task.id }, app.as(person));
    await until(() => one.posted.length === 2);
    letGo.resolve();
    await stage.ended(next);
    expect((await stage.row(task.id)).status).toBe('cancelled');
    expect(await stage.events(task.executionId)).not.toContain('task_succeeded');
  });
});

describe('a worker', () => {
  it('never has more tasks than it has places', async () => {
    const waiting: (() => void)[] = [];
    const one = await worker(
      async (task) => {
        await new Promise<void>((resolve) => waiting.push(resolve));
        return done(task);
      },
      { max_concurrent_tasks: 2 },
    );
    const tasks = await Promise.all(Array.from({ length: 5 }, () => stage.create()));
    for (let answered = 0; answered < 5; answered += 1) {
      await until(() => waiting.length >= Math.min(2, 5 - answered));
      waiting.shift()?.();
    }
    await Promise.all(tasks.map((task) => stage.ended(task)));
    expect(one.posted).toHaveLength(5);
    expect(one.most()).toBe(2);
  });

  it('that takes its time has its call renewed long before another replica would call', async () => {
    const answered = Promise.withResolvers<void>();
    const slow = await worker(async (task) => {
      await answered.promise;
      return done(task);
    });
    const task = await stage.create();
    await until(() => slow.posted.length === 1);
    const lease = async () => {
      const text = `select lease_until::text as lease, extract(epoch from lease_until - clock_timestamp())::float8 as left from orchestrator.tasks where id = $1`;
      return (await stage.app.stores.admin.query<{ lease: string; left: number }>(text, [task.id])).rows[0];
    };
    const first = await lease();
    const beganMs = performance.now();
    await until(async () => (await lease())?.lease !== first?.lease);
    const waitedS = (performance.now() - beganMs) / 1_000;
    expect((first?.left ?? 0) - waitedS).toBeGreaterThan(2);
    answered.resolve();
    await stage.ended(task);
    expect(slow.posted).toHaveLength(1);
  });

  it('that is slow holds up nobody else', async () => {
    const letGo = Promise.withResolvers<void>();
    const slow = await worker(
      async (task) => {
        await letGo.promise;
        return done(task);
      },
      { capabilities: ['slow'], max_concurrent_tasks: 1 },
    );
    await worker(done, { capabilities: ['quick'] });
    const held = await Promise.all(
      [1, 2, 3].map(() => stage.create({ required_capabilities: ['slow'], priority: 5 })),
    );
    await until(() => slow.posted.length === 1);
    await stage.ended(await stage.create({ required_capabilities: ['quick'], priority: 1 }));
    letGo.resolve();
    await Promise.all(held.map((task) => stage.ended(task)));
  });

  it('that says what went wrong fails the attempt, which is tried again', async () => {
    const one = await worker(async (task) =>
      task.attempt === 1 ? { body: { error_code: 'tool_error', error_message: 'No camera' } } : done(task),
    );
    const task = await stage.create();
    await stage.ended(task);
    expect(one.posted.map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect(await stage.row(task.id)).toMatchObject({ status: 'completed', attempt: 2, returned: 0 });
  });

  it('whose circuit breaker opens is in error, takes no retry of its task, and comes back by itself', async () => {
    let isDown = true;
    const one = await worker(async (task) => (isDown ? { status: 500, body: {} } : done(task)));
    one.well(false);
    const task = await stage.create({ max_retries: 1 });
    await until(async () => (await stage.worker(one.id)).status === 'error');
    const row = await stage.row(task.id);
    expect(row.status).toBe('pending');
    expect(row.returned).toBeGreaterThan(0);
    await until(() => one.asked() > 0);
    expect((await stage.worker(one.id)).status).toBe('error');
    isDown = false;
    one.well(true);
    await stage.ended(task);
    expect((await stage.worker(one.id)).status).toBe('idle');
    expect((await stage.row(task.id)).status).toBe('completed');
  });
});
