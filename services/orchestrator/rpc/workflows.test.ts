// Workflows end to end: the real service and the real engine, with workers that ask for the tasks and answer them.
import { createClient } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Fault } from '../../../foundation/fault/fault.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import type { JsonObject } from '../../../foundation/json/json.ts';
import { callWith } from '../../../foundation/rpc/caller.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import type { ClaimedTask } from '../../../proto/gen/domainflow/orchestrator/v1/task_pb.js';
import { WorkflowStatus } from '../../../proto/gen/domainflow/orchestrator/v1/workflow_pb.js';
import { WorkflowService } from '../../../proto/gen/domainflow/orchestrator/v1/workflow_service_pb.js';
import { newAdmin, startTestOrchestrator, type TestOrchestrator } from '../app.for-test.ts';
import { startOrchestrator } from '../app.ts';
import { readOrchestratorConfig } from '../config.ts';
import { diamond, workflowBody } from '../core/work/workflow.for-test.ts';
import { reasonOf } from './deletions.for-test.ts';
import { askedOf, stateOf, statesOf, type WorkflowUser, workflowUser } from './workflows.for-test.ts';

jest.setTimeout(60_000);

let databases: TestDatabases;
let app: TestOrchestrator;
beforeAll(async () => {
  databases = await startTestDatabases();
  app = await startTestOrchestrator(databases, 'workflows_wire');
}, 30_000);
afterAll(async () => {
  await app?.close();
  await databases?.stop();
});

const user = (person = newAdmin()): WorkflowUser => workflowUser(app, person);

async function only(tasks: Promise<ClaimedTask[]>): Promise<ClaimedTask> {
  const [task, ...others] = await tasks;
  if (!task || others.length > 0) throw new Error('Not exactly one task was claimed');
  return task;
}

describe('a diamond of tasks', () => {
  it('runs in its order, each task told what its parents answered', async () => {
    const me = user();
    const worker = await me.worker();
    const body = workflowBody(diamond, { environment: { REGION: 'north' } });
    const { id } = await me.create(body);
    const started = await me.execute(id);
    expect([stateOf(started), statesOf(started)]).toEqual([
      'running',
      { first: 'pending', left: 'waiting', right: 'waiting', last: 'waiting' },
    ]);
    const { jobId } = started;
    const common = {
      traceparent: expect.stringMatching(/^00-/),
      job_id: jobId,
      workflow_id: id,
      environment: { REGION: 'north' },
    };
    const first = await only(me.claim(worker, 1));
    expect(first).toMatchObject({ attempt: 1, taskType: 'analysis', inputData: { asked: 'first' } });
    expect(first.context).toEqual({ ...common, task_id: first.taskId });
    expect(await me.claim(worker, 1, 0)).toEqual([]);
    await me.answer(first, { output: { level: 3 } });
    const middle = await me.claim(worker, 2);
    expect(askedOf(middle)).toEqual(['left', 'right']);
    for (const task of middle) {
      expect(task.context).toEqual({ ...common, task_id: task.taskId, first_output: { level: 3 } });
    }
    const [one, two] = middle as [ClaimedTask, ClaimedTask];
    await me.answer(one);
    expect(await me.claim(worker, 1, 0)).toEqual([]);
    await me.answer(two, { any: 'object' });
    const last = await only(me.claim(worker, 1));
    expect(last.context).toMatchObject({
      [`${one.inputData?.asked}_output`]: { did: one.inputData?.asked },
      [`${two.inputData?.asked}_output`]: { any: 'object' },
    });
    await me.answer(last);
    const done = await me.read(id);
    expect([stateOf(done), statesOf(done)]).toEqual([
      'completed',
      { first: 'completed', left: 'completed', right: 'completed', last: 'completed' },
    ]);
    expect(done).toMatchObject({
      jobId,
      actualDurationS: expect.any(Number),
      completedAt: expect.anything(),
    });
    expect(done.tasks[0]).toMatchObject({ result: { level: 3 }, attempt: 1, assignedWorkerId: worker });
  });

  it('runs again with tasks of its own once it has ended', async () => {
    const me = user();
    const worker = await me.worker();
    const { id, jobId } = await me.create(workflowBody({ only: [] }), { start: true });
    await me.answer(await only(me.claim(worker, 1)));
    expect(stateOf(await me.read(id))).toBe('completed');
    const again = await me.execute(id);
    expect(again.jobId).not.toBe(jobId);
    await me.answer(await only(me.claim(worker, 1)));
    expect(stateOf(await me.read(id))).toBe('completed');
  });

  it('fails fast: nothing new starts, and what never ran is skipped', async () => {
    const me = user();
    const worker = await me.worker();
    const { id } = await me.create(
      workflowBody({ good: [], bad: ['good'], after: ['bad'], other: ['bad'] }),
      {
        start: true,
      },
    );
    await me.answer(await only(me.claim(worker, 1)));
    const bad = await only(me.claim(worker, 1));
    await me.answer(bad, { error_code: 'output_invalid', error_message: 'No such river' });
    const ended = await me.read(id);
    expect([stateOf(ended), statesOf(ended)]).toEqual([
      'failed',
      { good: 'completed', bad: 'failed', after: 'skipped', other: 'skipped' },
    ]);
    expect(ended.tasks[1]).toMatchObject({ errorCode: 'output_invalid', errorMessage: 'No such river' });
    expect(await me.claim(worker, 1, 0)).toEqual([]);
  });

  it('tries a task again that failed with what may pass', async () => {
    const me = user();
    const worker = await me.worker();
    const { id } = await me.create(workflowBody({ only: [] }), { start: true });
    await me.answer(await only(me.claim(worker, 1)), { error_code: 'tool_error', error_message: 'Away' });
    const again = await only(me.claim(worker, 1));
    expect(again.attempt).toBe(2);
    await me.answer(again);
    const done = await me.read(id);
    expect([stateOf(done), done.tasks[0]?.retryCount]).toEqual(['completed', 1]);
  });

  it('stands while its run is paused', async () => {
    const person = newAdmin();
    const me = user(person);
    const worker = await me.worker();
    const { id, jobId } = await me.create(workflowBody({ a: [], b: ['a'] }), { start: true });
    await app.control.pauseExecution({ jobId }, app.as(person));
    expect(await me.claim(worker, 1, 0)).toEqual([]);
    expect(stateOf(await me.read(id))).toBe('running');
    await app.control.resumeExecution({ jobId }, app.as(person));
    expect(askedOf(await me.claim(worker, 1))).toEqual(['a']);
  });
});

