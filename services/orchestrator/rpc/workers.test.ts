// Workers over the wire: what registers, stands and changes, who may ask, and what is told of it.
import { randomBytes, randomUUID } from 'node:crypto';
import { timestampMs } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Principal } from '../../../foundation/identity/principal.ts';
import type { JsonObject } from '../../../foundation/json/json.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import {
  type Worker,
  WorkerActivity,
  WorkerOperation,
  WorkerStatus,
} from '../../../proto/gen/domainflow/orchestrator/v1/worker_pb.js';
import { newAdmin, startTestOrchestrator, type TestOrchestrator } from '../app.for-test.ts';
import { giveTask, taskRow } from '../store/held-task.for-test.ts';
import { reasonOf } from './deletions.for-test.ts';

jest.setTimeout(30_000);

let databases: TestDatabases;
let app: TestOrchestrator;
beforeAll(async () => {
  databases = await startTestDatabases();
  app = await startTestOrchestrator(databases, 'workers');
}, 30_000);
afterAll(async () => {
  await app?.close();
  await databases?.stop();
});

const least = { type: 'detector', name: 'North', protocol: 'pull' };

async function register(person: Principal, changes: JsonObject = {}): Promise<Worker> {
  const { worker } = await app.workers.registerWorker({ worker: { ...least, ...changes } }, app.as(person));
  if (!worker) throw new Error('Nothing was registered');
  return worker;
}

async function read(person: Principal, workerId: string): Promise<Worker | undefined> {
  return (await app.workers.getWorker({ workerId }, app.as(person))).worker;
}

const beat = (person: Principal, workerId: string, heartbeat: JsonObject = {}) =>
  app.workers.heartbeat({ workerId, heartbeat }, app.as(person));
const admin = ({ tenantId }: Principal): Principal => newAdmin({ tenantId, roles: ['admin'] });
const bulk = (person: Principal, operation: WorkerOperation, workerIds: readonly string[]) =>
  app.workers.bulkUpdateWorkers({ operation, workerIds: [...workerIds] }, app.as(admin(person)));

async function entries({ tenantId }: Principal) {
  const { rows } = await app.stores.admin.query(
    `select operation_type, entity_id, status, details from orchestrator.orchestration_logs where tenant_id = $1 order by "timestamp", id`,
    [tenantId],
  );
  return rows;
}

