// OpenWorkflow: runs are rows of PostgreSQL that workers claim by polling; each step is a row.
//
// - Eight workers in this process, which together have as many slots as executions are in flight, but not more than some hundred: what is
//   claimed all at once also ends all at once, later than the lease wants it. How often a worker polls (from 50 ms up
//   to a second while it finds nothing or has no free slot) is no setting, so several find work sooner; each poll asks once for every
//   free slot, so more slots than work cost it. Its lease (30 s) is no setting either.
// - `result()` of its client looks once a second. The end is known here as soon as it is written: the function tells that it has
//   returned, and from then on the run is looked up every two milliseconds.
// - The pool has 20 connections instead of 10.
import { setTimeout as sleep } from 'node:timers/promises';
import { OpenWorkflow } from 'openworkflow';
import { BackendPostgres } from 'openworkflow/postgres';
import postgres from 'postgres';
import { connectionsMax, type MeasuredEngine, type OpenEngine } from '../measured-engine.ts';
import { runShape, type WorkloadName, workloadNames, workloadOf } from '../workloads.ts';

interface Input {
  readonly execution: string;
}

const workersCount = 8;
const slotsMax = 13;
const lookEveryMs = 2;

/** Opens OpenWorkflow with workers. Executions that a killed process left are claimed again when their lease is over. */
export const openEngine: OpenEngine = async ({ store, perform, inFlight }): Promise<MeasuredEngine> => {
  const backend = await openBackend(store.url);
  const client = new OpenWorkflow({ backend });
  const returned = new Map<string, () => void>();
  const define = (name: WorkloadName) =>
    client.defineWorkflow<Input, string>({ name }, async ({ input: { execution }, step }) => {
      await runShape(workloadOf(name).shape, (task) =>
        step.run({ name: task.name }, () => perform(execution, task)),
      );
      returned.get(execution)?.();
      return execution;
    });
  const workflows = new Map(workloadNames.map((name) => [name, define(name)]));
  const run = async (name: WorkloadName, execution: string): Promise<string> => {
    const handle = await workflows.get(name)?.run({ execution }, { idempotencyKey: execution });
    return handle?.workflowRun.id ?? '';
  };
  const workers = Array.from({ length: workersCount }, () =>
    client.newWorker({ concurrency: Math.min(Math.ceil(inFlight / workersCount), slotsMax) }),
  );
  await Promise.all(workers.map((worker) => worker.start()));
  return {
    runOne: async (workload, execution) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      returned.set(execution, resolve);
      const id = await run(workload, execution);
      await promise;
      returned.delete(execution);
      await untilEnded(backend, id);
    },
    begin: async (workload, execution) => {
      await run(workload, execution);
    },
    finish: async (workload, execution) => untilEnded(backend, await run(workload, execution)),
    close: async () => {
      await Promise.all(workers.map((worker) => worker.stop()));
      await backend.stop();
    },
  };
};

/** Migrates by its own way and then uses a larger pool, with the column names that its own pool has. */
async function openBackend(url: string): Promise<BackendPostgres> {
  await (await BackendPostgres.connect(url)).stop();
  const pool = postgres(url, { max: connectionsMax, transform: { column: { from: postgres.toCamel } } });
  return BackendPostgres.fromPool(pool);
}

async function untilEnded(backend: BackendPostgres, workflowRunId: string): Promise<void> {
  for (;;) {
    const found = await backend.getWorkflowRun({ workflowRunId });
    if (found?.status === 'completed') return;
    if (found?.status === 'failed' || found?.status === 'canceled')
      throw new Error(`a run has ${found.status}`);
    await sleep(lookEveryMs);
  }
}
