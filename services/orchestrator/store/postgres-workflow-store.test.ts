// Workflows on PostgreSQL: recorded whole or not at all, started one execution at a time, ended, listed, and closed to other tenants.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import type { JsonObject } from '../../../foundation/json/json.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { diamond, workflowBody } from '../core/work/workflow.for-test.ts';
import { createPostgresScheduleQueue } from './postgres-schedule-queue.ts';
import { createPostgresWorkflowStore } from './postgres-workflow-store.ts';
import { openTestStores, type TestStores } from './stores.for-test.ts';
import type { NewWorkflow, StoredWorkflow, WorkflowKey, WorkflowStore } from './workflow-store.ts';
import { endRun, entryOf, newOwner, newWorkflow, operationsOn, startOf } from './workflows.for-test.ts';

jest.setTimeout(30_000);

let databases: TestDatabases;
let stores: TestStores;
let workflows: WorkflowStore;
beforeAll(async () => {
  databases = await startTestDatabases();
  stores = await openTestStores(databases, 'workflows');
  workflows = createPostgresWorkflowStore(stores.app);
}, 30_000);
afterAll(async () => {
  await stores?.close();
  await databases?.stop();
});

async function create(
  principal: Principal,
  body?: JsonObject,
  changes: Partial<NewWorkflow> = {},
): Promise<NewWorkflow> {
  const workflow = newWorkflow(principal, body, changes);
  const created = await workflows.create(workflow, entryOf(principal, workflow.id));
  expect(created).toEqual({ type: 'created' });
  return workflow;
}

async function now(key: WorkflowKey): Promise<StoredWorkflow> {
  const workflow = await workflows.read(key, { fresh: true });
  if (!workflow) throw new Error('There is no such workflow');
  return workflow;
}

async function started(principal: Principal, key: WorkflowKey): Promise<string> {
  const start = startOf(principal, key);
  expect(await workflows.execute(key, start)).toEqual({ type: 'started' });
  return start.executionId;
}

const cancelBy = (principal: Principal, key: WorkflowKey) =>
  workflows.cancel(
    key,
    { type: 'cancel', by: principal.userId, because: 'Enough' },
    entryOf(principal, key.id, 'workflow_cancellation'),
  );

const states = async (workflow: StoredWorkflow): Promise<Record<string, string>> =>
  Object.fromEntries((await workflows.tasks(workflow)).map(({ nodeId, status }) => [nodeId, status]));

const allWaiting = { first: 'waiting', left: 'waiting', right: 'waiting', last: 'waiting' };
const firstOffered = { ...allWaiting, first: 'pending' };

