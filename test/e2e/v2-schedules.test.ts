// Schedules of workflows and what workflows depend on, through REST and with two replicas of the orchestrator. The time of a schedule comes in the
// database: replicas look at its clock, so that a test sets the next firing back and waits for nobody's minute.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import type { ApiClient } from '../../clients/api/api-client.ts';
import type { CreateWorkflowBody } from '../../clients/api/gen/api-types.ts';
import { newId } from '../../foundation/ids/ids.ts';
import { pollUntil } from '../../local/demo/demo-run.ts';
import { ensureDatabase } from '../../local/mesh/prepare-stores.ts';
import { fieldsOf, refused, shapeOf, statusOf } from './answers.ts';
import type { RawClient } from './raw-client.ts';
import { startTestMesh, type TestMesh } from './test-mesh.ts';

jest.setTimeout(60_000);

const never = new AbortController().signal;
const one = '/api/v2/workflows/{workflow_id}';
const minuteMs = 60_000;
let mesh: TestMesh;
let api: ApiClient;
let raw: RawClient;
let database: pg.Client;
let replica: { close(): Promise<void> };

beforeAll(async () => {
  mesh = await startTestMesh();
  replica = await mesh.startOrchestratorReplica();
  api = await mesh.as('acme', 'edgar', ['admin']);
  raw = await mesh.raw('acme', 'edgar', ['admin']);
  database = new pg.Client({ connectionString: await ensureDatabase(mesh.databases.adminUrl) });
  await database.connect();
});
afterAll(async () => {
  await database?.end();
  await replica?.close();
  await mesh?.close();
});

/** A workflow of one task, which needs this capability. */
async function create(capability: string, more: Partial<CreateWorkflowBody> = {}, by = api): Promise<string> {
  const about = { key: 'only', type: 'custom', name: 'The task', description: 'All that there is' } as const;
  const tasks = [{ ...about, required_capabilities: [capability], max_retries: 0 }];
  const body = { name: 'A survey', description: 'Once in a while', user_id: 'survey-team', tasks, ...more };
  return (await by.post('/api/v2/workflows', { body })).workflow_id;
}

/** The schedule that fires at a minute of the day, this one or so many before. */
function daily(minutesAgo = 0): string {
  const at = new Date(Date.now() - minutesAgo * minuteMs);
  return `${at.getUTCMinutes()} ${at.getUTCHours()} * * *`;
}

/** As if the next firing were due so long ago. */
const comesDue = (ids: readonly string[], ago = '0 s') =>
  database.query(
    `update orchestrator.workflows set next_fire_at = date_trunc('minute', now()) - $2::interval where id = any($1::uuid[])`,
    [ids, ago],
  );

const read = (workflow_id: string, by = api) => by.get(one, { path: { workflow_id } });
const once = (id: string, isSo: (workflow: Awaited<ReturnType<typeof read>>) => boolean, by = api) =>
  pollUntil(() => read(id, by), isSo, never);
const onceRun = (id: string, by = api) => once(id, ({ job_id }) => job_id !== null, by);
const onceEnded = (id: string) =>
  once(id, ({ status }) => ['completed', 'failed', 'cancelled'].includes(status));
const execute = (workflow_id: string) => api.post(`${one}/execute`, { path: { workflow_id } });
const cancel = (workflow_id: string) => api.delete(one, { path: { workflow_id } });
const runsOf = async (by = api) =>
  (await by.get('/api/v1/executions', { query: { kind: 'workflow', limit: 100 } })).executions;
/** The firings of a workflow that started a run, the newest first. */
async function startsOf(id: string) {
  const query = { operation_type: 'workflow_execution', entity_id: id } as const;
  return (await api.get('/api/v1/audit', { query })).entries;
}

let workers = 0;

/** Ends the next task that needs the capability, as this says. */
async function work(capability: string, result: object = { output: { done: true } }): Promise<void> {
  workers += 1;
  const about = { type: 'custom', name: `Worker ${workers}`, protocol: 'pull' } as const;
  const body = { ...about, capabilities: [capability] };
  const { agent_id } = await api.post('/api/v2/agents/register', { body });
  const claim = '/api/v2/agents/{agent_id}/tasks/claim';
  const { tasks } = await api.post(claim, { path: { agent_id }, body: { wait_s: 20 } });
  const [{ task_id, attempt } = { task_id: '', attempt: 0 }] = tasks;
  const path = { task_id, attempt: String(attempt) };
  await api.post('/api/v2/tasks/{task_id}/attempts/{attempt}/result', { path, body: result });
}

