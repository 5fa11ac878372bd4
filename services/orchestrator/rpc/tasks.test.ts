// Tasks from their creation to their result, over the whole service: what workers and people are told, and what the run makes of it.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { asFault } from '../../../foundation/fault/fault.ts';
import type { Principal } from '../../../foundation/identity/principal.ts';
import type { JsonObject } from '../../../foundation/json/json.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { ExecutionStatus } from '../../../proto/gen/domainflow/orchestrator/v1/execution_pb.js';
import { type WorkTask, WorkTaskStatus } from '../../../proto/gen/domainflow/orchestrator/v1/task_pb.js';
import { newAdmin, startTestOrchestrator, type TestOrchestrator } from '../app.for-test.ts';
import { journalOf } from './control.for-test.ts';

let databases: TestDatabases;
let service: TestOrchestrator;
beforeAll(async () => {
  databases = await startTestDatabases();
  service = await startTestOrchestrator(databases, 'tasks_rpc');
}, 30_000);
afterAll(async () => {
  await service?.close();
  await databases?.stop();
});

const usual = { type: 'analysis', name: 'Read plates', description: 'Reads them', input_data: { image: 7 } };

async function register(person: Principal, changes: JsonObject = {}): Promise<string> {
  const worker = { type: 'analyzer', name: `reader ${randomUUID()}`, protocol: 'pull', ...changes };
  const registered = await service.workers.registerWorker({ worker }, service.as(person));
  return registered.worker?.id ?? '';
}

async function create(person: Principal, changes: JsonObject = {}, autoDispatch = true): Promise<WorkTask> {
  const { task } = await service.tasks.createTask(
    { task: { ...usual, ...changes }, autoDispatch },
    service.as(person),
  );
  if (!task) throw new Error('no task');
  return task;
}

async function claim(person: Principal, workerId: string, waitS = 0) {
  return (await service.tasks.claimTasks({ workerId, max: 5, waitS }, service.as(person))).tasks;
}

async function end(person: Principal, taskId: string, attempt: number, result: JsonObject) {
  return (await service.tasks.endAttempt({ taskId, attempt, result }, service.as(person))).task;
}

async function read(person: Principal, taskId: string): Promise<WorkTask | undefined> {
  return (await service.tasks.getTask({ taskId }, service.as(person))).task;
}

/** Keeps everyone else from writing tasks until the answer is called. */
async function holdTasks(): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: service.stores.urls.admin });
  await client.connect();
  await client.query('begin');
  await client.query('lock table orchestrator.tasks in exclusive mode');
  return () => client.end();
}

/** The first row that a query of one worker or task answers. */
async function untilRow(text: string, id: string): Promise<unknown> {
  for (;;) {
    const { rows } = await service.stores.admin.query(text, [id]);
    if (rows.length > 0) return rows[0];
  }
}

async function reasonOf(call: Promise<unknown>): Promise<string | undefined> {
  return call.then(
    () => undefined,
    (error: unknown) => asFault(error).reason,
  );
}