describe('a new workflow', () => {
  it('is recorded with its tasks, which wait, and its entry', async () => {
    const person = newOwner();
    const body = workflowBody(
      diamond,
      { user_id: 'customer', environment: { A: 'b' }, metadata: { c: 1 } },
      { left: { priority: 4, timeout: 10, tags: ['wet'], required_capabilities: ['rivers'] } },
    );
    const key = await create(person, body);
    const workflow = await now(key);
    expect(workflow).toMatchObject({
      ...{
        name: 'Flood watch',
        userId: 'customer',
        status: 'created',
        environment: { A: 'b' },
        metadata: { c: 1 },
      },
      ...{
        priority: 4,
        estimatedS: 1_800,
        taskCount: 4,
        schedule: '',
        dependencies: [],
        scheduleProblem: '',
      },
    });
    expect(workflow).not.toHaveProperty('executionId');
    const tasks = await workflows.tasks(workflow);
    expect(tasks.map(({ nodeId }) => nodeId)).toEqual(['first', 'left', 'right', 'last']);
    const ids = new Map(tasks.map(({ nodeId, id }) => [nodeId, id]));
    expect(tasks[1]).toMatchObject({
      ...{
        status: 'waiting',
        priority: 4,
        tags: ['wet'],
        requiredCapabilities: ['rivers'],
        totalTimeoutMs: 10_000,
      },
      ...{ input: { asked: 'left' }, dependsOn: ['first'], dependencies: [ids.get('first')], maxRetries: 3 },
      ...{ scope: 'workflow', workflowId: key.id, isDispatched: true, attempts: 0 },
    });
    expect(tasks[3]?.dependencies).toEqual([ids.get('left'), ids.get('right')]);
    expect(await operationsOn(stores, key.id)).toEqual(['workflow_creation']);
  });

  it('is started in the same transaction where that is asked for', async () => {
    const person = newOwner();
    const id = newId();
    const start = startOf(person, { id });
    const workflow = await now(await create(person, workflowBody(diamond), { id, start }));
    expect(workflow).toMatchObject({ status: 'running', executionId: start.executionId });
    expect(await states(workflow)).toEqual(firstOffered);
    expect(await operationsOn(stores, id)).toEqual(['workflow_creation', 'workflow_execution']);
  });

  it('is not recorded again under the same id, whoever asks', async () => {
    const person = newOwner();
    const first = await create(person);
    const again = newWorkflow(person, workflowBody({ only: [] }), {
      id: first.id,
      start: startOf(person, first),
    });
    expect(await workflows.create(again, entryOf(person, first.id))).toEqual({ type: 'exists' });
    expect(await now(first)).toMatchObject({ taskCount: 4, status: 'created' });
    expect(await operationsOn(stores, first.id)).toEqual(['workflow_creation']);
  });

  it('depends on workflows of its own tenant alone', async () => {
    const [person, other] = [newOwner(), newOwner()];
    const [own, foreign] = [await create(person), await create(other)];
    const body = workflowBody(diamond, { dependencies: [foreign.id, own.id, newId()] });
    const refused = newWorkflow(person, body);
    expect(await workflows.create(refused, entryOf(person, refused.id))).toEqual({
      type: 'unknown_dependencies',
      places: [0, 2],
    });
    expect(await workflows.read(refused)).toBeUndefined();
  });

  it('leaves nothing behind where it is to be started and cannot be', async () => {
    const person = newOwner();
    const dependency = await create(person);
    const id = newId();
    const body = workflowBody(diamond, { dependencies: [dependency.id] });
    const refused = newWorkflow(person, body, { id, start: startOf(person, { id }) });
    expect(await workflows.create(refused, entryOf(person, id))).toEqual({
      type: 'dependencies',
      ids: [dependency.id],
    });
    expect(await workflows.read(refused)).toBeUndefined();
    expect(await operationsOn(stores, id)).toEqual([]);
    const { rows } = await stores.admin.query('select from orchestrator.tasks where workflow_id = $1', [id]);
    expect(rows).toEqual([]);
  });
});

