// What dies in the middle of a call: the worker, or the replica that called it. Nothing is lost, and nothing is recorded twice.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { startTestDatabases, type TestDatabases } from '../../local/databases/test-databases.ts';
import { startOrchestrator } from '../../services/orchestrator/app.ts';
import { readOrchestratorConfig } from '../../services/orchestrator/config.ts';
import { callLeaseMs } from '../../services/orchestrator/engine/dispatch/push-calls.ts';
import {
  kill,
  openStage,
  type Stage,
  type StageWorker,
  startWorker,
  until,
  type Work,
} from './stage.for-test.ts';

jest.setTimeout(120_000);

const workerProgram = join(import.meta.dirname, 'worker-process.for-test.ts');

let databases: TestDatabases;
let stage: Stage;
const workers: StageWorker[] = [];
beforeAll(async () => {
  databases = await startTestDatabases();
  stage = await openStage(databases, 'push_killed');
}, 60_000);
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.close();
  await stage.app.stores.admin.query(`update orchestrator.workers set is_active = false, status = 'offline'`);
});
afterAll(async () => {
  await stage?.close();
  await databases?.stop();
});

async function worker(name: string, work: Work): Promise<StageWorker & { readonly id: string }> {
  const started = await startWorker(work);
  workers.push(started);
  return { ...started, id: await stage.register({ type: 'custom', name, endpoint: started.endpoint }) };
}

const done: Work = async ({ task_id }) => ({ body: { output: { done: task_id } } });

describe('a worker that is killed while it works', () => {
  it('loses its task to another, and one result is recorded', async () => {
    const child = spawn(process.execPath, ['--no-warnings', workerProgram], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const told = child.stdout.setEncoding('utf8')[Symbol.asyncIterator]();
    const port = String((await told.next()).value).trim();
    // The best there is, until it has failed.
    const doomed = await stage.register({
      type: 'analyzer',
      name: 'Doomed',
      endpoint: `http://127.0.0.1:${port}`,
    });
    const task = await stage.create();
    expect(String((await told.next()).value)).toContain(task.id);
    const other = await worker('Other worker', done);
    await kill(child);
    await stage.ended(task);
    expect(other.posted.map(({ attempt }) => attempt)).toEqual([2]);
    expect(await stage.row(task.id)).toMatchObject({ status: 'completed', attempt: 2, worker_id: other.id });
    expect(await stage.worker(doomed)).toMatchObject({ tasks_succeeded: '0', tasks_failed: '1' });
    const events = await stage.events(task.executionId);
    expect(events.filter((type) => type === 'task_succeeded')).toHaveLength(1);
    expect(events.filter((type) => type === 'task_started')).toHaveLength(2);
  });
});

interface Created {
  readonly id: string;
  readonly executionId: string;
}

async function callers(): Promise<number> {
  const text = `select count(distinct caller_id)::int as callers from orchestrator.tasks where tenant_id = $1 and status = 'running'`;
  const values = [stage.person.tenantId];
  return (await stage.app.stores.admin.query<{ callers: number }>(text, values)).rows[0]?.callers ?? 0;
}

/** Tasks that a worker works on until it is let go, called for by two replicas. */
async function calledByTwo() {
  const { admin } = stage.app.stores;
  const letGo = Promise.withResolvers<void>();
  const one = await worker('Patient worker', async (task) => {
    await letGo.promise;
    return done(task);
  });
  await admin.query('update orchestrator.workers set max_concurrent_tasks = 100 where id = $1', [one.id]);
  const tasks: Created[] = [];
  // Offered past this process's own RPCs, nobody is woken: whichever replica looks first has it.
  while ((await callers()) < 2) {
    const task = await stage.create({}, false);
    tasks.push(task);
    await admin.query('update orchestrator.tasks set dispatched = true where id = $1', [task.id]);
    await until(async () => (await stage.row(task.id)).status === 'running');
  }
  await until(() => one.posted.length === tasks.length);
  return { one, tasks, letGo: letGo.resolve };
}

async function expectOnce(
  tasks: readonly Created[],
  one: StageWorker & { readonly id: string },
): Promise<void> {
  for (const task of tasks) await stage.ended(task);
  expect(one.posted).toHaveLength(tasks.length);
  for (const task of tasks) {
    expect(await stage.row(task.id)).toMatchObject({ status: 'completed', attempt: 1, returned: 0 });
    const events = await stage.events(task.executionId);
    expect(events.filter((type) => type === 'task_started' || type === 'task_succeeded')).toHaveLength(2);
  }
  expect(await stage.worker(one.id)).toMatchObject({
    ...{ tasks_succeeded: String(tasks.length), tasks_failed: '0' },
  });
}

describe('calls of workers that a replica waits for', () => {
  it('are taken over when it is killed: each worker is called once for an attempt, and each answer is recorded once', async () => {
    const replica = await stage.startReplica();
    const { one, tasks, letGo } = await calledByTwo();
    await kill(replica);
    await until(async () => (await callers()) === 1);
    letGo();
    await expectOnce(tasks, one);
  });

  it('are handed over at once when it ends', async () => {
    const settings = { ...stage.app.settings, REPLICA_NAME: 'replica-that-ends' };
    const replica = await startOrchestrator(readOrchestratorConfig(settings));
    const { one, tasks, letGo } = await calledByTwo();
    await replica.close();
    const closedMs = performance.now();
    await until(async () => (await callers()) === 1);
    expect(performance.now() - closedMs).toBeLessThan(callLeaseMs / 2);
    letGo();
    await expectOnce(tasks, one);
  });
});