describe('cancelling', () => {
  it('ends a run midway: its tasks are taken from their workers, whose answers come too late', async () => {
    const me = user();
    const worker = await me.worker();
    const { id } = await me.create(workflowBody({ a: [], b: ['a'] }), { start: true });
    const task = await only(me.claim(worker, 1));
    const ended = await me.cancel(id);
    expect([stateOf(ended), statesOf(ended)]).toEqual(['cancelled', { a: 'cancelled', b: 'skipped' }]);
    expect(await reasonOf(me.answer(task))).toBe('aborted');
    expect(await reasonOf(me.cancel(id))).toBe('failed_precondition');
    expect(stateOf(await me.execute(id))).toBe('running');
  });

  it('ends one that was never executed', async () => {
    const me = user();
    const { id } = await me.create(workflowBody(diamond, { schedule: '0 0 1 1 *' }));
    expect(stateOf(await me.read(id))).toBe('scheduled');
    const ended = await me.cancel(id);
    expect([stateOf(ended), ended.nextFireAt]).toEqual(['cancelled', undefined]);
    expect(await reasonOf(me.cancel(id))).toBe('failed_precondition');
  });
});

describe('executing', () => {
  it('is refused while an execution is under way; of several at once one wins', async () => {
    const me = user();
    const { id } = await me.create();
    const reasons = await Promise.all(Array.from({ length: 4 }, () => reasonOf(me.execute(id))));
    expect(reasons.filter((reason) => reason === undefined)).toHaveLength(1);
    expect(reasons.filter((reason) => reason === 'failed_precondition')).toHaveLength(3);
  });

  it('is refused while a workflow that it depends on has not completed', async () => {
    const me = user();
    const worker = await me.worker();
    const before = await me.create(workflowBody({ only: [] }));
    const body = workflowBody(diamond, { dependencies: [before.id] });
    const { id } = await me.create(body);
    expect(await reasonOf(me.execute(id))).toBe('failed_precondition');
    expect(await reasonOf(me.create(body, { start: true }))).toBe('failed_precondition');
    await me.execute(before.id);
    expect(await reasonOf(me.execute(id))).toBe('failed_precondition');
    await me.answer(await only(me.claim(worker, 1)));
    expect(stateOf(await me.execute(id))).toBe('running');
  });

  it('answers a request that comes again with what it has started', async () => {
    const person = newAdmin();
    const named = () => {
      const { headers, ...call } = app.as(person);
      return { ...call, headers: { ...(headers as Record<string, string>), 'x-request-id': requestId } };
    };
    let requestId = newId();
    const create = async () =>
      (await app.workflows.createWorkflow({ workflow: workflowBody(diamond) }, named())).workflow;
    const [first, again] = [await create(), await create()];
    expect(again?.id).toBe(first?.id);
    requestId = newId();
    const execute = async () =>
      (await app.workflows.executeWorkflow({ workflowId: first?.id }, named())).workflow?.jobId;
    expect(await execute()).toBe(await execute());
  });
});

