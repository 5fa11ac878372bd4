// What ends an attempt: an answer, a cancel, a lease or a time that is over, a silent worker. Of several exactly one counts, and the run is told
// once.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { newEntry } from '../core/audit.for-test.ts';
import { workerAnswer } from '../core/work/planned-work.ts';
import type { GivenAttempt, TaskKey } from './store.ts';
import { openTestStores, type TestStores } from './stores.for-test.ts';
import { createTestWork, type TestWork, type TestWorker } from './work.for-test.ts';

let databases: TestDatabases;
let stores: TestStores;
let work: TestWork;
beforeAll(async () => {
  databases = await startTestDatabases();
  stores = await openTestStores(databases, 'end_attempt');
  work = createTestWork(stores);
}, 30_000);
afterAll(async () => {
  await stores?.close();
  await databases?.stop();
});

const cancelling = () => newEntry({ operation: 'task_cancellation', entityType: 'task', entityId: 'x' });
const caller = { callerId: randomUUID(), leaseMs: 15_000 };

/** A task that a worker has, as its only one. */
async function given(changes: Partial<TestWorker> = {}): Promise<GivenAttempt> {
  const tenantId = randomUUID();
  const key = await work.task({ tenantId });
  const workerId = await work.worker({ tenantId, ...changes });
  if (changes.protocol === 'http') {
    const assigned = await work.queue.assign(key, { ...caller, workerId });
    if (assigned.type !== 'assigned') throw new Error(assigned.type);
    return assigned.given;
  }
  const claimed = await work.dispatch.claim({ tenantId, workerId, max: 1 });
  const [attempt] = claimed.type === 'given' ? claimed.given : [];
  if (!attempt) throw new Error('nothing was given');
  return attempt;
}

async function figuresOf({ tenantId, workerId }: Pick<GivenAttempt, 'tenantId' | 'workerId'>) {
  const { rows } = await stores.admin.query(
    `select tasks_succeeded::int as succeeded, tasks_failed::int as failed, total_ms as "totalMs" from orchestrator.workers
      where tenant_id = $1 and id = $2`,
    [tenantId, workerId],
  );
  return rows[0];
}

/** Gives up whatever of the task has lapsed; answers how many runs were told. */
async function sweep(key: TaskKey): Promise<number> {
  const lapsed = (await work.queue.lapsed(1_000)).filter(({ id }) => id === key.id);
  const told = await Promise.all(lapsed.map((each) => work.queue.giveUp(each, 0.5)));
  return told.flat().length;
}

