// What is counted of a tenant's work, and how the database is, also when it does not answer.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Principal } from '../../../foundation/identity/principal.ts';
import type { JsonObject } from '../../../foundation/json/json.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { newAdmin, startTestOrchestrator, type TestOrchestrator } from '../app.for-test.ts';
import { giveTask } from '../store/held-task.for-test.ts';

jest.setTimeout(30_000);

let databases: TestDatabases;
let app: TestOrchestrator;
beforeAll(async () => {
  databases = await startTestDatabases();
  app = await startTestOrchestrator(databases, 'work_figures');
}, 30_000);
afterAll(async () => {
  await app?.close();
  await databases?.stop();
});

async function register(person: Principal, changes: JsonObject = {}): Promise<string> {
  const worker = { type: 'detector', name: 'North', protocol: 'pull', ...changes };
  return (await app.workers.registerWorker({ worker }, app.as(person))).worker?.id ?? '';
}

const insertWorkflow = `insert into orchestrator.workflows (tenant_id, id, name, description, user_id, tasks, task_count, plan_hash, plan, priority,
    estimated_s, schedule, was_cancelled, created_by, principal)
  values ($1, $2, 'Daily', 'd', 'somebody', '[]', 1, '', '', 2, 1, $3, $4, $2, '{}')`;

describe('the statistics', () => {
  it('of a tenant without anything are zeros', async () => {
    const told = await app.workers.getWorkStatistics({}, app.as(newAdmin()));
    expect(told).toMatchObject({
      ...{ totalWorkers: 0n, totalTasks: 0n, totalWorkflows: 0n, queuedTasks: 0n, oldestWaitS: 0 },
      ...{ workersByStatus: {}, workersByType: {}, tasksByStatus: {}, workflowsByStatus: {} },
    });
  });

  it('count workers that were not removed, tasks that lists show, workflows, and what waits', async () => {
    const person = newAdmin();
    const [busy, gone] = [await register(person), await register(person, { name: 'Gone' })];
    await register(person, { name: 'Idle', type: 'tracker' });
    await app.workers.removeWorker({ workerId: gone }, app.as(person));
    const worker = { tenantId: person.tenantId, id: busy };
    const { admin } = app.stores;
    await giveTask(admin, { worker });
    await giveTask(admin, { worker, scope: 'playbook' });
    await giveTask(admin, { worker, status: 'completed' });
    const waiting = await giveTask(admin, { worker, status: 'pending' });
    await giveTask(admin, { worker, status: 'pending', scope: 'playbook' });
    await giveTask(admin, { worker: { tenantId: randomUUID(), id: randomUUID() } });
    await admin.query(
      `update orchestrator.tasks set offered_at = now() - interval '90 seconds' where id = $1`,
      [waiting],
    );
    for (const [schedule, cancelled] of [
      ['', false],
      ['0 6 * * *', false],
      ['', true],
    ]) {
      await admin.query(insertWorkflow, [person.tenantId, randomUUID(), schedule, cancelled]);
    }
    const told = await app.workers.getWorkStatistics({}, app.as(person));
    expect(told).toMatchObject({
      totalWorkers: 2n,
      workersByStatus: { busy: 1n, idle: 1n },
      workersByType: { detector: 1n, tracker: 1n },
      totalTasks: 3n,
      tasksByStatus: { running: 1n, completed: 1n, pending: 1n },
      totalWorkflows: 3n,
      workflowsByStatus: { created: 1n, scheduled: 1n, cancelled: 1n },
      queuedTasks: 2n,
    });
    expect(told.oldestWaitS).toBeGreaterThanOrEqual(90);
    expect(told.oldestWaitS).toBeLessThan(150);
  });
});

describe('the health of the database', () => {
  it('tells what there is and how its connections are used', async () => {
    const person = newAdmin();
    const id = await register(person);
    await giveTask(app.stores.admin, { worker: { tenantId: person.tenantId, id } });
    const told = await app.workers.getDatabaseHealth({}, app.as(person));
    expect(told).toMatchObject({ healthy: true, workerCount: 1n, taskCount: 1n, overflow: 0, invalid: 0 });
    expect(told.poolSize).toBeGreaterThan(0);
    expect(told.checkedIn + told.checkedOut).toBeGreaterThan(0);
    const { rows } = await app.stores.admin.query<{ count: number }>(
      'select count(*)::int as count from pg_stat_activity where datname = current_database()',
    );
    expect(Math.abs(told.activeConnections - (rows[0]?.count ?? 0))).toBeLessThan(5);
  });

  it('is told also while the database answers nobody', async () => {
    const person = newAdmin();
    await app.stores.admin.query('begin');
    try {
      await app.stores.admin.query('lock table orchestrator.workers in access exclusive mode');
      const told = await app.workers.getDatabaseHealth({}, { ...app.as(person), timeoutMs: 1_500 });
      expect(told).toMatchObject({
        ...{ healthy: false, message: 'The database does not answer' },
        ...{ workerCount: 0n, taskCount: 0n },
      });
      expect(told.checkedOut).toBeGreaterThan(0);
    } finally {
      await app.stores.admin.query('rollback');
    }
    expect(await app.workers.getDatabaseHealth({}, app.as(person))).toMatchObject({ healthy: true });
  });
});