describe('an execution', () => {
  it('begins with the tasks that wait for nobody, under a pinned plan and a journal', async () => {
    const person = newOwner();
    const key = await create(person, workflowBody({ a: [], b: [], c: ['a', 'b'] }));
    const before = await workflows.tasks(await now(key));
    const executionId = await started(person, key);
    const workflow = await now(key);
    expect(workflow).toMatchObject({ status: 'running', executionId, startedAtMs: expect.any(Number) });
    expect(await states(workflow)).toEqual({ a: 'pending', b: 'pending', c: 'waiting' });
    expect((await workflows.tasks(workflow)).map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    const execution = await stores.executions.read(person.tenantId, executionId);
    expect(execution).toMatchObject({
      kind: 'workflow',
      subjectId: key.id,
      status: 'running',
      isParked: true,
    });
    const journal = await stores.executions.readJournal(person.tenantId, executionId);
    expect(journal.map(({ event }) => event.type)).toEqual(['started', 'task_offered', 'task_offered']);
    expect(await operationsOn(stores, key.id)).toEqual(['workflow_creation', 'workflow_execution']);
  });

  it('offers no more tasks than may be under way', async () => {
    const person = newOwner();
    const graph = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`t${at}`, []]));
    const key = await create(person, workflowBody(graph));
    await started(person, key);
    const found = Object.values(await states(await now(key)));
    expect(found.filter((status) => status === 'pending')).toHaveLength(10);
    expect(found.filter((status) => status === 'waiting')).toHaveLength(90);
  });

  it('is one, whoever else starts it at the same moment', async () => {
    const person = newOwner();
    const key = await create(person);
    let starting: ReturnType<WorkflowStore['execute']>[] = [];
    await stores.enginePool.systemTransaction(async (client) => {
      const text = 'select from orchestrator.workflows where id = $1 for update';
      await client.query({ name: 'test.hold_workflow', text, values: [key.id] });
      starting = Array.from({ length: 5 }, () => workflows.execute(key, startOf(person, key)));
      await stores.untilBlocked(5);
    });
    const all = await Promise.all(starting);
    expect(all.map(({ type }) => type).sort()).toEqual(['started', ...Array(4).fill('under_way')]);
    const { rows } = await stores.admin.query('select from orchestrator.executions where subject_id = $1', [
      key.id,
    ]);
    expect(rows).toHaveLength(1);
  });

  it('is told again to a request that comes again, and starts nothing', async () => {
    const person = newOwner();
    const key = await create(person);
    const start = startOf(person, key);
    expect(await workflows.execute(key, start)).toEqual({ type: 'started' });
    expect(await workflows.execute(key, start)).toEqual({ type: 'repeated' });
    expect(await operationsOn(stores, key.id)).toEqual(['workflow_creation', 'workflow_execution']);
    await endRun(stores, start.executionId);
    await endRun(stores, await started(person, key));
    expect(await workflows.execute(key, start)).toEqual({ type: 'repeated' });
    expect((await now(key)).executionId).not.toBe(start.executionId);
  });

  it('follows one that has ended with tasks of its own', async () => {
    const person = newOwner();
    const key = await create(person);
    const first = await started(person, key);
    const before = await workflows.tasks(await now(key));
    await endRun(stores, first, 'failed');
    expect(await now(key)).toMatchObject({
      status: 'failed',
      actualS: 90,
      completedAtMs: expect.any(Number),
    });
    const second = await started(person, key);
    const workflow = await now(key);
    expect(workflow).toMatchObject({ status: 'running', executionId: second, actualS: 90 });
    expect(workflow).not.toHaveProperty('completedAtMs');
    expect(await states(workflow)).toEqual(firstOffered);
    const ids = new Set([...before, ...(await workflows.tasks(workflow))].map(({ id }) => id));
    expect(ids.size).toBe(8);
  });

  it('needs what the workflow depends on to have completed, and not to be under way again', async () => {
    const person = newOwner();
    const [a, b] = [await create(person), await create(person)];
    const key = await create(person, workflowBody(diamond, { dependencies: [a.id, b.id] }));
    const execute = () => workflows.execute(key, startOf(person, key));
    expect(await execute()).toEqual({ type: 'dependencies', ids: [a.id, b.id] });
    await endRun(stores, await started(person, a));
    await endRun(stores, await started(person, b), 'failed');
    expect(await execute()).toEqual({ type: 'dependencies', ids: [b.id] });
    const again = await started(person, b);
    expect(await execute()).toEqual({ type: 'dependencies', ids: [b.id] });
    await endRun(stores, again);
    expect(await execute()).toEqual({ type: 'started' });
  });

  it('belongs to its tenant', async () => {
    const [person, other] = [newOwner(), newOwner()];
    const { id } = await create(person);
    const foreign = { tenantId: other.tenantId, id };
    expect(await workflows.execute(foreign, startOf(other, foreign))).toEqual({ type: 'no_workflow' });
    expect(await workflows.read(foreign)).toBeUndefined();
    expect(await cancelBy(other, foreign)).toEqual({ type: 'no_workflow' });
  });
});

describe('cancelling', () => {
  it('stores a command for the execution that is under way', async () => {
    const person = newOwner();
    const key = await create(person);
    const id = await started(person, key);
    const execution = { tenantId: key.tenantId, id };
    expect(await cancelBy(person, key)).toEqual({ type: 'cancelled', execution });
    const commands = await stores.engine.commandsOf(execution);
    expect(commands).toMatchObject([{ command: { type: 'cancel', because: 'Enough' } }]);
    expect((await operationsOn(stores, key.id)).at(-1)).toBe('workflow_cancellation');
  });

  it('stores none for an execution that is being cancelled', async () => {
    const person = newOwner();
    const key = await create(person);
    const execution = { tenantId: key.tenantId, id: await started(person, key) };
    const cancelling = `update orchestrator.executions set status = 'cancelling' where id = $1`;
    await stores.admin.query(cancelling, [execution.id]);
    expect(await cancelBy(person, key)).toEqual({ type: 'cancelled', execution });
    expect(await stores.engine.commandsOf(execution)).toEqual([]);
  });

  it('ends the schedule, also where an execution goes on', async () => {
    const person = newOwner();
    const body = workflowBody(diamond, { schedule: '0 0 * * *' });
    const key = await create(person, body, { nextFireAtMs: Date.now() + 3_600_000 });
    expect((await now(key)).status).toBe('scheduled');
    await endRun(stores, await started(person, key));
    expect(await now(key)).toMatchObject({ status: 'completed', nextFireAtMs: expect.any(Number) });
    expect(await cancelBy(person, key)).toEqual({ type: 'cancelled' });
    expect(await now(key)).not.toHaveProperty('nextFireAtMs');
    expect((await now(key)).status).toBe('completed');
    expect(await cancelBy(person, key)).toEqual({ type: 'ended', status: 'completed' });
  });

  it('ends tasks that wait for a first execution, and allows one later', async () => {
    const person = newOwner();
    const key = await create(person);
    expect(await cancelBy(person, key)).toEqual({ type: 'cancelled' });
    expect((await now(key)).status).toBe('cancelled');
    expect(Object.values(await states(await now(key)))).toEqual(Array(4).fill('cancelled'));
    expect(await cancelBy(person, key)).toEqual({ type: 'ended', status: 'cancelled' });
    await started(person, key);
    expect(await now(key)).toMatchObject({ status: 'running' });
    expect(await states(await now(key))).toEqual(firstOffered);
  });

  it.each(['completed', 'failed', 'cancelled'] as const)(
    'changes nothing of one that is %s',
    async (status) => {
      const person = newOwner();
      const key = await create(person);
      await endRun(stores, await started(person, key), status);
      expect(await cancelBy(person, key)).toEqual({ type: 'ended', status });
      expect(await operationsOn(stores, key.id)).not.toContain('workflow_cancellation');
    },
  );

  it('comes too late for an execution that is being finished', async () => {
    const person = newOwner();
    const key = await create(person);
    await endRun(stores, await started(person, key), 'finishing');
    expect(await cancelBy(person, key)).toEqual({ type: 'ended', status: 'running' });
  });
});