describe('an answer', () => {
  it('frees the place, adds to the figures and tells the run, once however often it comes', async () => {
    const attempt = await given({ places: 1 });
    const answer = work.answerOf(attempt);
    const all = await Promise.all(Array.from({ length: 5 }, () => work.dispatch.end(answer)));
    expect(all.map(({ type }) => type).sort()).toEqual(['recorded', ...Array(4).fill('repeated')]);
    const [command, ...others] = await work.commands(attempt);
    expect(others).toEqual([]);
    expect(command).toMatchObject({
      ...{ type: 'worker_ended', nodeId: 'task', attempt: 1, returned: 0, workerId: attempt.workerId },
      answer: { output: { plate: 'B' } },
      startedMs: attempt.assignedAtMs,
    });
    expect(await figuresOf(attempt)).toMatchObject({ succeeded: 1, failed: 0 });
    const next = await work.task({ tenantId: attempt.tenantId });
    expect(await work.dispatch.claim({ ...attempt, max: 1 })).toMatchObject({ given: [{ id: next.id }] });
  });

  it('is a sign of its worker, and adds how long it took', async () => {
    const attempt = await given();
    await work.set(attempt, `assigned_at = assigned_at - interval '40 seconds'`);
    const { admin } = stores;
    const silent = `update orchestrator.workers set last_seen = now() - interval '1 hour' where id = $1`;
    await admin.query(silent, [attempt.workerId]);
    await work.dispatch.end(work.answerOf(attempt));
    const seen = `select last_seen > now() - interval '1 minute' as now from orchestrator.workers where id = $1`;
    expect((await admin.query(seen, [attempt.workerId])).rows).toEqual([{ now: true }]);
    const { totalMs } = await figuresOf(attempt);
    expect(totalMs).toBeGreaterThanOrEqual(40_000);
    expect(totalMs).toBeLessThan(60_000);
  });

  it('tells the run how many attempts were taken back before', async () => {
    const attempt = await given();
    await work.set(attempt, 'attempt = 4, returned = 2');
    await work.dispatch.end(work.answerOf({ ...attempt, attempt: 4 }));
    expect(await work.commands(attempt)).toMatchObject([{ attempt: 4, returned: 2 }]);
  });

  it('counts once when different ones come at the same time', async () => {
    const attempt = await given();
    const results = [1, 2, 3].map((n) => work.answerOf(attempt, { answer: workerAnswer({ n }) }));
    const all = await Promise.all(results.map((answer) => work.dispatch.end(answer)));
    expect(all.map(({ type }) => type).sort()).toEqual(['answered', 'answered', 'recorded']);
    expect(await work.commands(attempt)).toHaveLength(1);
  });

  it('may be a fault whose sentence no text of the database can hold', async () => {
    const attempt = await given();
    const answer = work.answerOf(attempt, { fault: { code: 'tool_error', message: 'no\0camera' } });
    expect(await work.dispatch.end(answer)).toMatchObject({ type: 'recorded' });
    expect(await work.column(attempt, 'error_message')).toBe('no\ufffdcamera');
    expect(await work.commands(attempt)).toMatchObject([{ fault: { message: 'no\0camera' } }]);
  });

  it('of an attempt that was replaced changes nothing', async () => {
    const attempt = await given();
    const fault = { code: 'tool_error', message: 'no camera' };
    await work.dispatch.end(work.answerOf(attempt, { fault }));
    expect(await work.dispatch.end(work.answerOf(attempt, { fault }))).toMatchObject({ type: 'repeated' });
    await work.set(attempt, `status = 'pending', attempt = 2, answered_at = null, offered_at = now()`);
    expect((await work.dispatch.claim({ ...attempt, max: 1 })).type).toBe('given');
    expect(await work.dispatch.end(work.answerOf(attempt))).toEqual({ type: 'lost' });
    expect(await work.dispatch.end(work.answerOf({ ...attempt, attempt: 3 }))).toEqual({ type: 'lost' });
    expect(await work.dispatch.end(work.answerOf({ ...attempt, attempt: 2 }))).toMatchObject({
      type: 'recorded',
    });
    expect(await work.commands(attempt)).toHaveLength(2);
  });

  it('of another tenant finds no task', async () => {
    const attempt = await given();
    const answer = work.answerOf({ ...attempt, tenantId: randomUUID() });
    expect(await work.dispatch.end(answer)).toEqual({ type: 'no_task' });
    expect(await work.commands(attempt)).toEqual([]);
  });
});

