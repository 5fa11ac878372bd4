// Tasks through the whole mesh: created, claimed by long polls, answered, retried, assigned, executed, cancelled, and shown as runs.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { ApiClient } from '../../clients/api/api-client.ts';
import type { CreateTaskBody } from '../../clients/api/gen/api-types.ts';
import { newId } from '../../foundation/ids/ids.ts';
import { pollUntil } from '../../local/demo/demo-run.ts';
import { answered, refused, shapeOf, statusOf } from './answers.ts';
import type { RawClient } from './raw-client.ts';
import { startTestMesh, type TestMesh } from './test-mesh.ts';

jest.setTimeout(60_000);

const never = new AbortController().signal;
const one = '/api/v2/tasks/{task_id}';
let mesh: TestMesh;
let api: ApiClient;
let raw: RawClient;

beforeAll(async () => {
  mesh = await startTestMesh();
  api = await mesh.as('acme', 'edgar', ['admin']);
  raw = await mesh.raw('acme', 'edgar', ['admin']);
});

afterAll(() => mesh?.close());

let workers = 0;

/** A worker that pulls tasks which need this capability. */
async function register(capability: string, by = api): Promise<string> {
  workers += 1;
  const body = { type: 'detector', name: `Finder ${workers}`, protocol: 'pull' } as const;
  const more = { capabilities: [capability], max_concurrent_tasks: 2 };
  return (await by.post('/api/v2/agents/register', { body: { ...body, ...more } })).agent_id;
}

async function create(capability: string, changes: Partial<CreateTaskBody> = {}): Promise<string> {
  const body = {
    ...{ name: 'Find potholes', description: 'In a picture', auto_dispatch: true },
    ...{ required_capabilities: [capability], input_data: { n: 1 } },
  };
  return (await api.post('/api/v2/tasks', { body: { type: 'detection', ...body, ...changes } })).task_id;
}

const read = (task_id: string) => api.get(one, { path: { task_id } });
const claim = (agent_id: string, wait_s = 0, max = 1) =>
  api.post('/api/v2/agents/{agent_id}/tasks/claim', { path: { agent_id }, body: { wait_s, max } });
const answer = (task_id: string, attempt: number, body: object) =>
  api.post(`${one}/attempts/{attempt}/result`, { path: { task_id, attempt: String(attempt) }, body });
const onceEnded = (task_id: string) =>
  pollUntil(
    () => read(task_id),
    ({ completed_at }) => completed_at !== null,
    never,
  );

