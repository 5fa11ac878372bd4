// Schedules on PostgreSQL: each firing starts one execution, whoever sees it; missed ones are made up for by the last; what cannot start says why.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Principal } from '../../../../foundation/identity/principal.ts';
import { newId } from '../../../../foundation/ids/ids.ts';
import type { JsonObject } from '../../../../foundation/json/json.ts';
import { startTestDatabases, type TestDatabases } from '../../../../local/databases/test-databases.ts';
import { diamond, workflowBody } from '../../core/work/workflow.for-test.ts';
import { createPostgresScheduleQueue } from '../../store/postgres-schedule-queue.ts';
import { createPostgresWorkflowStore } from '../../store/postgres-workflow-store.ts';
import { openTestPool, openTestStores, type TestStores } from '../../store/stores.for-test.ts';
import type {
  ScheduleQueue,
  StoredWorkflow,
  WorkflowKey,
  WorkflowStore,
} from '../../store/workflow-store.ts';
import { endRun, entryOf, newOwner, newWorkflow, startOf } from '../../store/workflows.for-test.ts';
import { beginSchedules, fireDue, firingOf } from './schedules.ts';

jest.setTimeout(30_000);

const minuteMs = 60_000;

let databases: TestDatabases;
let stores: TestStores;
let workflows: WorkflowStore;
let replicas: readonly [ScheduleQueue, ScheduleQueue];
let closeOther: () => Promise<void>;
beforeAll(async () => {
  databases = await startTestDatabases();
  stores = await openTestStores(databases, 'schedules');
  const other = openTestPool(stores.urls.engine);
  closeOther = () => other.close();
  workflows = createPostgresWorkflowStore(stores.app);
  replicas = [createPostgresScheduleQueue(stores.enginePool), createPostgresScheduleQueue(other)];
}, 30_000);
afterAll(async () => {
  await closeOther?.();
  await stores?.close();
  await databases?.stop();
});

/** A workflow that fires once a day, at this minute or so many minutes before it, and has not yet. */
async function scheduled(
  person: Principal,
  minutesAgo: number,
  changes: JsonObject = {},
): Promise<WorkflowKey> {
  const nextFireAtMs = Math.floor(Date.now() / minuteMs - minutesAgo) * minuteMs;
  const at = new Date(nextFireAtMs);
  const schedule = `${at.getUTCMinutes()} ${at.getUTCHours()} * * *`;
  const workflow = newWorkflow(person, workflowBody(diamond, { schedule, ...changes }), { nextFireAtMs });
  expect(await workflows.create(workflow, entryOf(person, workflow.id))).toEqual({ type: 'created' });
  return workflow;
}

async function now(key: WorkflowKey): Promise<StoredWorkflow> {
  const workflow = await workflows.read(key, { fresh: true });
  if (!workflow) throw new Error('There is no such workflow');
  return workflow;
}

/** Looks once; answers the tenants of which something was offered, and what was logged. */
async function look(schedules: ScheduleQueue = replicas[0]) {
  const told: string[] = [];
  const logged: unknown[] = [];
  const log = { warn: (...line: unknown[]) => void logged.push(line) };
  await fireDue({ schedules, offered: (tenantId) => void told.push(tenantId), log });
  return { told, logged };
}

async function executionsOf({
  id,
}: WorkflowKey): Promise<readonly { id: string; created_by: string; principal: string }[]> {
  const text =
    'select id, created_by, principal from orchestrator.executions where subject_id = $1 order by id';
  return (await stores.admin.query(text, [id])).rows;
}

async function firingsOf({
  id,
}: WorkflowKey): Promise<readonly { fire_at: Date; execution_id: string | null }[]> {
  const text =
    'select fire_at, execution_id from orchestrator.workflow_firings where workflow_id = $1 order by fire_at';
  return (await stores.admin.query(text, [id])).rows;
}

const setBack = ({ id }: WorkflowKey, to: Date) =>
  stores.admin.query('update orchestrator.workflows set next_fire_at = $2 where id = $1', [id, to]);