describe('a cancel', () => {
  it('takes the task from its worker at once and tells the run', async () => {
    const attempt = await given({ places: 1 });
    expect(await work.dispatch.cancel(attempt, cancelling())).toMatchObject({ type: 'done' });
    expect(await work.column(attempt, 'status')).toBe('cancelled');
    expect(await work.dispatch.end(work.answerOf(attempt))).toEqual({ type: 'lost' });
    expect(await work.commands(attempt)).toMatchObject([{ type: 'cancel' }]);
    expect(await work.dispatch.cancel(attempt, cancelling())).toEqual({
      type: 'refused',
      status: 'cancelled',
    });
  });

  it('after an answer leaves the end to the run', async () => {
    const attempt = await given();
    await work.dispatch.end(work.answerOf(attempt));
    expect(await work.dispatch.cancel(attempt, cancelling())).toMatchObject({ type: 'done' });
    expect(await work.column(attempt, 'status')).toBe('running');
    expect(await work.commands(attempt)).toMatchObject([{ type: 'worker_ended' }, { type: 'cancel' }]);
  });

  it.each([
    ['has ended', `status = 'completed', completed_at = now()`, { type: 'refused', status: 'completed' }],
    ['belongs to a workflow', `scope = 'workflow'`, { type: 'of_workflow' }],
    ['is of a playbook', `scope = 'playbook'`, { type: 'no_task' }],
  ])('of a task that %s is refused and leaves nothing', async (_name, change, refused) => {
    const key = await work.task({ tenantId: randomUUID() });
    await work.set(key, change);
    expect(await work.dispatch.cancel(key, cancelling())).toEqual(refused);
    expect(await work.commands(key)).toEqual([]);
    const count = `select count(*)::int as entries from orchestrator.orchestration_logs where tenant_id = $1 and operation_type = 'task_cancellation'`;
    expect((await stores.admin.query(count, [key.tenantId])).rows).toEqual([{ entries: 0 }]);
  });

  it('that comes at the same time as an answer leaves its end to the run, in the order in which they came', async () => {
    const attempt = await given();
    await Promise.all([
      work.dispatch.end(work.answerOf(attempt)),
      work.dispatch.cancel(attempt, cancelling()),
    ]);
    const types = (await work.commands(attempt)).map(({ type }) => type);
    const status = await work.column(attempt, 'status');
    expect([`worker_ended,cancel running`, `cancel cancelled`]).toContain(`${types} ${status}`);
  });
});

