// The metrics of work as a scrape of the running service shows them.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestDatabases, type TestDatabases } from '../../../../local/databases/test-databases.ts';
import { newAdmin, startTestOrchestrator, type TestOrchestrator } from '../../app.for-test.ts';

let databases: TestDatabases;
let service: TestOrchestrator;
beforeAll(async () => {
  databases = await startTestDatabases();
  service = await startTestOrchestrator(databases, 'work_metrics');
}, 60_000);
afterAll(async () => {
  await service?.close();
  await databases?.stop();
});

describe('the metrics of work', () => {
  it('tell what waits, since when, and how workers stand', async () => {
    const options = service.as(newAdmin());
    const task = { type: 'custom', name: 'A task', description: 'Do it' };
    await service.tasks.createTask({ task, autoDispatch: true }, options);
    await service.tasks.createTask({ task, autoDispatch: true }, options);
    await service.tasks.createTask({ task }, options); // nobody asked for it to be given to a worker
    for (const name of ['Takes one', 'Rests']) {
      const worker = { type: 'custom', name, protocol: 'pull' };
      const { worker: registered } = await service.workers.registerWorker({ worker }, options);
      const claim = { workerId: registered?.id ?? '', max: 1, waitS: 0 };
      if (name === 'Takes one') await service.tasks.claimTasks(claim, options);
    }
    await service.stores.admin.query(
      `update orchestrator.tasks set offered_at = offered_at - interval '1 hour' where status = 'pending'`,
    );
    const text = await service.metrics.metrics();
    expect(text).toMatch(/^domainflow_work_assignments_total\{[^}]*by="claim"[^}]*\} 1$/m);
    expect(text).toMatch(/^domainflow_work_wait_seconds_count(?:\{[^}]*\})? 1$/m);
    expect(text).toMatch(/^domainflow_work_queued_tasks(?:\{[^}]*\})? 1$/m);
    expect(text).toMatch(/^domainflow_work_oldest_wait_seconds(?:\{[^}]*\})? 36\d\d(?:\.\d+)?$/m);
    expect(text).toMatch(/^domainflow_work_running_attempts(?:\{[^}]*\})? 1$/m);
    for (const [status, count] of Object.entries({ idle: 1, busy: 1, offline: 0, error: 0 }))
      expect(text).toMatch(
        new RegExp(`^domainflow_workers\\{[^}]*status="${status}"[^}]*\\} ${count}$`, 'm'),
      );
  });

  it('tell which attempts were lost, and why', async () => {
    await service.stores.admin.query(
      `update orchestrator.tasks set lease_until = clock_timestamp() where status = 'running'`,
    );
    const isTold = async () =>
      /^domainflow_work_lost_attempts_total\{[^}]*cause="worker_lost"[^}]*\} 1$/m.test(
        await service.metrics.metrics(),
      );
    while (!(await isTold())) await new Promise((resolve) => setTimeout(resolve, 100));
  });
});
