// Who is given which task: one of many, never more than a worker takes, in the order of priority and waiting, and what an answer does.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { newEntry } from '../core/audit.for-test.ts';
import { lockOffered, selectOffered, spareRows } from './offered-tasks.ts';
import { selectLapsed } from './postgres-dispatch-queue.ts';
import type { Assigned, Claimed, GivenAttempt, TaskKey } from './store.ts';
import { openTestStores, type TestStores } from './stores.for-test.ts';
import { createTestWork, type TestWork } from './work.for-test.ts';

let databases: TestDatabases;
let stores: TestStores;
let work: TestWork;
beforeAll(async () => {
  databases = await startTestDatabases();
  stores = await openTestStores(databases, 'dispatch_store');
  work = createTestWork(stores);
}, 30_000);
afterAll(async () => {
  await stores?.close();
  await databases?.stop();
});

const assignment = () => newEntry({ operation: 'task_assignment', entityType: 'task', entityId: 'x' });

async function claim(tenantId: string, workerId: string, max = 1): Promise<readonly GivenAttempt[]> {
  return givenBy(await work.dispatch.claim({ tenantId, workerId, max }));
}

function givenBy(claimed: Claimed): readonly GivenAttempt[] {
  if (claimed.type !== 'given') throw new Error(claimed.type);
  return claimed.given;
}

function assignedBy(assigned: Assigned): GivenAttempt {
  if (assigned.type !== 'assigned') throw new Error(assigned.type);
  return assigned.given;
}

async function entriesOf(tenantId: string, operation: string): Promise<number> {
  const text = `select count(*)::int as entries from orchestrator.orchestration_logs where tenant_id = $1 and operation_type = $2`;
  return (await stores.admin.query(text, [tenantId, operation])).rows[0]?.entries;
}

describe('an assignment', () => {
  it('of one task is won by one of fifty, and leaves one entry', async () => {
    const tenantId = randomUUID();
    const task = await work.task({ tenantId, isDispatched: false });
    const workers = await Promise.all(Array.from({ length: 50 }, () => work.worker({ tenantId })));
    const all = await Promise.all(workers.map((id) => work.dispatch.assign(task, id, assignment())));
    const won = all.filter(({ type }) => type === 'assigned');
    expect(won).toHaveLength(1);
    expect(all.filter((each) => each.type === 'not_pending' && each.status === 'running')).toHaveLength(49);
    expect(await entriesOf(tenantId, 'task_assignment')).toBe(1);
    const { rows } = await stores.admin.query(
      'select count(*)::int as running from orchestrator.tasks where tenant_id = $1 and worker_id is not null',
      [tenantId],
    );
    expect(rows[0]?.running).toBe(1);
  });

  it('never exceeds the places of a worker, whoever gives', async () => {
    const tenantId = randomUUID();
    const worker = await work.worker({ tenantId, places: 3 });
    const tasks = await Promise.all(Array.from({ length: 10 }, () => work.task({ tenantId })));
    const byHand = tasks.slice(0, 5).map((key) => work.dispatch.assign(key, worker, assignment()));
    const asked = Array.from({ length: 5 }, () => claim(tenantId, worker, 2));
    await Promise.all([...byHand, ...asked]);
    const { rows } = await stores.admin.query(
      `select count(*)::int as running from orchestrator.tasks where tenant_id = $1 and status = 'running'`,
      [tenantId],
    );
    expect(rows[0]?.running).toBe(3);
    expect(await work.dispatch.assign(tasks[9] as TaskKey, worker, assignment())).toEqual(
      (await work.column(tasks[9] as TaskKey, 'status')) === 'pending'
        ? { type: 'no_place' }
        : { type: 'not_pending', status: 'running' },
    );
  });

  it('is refused for a worker that is not active, of another tenant, and for a paused run, and leaves nothing', async () => {
    const tenantId = randomUUID();
    const task = await work.task({ tenantId });
    const offline = await work.worker({ tenantId, status: 'offline' });
    const foreign = await work.worker({ tenantId: randomUUID() });
    expect(await work.dispatch.assign(task, offline, assignment())).toEqual({
      ...{ type: 'inactive', status: 'offline' },
    });
    expect(await work.dispatch.assign(task, foreign, assignment())).toEqual({ type: 'no_worker' });
    const worker = await work.worker({ tenantId });
    await work.set(task, 'held = true');
    expect(await work.dispatch.assign(task, worker, assignment())).toEqual({ type: 'held' });
    const theirs = { tenantId: randomUUID(), id: task.id };
    expect(await work.dispatch.assign(theirs, worker, assignment())).toEqual({ type: 'no_task' });
    expect(await entriesOf(tenantId, 'task_assignment')).toBe(0);
    expect(await work.column(task, 'worker_id')).toBeNull();
  });

  it('is found by its worker when that asks next, before anything else, and kept for it through retries', async () => {
    const tenantId = randomUUID();
    const [worker, other] = [await work.worker({ tenantId }), await work.worker({ tenantId })];
    const urgent = await work.task({ tenantId, priority: 5 });
    const task = await work.task({ tenantId, isDispatched: false, requiredCapabilities: ['never'] });
    const assigned = assignedBy(await work.dispatch.assign(task, worker, assignment()));
    expect(assigned).toMatchObject({ id: task.id, attempt: 1, input: { image: 1 } });
    const [first, second, none] = await claim(tenantId, worker, 3);
    expect([first?.id, first?.attempt, second?.id, none]).toEqual([task.id, 1, urgent.id, undefined]);
    expect(await claim(tenantId, worker)).toEqual([]);
    await work.set(task, `status = 'pending', attempt = 2, offered_at = now()`);
    expect(await claim(tenantId, other)).toEqual([]);
    expect(await claim(tenantId, worker)).toMatchObject([{ id: task.id, attempt: 2 }]);
  });
});