describe('an attempt', () => {
  it('is lost when its lease is over, and its late answer is refused', async () => {
    const attempt = await given();
    expect(await sweep(attempt)).toBe(0);
    await work.set(attempt, `lease_until = now() - interval '1 second'`);
    const told = await Promise.all([sweep(attempt), sweep(attempt)]);
    expect(told.sort()).toEqual([0, 1]);
    expect(await work.commands(attempt)).toMatchObject([{ fault: { code: 'worker_lost' }, attempt: 1 }]);
    expect(await work.dispatch.end(work.answerOf(attempt))).toEqual({ type: 'lost' });
    expect(await figuresOf(attempt)).toEqual({ succeeded: 0, failed: 1, totalMs: 0 });
  });

  it('is not repeated after its worker fell silent where the agent forbids to run it again, and is after a timeout', async () => {
    const codeOf = async (attempt: TaskKey) => (await work.commands(attempt)).map(({ fault }) => fault);
    const [lapsed, silent, late] = [await given(), await given(), await given()];
    for (const each of [lapsed, silent, late]) await work.set(each, 'fails_uncertain = true');
    await work.set(lapsed, `lease_until = now() - interval '1 second'`);
    const [key] = (await work.queue.lapsed(1_000)).filter(({ id }) => id === lapsed.id);
    expect(await work.queue.giveUp(key ?? lapsed, 0.5)).toMatchObject([{ cause: 'worker_lost' }]);
    expect(await codeOf(lapsed)).toMatchObject([{ code: 'uncertain' }]);
    await stores.admin.query(`update orchestrator.workers set status = 'offline' where id = $1`, [
      silent.workerId,
    ]);
    await work.queue.loseWorker(silent, 0.5);
    expect(await codeOf(silent)).toMatchObject([{ code: 'uncertain' }]);
    await work.set(late, 'timeout_at = now()');
    await sweep(late);
    expect(await codeOf(late)).toMatchObject([{ code: 'attempt_timeout' }]);
  });

  it('times out, and its task fails for good when all of its time is up', async () => {
    const first = await given();
    await work.set(first, 'timeout_at = now()');
    expect(await sweep(first)).toBe(1);
    expect(await work.commands(first)).toMatchObject([{ fault: { code: 'attempt_timeout' } }]);
    const second = await given();
    await work.set(second, 'timeout_at = now(), deadline_at = now()');
    expect(await sweep(second)).toBe(1);
    expect(await work.commands(second)).toMatchObject([{ fault: { code: 'deadline' } }]);
  });

  it('has no more time than its task and its worker allow', async () => {
    const tenantId = randomUUID();
    const short = await work.task({ tenantId, timeoutS: 5 });
    const long = await work.task({ tenantId, timeoutS: 3_600 });
    const [asks, called] = [
      await work.worker({ tenantId }),
      await work.worker({ tenantId, protocol: 'http' }),
    ];
    await work.dispatch.assign(short, asks, newEntry());
    await work.dispatch.assign(long, called, newEntry());
    const seconds = (column: string) => `round(extract(epoch from ${column} - assigned_at) * 1000)::int`;
    expect(await work.column(short, seconds('timeout_at'))).toBe(5_000);
    expect(await work.column(short, seconds('lease_until'))).toBe(5_000);
    expect(await work.column(long, seconds('timeout_at'))).toBe(300_000);
    expect(await work.column(long, seconds('deadline_at'))).toBe(3_600_000);
  });

  it('that nobody has begun ends when all the time of its task is up, unless its run is paused', async () => {
    const key = await work.task({ tenantId: randomUUID() });
    await work.set(key, 'deadline_at = now(), held = true');
    expect(await sweep(key)).toBe(0);
    await work.set(key, 'held = false');
    expect(await sweep(key)).toBe(1);
    expect(await sweep(key)).toBe(0);
    expect(await work.commands(key)).toMatchObject([{ fault: { code: 'deadline' }, workerId: '' }]);
  });

  it('that nobody has begun is nobody’s, although a worker had the one before', async () => {
    const attempt = await given();
    await work.set(attempt, `status = 'pending', attempt = 2, deadline_at = now()`);
    expect(await sweep(attempt)).toBe(1);
    expect(await work.commands(attempt)).toMatchObject([
      { attempt: 2, fault: { code: 'deadline' }, workerId: '', durationMs: 0 },
    ]);
  });

  it('that a worker gave back when nobody was to have it any more ends without one', async () => {
    const key = await work.task({ tenantId: randomUUID() });
    await work.set(key, 'held = true, withdrawn = true');
    expect(await sweep(key)).toBe(1);
    expect(await sweep(key)).toBe(0);
    expect(await work.commands(key)).toMatchObject([{ fault: { code: 'cancelled' }, workerId: '' }]);
  });

  it('of a worker that fell silent is lost, and the task is nobody’s from then on', async () => {
    const attempt = await given();
    await work.set(attempt, 'kept_worker_id = worker_id');
    expect(await work.queue.loseWorker(attempt, 0.5)).toEqual([]);
    await stores.admin.query(`update orchestrator.workers set status = 'offline' where id = $1`, [
      attempt.workerId,
    ]);
    expect(await work.queue.loseWorker(attempt, 0.5)).toHaveLength(1);
    expect(await work.column(attempt, 'kept_worker_id')).toBeNull();
    expect(await work.commands(attempt)).toMatchObject([{ fault: { code: 'worker_lost' } }]);
  });

  it('whose command was lost is told of again, as it was answered', async () => {
    const attempt = await given();
    await work.dispatch.end(work.answerOf(attempt));
    const reminded = async () =>
      (await work.queue.remind(100, 0.5)).filter(({ id }) => id === attempt.executionId);
    await work.set(
      attempt,
      `answered_at = answered_at - interval '31 seconds', assigned_at = assigned_at - interval '31 seconds'`,
    );
    expect(await reminded()).toEqual([]);
    const [before] = await work.commands(attempt);
    await stores.admin.query('delete from orchestrator.commands where execution_id = $1', [
      attempt.executionId,
    ]);
    expect(await reminded()).toHaveLength(1);
    const [again] = await work.commands(attempt);
    expect(again).toEqual({
      ...before,
      startedMs: Number(before?.startedMs) - 31_000,
      durationMs: expect.any(Number),
    });
    expect(await reminded()).toEqual([]);
  });

  it('that its run is about to decide is not told of again within half a minute', async () => {
    const attempt = await given();
    await work.dispatch.end(work.answerOf(attempt));
    const forget = () =>
      stores.admin.query('delete from orchestrator.commands where execution_id = $1', [attempt.executionId]);
    const reminded = async () =>
      (await work.queue.remind(100, 0.5)).filter(({ id }) => id === attempt.executionId).length;
    await forget();
    expect(await reminded()).toBe(0);
    await work.set(attempt, `answered_at = answered_at - interval '31 seconds'`);
    expect(await reminded()).toBe(1);
    await forget();
    expect(await reminded()).toBe(0);
  });
});