describe('registering', () => {
  it('makes an idle worker with all that it said, and leaves an entry', async () => {
    const person = newAdmin();
    const said = {
      type: 'analysis_agent',
      name: 'Analyzer (2)',
      protocol: 'http',
      endpoint: 'https://analyzer.example.org',
      capabilities: ['cars', 'trees', 'cars'],
      version: '1.2.0',
      metadata: { site: 'roof' },
      health_check_interval: 30,
      max_concurrent_tasks: 7,
    };
    const worker = await register(person, said);
    expect(worker).toMatchObject({
      type: 'analyzer',
      name: 'Analyzer (2)',
      protocol: 'http',
      endpoint: 'https://analyzer.example.org',
      capabilities: ['cars', 'trees'],
      version: '1.2.0',
      metadata: { site: 'roof' },
      healthCheckIntervalS: 30,
      maxConcurrentTasks: 7,
      status: WorkerStatus.IDLE,
      isActive: true,
      currentTaskId: '',
      performance: { successRate: 1, avgResponseTimeMs: 0, tasksSucceeded: 0n, tasksFailed: 0n },
    });
    expect(await entries(person)).toEqual([
      {
        operation_type: 'agent_registration',
        entity_id: worker.id,
        status: 'success',
        details: { created: true, type: 'analyzer', protocol: 'http' },
      },
    ]);
  });

  it('of the same name and endpoint is the same worker, also after its removal', async () => {
    const person = newAdmin();
    const { id } = await register(person);
    const again = await app.workers.registerWorker(
      { worker: { ...least, capabilities: ['cars'] } },
      app.as(person),
    );
    expect(again).toMatchObject({ created: false, worker: { id, capabilities: ['cars'] } });
    await app.workers.removeWorker({ workerId: id }, app.as(person));
    expect(await read(person, id)).toMatchObject({ isActive: false, status: WorkerStatus.OFFLINE });
    expect(await register(person)).toMatchObject({ id, isActive: true, status: WorkerStatus.IDLE });
    expect((await register(person, { endpoint: 'https://n.example.org' })).id).not.toBe(id);
    expect((await register(newAdmin())).id).not.toBe(id);
  });

  it('may have the longest name and the longest endpoint that there are', async () => {
    const person = newAdmin();
    const path = randomBytes(1_500).toString('base64url').slice(0, 1_977);
    const longest = { name: '𠀀'.repeat(255), endpoint: `https://h.example.org/${path}` };
    const { id, endpoint } = await register(person, { ...longest, protocol: 'grpc' });
    expect([endpoint.length, (await register(person, longest)).id]).toEqual([1_999, id]);
    expect((await register(person, { ...longest, endpoint: `${endpoint}x` })).id).not.toBe(id);
  });

  it('at the same time by many makes one worker', async () => {
    const person = newAdmin();
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => app.workers.registerWorker({ worker: least }, app.as(person))),
    );
    expect(new Set(answers.map(({ worker }) => worker?.id)).size).toBe(1);
    expect(answers.filter(({ created }) => created)).toHaveLength(1);
    const { totalCount } = await app.workers.listWorkers({}, app.as(person));
    expect([totalCount, (await entries(person)).length]).toEqual([1n, 12]);
  });

  it('is told everything that is wrong at once, and leaves nothing behind', async () => {
    const person = newAdmin();
    const call = register(person, { type: 'robot', name: 'x', health_check_interval: 9 });
    await expect(call).rejects.toThrow('and 2 more');
    expect(await reasonOf(register(person, { type: 'robot' }))).toBe('invalid_argument');
    expect(await reasonOf(register(person, { endpoint: 'http://127.0.0.1:9' }))).toBe('invalid_argument');
    expect(await reasonOf(register(person, { name: 'x; drop table y' }))).toBe('malformed');
    expect((await app.workers.listWorkers({}, app.as(person))).totalCount).toBe(0n);
    expect(await entries(person)).toEqual([]);
  });
});