/** As if its time had come again, and the firing before had been an hour earlier. */
const timeComesAgain = ({ id }: WorkflowKey) =>
  stores.admin.query(
    `with fired as (update orchestrator.workflow_firings set fire_at = fire_at - interval '1 hour' where workflow_id = $1)
     update orchestrator.workflows set next_fire_at = date_trunc('minute', now()) where id = $1`,
    [id],
  );

describe('a firing', () => {
  it('starts one execution, however many replicas see it', async () => {
    const person = newOwner();
    const key = await scheduled(person, 0);
    const looks = await Promise.all([0, 1, 0, 1, 0, 1].map((at) => look(replicas[at === 0 ? 0 : 1])));
    expect(looks.flatMap(({ told }) => told)).toEqual([person.tenantId]);
    const [execution, ...others] = await executionsOf(key);
    expect(others).toEqual([]);
    expect(await firingsOf(key)).toEqual([{ fire_at: expect.any(Date), execution_id: execution?.id }]);
    const workflow = await now(key);
    expect(workflow).toMatchObject({ status: 'running', executionId: execution?.id, scheduleProblem: '' });
    expect(workflow.nextFireAtMs).toBeGreaterThan(Date.now() - 1_000);
  });

  it('acts in the name of who created the workflow, and says that a schedule did', async () => {
    const person = newOwner();
    const key = await scheduled(person, 0);
    await look();
    const [execution] = await executionsOf(key);
    expect(execution?.created_by).toBe(person.userId);
    expect(JSON.parse(execution?.principal ?? '')).toEqual(person);
    const { rows } = await stores.admin.query(
      `select operation_type, user_id, details from orchestrator.orchestration_logs where entity_id = $1 and operation_type = 'workflow_execution'`,
      [key.id],
    );
    expect(rows).toMatchObject([{ user_id: person.userId }]);
    const details = typeof rows[0].details === 'string' ? JSON.parse(rows[0].details) : rows[0].details;
    expect(details).toMatchObject({ by: 'schedule', fire_at: expect.stringMatching(/:00\.000Z$/) });
  });

  it('is the last one of those that were missed', async () => {
    const key = await scheduled(newOwner(), 180, { schedule: '* * * * *' });
    const beforeMs = Date.now();
    await look();
    await setBack(key, new Date(Date.now() + 3_600_000));
    const firings = await firingsOf(key);
    expect(firings).toHaveLength(1);
    const firedMs = firings[0]?.fire_at.getTime() ?? 0;
    expect(firedMs % minuteMs).toBe(0);
    expect(firedMs).toBeGreaterThan(beforeMs - minuteMs - 1_000);
    expect(await executionsOf(key)).toHaveLength(1);
  });

  it('comes next after now, however many were missed', async () => {
    const nowMs = Date.UTC(2026, 0, 1, 12, 0, 30);
    const due = { tenantId: newId(), id: newId(), schedule: '* * * * *', principal: newOwner() };
    const fired = firingOf({ ...due, dueAtMs: nowMs - 180 * minuteMs, nowMs });
    expect([fired.fireAtMs, fired.nextFireAtMs]).toEqual([nowMs - 30_000, nowMs + 30_000]);
    expect(fired.start.entry.userId).toBe(due.principal.userId);
  });

  it('is not repeated, even where its time comes again', async () => {
    const key = await scheduled(newOwner(), 0);
    await look();
    const [firing] = await firingsOf(key);
    await endRun(stores, firing?.execution_id ?? '');
    const due = {
      ...key,
      schedule: '* * * * *',
      principal: newOwner(),
      dueAtMs: 0,
      nowMs: firing?.fire_at.getTime() ?? 0,
    };
    await setBack(key, firing?.fire_at ?? new Date());
    expect(await replicas[1].fire(key, () => firingOf(due))).toEqual({ type: 'fired_before' });
    expect(await executionsOf(key)).toHaveLength(1);
  });

  it('does not come before its time', async () => {
    const key = await scheduled(newOwner(), -5);
    expect(await replicas[0].fire(key, firingOf)).toBeUndefined();
    await look();
    expect(await executionsOf(key)).toEqual([]);
    expect((await now(key)).status).toBe('scheduled');
  });

  it('writes nothing where it fails, and is made up for', async () => {
    const person = newOwner();
    const key = await scheduled(person, 0);
    const broken = replicas[0].fire(key, (due) => {
      const firing = firingOf(due);
      return { ...firing, start: { ...firing.start, entry: { ...firing.start.entry, userId: 'nobody' } } };
    });
    await expect(broken).rejects.toMatchObject({ code: '22P02' });
    expect([await executionsOf(key), await firingsOf(key)]).toEqual([[], []]);
    expect((await look()).told).toContain(person.tenantId);
    expect(await executionsOf(key)).toHaveLength(1);
  });
});

