// Workflows through the whole mesh: a graph of tasks that is run, told results from one to the next, failed, cancelled and fired by a schedule.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { ApiClient } from '../../clients/api/api-client.ts';
import type { CreateWorkflowBody } from '../../clients/api/gen/api-types.ts';
import { newId } from '../../foundation/ids/ids.ts';
import { pollUntil } from '../../local/demo/demo-run.ts';
import { fieldsOf, refused, shapeOf, statusOf } from './answers.ts';
import type { RawClient } from './raw-client.ts';
import { startTestMesh, type TestMesh } from './test-mesh.ts';

jest.setTimeout(60_000);

const never = new AbortController().signal;
const one = '/api/v2/workflows/{workflow_id}';
let mesh: TestMesh;
let api: ApiClient;
let raw: RawClient;
let worker = '';

beforeAll(async () => {
  mesh = await startTestMesh();
  api = await mesh.as('acme', 'edgar', ['admin']);
  raw = await mesh.raw('acme', 'edgar', ['admin']);
  const body = { type: 'custom', name: 'All-rounder', protocol: 'pull', max_concurrent_tasks: 50 } as const;
  worker = (await api.post('/api/v2/agents/register', { body })).agent_id;
});

afterAll(() => mesh?.close());

type Task = CreateWorkflowBody['tasks'][number];

const task = (key: string, depends_on: string[] = [], more: Partial<Task> = {}): Task => ({
  ...{ key, depends_on, type: 'custom', name: `Task ${key}`, description: 'One of several' },
  ...more,
});

const create = (tasks: Task[], more: Partial<CreateWorkflowBody> = {}) =>
  api.post('/api/v2/workflows', {
    body: { name: 'Survey', description: 'Finds and judges', user_id: 'survey-team', tasks, ...more },
  });
const read = (workflow_id: string) => api.get(one, { path: { workflow_id } });
const execute = (workflow_id: string) => api.post(`${one}/execute`, { path: { workflow_id } });

/** The next task that there is. */
async function next(): Promise<{ task_id: string; attempt: number; context: Record<string, unknown> }> {
  const path = { agent_id: worker };
  const { tasks } = await pollUntil(
    () => api.post('/api/v2/agents/{agent_id}/tasks/claim', { path, body: { wait_s: 5 } }),
    (found) => found.tasks.length > 0,
    never,
  );
  const [found] = tasks;
  if (!found) throw new Error('there is no task');
  return found;
}

const answer = ({ task_id, attempt }: { task_id: string; attempt: number }, body: object) =>
  api.post('/api/v2/tasks/{task_id}/attempts/{attempt}/result', {
    ...{ path: { task_id, attempt: String(attempt) }, body },
  });
const onceEnded = (workflow_id: string) =>
  pollUntil(
    () => read(workflow_id),
    ({ status }) => ['completed', 'failed', 'cancelled'].includes(status),
    never,
  );
const statesOf = ({ tasks }: Awaited<ReturnType<typeof read>>) =>
  Object.fromEntries(tasks.map(({ key, state }) => [key, state]));