describe('a task', () => {
  it('is claimed, answered, and has a result and a run of its own', async () => {
    const worker = await register('whole');
    const id = await create('whole', { priority: 4, tags: ['street'] });
    expect(await read(id)).toMatchObject({ status: 'pending', priority: 4, attempt: 0, auto_dispatch: true });
    const { tasks } = await claim(worker);
    expect(tasks).toMatchObject([{ task_id: id, attempt: 1, task_type: 'detection', input_data: { n: 1 } }]);
    expect(await read(id)).toMatchObject({ status: 'running', assigned_agent_id: worker, attempt: 1 });
    await answer(id, 1, { output: { potholes: 2 }, confidence: 0.9 });
    const ended = await onceEnded(id);
    expect(ended).toMatchObject({ status: 'completed', result: { potholes: 2 }, error_code: null });
    const run = await api.get('/api/v1/executions/{job_id}', { path: { job_id: ended.job_id ?? '' } });
    expect([run.kind, run.status]).toEqual(['task', 'completed']);
    const { assigned_agent } = await api.get(one, {
      path: { task_id: id },
      query: { include_agent: 'true' },
    });
    expect(assigned_agent?.performance_metrics).toMatchObject({ tasks_succeeded: 1, success_rate: 1 });
  });

  it('comes to who waits for it, at once', async () => {
    const worker = await register('waited');
    const claimed = claim(worker, 20);
    const startedMs = performance.now();
    const id = await create('waited');
    expect((await claimed).tasks.map(({ task_id }) => task_id)).toEqual([id]);
    expect(performance.now() - startedMs).toBeLessThan(8_000);
  });

  it('of a higher priority comes first, and only what a worker can do', async () => {
    const worker = await register('ordered');
    await create('another thing', { priority: 5 });
    const [low, high] = [await create('ordered', { priority: 1 }), await create('ordered', { priority: 3 })];
    expect((await claim(worker, 0, 1)).tasks.map(({ task_id }) => task_id)).toEqual([high]);
    expect((await claim(worker, 0, 5)).tasks.map(({ task_id }) => task_id)).toEqual([low]);
    // Both places are taken.
    await create('ordered');
    expect((await claim(worker)).tasks).toEqual([]);
  });

  it('that fails is tried again, and a late answer of an attempt before is refused', async () => {
    const worker = await register('failing');
    const id = await create('failing', { max_retries: 1 });
    const [first] = (await claim(worker)).tasks;
    await answer(id, first?.attempt ?? 0, { error_code: 'tool_error', error_message: 'It broke' });
    const { tasks } = await pollUntil(
      () => claim(worker, 5),
      (found) => found.tasks.length > 0,
      never,
    );
    expect(tasks).toMatchObject([{ task_id: id, attempt: 2 }]);
    expect(await statusOf(answer(id, 1, { output: { a: 1 } }))).toBe(409);
    await answer(id, 2, { error_code: 'tool_error', error_message: 'It broke again' });
    expect(await onceEnded(id)).toMatchObject({ status: 'failed', error_message: expect.any(String) });
  });

  it('is assigned by hand once, and waits for that worker', async () => {
    const [worker, other] = [await register('manual'), await register('manual')];
    const id = await create('manual', { auto_dispatch: false });
    expect((await claim(worker)).tasks).toEqual([]);
    const path = { task_id: id, agent_id: worker };
    const assign = (agent_id: string) =>
      api.post(`${one}/assign/{agent_id}`, { path: { ...path, agent_id } });
    expect(await assign(worker)).toMatchObject({ status: 'assigned', database_updated: true });
    expect(await statusOf(assign(other))).toBe(409);
    expect(await read(id)).toMatchObject({ status: 'running', assigned_agent_id: worker });
    expect((await claim(other)).tasks).toEqual([]);
    expect((await claim(worker)).tasks.map(({ task_id }) => task_id)).toEqual([id]);
  });

  it('that fifty assign at the same moment is given to one of them', async () => {
    const assigners = 50;
    const workers = await Promise.all(Array.from({ length: assigners }, () => register('contested')));
    const id = await create('contested', { auto_dispatch: false });
    const statuses = await Promise.all(
      workers.map((agent_id) =>
        statusOf(api.post(`${one}/assign/{agent_id}`, { path: { task_id: id, agent_id } })),
      ),
    );
    expect(statuses.toSorted()).toEqual([200, ...Array(assigners - 1).fill(409)]);
    const { assigned_agent_id } = await read(id);
    expect(assigned_agent_id).toBe(workers[statuses.indexOf(200)]);
    const claims = await Promise.all(workers.map((agent_id) => claim(agent_id)));
    const given = claims.flatMap(({ tasks }, at) => tasks.map(({ attempt }) => [workers[at], attempt]));
    expect(given).toEqual([[assigned_agent_id, 1]]);
  });

  it('is executed when that is asked, and cancelled', async () => {
    const worker = await register('asked');
    const id = await create('asked', { auto_dispatch: false });
    const path = { task_id: id };
    const executed = await answered((onHead) => api.post(`${one}/execute`, { path, onHead }));
    expect([executed.status, executed.body.status]).toEqual([202, 'dispatched']);
    expect((await claim(worker)).tasks).toHaveLength(1);
    expect(await api.delete(one, { path })).toMatchObject({ status: 'cancelled' });
    expect(await onceEnded(id)).toMatchObject({ status: 'cancelled' });
    expect(await statusOf(api.delete(one, { path }))).toBe(409);
    expect(await statusOf(answer(id, 1, { output: {} }))).toBe(409);
  });

  it('of a worker that is removed is given to another', async () => {
    const [worker, other] = [await register('moved'), await register('moved')];
    const id = await create('moved', { max_retries: 0 });
    expect((await claim(worker)).tasks).toHaveLength(1);
    const removed = await api.delete('/api/v2/agents/{agent_id}', { path: { agent_id: worker } });
    expect(removed.returned_tasks).toBe(1);
    const { tasks } = await claim(other, 5);
    expect(tasks).toMatchObject([{ task_id: id, attempt: 2 }]);
    await answer(id, 2, { output: { done: true } });
    expect(await onceEnded(id)).toMatchObject({ status: 'completed', result: { done: true } });
  });

  it('is listed in the order and by the filters that are asked for', async () => {
    const mine = await mesh.as('lists', 'lara', ['admin']);
    const names = ['Banana', 'Cherry', 'Apple'];
    const ids: string[] = [];
    for (const [at, name] of names.entries()) {
      const body = { type: 'analysis', name, description: 'x', priority: at + 1 } as const;
      ids.push((await mine.post('/api/v2/tasks', { body })).task_id);
    }
    const list = async (query: object) => {
      const found = await mine.get('/api/v2/tasks', { query });
      return found.tasks.map(({ name }) => name);
    };
    expect(await list({})).toEqual(['Apple', 'Cherry', 'Banana']);
    expect(await list({ sort_by: 'name', sort_order: 'asc' })).toEqual(['Apple', 'Banana', 'Cherry']);
    expect(await list({ sort_by: 'created_at', limit: 1, offset: 1 })).toEqual(['Cherry']);
    await mine.delete(one, { path: { task_id: ids[0] ?? '' } });
    expect(await list({ status: 'cancelled' })).toEqual(['Banana']);
    expect(await list({ status: 'pending' })).toEqual(['Apple', 'Cherry']);
    expect(await list({ agent_id: newId() })).toEqual([]);
  });

  it('is refused with everything that is wrong, or for what looks like an attack', async () => {
    const wrong = { type: 'cooking', name: 'x', priority: 6, max_retries: 11, timeout: 0, tags: ['y'] };
    const refusal = await raw('POST', '/api/v2/tasks', { body: wrong });
    expect([refusal.status, refusal.body.details.map(({ field }) => field).sort()]).toEqual([
      422,
      ['description', 'max_retries', 'name', 'priority', 'tags[0]', 'timeout', 'type'],
    ]);
    const attack = { type: 'custom', name: 'Fine', description: 'x', tags: ["'; drop table users; --"] };
    expect((await raw('POST', '/api/v2/tasks', { body: attack })).status).toBe(400);
    // What a task is about is never judged.
    const free = { type: 'custom', name: 'Fine', description: "select * from users; '; drop table x --" };
    expect((await raw('POST', '/api/v2/tasks', { body: free })).status).toBe(201);
  });

  it('whose answer is neither a result nor a failure goes on, and the worker is told what is wrong', async () => {
    const worker = await register('unclear');
    const id = await create('unclear');
    await claim(worker);
    const answers: readonly (readonly [unknown, string])[] = [
      [{ output: [1] }, 'output'],
      [{ output: null }, 'output'],
      [{ output: { a: 1 }, error_code: 'tool_error' }, 'error_code'],
      [{ error_code: null }, 'error_code'],
      [{ output: { a: { b: ['c\0'] } } }, 'output.a.b[0]'],
      [{ output: { 'a\0': 1 } }, 'output'],
      [{ a: '\0' }, 'a'],
      [{ '\0': 1 }, 'body'],
      [{ output: {}, reasoning: '\0' }, 'reasoning'],
      [{ output: {}, references: ['\0'] }, 'references[0]'],
      [{ output: {}, spans: { '\0': [] } }, 'spans'],
      [{ error_code: 'tool_error', error_message: '\0' }, 'error_message'],
      [{ error_code: 'tool\0' }, 'error_code'],
    ];
    for (const [body, field] of answers) {
      const refusal = await raw('POST', `/api/v2/tasks/${id}/attempts/1/result`, { body });
      expect([refusal.status, refusal.body.details.map((each) => each.field)]).toEqual([422, [field]]);
    }
    expect(await read(id)).toMatchObject({ status: 'running', attempt: 1, error_code: null });
    const taken = await answer(id, 1, { output: { a: 1 }, error_code: null });
    expect(taken).toMatchObject({ error_code: null, error_message: null });
    expect(await onceEnded(id)).toMatchObject({ status: 'completed', result: { a: 1 } });
  });

  it('whose result is too large fails with it, which the worker is told', async () => {
    const worker = await register('large');
    const id = await create('large');
    await claim(worker);
    const taken = await answer(id, 1, { output: { text: 'x'.repeat(65_536) } });
    expect(taken).toMatchObject({ error_code: 'output_too_large', error_message: expect.any(String) });
    expect(await onceEnded(id)).toMatchObject({ status: 'failed', error_code: 'output_too_large' });
  });

  it.each<[object, string]>([
    [{ input_data: { image: 'a\0b' } }, 'input_data.image'],
    [{ input_data: { list: [{ 'a\0': 1 }] } }, 'input_data.list[0]'],
    [{ input_data: { '\0': 1 } }, 'input_data'],
    [{ name: 'Find\0' }, 'name'],
    [{ description: '\0' }, 'description'],
    [{ tags: ['ab\0'] }, 'tags[0]'],
    [{ required_capabilities: ['ab\0'] }, 'required_capabilities[0]'],
  ])('with a NUL character is refused: %j', async (changes, field) => {
    const body = { type: 'custom', name: 'Find potholes', description: 'In a picture', ...changes };
    const { status, body: problem } = await raw('POST', '/api/v2/tasks', { body });
    expect([status, problem.details.map((each) => each.field)]).toEqual([422, [field]]);
    expect(problem.details[0]?.reason).toMatch(/^must not (?:contain|have a key with) NUL characters/);
  });

  it('of another tenant is one that never existed', async () => {
    const stranger = await mesh.as('globex', 'greta');
    const [id, theirs] = [await create('foreign'), await register('foreign', stranger)];
    const calls = [
      (task_id: string) => stranger.get(one, { path: { task_id } }),
      (task_id: string) => stranger.delete(one, { path: { task_id } }),
      (task_id: string) => stranger.post(`${one}/execute`, { path: { task_id } }),
      (task_id: string) => stranger.post(`${one}/assign/{agent_id}`, { path: { task_id, agent_id: theirs } }),
      (task_id: string) =>
        stranger.post(`${one}/attempts/{attempt}/result`, {
          path: { task_id, attempt: '1' },
          body: { output: {} },
        }),
    ];
    for (const call of calls) {
      const [foreign, unknown] = [await refused(call(id)), await refused(call(newId()))];
      expect([foreign.status, shapeOf(foreign)]).toEqual([404, shapeOf(unknown)]);
    }
    expect(await read(id)).toMatchObject({ status: 'pending', attempt: 0 });
  });
});