describe('nothing is started, and the workflow says why,', () => {
  it('while the execution before is under way; the next firing starts one again', async () => {
    const person = newOwner();
    const key = await scheduled(person, 0);
    const start = startOf(person, key);
    expect(await workflows.execute(key, start)).toEqual({ type: 'started' });
    expect((await look()).told).toEqual([]);
    const held = await now(key);
    expect(held).toMatchObject({ executionId: start.executionId });
    expect(held.scheduleProblem).toBe('An execution of the workflow is under way');
    expect(held.nextFireAtMs).toBeGreaterThan(Date.now() - 1_000);
    expect(await firingsOf(key)).toEqual([{ fire_at: expect.any(Date), execution_id: null }]);
    await endRun(stores, start.executionId);
    await timeComesAgain(key);
    expect((await look()).told).toEqual([person.tenantId]);
    expect(await now(key)).toMatchObject({ status: 'running', scheduleProblem: '' });
    expect(await executionsOf(key)).toHaveLength(2);
  });

  it('while a workflow that it depends on has not completed', async () => {
    const person = newOwner();
    const first = newWorkflow(person);
    await workflows.create(first, entryOf(person, first.id));
    const key = await scheduled(person, 0, { dependencies: [first.id] });
    await look();
    expect((await now(key)).scheduleProblem).toBe(
      `Workflows that it depends on have not completed: ${first.id}`,
    );
    expect(await executionsOf(key)).toEqual([]);
  });

  it('once its schedule was cancelled', async () => {
    const person = newOwner();
    const key = await scheduled(person, 0);
    const entry = entryOf(person, key.id, 'workflow_cancellation');
    await workflows.cancel(key, { type: 'cancel', by: person.userId, because: 'Enough' }, entry);
    await look();
    expect(await executionsOf(key)).toEqual([]);
    expect(await now(key)).toMatchObject({ status: 'cancelled', scheduleProblem: '' });
  });
});

describe('a look', () => {
  it('passes over what another holds, and over what cannot be fired', async () => {
    const [person, other] = [newOwner(), newOwner()];
    const spoiled = await scheduled(other, 9);
    await stores.admin.query(`update orchestrator.workflows set schedule = 'never' where id = $1`, [
      spoiled.id,
    ]);
    const held = await scheduled(person, 5);
    const key = await scheduled(person, 0);
    await stores.admin.query('begin');
    await stores.admin.query('select from orchestrator.workflows where id = $1 for update', [held.id]);
    const { told, logged } = await look();
    await stores.admin.query('rollback');
    expect(told).toEqual([person.tenantId]);
    expect(logged).toEqual([[expect.objectContaining({ workflow_id: spoiled.id }), expect.any(String)]]);
    expect(await executionsOf(key)).toHaveLength(1);
    expect(await executionsOf(held)).toEqual([]);
    expect((await look()).told).toEqual([person.tenantId]);
    expect(await executionsOf(held)).toHaveLength(1);
    await setBack(spoiled, new Date(Date.now() + 3_600_000));
  });

  it('comes by itself, and no more once it was stopped', async () => {
    const person = newOwner();
    const key = await scheduled(person, 0);
    const log = { warn: () => undefined };
    const told = Promise.withResolvers<string>();
    const stop = beginSchedules({ schedules: replicas[0], offered: told.resolve, log });
    expect(await told.promise).toBe(person.tenantId);
    await stop();
    expect(await executionsOf(key)).toHaveLength(1);
  });
});