describe('the list', () => {
  it('shows the newest first, in parts, by user and by status', async () => {
    const person = newOwner();
    const { tenantId } = person;
    const makes = Array.from({ length: 5 }, (_, at) => ({ createdAtMs: 1_000_000 + at }));
    const made: NewWorkflow[] = [];
    for (const [at, changes] of makes.entries()) {
      made.push(await create(person, workflowBody(diamond, at < 2 ? { user_id: 'early' } : {}), changes));
    }
    const [a, b, c, d, e] = made.map(({ id }) => id);
    for (const workflow of made.slice(1, 4)) await started(person, workflow);
    await endRun(stores, (await now(made[2] as NewWorkflow)).executionId ?? '');
    await create(newOwner());
    const ids = async (slice: Partial<Parameters<WorkflowStore['list']>[1]>) => {
      const { items, total } = await workflows.list(tenantId, { limit: 100, offset: 0, ...slice });
      return { ids: items.map(({ id }) => id), total };
    };
    expect(await ids({})).toEqual({ ids: [e, d, c, b, a], total: 5 });
    expect(await ids({ limit: 2, offset: 1 })).toEqual({ ids: [d, c], total: 5 });
    expect(await ids({ userId: 'early' })).toEqual({ ids: [b, a], total: 2 });
    expect(await ids({ userId: person.userId })).toEqual({ ids: [e, d, c], total: 3 });
    expect(await ids({ status: 'running' })).toEqual({ ids: [d, b], total: 2 });
    expect(await ids({ status: 'running', userId: 'early' })).toEqual({ ids: [b], total: 1 });
    expect(await ids({ status: 'completed' })).toEqual({ ids: [c], total: 1 });
    expect(await ids({ status: 'created', limit: 1 })).toEqual({ ids: [e], total: 2 });
    expect(await ids({ status: 'cancelled' })).toEqual({ ids: [], total: 0 });
  });
});

describe('an execution that is forgotten', () => {
  it('leaves behind how it ended and how long it took, and counts as what others depend on', async () => {
    const person = newOwner();
    const key = await create(person);
    const running = await create(person);
    const runningId = await started(person, running);
    const executionId = await started(person, key);
    await endRun(stores, executionId);
    const queue = createPostgresScheduleQueue(stores.enginePool);
    for (let last: WorkflowKey | undefined; ; ) {
      last = await queue.noteEnded(last, 1);
      if (!last) break;
    }
    await stores.admin.query('delete from orchestrator.executions where id = any($1)', [[executionId]]);
    const workflow = await now(key);
    expect(workflow).toMatchObject({ status: 'completed', actualS: 90, completedAtMs: expect.any(Number) });
    expect(await now(running)).toMatchObject({ status: 'running', executionId: runningId });
    const dependent = await create(person, workflowBody(diamond, { dependencies: [key.id] }));
    await started(person, dependent);
    await started(person, key);
  });
});