describe('a task', () => {
  it('is created, claimed, kept by a sign of life and completed with its run', async () => {
    const person = newAdmin();
    const workerId = await register(person);
    const { id, jobId, status } = await create(person, { priority: 4, tags: ['north'] });
    expect(status).toBe(WorkTaskStatus.PENDING);
    const [claimed, ...others] = await claim(person, workerId);
    expect(others).toEqual([]);
    expect(claimed).toMatchObject({ taskId: id, attempt: 1, taskType: 'analysis', inputData: { image: 7 } });
    const trace = { traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/) };
    expect(claimed?.context).toMatchObject({ job_id: jobId, task_id: id, ...trace });
    const heard = await service.workers.heartbeat(
      { workerId, heartbeat: { running_task_ids: [id] } },
      service.as(person),
    );
    expect(heard.lostTaskIds).toEqual([]);
    expect(await read(person, id)).toMatchObject({ status: WorkTaskStatus.RUNNING, attempt: 1 });
    const result = { output: { plate: 'B-XY 1' }, confidence: 0.75 };
    const ended = await end(person, id, 1, result);
    expect(ended).toMatchObject({
      status: WorkTaskStatus.COMPLETED,
      result: { plate: 'B-XY 1' },
      retryCount: 0,
    });
    expect(await end(person, id, 1, result)).toMatchObject({ status: WorkTaskStatus.COMPLETED });
    expect(await reasonOf(end(person, id, 1, { output: { plate: 'other' } }))).toBe('aborted');
    const { execution } = await service.executions.getExecution({ jobId }, service.as(person));
    expect(execution?.status).toBe(ExecutionStatus.COMPLETED);
    expect(await journalOf(service, person, jobId)).toEqual(
      expect.arrayContaining(['started', 'task_offered', 'task_started', 'task_succeeded', 'ended']),
    );
    const told = await service.tasks.getTask({ taskId: id, includeWorker: true }, service.as(person));
    expect(told.worker).toMatchObject({ id: workerId, runningTasks: 0 });
    expect(told.worker?.performance).toMatchObject({ tasksSucceeded: 1n, tasksFailed: 0n, successRate: 1 });
  });

  it('reaches a worker that waits for it at once', async () => {
    const person = newAdmin();
    const workerId = await register(person);
    const waiting = claim(person, workerId, 10);
    const idle = await create(person, {}, false);
    await service.tasks.executeTask({ taskId: idle.id }, service.as(person));
    expect(await waiting).toMatchObject([{ taskId: idle.id, attempt: 1 }]);
  });

  it("is others' at once when its worker has gone by the time that it is given, and uses up no retry", async () => {
    const person = newAdmin();
    const [leaving, staying] = [await register(person), await register(person)];
    const { id } = await create(person, { max_retries: 0 });
    const gone = new AbortController();
    await service.stores.admin.query(
      `update orchestrator.workers set last_seen = now() - interval '5 seconds' where id = $1`,
      [leaving],
    );
    const freeTasks = await holdTasks();
    const asked = { workerId: leaving, max: 1, waitS: 20 };
    const left = service.tasks.claimTasks(asked, { ...service.as(person), signal: gone.signal });
    // It has been heard, and looks for tasks next.
    await untilRow(
      `select from orchestrator.workers where id = $1 and last_seen > now() - interval '4 seconds'`,
      leaving,
    );
    gone.abort();
    expect(await reasonOf(left)).toBe('cancelled');
    await read(person, id); // comes to the service after the word that the call is broken off
    await freeTasks();
    const returned = 'select attempt, returned from orchestrator.tasks where id = $1 and attempt > 1';
    expect(await untilRow(returned, id)).toEqual({ attempt: 2, returned: 1 });
    expect(await claim(person, staying)).toMatchObject([{ taskId: id, attempt: 2 }]);
    expect(await read(person, id)).toMatchObject({ status: WorkTaskStatus.RUNNING, retryCount: 0 });
  });

  it('is tried again after a fault that may pass, and refuses what the attempt before says then', async () => {
    const person = newAdmin();
    const workerId = await register(person);
    const { id, jobId } = await create(person);
    await claim(person, workerId);
    const failed = await end(person, id, 1, { error_code: 'tool_error', error_message: 'no camera' });
    expect([WorkTaskStatus.RETRYING, WorkTaskStatus.PENDING]).toContain(failed?.status);
    expect(failed).toMatchObject({ errorCode: 'tool_error', errorMessage: 'no camera' });
    const [again] = await claim(person, workerId, 10);
    expect(again).toMatchObject({ taskId: id, attempt: 2 });
    expect(await reasonOf(end(person, id, 1, { output: {} }))).toBe('aborted');
    expect(await end(person, id, 2, { plate: 'B' })).toMatchObject({
      ...{ status: WorkTaskStatus.COMPLETED, result: { plate: 'B' }, retryCount: 1, attempt: 2 },
    });
    const journal = await journalOf(service, person, jobId);
    expect(journal.filter((type) => type === 'task_succeeded')).toHaveLength(1);
    expect(journal.filter((type) => type === 'retry_scheduled')).toHaveLength(1);
  }, 20_000);

  it('fails for good with a final fault', async () => {
    const person = newAdmin();
    const workerId = await register(person);
    const { id, jobId } = await create(person);
    await claim(person, workerId);
    const failed = await end(person, id, 1, { error_code: 'permission_denied' });
    expect(failed).toMatchObject({ status: WorkTaskStatus.FAILED, errorCode: 'permission_denied' });
    const { execution } = await service.executions.getExecution({ jobId }, service.as(person));
    expect(execution?.status).toBe(ExecutionStatus.FAILED);
  });

  it('is cancelled while a worker has it, and that one has lost it', async () => {
    const person = newAdmin();
    const workerId = await register(person);
    const { id, jobId } = await create(person);
    await claim(person, workerId);
    const { task } = await service.tasks.cancelTask({ taskId: id }, service.as(person));
    expect(task?.status).toBe(WorkTaskStatus.CANCELLED);
    expect(await reasonOf(end(person, id, 1, { output: {} }))).toBe('aborted');
    const { execution } = await service.executions.getExecution({ jobId }, service.as(person));
    expect(execution?.status).toBe(ExecutionStatus.CANCELLED);
    expect(await reasonOf(service.tasks.cancelTask({ taskId: id }, service.as(person)))).toBe(
      'failed_precondition',
    );
  });

  it('is lost when its worker says nothing until its time is up, and given to another', async () => {
    const person = newAdmin();
    const workerId = await register(person);
    const { id } = await create(person);
    await claim(person, workerId);
    await service.stores.admin.query(
      `update orchestrator.tasks set lease_until = now() - interval '1 second' where id = $1`,
      [id],
    );
    const other = await register(person);
    expect(await claim(person, other, 10)).toMatchObject([{ taskId: id, attempt: 2 }]);
    expect(await read(person, id)).toMatchObject({ errorCode: 'worker_lost', assignedWorkerId: other });
    expect(await reasonOf(end(person, id, 1, { output: {} }))).toBe('aborted');
  }, 20_000);

  it('ends with its run when that is cancelled', async () => {
    const person = newAdmin();
    const workerId = await register(person);
    const { id, jobId } = await create(person);
    await claim(person, workerId);
    await service.control.cancelExecution({ jobId }, service.as(person));
    expect(await read(person, id)).toMatchObject({ status: WorkTaskStatus.CANCELLED });
    expect(await reasonOf(end(person, id, 1, { output: {} }))).toBe('aborted');
  });
});