describe('a schedule', () => {
  it('fires each workflow once though two replicas look', async () => {
    const mine = await mesh.as('clock', 'clara');
    const ids = await Promise.all(
      Array.from({ length: 12 }, () => create('clock', { schedule: daily() }, mine)),
    );
    expect((await runsOf(mine)).length).toBe(0);
    await comesDue(ids);
    const fired = await Promise.all(ids.map((id) => onceRun(id, mine)));
    expect(new Set(fired.map(({ status }) => status))).toEqual(new Set(['running']));
    for (const { next_fire_at } of fired)
      expect(Date.parse(next_fire_at ?? '')).toBeGreaterThan(Date.now() + 1_000 * minuteMs);
    const jobs = fired.map(({ job_id }) => job_id);
    expect((await runsOf(mine)).map(({ job_id }) => job_id).sort()).toEqual(jobs.sort());
    const firings =
      'select count(*)::integer as firings from orchestrator.workflow_firings where workflow_id = any($1::uuid[])';
    expect((await database.query(firings, [ids])).rows).toEqual([{ firings: ids.length }]);
  });

  it('makes up for what was missed by the last firing alone', async () => {
    const at = new Date(Math.floor(Date.now() / minuteMs) * minuteMs);
    const id = await create('missed', { schedule: `${at.getUTCMinutes()} * * * *` });
    await comesDue([id], '5 hours');
    await onceRun(id);
    const starts = await startsOf(id);
    expect(starts).toHaveLength(1);
    expect(starts[0]?.details).toMatchObject({ by: 'schedule', fire_at: at.toISOString() });
    const { next_fire_at } = await read(id);
    expect(Date.parse(next_fire_at ?? '')).toBe(at.getTime() + 60 * minuteMs);
  });

  it('tells each of its runs, the newest in the workflow and all in the audit log', async () => {
    const id = await create('shown', { schedule: daily(1) });
    await comesDue([id]);
    const first = await onceRun(id);
    const run = await api.get('/api/v1/executions/{job_id}', { path: { job_id: first.job_id ?? '' } });
    expect([run.kind, run.status]).toEqual(['workflow', 'running']);
    await work('shown');
    expect(await onceEnded(id)).toMatchObject({ status: 'completed', job_id: first.job_id });
    const back = `update orchestrator.workflow_firings set fire_at = fire_at - interval '1 day' where workflow_id = $1`;
    await database.query(back, [id]);
    await comesDue([id]);
    const second = await once(id, ({ job_id }) => job_id !== first.job_id);
    expect(second).toMatchObject({ status: 'running', schedule_problem: null });
    const starts = await startsOf(id);
    expect(starts.map(({ details }) => details)).toMatchObject([
      { by: 'schedule', job_id: second.job_id },
      { by: 'schedule', job_id: first.job_id },
    ]);
    await cancel(id);
  });

  it('that comes while its last run is under way says why it started none', async () => {
    const id = await create('busy', { schedule: daily(1) });
    const { job_id } = await execute(id);
    await comesDue([id]);
    const held = await once(id, ({ schedule_problem }) => schedule_problem !== null);
    expect(held).toMatchObject({ job_id, schedule_problem: 'An execution of the workflow is under way' });
    expect(await startsOf(id)).toHaveLength(1);
  });

  it('of a cancelled workflow fires no more, before its first run and after it', async () => {
    const [idle, running, control] = await Promise.all(
      ['idle', 'running', 'control'].map((name) => create(name, { schedule: daily() })),
    );
    await comesDue([running ?? '']);
    const { job_id } = await onceRun(running ?? '');
    await Promise.all([cancel(idle ?? ''), cancel(running ?? '')]);
    await comesDue([control ?? '']);
    await onceRun(control ?? '');
    expect(await read(idle ?? '')).toMatchObject({ status: 'cancelled', job_id: null, next_fire_at: null });
    expect(await onceEnded(running ?? '')).toMatchObject({ status: 'cancelled', job_id, next_fire_at: null });
    expect(await startsOf(running ?? '')).toHaveLength(1);
    expect(await statusOf(cancel(running ?? ''))).toBe(409);
  });

  it.each([
    ['0 0 31 2 *', 'never fires'],
    ['0 0 30 2 *', 'never fires'],
    ['0 0 31 4,6,9,11 *', 'never fires'],
    ['60 * * * *', 'has "60" among its minutes'],
    ['* * * *', 'must have 5 fields: minutes, hours, days, months and weekdays'],
    ['@daily', 'must have 5 fields: minutes, hours, days, months and weekdays'],
  ])('of %j is refused: it %s', async (schedule, reason) => {
    const refusal = await refused(create('none', { schedule }));
    expect([refusal.status, refusal.violations]).toMatchObject([422, [{ field: 'schedule', reason }]]);
  });

  it('of a leap day waits for it', async () => {
    const { next_fire_at } = await read(await create('leap', { schedule: '0 0 29 2 *' }));
    expect(next_fire_at).toMatch(/^\d{4}-02-29T00:00:00/);
  });
});