describe('a sign of life', () => {
  it('makes an offline worker idle, keeps its figures, and says when the next is due', async () => {
    const person = newAdmin();
    const { id } = await register(person, { health_check_interval: 45 });
    expect(await beat(person, id, { status: 'offline', metrics: { load: 1 } })).toMatchObject({
      workerId: id,
      status: WorkerStatus.OFFLINE,
      nextHeartbeatS: 45,
      lostTaskIds: [],
    });
    const before = await read(person, id);
    const heard = await beat(person, id, { status: 'busy' });
    expect(heard.status).toBe(WorkerStatus.IDLE);
    const after = await read(person, id);
    expect(after).toMatchObject({ performance: { reported: { load: 1 } }, status: WorkerStatus.IDLE });
    const seen = [before?.lastSeen, after?.lastSeen].map((time) => time && timestampMs(time));
    expect(seen[1]).toBeGreaterThanOrEqual(seen[0] ?? Number.NaN);
    expect(after?.lastSeen).toEqual(heard.lastSeen);
    expect(await entries(person)).toHaveLength(1);
  });

  it('changes nothing else: the worker was not updated by it', async () => {
    const person = newAdmin();
    const { id, updatedAt } = await register(person);
    await beat(person, id, { metrics: { load: 2 } });
    expect((await read(person, id))?.updatedAt).toEqual(updatedAt);
    await beat(person, id, { status: 'offline' });
    expect((await read(person, id))?.updatedAt).not.toEqual(updatedAt);
  });

  it('extends the leases of its tasks, never beyond their time, and names those that it has lost', async () => {
    const person = newAdmin();
    const { id } = await register(person);
    const worker = { tenantId: person.tenantId, id };
    const { admin: db } = app.stores;
    const [mine, short, unnamed, unfetched] = [
      await giveTask(db, { worker }),
      await giveTask(db, { worker, timeoutS: 40 }),
      await giveTask(db, { worker }),
      await giveTask(db, { worker, fetched: false }),
    ];
    const answered = await giveTask(db, { worker, answered: true });
    const heard = await beat(person, id, { running_task_ids: [mine, short, answered, person.userId] });
    expect(heard).toMatchObject({ status: WorkerStatus.BUSY, lostTaskIds: [answered, person.userId] });
    const leases = await Promise.all(
      [mine, short, unnamed, unfetched, answered].map(async (task) => (await taskRow(db, task)).lease_s ?? 0),
    );
    expect(leases.map((lease) => Math.ceil(lease / 10) * 10)).toEqual([120, 40, 10, 120, 10]);
    await beat(person, id);
    expect((await taskRow(db, unnamed)).lease_s).toBeGreaterThan(100);
    await app.workers.updateWorker({ workerId: id, worker: { health_check_interval: 10 } }, app.as(person));
    await beat(person, id);
    expect((await taskRow(db, unnamed)).lease_s).toBeGreaterThan(100); // it is never taken back
  });

  it('leaves the leases of a worker that is called to whoever calls it', async () => {
    const person = newAdmin();
    const { id } = await register(person, { protocol: 'http', endpoint: 'https://h.example.org' });
    const task = await giveTask(app.stores.admin, { worker: { tenantId: person.tenantId, id } });
    await beat(person, id, { running_task_ids: [task] });
    expect((await taskRow(app.stores.admin, task)).lease_s).toBeLessThan(11);
  });

  it('does not bring back who was removed or taken out of use, but who is in error', async () => {
    const person = newAdmin();
    const ids = [await register(person), await register(person, { name: 'South' })].map(({ id }) => id);
    const [removed = '', out = ''] = ids;
    const failing = (await register(person, { name: 'East' })).id;
    await app.workers.removeWorker({ workerId: removed }, app.as(person));
    await bulk(person, WorkerOperation.DEACTIVATE, [out]);
    await app.stores.admin.query(`update orchestrator.workers set status = 'error' where id = $1`, [failing]);
    expect(await reasonOf(beat(person, removed))).toBe('failed_precondition');
    expect((await beat(person, out, { status: 'idle' })).status).toBe(WorkerStatus.OFFLINE);
    expect((await register(person, { name: 'South' })).status).toBe(WorkerStatus.OFFLINE);
    expect((await beat(person, failing)).status).toBe(WorkerStatus.IDLE);
    await bulk(person, WorkerOperation.ACTIVATE, [out, failing]);
    expect((await beat(person, out)).status).toBe(WorkerStatus.IDLE);
    expect((await read(person, failing))?.status).toBe(WorkerStatus.IDLE);
  });
});

describe('changing a worker', () => {
  it('replaces what is given and leaves the rest', async () => {
    const person = newAdmin();
    const { id } = await register(person, { capabilities: ['cars'] });
    const change = { worker: { name: 'South', max_concurrent_tasks: 9 } };
    const { worker } = await app.workers.updateWorker({ workerId: id, ...change }, app.as(person));
    expect(worker).toMatchObject({ id, name: 'South', maxConcurrentTasks: 9, capabilities: ['cars'] });
    expect((await entries(person)).at(-1)).toMatchObject({ operation_type: 'agent_update', entity_id: id });
  });

  it('is refused when it is wrong, takes the place of another, or comes after the removal', async () => {
    const person = newAdmin();
    const { id: workerId } = await register(person);
    await register(person, { name: 'South' });
    const change = (worker: JsonObject) => app.workers.updateWorker({ workerId, worker }, app.as(person));
    expect(await reasonOf(change({}))).toBe('invalid_argument');
    expect(await reasonOf(change({ protocol: 'grpc' }))).toBe('invalid_argument');
    expect(await reasonOf(change({ name: '<script>' }))).toBe('malformed');
    expect(await reasonOf(change({ name: 'South' }))).toBe('already_exists');
    expect(await read(person, workerId)).toMatchObject({ name: 'North', protocol: 'pull' });
    await app.workers.removeWorker({ workerId }, app.as(person));
    expect(await reasonOf(change({ name: 'West' }))).toBe('failed_precondition');
    expect(await entries(person)).toHaveLength(3);
  });
});

