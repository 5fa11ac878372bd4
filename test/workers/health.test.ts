// Workers that fall silent, with real services: their tasks are given to others, and those that are called come back when they answer.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { startTestDatabases, type TestDatabases } from '../../local/databases/test-databases.ts';
import { openStage, type Stage, startWorker, until } from './stage.for-test.ts';

jest.setTimeout(60_000);

let databases: TestDatabases;
let stage: Stage;
beforeAll(async () => {
  databases = await startTestDatabases();
  stage = await openStage(databases, 'worker_silence');
}, 60_000);
afterAll(async () => {
  await stage?.close();
  await databases?.stop();
});

/** Makes a worker so old that its next two intervals are over. */
async function age(id: string): Promise<void> {
  const text = `update orchestrator.workers set last_seen = clock_timestamp() - interval '25 s', checked_at = null where id = $1`;
  await stage.app.stores.admin.query(text, [id]);
}

const statusOf = async (id: string) => (await stage.worker(id)).status;

describe('a worker that gives no sign of life', () => {
  it('by being called is asked, stays while it answers, is offline when it does not, and comes back', async () => {
    const letGo = Promise.withResolvers<void>();
    const one = await startWorker(async () => {
      await letGo.promise;
      return { body: { output: { by: 'one' } } };
    });
    const two = await startWorker(async () => ({ body: { output: { by: 'two' } } }));
    const usual = { type: 'custom', health_check_interval: 10 };
    const id = await stage.register({ ...usual, name: 'First worker', endpoint: one.endpoint });
    const task = await stage.create();
    await until(() => one.posted.length === 1);
    await age(id);
    await until(() => one.asked() === 1);
    expect(await statusOf(id)).toBe('idle');
    one.well(false);
    await age(id);
    await until(async () => (await statusOf(id)) === 'offline');
    await stage.register({ ...usual, name: 'Other worker', endpoint: two.endpoint });
    await stage.ended(task);
    expect(await stage.row(task.id)).toMatchObject({ status: 'completed', attempt: 2 });
    expect(two.posted.map(({ attempt }) => attempt)).toEqual([2]);
    one.well(true);
    const text = `update orchestrator.workers set checked_at = clock_timestamp() - interval '11 s' where id = $1`;
    await stage.app.stores.admin.query(text, [id]);
    await until(async () => (await statusOf(id)) === 'idle');
    letGo.resolve();
    await one.close();
    await two.close();
  });

  it('and asks for tasks itself is offline without being asked', async () => {
    const id = await stage.register({
      type: 'custom',
      name: 'Asking worker',
      protocol: 'pull',
      health_check_interval: 10,
    });
    await age(id);
    await until(async () => (await statusOf(id)) === 'offline');
  });
});
