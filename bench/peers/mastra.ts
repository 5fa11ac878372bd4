// Mastra workflows with PostgreSQL storage: after each step a snapshot of the whole run is written.
//
// - Snapshots are written at every step, which is its default (`shouldPersistSnapshot`); a run is restarted from the last one.
// - A branch of several steps is a workflow of its own, since `parallel` takes steps and workflows.
// - The pool has 20 connections, which is also its default. Its log is off, and no observability is configured.
import { Mastra } from '@mastra/core';
import { createStep, createWorkflow } from '@mastra/core/workflows';
import { PostgresStore } from '@mastra/pg';
import { z } from 'zod';
import { connectionsMax, type MeasuredEngine, type OpenEngine, type Perform } from '../measured-engine.ts';
import { type Shape, type Task, type WorkloadName, workloadNames, workloadOf } from '../workloads.ts';

const anything = z.any();
const anySchemas = { inputSchema: anything, outputSchema: anything };

/** Opens Mastra. Executions that a killed process left stay as they are until they are restarted, all at once, as its server does. */
export const openEngine: OpenEngine = async ({ store, perform }): Promise<MeasuredEngine> => {
  const storage = new PostgresStore({ id: 'bench', connectionString: store.url, max: connectionsMax });
  await storage.init();
  const workflows = Object.fromEntries(
    workloadNames.map((name) => [name, workflowOf(name, workloadOf(name).shape, perform)]),
  );
  const mastra = new Mastra({ storage, workflows, logger: false });
  const runOf = (name: WorkloadName, execution: string) =>
    mastra.getWorkflow(name).createRun({ runId: execution });
  const runOne = async (name: WorkloadName, execution: string): Promise<void> => {
    const run = await runOf(name, execution);
    expectSuccess(await run.start({ inputData: {} }));
  };
  return {
    runOne,
    begin: runOne,
    finish: async (name, execution) => {
      const run = await runOf(name, execution);
      expectSuccess(await run.restart());
    },
    close: async () => {
      await mastra.shutdown();
      await storage.close();
    },
  };
};

function expectSuccess(result: { readonly status: string }): void {
  if (result.status !== 'success') throw new Error(`a run ended as ${JSON.stringify(result)}`);
}

function workflowOf(id: string, shape: Shape, perform: Perform) {
  const workflow = createWorkflow({ id, ...anySchemas });
  for (const part of 'series' in shape ? shape.series : [shape]) {
    if ('parallel' in part)
      workflow.parallel(part.parallel.map((each, at) => branchOf(each, `${id}-${at}`, perform)));
    else workflow.then(branchOf(part, id, perform));
  }
  return workflow.commit();
}

function branchOf(shape: Shape, id: string, perform: Perform) {
  return 'name' in shape ? stepOf(shape, perform) : workflowOf(id, shape, perform);
}

function stepOf(task: Task, perform: Perform) {
  return createStep({ id: task.name, ...anySchemas, execute: ({ runId }) => perform(runId, task) });
}