describe('removing a worker', () => {
  it('gives its tasks to others at once, with the number of the next attempt and no retry used up', async () => {
    const person = newAdmin();
    const { id } = await register(person);
    const worker = { tenantId: person.tenantId, id };
    const { admin: db } = app.stores;
    const [running, kept] = [
      await giveTask(db, { worker, attempt: 2 }),
      await giveTask(db, { worker, kept: true }),
    ];
    const waiting = await giveTask(db, { worker, status: 'retrying', kept: true });
    const [answered, done] = [
      await giveTask(db, { worker, answered: true, kept: true }),
      await giveTask(db, { worker, status: 'completed', kept: true }),
    ];
    const { returnedTasks } = await app.workers.removeWorker({ workerId: id }, app.as(person));
    expect(returnedTasks).toBe(2);
    const back = { status: 'pending', returned: 1, lease_s: null, fetched_at: null, kept_worker_id: null };
    expect(await taskRow(db, running)).toMatchObject({
      ...back,
      attempt: 3,
      dispatched: true,
      timeout_at: null,
    });
    expect(await taskRow(db, kept)).toMatchObject({ ...back, attempt: 2, dispatched: true });
    const free = { returned: 0, attempt: 1, kept_worker_id: null };
    expect(await taskRow(db, waiting)).toMatchObject({ ...free, status: 'retrying' });
    expect(await taskRow(db, answered)).toMatchObject({ ...free, status: 'running' });
    expect(await taskRow(db, done)).toMatchObject({ status: 'completed', kept_worker_id: id });
    expect((await entries(person)).at(-1)).toMatchObject({
      operation_type: 'agent_removal',
      details: { returned_tasks: 2 },
    });
    expect((await app.workers.removeWorker({ workerId: id }, app.as(person))).returnedTasks).toBe(0);
    expect(await entries(person)).toHaveLength(2);
  });
});

