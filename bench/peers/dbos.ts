// DBOS Transact: a workflow is a function whose steps are recorded in PostgreSQL, in the process that calls it.
//
// - A workflow is called directly, which is its fastest way: a queue would add a row to be dequeued by polling. How many are under way is
//   decided by the caller, as its documentation has it for workflows without a queue.
// - Parallel steps are begun in a fixed order and awaited together, as its documentation has it.
// - The pool of the system database is 20 connections instead of 10. Tracing is off, which is its default; only errors are logged.
import { DBOS } from '@dbos-inc/dbos-sdk';
import { connectionsMax, type MeasuredEngine, type OpenEngine } from '../measured-engine.ts';
import { runShape, type WorkloadName, workloadNames, workloadOf } from '../workloads.ts';

/** Its default is a second. */
const lookEveryMs = 200;

type Workflow = (execution: string) => Promise<string>;

/** Opens DBOS. Executions that a killed process left are recovered while it is launched. */
export const openEngine: OpenEngine = async ({ store, perform }): Promise<MeasuredEngine> => {
  DBOS.setConfig({
    name: 'bench',
    systemDatabaseUrl: store.url,
    systemDatabasePoolSize: connectionsMax,
    logLevel: 'error',
  });
  const workflows = new Map<WorkloadName, Workflow>();
  for (const name of workloadNames) {
    const { shape } = workloadOf(name);
    const workflow = async (execution: string): Promise<string> => {
      await runShape(shape, (task) => DBOS.runStep(() => perform(execution, task), { name: task.name }));
      return execution;
    };
    workflows.set(name, DBOS.registerWorkflow(workflow, { name }));
  }
  await DBOS.launch();
  const workflowOf = (name: WorkloadName): Workflow => {
    const workflow = workflows.get(name);
    if (!workflow) throw new Error(`no workflow ${name}`);
    return workflow;
  };
  return {
    runOne: async (workload, execution) => {
      await workflowOf(workload)(execution);
    },
    begin: async (workload, execution) => {
      await DBOS.startWorkflow(workflowOf(workload), { workflowID: execution })(execution);
    },
    finish: async (_workload, execution) => {
      await DBOS.retrieveWorkflow(execution).getResult({ pollingIntervalMs: lookEveryMs });
    },
    close: () => DBOS.shutdown(),
  };
};