describe('a worker that is called', () => {
  it('is called by one at a time, under the same number when that one is gone', async () => {
    const attempt = await given({ protocol: 'http' });
    const other = { callerId: randomUUID(), leaseMs: 15_000 };
    const claims = async () =>
      (await work.queue.claimLapsedCalls(other, 100)).filter(({ id }) => id === attempt.id);
    expect(await claims()).toEqual([]);
    expect(await work.queue.renew(caller, [attempt])).toMatchObject([{ id: attempt.id, attempt: 1 }]);
    await work.set(attempt, 'lease_until = now()');
    expect(await sweep(attempt)).toBe(0);
    expect(await work.queue.giveUp(attempt, 0.5)).toEqual([]); // whoever saw it before it was called again
    const both = await Promise.all([claims(), claims()]);
    expect(both.flat()).toMatchObject([
      { attempt: 1, workerId: attempt.workerId, worker: { id: attempt.workerId, protocol: 'http' } },
    ]);
    expect(await work.queue.renew(caller, [attempt])).toEqual([]);
    expect(await work.queue.renew(other, [attempt, { ...attempt, attempt: 2 }])).toHaveLength(1);
  });

  it('is called at once for what a person has assigned to it', async () => {
    const tenantId = randomUUID();
    const key = await work.task({ tenantId, isDispatched: false });
    const workerId = await work.worker({ tenantId, protocol: 'http' });
    await work.dispatch.assign(key, workerId, newEntry());
    const claimed = await work.queue.claimLapsedCalls(caller, 100);
    expect(claimed.filter(({ id }) => id === key.id)).toMatchObject([{ attempt: 1, workerId }]);
  });

  it('is chosen among those with places for the tasks that come first', async () => {
    const tenantId = randomUUID();
    const ids: string[] = [];
    for (const priority of [1, 5, 3]) ids.push((await work.task({ tenantId, priority })).id);
    const workerId = await work.worker({ tenantId, protocol: 'http', places: 1, capabilities: ['a'] });
    await work.worker({ tenantId });
    const order = [ids[1], ids[2], ids[0]];
    expect(
      (await work.queue.candidates(tenantId, { workerIds: [workerId], limit: 10 })).map(({ id }) => id),
    ).toEqual(order);
    expect(await work.queue.tenantsToCall(1_000)).toContain(tenantId);
    expect(await work.queue.calledWorkers(tenantId, 10)).toMatchObject([{ id: workerId, running: 0 }]);
    const key = { tenantId, id: ids[1] ?? '' };
    expect((await work.queue.assign(key, { ...caller, workerId })).type).toBe('assigned');
    expect(await work.queue.calledWorkers(tenantId, 10)).toEqual([]);
    expect((await work.queue.assign({ tenantId, id: ids[2] ?? '' }, { ...caller, workerId })).type).toBe(
      'no_place',
    );
  });
});