describe('an assignment', () => {
  it('makes a task running and its worker busy, and is refused a second time', async () => {
    const person = newAdmin();
    const workerId = await register(person);
    const { id } = await create(person, {}, false);
    const assigned = await service.tasks.assignTask({ taskId: id, workerId }, service.as(person));
    expect(assigned.task).toMatchObject({ status: WorkTaskStatus.RUNNING, assignedWorkerId: workerId });
    expect(assigned.task?.startedAt).toEqual(assigned.assignedAt);
    const { worker } = await service.workers.getWorker({ workerId }, service.as(person));
    expect(worker).toMatchObject({ currentTaskId: id, runningTasks: 1 });
    expect(await reasonOf(service.tasks.assignTask({ taskId: id, workerId }, service.as(person)))).toBe(
      'failed_precondition',
    );
    expect(await claim(person, workerId)).toMatchObject([{ taskId: id, attempt: 1 }]);
  });
});

describe('a list', () => {
  it('is sorted and narrowed, and counts everything', async () => {
    const person = newAdmin();
    const low = await create(person, { priority: 1, name: 'bbb' }, false);
    const high = await create(person, { priority: 5, name: 'aaa' }, false);
    const newest = await create(person, { priority: 1, name: 'ccc' }, false);
    const listed = async (request: object) => {
      const { tasks, totalCount } = await service.tasks.listTasks(request, service.as(person));
      return [...tasks.map(({ id }) => id), totalCount];
    };
    expect(await listed({})).toEqual([high.id, newest.id, low.id, 3n]);
    expect(await listed({ limit: 1, offset: 1 })).toEqual([newest.id, 3n]);
    expect(await listed({ sortBy: 4, ascending: true })).toEqual([high.id, low.id, newest.id, 3n]);
    expect(await listed({ status: WorkTaskStatus.RUNNING })).toEqual([0n]);
    expect(await listed({ workflowId: randomUUID() })).toEqual([0n]);
    expect(await reasonOf(service.tasks.listTasks({ workerId: 'x' }, service.as(person)))).toBe('malformed');
    expect(await reasonOf(service.tasks.listTasks({ limit: 1_001 }, service.as(person)))).toBe(
      'invalid_argument',
    );
  });
});

describe('whoever asks', () => {
  it('is told nothing of tasks of other tenants', async () => {
    const { id } = await create(newAdmin());
    const stranger = newAdmin();
    const workerId = await register(stranger);
    const calls = [
      service.tasks.getTask({ taskId: id }, service.as(stranger)),
      service.tasks.assignTask({ taskId: id, workerId }, service.as(stranger)),
      service.tasks.executeTask({ taskId: id }, service.as(stranger)),
      service.tasks.cancelTask({ taskId: id }, service.as(stranger)),
      service.tasks.endAttempt({ taskId: id, attempt: 1, result: {} }, service.as(stranger)),
    ];
    expect(await Promise.all(calls.map(reasonOf))).toEqual(Array(5).fill('not_found'));
    expect(await claim(stranger, workerId)).toEqual([]);
  });

  it('may read as a viewer and write as an editor', async () => {
    const person = newAdmin();
    const { id } = await create(person);
    const viewer = newAdmin({ tenantId: person.tenantId, roles: ['viewer'] });
    expect(await read(viewer, id)).toMatchObject({ id });
    expect(await reasonOf(create(viewer))).toBe('permission_denied');
    expect(await reasonOf(service.tasks.cancelTask({ taskId: id }, service.as(viewer)))).toBe(
      'permission_denied',
    );
  });
});