describe('a worker that asks', () => {
  it('is given the highest priority first and counts a minute of waiting as one step, up to the highest', async () => {
    const tenantId = randomUUID();
    const worker = await work.worker({ tenantId, places: 10 });
    const low = await work.task({ tenantId, priority: 1 });
    const normal = await work.task({ tenantId, priority: 2 });
    const high = await work.task({ tenantId, priority: 3 });
    const emergency = await work.task({ tenantId, priority: 5 });
    const starved = await work.task({ tenantId, priority: 1 });
    await work.set(starved, `offered_at = now() - interval '10 minutes'`);
    await work.set(normal, `offered_at = now() - interval '125 seconds'`);
    const order = (await claim(tenantId, worker, 5)).map(({ id }) => id);
    expect(order).toEqual([starved.id, emergency.id, normal.id, high.id, low.id]);
  });

  it('is given only what it can do', async () => {
    const tenantId = randomUUID();
    await work.task({ tenantId, requiredCapabilities: ['read', 'fly'], priority: 5 });
    const fitting = await work.task({ tenantId, requiredCapabilities: ['read'] });
    const worker = await work.worker({ tenantId, capabilities: ['read', 'write'] });
    expect((await claim(tenantId, worker, 5)).map(({ id }) => id)).toEqual([fitting.id]);
  });

  it('is given nothing that nobody has dispatched, that is paused, or whose time is up', async () => {
    const tenantId = randomUUID();
    const worker = await work.worker({ tenantId });
    const idle = await work.task({ tenantId, isDispatched: false });
    await work.set(await work.task({ tenantId }), 'held = true');
    await work.set(await work.task({ tenantId }), 'deadline_at = now()');
    expect(await claim(tenantId, worker, 5)).toEqual([]);
    const entry = newEntry({ operation: 'task_execution', entityType: 'task', entityId: idle.id });
    await work.dispatch.execute(idle, entry);
    await work.dispatch.execute(idle, entry);
    expect(await entriesOf(tenantId, 'task_execution')).toBe(1);
    expect((await claim(tenantId, worker, 5)).map(({ id }) => id)).toEqual([idle.id]);
  });

  it('shares no task with others that ask at the same time, and all are given', async () => {
    const tenantId = randomUUID();
    const tasks = await Promise.all(Array.from({ length: 30 }, () => work.task({ tenantId })));
    const workers = await Promise.all(Array.from({ length: 6 }, () => work.worker({ tenantId })));
    const given = (await Promise.all(workers.map((id) => claim(tenantId, id, 5)))).flat();
    expect(new Set(given.map(({ id }) => id)).size).toBe(given.length);
    for (const id of workers) given.push(...(await claim(tenantId, id, 5)));
    expect(given.map(({ id }) => id).sort()).toEqual(tasks.map(({ id }) => id).sort());
  });

  it('that its worker left before it was answered is returned once, for others, and uses up no retry', async () => {
    const tenantId = randomUUID();
    const [worker, other] = [await work.worker({ tenantId }), await work.worker({ tenantId })];
    const [task, byHand] = [
      await work.task({ tenantId }),
      await work.task({ tenantId, isDispatched: false }),
    ];
    await work.dispatch.assign(byHand, worker, assignment());
    const [claimId, later] = [randomUUID(), randomUUID()];
    const left = { tenantId, workerId: worker, claimId };
    const given = givenBy(await work.dispatch.claim({ ...left, max: 5 }));
    expect(given.map(({ id }) => id)).toEqual([byHand.id, task.id]);
    await work.task({ tenantId });
    await work.dispatch.claim({ ...left, claimId: later, max: 1 });
    expect(await work.dispatch.returnClaim({ ...left, workerId: randomUUID() })).toBe('no_worker');
    expect(await work.dispatch.returnClaim({ ...left, workerId: other })).toBe(0);
    expect(await work.dispatch.returnClaim(left)).toBe(1);
    expect(await work.dispatch.returnClaim(left)).toBe(0);
    const back = await Promise.all(
      ['status', 'attempt', 'returned'].map((column) => work.column(task, column)),
    );
    expect(back).toEqual(['pending', 2, 1]);
    expect(await claim(tenantId, other, 5)).toMatchObject([{ id: task.id, attempt: 2 }]);
    expect(await claim(tenantId, worker, 5)).toMatchObject([{ id: byHand.id, attempt: 1 }]);
    expect((await work.dispatch.end(work.answerOf({ ...task, attempt: 1 }))).type).toBe('lost');
  });

  it('is idle again by asking, unless somebody took it out of use', async () => {
    const tenantId = randomUUID();
    await work.task({ tenantId });
    const silent = await work.worker({ tenantId, status: 'offline' });
    const out = await work.worker({ tenantId, status: 'offline', deactivated: true });
    expect(await work.dispatch.greet(tenantId, out)).toBe('deactivated');
    expect(await work.dispatch.claim({ tenantId, workerId: out, max: 1 })).toEqual({ type: 'deactivated' });
    expect(await work.dispatch.greet(tenantId, silent)).toBe('active');
    expect(await claim(tenantId, silent)).toHaveLength(1);
    expect(await work.dispatch.greet(randomUUID(), silent)).toBe('no_worker');
  });

  it.each([
    { can: [], requires: [] },
    { can: ['all'], requires: [] },
    { can: ['read', 'write'], requires: ['read'] },
  ])('reads a handful of rows of ten thousand: can $can, requires $requires', async ({ can, requires }) => {
    const tenantId = randomUUID();
    const worker = await work.worker({ tenantId, capabilities: can });
    const task = await work.task({ tenantId, requiredCapabilities: requires });
    await copyTask(task, 10_000);
    await stores.admin.query('analyze orchestrator.tasks');
    const asked = [tenantId, 1 + spareRows, worker, can, 1];
    const called = [tenantId, 1 + spareRows, [worker]];
    for (const { text, values } of [
      { text: lockOffered, values: asked },
      { text: selectOffered, values: called },
    ]) {
      const { rows } = await stores.admin.query(`explain (analyze, format json) ${text}`, values);
      const plan = JSON.stringify(rows[0]);
      expect(plan).toContain('tasks_offered');
      expect(mostRows(rows[0]?.['QUERY PLAN'][0].Plan)).toBeLessThanOrEqual(5 * (1 + spareRows));
    }
    expect(await claim(tenantId, worker)).toHaveLength(1);
    const sweep = await stores.admin.query(`explain (analyze, format json) ${selectLapsed}`, [100]);
    const swept = JSON.stringify(sweep.rows[0]);
    for (const index of ['tasks_leased', 'tasks_timed', 'tasks_deadline']) expect(swept).toContain(index);
  });
});

/** So many more rows like that of a task, offered one second after the other. */
async function copyTask({ id }: TaskKey, count: number): Promise<void> {
  const columns = `tenant_id, scope, execution_id, node_id, type, name, priority, required_capabilities, attempt_timeout_ms,
    total_timeout_ms, max_retries, status, dispatched, offered_at, created_by`;
  await stores.admin.query(
    `insert into orchestrator.tasks (id, ${columns})
      select gen_random_uuid(), tenant_id, scope, gen_random_uuid(), node_id, type, name, n % 5 + 1, required_capabilities, 1000, 1000, 3,
        status, dispatched, now() - n * interval '1 second', created_by
      from orchestrator.tasks, generate_series(1, $2::integer) n where id = $1`,
    [id, count],
  );
}

interface PlanNode {
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

/** The most rows that a step of the plan has looked at. */
function mostRows(node: PlanNode): number {
  const own = (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'];
  return Math.max(own, ...(node.Plans ?? []).map(mostRows));
}