describe('a workflow that depends on others', () => {
  it.each([
    ['fails', { error_code: 'output_invalid', error_message: 'Nothing there' }, 'failed'],
    ['is cancelled', undefined, 'cancelled'],
  ])('waits when one of them %s, until it has completed', async (name, result, status) => {
    const capability = `before ${name}`;
    const before = await create(capability);
    const after = await create('after', { dependencies: [before] });
    const namesIt = async () => {
      const refusal = await refused(execute(after));
      expect([refusal.status, refusal.problem]).toMatchObject([
        409,
        { detail: expect.stringContaining(before) },
      ]);
    };
    await namesIt();
    await execute(before);
    await namesIt();
    if (result) await work(capability, result);
    else await cancel(before);
    expect((await onceEnded(before)).status).toBe(status);
    await namesIt();
    expect((await read(after)).job_id).toBeNull();
    await execute(before);
    await work(capability);
    expect((await onceEnded(before)).status).toBe('completed');
    expect(await execute(after)).toMatchObject({ workflow_id: after, status: 'running' });
  });

  it('is named all that have not completed, and is not made where it is to be started at once', async () => {
    const [done, open, other] = [await create('done'), await create('open'), await create('open')];
    await execute(done);
    await work('done');
    await onceEnded(done);
    const name = 'Never made';
    const more = { name, dependencies: [done, open, other], start: true };
    const refusal = await refused(create('late', more));
    expect([refusal.status, refusal.message]).toMatchObject([
      409,
      expect.stringContaining(`${open}, ${other}`),
    ]);
    expect(refusal.message).not.toContain(done);
    const { workflows } = await api.get('/api/v2/workflows', { query: { limit: 1000 } });
    expect(workflows.filter((workflow) => workflow.name === name)).toEqual([]);
  });

  it('is not started by its schedule either, which says so and starts it at its next time', async () => {
    const before = await create('first');
    const after = await create('second', { dependencies: [before], schedule: daily(1) });
    await comesDue([after]);
    const held = await once(after, ({ schedule_problem }) => schedule_problem !== null);
    const because = `Workflows that it depends on have not completed: ${before}`;
    expect(held).toMatchObject({ status: 'scheduled', job_id: null, schedule_problem: because });
    await execute(before);
    await work('first');
    await onceEnded(before);
    const back = `update orchestrator.workflow_firings set fire_at = fire_at - interval '1 day' where workflow_id = $1`;
    await database.query(back, [after]);
    await comesDue([after]);
    expect(await onceRun(after)).toMatchObject({ status: 'running', schedule_problem: null });
  });

  it('must name workflows of its tenant, each once and at most ten', async () => {
    const stranger = await mesh.as('globex', 'greta');
    const theirs = await create('theirs', {}, stranger);
    const mine = await create('mine');
    const [unknown, foreign] = await Promise.all(
      [newId(), theirs].map((id) => refused(create('mine', { dependencies: [mine, id] }))),
    );
    expect(unknown?.violations).toEqual([
      expect.objectContaining({ field: 'dependencies[1]', reason: 'must be a workflow of the tenant' }),
    ]);
    expect([foreign?.status, foreign?.violations.map(({ field, reason }) => [field, reason])]).toEqual([
      422,
      unknown?.violations.map(({ field, reason }) => [field, reason]),
    ]);
    if (unknown && foreign) expect(Object.keys(shapeOf(foreign))).toEqual(Object.keys(shapeOf(unknown)));
    const twice = await refused(create('mine', { dependencies: [mine, mine.toUpperCase()] }));
    expect([twice.status, fieldsOf(twice)]).toEqual([422, ['dependencies[1]']]);
    const many = await refused(create('mine', { dependencies: Array.from({ length: 11 }, newId) }));
    expect([many.status, fieldsOf(many)]).toEqual([422, ['dependencies']]);
    expect(await statusOf(create('mine', { dependencies: ['the one before'] }))).toBe(400);
  });

  it('can be part of no cycle: what it depends on is there before it, and is changed by nobody', async () => {
    const first = await create('ring');
    const second = await create('ring', { dependencies: [first] });
    for (const method of ['PUT', 'PATCH']) {
      const { status } = await raw(method, `/api/v2/workflows/${first}`, {
        body: { dependencies: [second] },
      });
      expect([404, 405]).toContain(status);
    }
    expect((await read(first)).dependencies).toEqual([]);
  });
});