describe('a schedule', () => {
  it('starts one execution between two replicas, whose tasks workers are given', async () => {
    const replica = await startOrchestrator(
      readOrchestratorConfig({ ...app.settings, REPLICA_NAME: 'replica-1' }),
    );
    try {
      const me = user();
      const worker = await me.worker();
      const { id } = await me.create(workflowBody({ only: [] }, { schedule: '0 0 1 1 *' }));
      const asked = me.claim(worker, 1, 30);
      await app.stores.admin.query(
        `update orchestrator.workflows set next_fire_at = date_trunc('year', now()) where id = $1`,
        [id],
      );
      await me.answer(await only(asked));
      const done = await me.read(id);
      expect([stateOf(done), done.scheduleProblem]).toEqual(['completed', '']);
      expect(Number(done.nextFireAt?.seconds)).toBeGreaterThan(Date.now() / 1_000);
      const { rows } = await app.stores.admin.query(
        'select from orchestrator.executions where subject_id = $1',
        [id],
      );
      expect(rows).toHaveLength(1);
    } finally {
      await replica.close();
    }
  });
});

describe('who may do what', () => {
  it('lets viewers read and editors write, and runs nothing', async () => {
    const editor = newAdmin();
    const { id } = await user(editor).create();
    const viewer = user(newAdmin({ tenantId: editor.tenantId, roles: ['viewer'] }));
    expect((await viewer.read(id)).tasks).toHaveLength(4);
    for (const call of [() => viewer.create(), () => viewer.execute(id), () => viewer.cancel(id)]) {
      expect(await reasonOf(call())).toBe('permission_denied');
    }
    const run = { runId: 'job_1', capability: 'query', writeTarget: '' };
    const client = createClient(WorkflowService, app.transport);
    const asRun = callWith({ token: app.runs.mint({ ...editor, run }), timeoutMs: 5_000 });
    expect(await reasonOf(client.getWorkflow({ workflowId: id }, asRun))).toBe('permission_denied');
    expect(await reasonOf(client.listWorkflows({}, asRun))).toBe('permission_denied');
  });

  it('tells other tenants nothing', async () => {
    const { id } = await user().create();
    const other = user();
    for (const call of [() => other.read(id), () => other.execute(id), () => other.cancel(id)]) {
      expect(await reasonOf(call())).toBe('not_found');
    }
    expect(await reasonOf(other.create(workflowBody(diamond, { dependencies: [id] })))).toBe(
      'invalid_argument',
    );
  });

  it('tells malformed ids from unknown ones', async () => {
    const me = user();
    for (const call of [me.read, me.execute, me.cancel]) {
      expect(await reasonOf(call('7'))).toBe('malformed');
      expect(await reasonOf(call(newId()))).toBe('not_found');
    }
  });
});

describe('the list', () => {
  it('is narrowed by status and user, in parts, without tasks', async () => {
    const person = newAdmin();
    const me = user(person);
    const a = await me.create(workflowBody(diamond, { user_id: 'rivers' }));
    const b = await me.create(workflowBody(diamond), { start: true });
    const list = async (request: Parameters<typeof app.workflows.listWorkflows>[0]) => {
      const { workflows, totalCount } = await app.workflows.listWorkflows(request, app.as(person));
      return {
        ids: workflows.map(({ id }) => id),
        total: Number(totalCount),
        tasks: workflows.flatMap(({ tasks }) => tasks),
      };
    };
    expect(await list({})).toEqual({ ids: [b.id, a.id], total: 2, tasks: [] });
    expect(await list({ limit: 1 })).toMatchObject({ ids: [b.id], total: 2 });
    expect(await list({ offset: 1 })).toMatchObject({ ids: [a.id], total: 2 });
    expect(await list({ userId: 'rivers' })).toMatchObject({ ids: [a.id], total: 1 });
    expect(await list({ status: WorkflowStatus.RUNNING })).toMatchObject({ ids: [b.id], total: 1 });
    const wrong = [
      { limit: 1_001 },
      { limit: -1 },
      { offset: -1 },
      { status: 99 as WorkflowStatus },
      { userId: 'ab' },
    ];
    for (const request of wrong) expect(await reasonOf(list(request))).toBe('invalid_argument');
  });

  it('is told all that is wrong with a description', async () => {
    const body: JsonObject = workflowBody({ a: ['b'], b: ['a'] }, { schedule: 'daily', name: 'x' });
    const error = await user()
      .create(body)
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Fault);
    expect((error as Fault).violations.map(({ field }) => field).sort()).toEqual([
      'name',
      'schedule',
      'tasks',
    ]);
  });
});