describe('an operation on many workers', () => {
  it('changes those that it can, in one transaction with one entry, and tells the rest', async () => {
    const person = newAdmin();
    const [one, two, gone] = [
      await register(person),
      await register(person, { name: 'South' }),
      await register(person, { name: 'East' }),
    ].map(({ id }) => id);
    const foreign = (await register(newAdmin())).id;
    const [unknown, worker] = [randomUUID(), { tenantId: person.tenantId, id: one ?? '' }];
    const task = await giveTask(app.stores.admin, { worker });
    await app.workers.removeWorker({ workerId: gone ?? '' }, app.as(person));
    const named = [one, unknown, two, one, foreign, gone].map((id) => id ?? '');
    const answer = await bulk(person, WorkerOperation.RESET_STATUS, named);
    expect(answer.updatedCount).toBe(2);
    expect(answer.errors.map(({ workerId, message }) => [workerId, message])).toEqual([
      [unknown, 'No such worker'],
      [one, 'Is named more than once'],
      [foreign, 'No such worker'],
      [gone, 'Was removed: it must register again'],
    ]);
    expect(await taskRow(app.stores.admin, task)).toMatchObject({
      status: 'pending',
      attempt: 2,
      returned: 1,
    });
    expect(await read(person, one ?? '')).toMatchObject({ status: WorkerStatus.IDLE, currentTaskId: '' });
    expect((await entries(person)).at(-1)).toMatchObject({
      operation_type: 'bulk_agent_operation',
      status: 'partial',
      details: { operation: 'reset_status', total: 6, updated: 2, returned_tasks: 1, error_count: 4 },
    });
  });

  it('names at most ten errors in its entry, and all of them in its answer', async () => {
    const person = newAdmin();
    const ids = Array.from({ length: 1_000 }, () => randomUUID());
    const answer = await bulk(person, WorkerOperation.ACTIVATE, ids);
    expect([answer.updatedCount, answer.errors.length]).toEqual([0, 1_000]);
    const [entry] = await entries(person);
    expect(entry).toMatchObject({ status: 'failure', details: { error_count: 1_000 } });
    expect(entry.details.errors).toHaveLength(10);
  });

  it('is refused without ids, with too many, or with one that is none', async () => {
    const person = newAdmin();
    const ids = Array.from({ length: 1_001 }, () => randomUUID());
    expect(await reasonOf(bulk(person, WorkerOperation.ACTIVATE, []))).toBe('invalid_argument');
    expect(await reasonOf(bulk(person, WorkerOperation.ACTIVATE, ids))).toBe('invalid_argument');
    expect(await reasonOf(bulk(person, WorkerOperation.UNSPECIFIED, ids.slice(1)))).toBe('invalid_argument');
    expect(await reasonOf(bulk(person, WorkerOperation.ACTIVATE, ['worker-1']))).toBe('malformed');
  });
});

describe('the list', () => {
  it('finds by type, activity and capability, counts what it finds, and goes from the newest', async () => {
    const person = newAdmin();
    const made = [
      await register(person, { name: 'one', capabilities: ['cars'] }),
      await register(person, { name: 'two', capabilities: ['cars', 'trees'] }),
      await register(person, { name: 'three', type: 'tracker' }),
      await register(person, { name: 'four', type: 'rag_agent' }),
    ];
    await register(newAdmin());
    const ids = made.map(({ id }) => id);
    await giveTask(app.stores.admin, { worker: { tenantId: person.tenantId, id: ids[0] ?? '' } });
    await bulk(person, WorkerOperation.DEACTIVATE, [ids[1] ?? '']);
    await app.workers.removeWorker({ workerId: ids[2] ?? '' }, app.as(person));
    const named = async (request: object) => {
      const { workers, totalCount } = await app.workers.listWorkers(request, app.as(person));
      return [workers.map(({ name }) => name).join(' '), Number(totalCount)];
    };
    expect(await named({})).toEqual(['four three two one', 4]);
    expect(await named({ type: 'detector' })).toEqual(['two one', 2]);
    expect(await named({ type: 'prompt_agent' })).toEqual(['four', 1]);
    expect(await named({ capability: 'cars' })).toEqual(['two one', 2]);
    expect(await named({ capability: 'car' })).toEqual(['', 0]);
    expect(await named({ activity: WorkerActivity.ACTIVE })).toEqual(['four one', 2]);
    expect(await named({ activity: WorkerActivity.INACTIVE })).toEqual(['three two', 2]);
    expect(await named({ type: 'detector', activity: WorkerActivity.ACTIVE, capability: 'cars' })).toEqual([
      'one',
      1,
    ]);
    expect(await named({ limit: 1, offset: 1 })).toEqual(['three', 4]);
    expect(await named({ offset: 4 })).toEqual(['', 4]);
    const { workers } = await app.workers.listWorkers({ limit: 1_000, type: 'detector' }, app.as(person));
    expect(workers.map(({ status }) => status)).toEqual([WorkerStatus.OFFLINE, WorkerStatus.BUSY]);
  });

  it('tells everything that is wrong with what is asked', async () => {
    const person = newAdmin();
    for (const wrong of [
      { limit: 1_001 },
      { limit: -1 },
      { offset: -1 },
      { type: 'robot' },
      { capability: 'x' },
      { activity: 7 },
    ]) {
      expect([wrong, await reasonOf(app.workers.listWorkers(wrong, app.as(person)))]).toEqual([
        wrong,
        'invalid_argument',
      ]);
    }
    const all = app.workers.listWorkers(
      { limit: -1, offset: -1, type: 'robot', capability: 'x' },
      app.as(person),
    );
    await expect(all).rejects.toThrow('and 3 more');
  });
});

