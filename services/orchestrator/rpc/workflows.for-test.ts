// Workflows over the wire, and workers that ask for their tasks, for tests.

import type { Principal } from '../../../foundation/identity/principal.ts';
import type { JsonObject } from '../../../foundation/json/json.ts';
import type { ClaimedTask } from '../../../proto/gen/domainflow/orchestrator/v1/task_pb.js';
import { WorkTaskStatus } from '../../../proto/gen/domainflow/orchestrator/v1/task_pb.js';
import { type Workflow, WorkflowStatus } from '../../../proto/gen/domainflow/orchestrator/v1/workflow_pb.js';
import type { TestOrchestrator } from '../app.for-test.ts';
import { diamond, workflowBody } from '../core/work/workflow.for-test.ts';

/** What is asked of workflows by one person. */
export interface WorkflowUser {
  create(body?: JsonObject, options?: { readonly start?: boolean }): Promise<Workflow>;
  read(id: string): Promise<Workflow>;
  execute(id: string): Promise<Workflow>;
  cancel(id: string): Promise<Workflow>;
  /** Registers a worker that asks, and answers its id. */
  worker(changes?: JsonObject): Promise<string>;
  /** Claims so many tasks for a worker, waiting for each; answers fewer when none comes in that time. */
  claim(workerId: string, count: number, waitS?: number): Promise<ClaimedTask[]>;
  /** Answers an attempt; an output, unless the result is of another form. */
  answer(task: ClaimedTask, result?: JsonObject): Promise<void>;
}

/** A person at a service. */
export function workflowUser(app: TestOrchestrator, person: Principal): WorkflowUser {
  const as = () => app.as(person);
  const sure = (workflow: Workflow | undefined): Workflow => {
    if (!workflow) throw new Error('The answer has no workflow');
    return workflow;
  };
  return {
    create: async (body = workflowBody(diamond), { start = false } = {}) =>
      sure((await app.workflows.createWorkflow({ workflow: body, start }, as())).workflow),
    read: async (workflowId) => sure((await app.workflows.getWorkflow({ workflowId }, as())).workflow),
    execute: async (workflowId) => sure((await app.workflows.executeWorkflow({ workflowId }, as())).workflow),
    cancel: async (workflowId) => sure((await app.workflows.cancelWorkflow({ workflowId }, as())).workflow),
    worker: async (changes = {}) => {
      const worker = { type: 'analyzer', name: 'Pull one', protocol: 'pull', ...changes };
      return (await app.workers.registerWorker({ worker }, as())).worker?.id ?? '';
    },
    claim: async (workerId, count, waitS = 10) => {
      const claimed: ClaimedTask[] = [];
      while (claimed.length < count) {
        const max = count - claimed.length;
        const { tasks } = await app.tasks.claimTasks({ workerId, max, waitS }, as());
        if (tasks.length === 0) break;
        claimed.push(...tasks);
      }
      return claimed;
    },
    answer: async ({ taskId, attempt, inputData }, result = { output: { did: inputData?.asked ?? '' } }) => {
      await app.tasks.endAttempt({ taskId, attempt, result }, as());
    },
  };
}

/** Where the tasks of a workflow stand, in words by key. */
export function statesOf({ tasks }: Workflow): Record<string, string> {
  return Object.fromEntries(tasks.map(({ key, status }) => [key, WorkTaskStatus[status].toLowerCase()]));
}

/** Where a workflow stands, in a word. */
export function stateOf({ status }: Workflow): string {
  return WorkflowStatus[status].toLowerCase();
}

/** What claimed tasks were asked, in no order. */
export function askedOf(tasks: readonly ClaimedTask[]): string[] {
  return tasks.map(({ inputData }) => String(inputData?.asked)).sort();
}