describe('a workflow', () => {
  it('runs its tasks in order and tells each the results before it', async () => {
    const graph = [
      task('find', [], { input_data: { n: 1 } }),
      task('judge', ['find']),
      task('tell', ['judge']),
    ];
    const made = await create(graph, { environment: { city: 'Boston' }, metadata: { ticket: 7 } });
    expect(made).toMatchObject({ status: 'created', task_count: 3, job_id: null });
    const id = made.workflow_id;
    expect(statesOf(await read(id))).toEqual({ find: 'waiting', judge: 'waiting', tell: 'waiting' });
    const started = await execute(id);
    expect(started).toMatchObject({
      workflow_id: id,
      status: 'running',
      job_id: expect.stringMatching(/^job_/),
    });
    expect(await statusOf(execute(id))).toBe(409);
    const find = await next();
    expect(statesOf(await read(id))).toEqual({ find: 'running', judge: 'waiting', tell: 'waiting' });
    await answer(find, { output: { potholes: 2 } });
    const judge = await next();
    expect(judge.context).toMatchObject({ find_output: { potholes: 2 } });
    await answer(judge, { output: { bad: 1 } });
    await answer(await next(), { output: { told: true } });
    const ended = await onceEnded(id);
    expect(ended).toMatchObject({
      status: 'completed',
      environment: { city: 'Boston' },
      metadata: { ticket: 7 },
    });
    expect(ended.actual_duration).toBeGreaterThan(0);
    expect(statesOf(ended)).toEqual({ find: 'completed', judge: 'completed', tell: 'completed' });
    const [first, second] = ended.tasks;
    expect(second).toMatchObject({ parent_task_id: first?.id, workflow_id: id, result: { bad: 1 } });
    const run = await api.get('/api/v1/executions/{job_id}', { path: { job_id: started.job_id } });
    expect([run.kind, run.status, run.plan.nodes.length]).toEqual(['workflow', 'completed', 3]);
    const again = await execute(id);
    expect(again.job_id).not.toBe(started.job_id);
    await api.delete(one, { path: { workflow_id: id } });
    expect((await onceEnded(id)).status).toBe('cancelled');
  });

  it('that is started at once fails with the task that fails, and skips what waits for it', async () => {
    const made = await create([task('a', [], { max_retries: 0 }), task('b', ['a'])], { start: true });
    expect(made).toMatchObject({ status: 'running', job_id: expect.any(String) });
    await answer(await next(), { error_code: 'output_invalid', error_message: 'Nothing there' });
    const ended = await onceEnded(made.workflow_id);
    expect([ended.status, statesOf(ended)]).toEqual(['failed', { a: 'failed', b: 'skipped' }]);
    expect(ended.tasks.map(({ status }) => status)).toEqual(['failed', 'cancelled']);
  });

  it('waits for those that it depends on', async () => {
    const before = await create([task('a')]);
    const after = await create([task('b')], { dependencies: [before.workflow_id] });
    expect(await statusOf(execute(after.workflow_id))).toBe(409);
    await execute(before.workflow_id);
    await answer(await next(), { output: {} });
    await onceEnded(before.workflow_id);
    expect(await statusOf(execute(after.workflow_id))).toBe(200);
    await answer(await next(), { output: {} });
    expect((await onceEnded(after.workflow_id)).status).toBe('completed');
  });

  it('with a schedule says when it fires next, until it is cancelled', async () => {
    const { workflow_id: id, status } = await create([task('a')], { schedule: '0 6 1 1 *' });
    expect(status).toBe('scheduled');
    expect((await read(id)).next_fire_at).toMatch(/-01-01T06:00:00/);
    expect(await api.delete(one, { path: { workflow_id: id } })).toMatchObject({ status: 'cancelled' });
    expect(await read(id)).toMatchObject({ status: 'cancelled', next_fire_at: null });
    expect(await statusOf(api.delete(one, { path: { workflow_id: id } }))).toBe(409);
  });

  it('is listed by status and by whom it is for', async () => {
    const mine = await mesh.as('lists', 'lara', ['admin']);
    const ids: string[] = [];
    for (const user_id of ['one-team', 'two-team']) {
      const body = { name: 'Survey', description: 'x', user_id, tasks: [task('a')] };
      ids.unshift((await mine.post('/api/v2/workflows', { body })).workflow_id);
    }
    const list = async (query: object) => {
      const found = await mine.get('/api/v2/workflows', { query });
      return found.workflows.map(({ id }) => id);
    };
    expect(await list({})).toEqual(ids);
    expect(await list({ user_id: 'one-team' })).toEqual([ids[1]]);
    expect(await list({ limit: 1, offset: 1 })).toEqual([ids[1]]);
    expect(await list({ status: 'running' })).toEqual([]);
    expect(await list({ status: 'created' })).toEqual(ids);
  });

  it('is refused with everything that is wrong, a cycle by its path', async () => {
    const cycle = { name: 'Survey', description: 'x', tasks: [task('a', ['b']), task('b', ['a'])] };
    const refusal = await raw('POST', '/api/v2/workflows', { body: cycle });
    expect([refusal.status, refusal.body.details[0]?.field]).toEqual([422, 'tasks']);
    expect(refusal.body.details[0]?.reason).toMatch(/a -> b -> a|b -> a -> b/);
    const wrong = { name: 'x', user_id: 'ab', tasks: [task('a', ['none']), { key: '1' }], schedule: 'often' };
    const all = await refused(api.post('/api/v2/workflows', { body: wrong as never }));
    expect([all.status, fieldsOf(all)]).toEqual([
      422,
      expect.arrayContaining(['description', 'name', 'schedule', 'tasks[1].key', 'tasks[1].name', 'user_id']),
    ]);
  });

  it.each<[object, string]>([
    [{ environment: { city: 'Bos\0ton' } }, 'environment.city'],
    [{ environment: { 'city\0': 'Boston' } }, 'environment'],
    [{ metadata: { ticket: ['7\0'] } }, 'metadata.ticket[0]'],
    [{ tasks: [task('a'), task('b', [], { input_data: { n: '\0' } })] }, 'tasks[1].input_data.n'],
    [{ tasks: [task('a', [], { input_data: { 'n\0': 1 } })] }, 'tasks[0].input_data'],
    [{ tasks: [task('a\0', [], { name: 'Task a' })] }, 'tasks[0].key'],
    [{ user_id: 'team\0' }, 'user_id'],
  ])('with a NUL character is refused: %j', async (changes, field) => {
    const body = { name: 'Survey', description: 'x', tasks: [task('a')], ...changes };
    const { status, body: problem } = await raw('POST', '/api/v2/workflows', { body });
    expect([status, problem.details.map((each) => each.field)]).toEqual([422, [field]]);
  });

  it('of another tenant is one that never existed', async () => {
    const stranger = await mesh.as('globex', 'greta');
    const { workflow_id } = await create([task('a')]);
    const calls = [
      (id: string) => stranger.get(one, { path: { workflow_id: id } }),
      (id: string) => stranger.post(`${one}/execute`, { path: { workflow_id: id } }),
      (id: string) => stranger.delete(one, { path: { workflow_id: id } }),
    ];
    for (const call of calls) {
      const [foreign, unknown] = [await refused(call(workflow_id)), await refused(call(newId()))];
      expect([foreign.status, shapeOf(foreign)]).toEqual([404, shapeOf(unknown)]);
    }
  });
});