describe('a worker that is read', () => {
  it('tells of its tasks where they are asked for: the newest hundred, with how many there were', async () => {
    const person = newAdmin();
    const { id } = await register(person);
    const worker = { tenantId: person.tenantId, id };
    const { admin: db } = app.stores;
    for (let task = 0; task < 101; task += 1) await giveTask(db, { worker, status: 'completed' });
    await giveTask(db, { worker, scope: 'playbook', status: 'completed' });
    const newest = await giveTask(db, { worker });
    const told = await app.workers.getWorker({ workerId: id, includeTasks: true }, app.as(person));
    expect(told).toMatchObject({
      worker: { status: WorkerStatus.BUSY, currentTaskId: newest, runningTasks: 1 },
      taskCount: 102n,
    });
    expect(told.tasks).toHaveLength(100);
    expect(told.tasks[0]).toMatchObject({ id: newest, assignedWorkerId: id });
    const plain = await app.workers.getWorker({ workerId: id }, app.as(person));
    expect([plain.tasks, plain.taskCount]).toEqual([[], 0n]);
  });

  it('tells how it works: what it answered, how long that took, and what it said of itself', async () => {
    const person = newAdmin();
    const { id } = await register(person);
    // One of the failed attempts was lost: it took no time of which anybody knows.
    await app.stores.admin.query(
      'update orchestrator.workers set tasks_succeeded = 3, tasks_failed = 1, tasks_answered = 3, total_ms = 1000 where id = $1',
      [id],
    );
    await beat(person, id, { metrics: { cpu: 0.25 } });
    expect((await read(person, id))?.performance).toMatchObject({
      ...{ tasksSucceeded: 3n, tasksFailed: 1n, successRate: 0.75, avgResponseTimeMs: 1000 / 3 },
      reported: { cpu: 0.25 },
    });
  });
});

describe('a worker of another tenant', () => {
  it('is not there, whatever is asked of it', async () => {
    const [owner, other] = [newAdmin(), newAdmin({ roles: ['admin'] })];
    const { id: workerId } = await register(owner);
    const options = app.as(other);
    for (const call of [
      () => app.workers.getWorker({ workerId }, options),
      () => app.workers.heartbeat({ workerId }, options),
      () => app.workers.updateWorker({ workerId, worker: { name: 'Mine' } }, options),
      () => app.workers.removeWorker({ workerId }, options),
    ]) {
      expect(await reasonOf(call())).toBe('not_found');
    }
    expect(await bulk(other, WorkerOperation.DEACTIVATE, [workerId])).toMatchObject({ updatedCount: 0 });
    expect(await read(owner, workerId)).toMatchObject({
      name: 'North',
      isActive: true,
      status: WorkerStatus.IDLE,
    });
  });

  it('with an id of a wrong form is refused as malformed', async () => {
    const options = app.as(newAdmin());
    for (const call of [
      () => app.workers.getWorker({ workerId: 'w' }, options),
      () => app.workers.heartbeat({ workerId: '' }, options),
      () => app.workers.updateWorker({ workerId: "' or 1=1", worker: {} }, options),
      () => app.workers.removeWorker({ workerId: randomUUID().slice(1) }, options),
    ]) {
      expect(await reasonOf(call())).toBe('malformed');
    }
  });
});
