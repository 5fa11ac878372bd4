// Work that is stopped while workers have it, through REST: calls are broken off, late answers change nothing, workers are told what is not theirs
// any more, and take the next task.
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { ApiClient } from '../../clients/api/api-client.ts';
import type { CreateTaskBody, CreateWorkflowBody } from '../../clients/api/gen/api-types.ts';
import { pollUntil } from '../../local/demo/demo-run.ts';
import { refused, statusOf } from './answers.ts';
import { type Behave, type CalledWorker, done, startCalledWorker } from './called-worker.for-test.ts';
import { startTestMesh, type TestMesh, withoutRates } from './test-mesh.ts';

jest.setTimeout(60_000);

const never = new AbortController().signal;
const oneTask = '/api/v2/tasks/{task_id}';
const oneWorkflow = '/api/v2/workflows/{workflow_id}';
const thisMachine = { WORKER_NETWORKS: '127.0.0.1/32' };
/** Well below the time after which a replica finds out by its leases, in milliseconds. */
const promptMs = 2_000;
let mesh: TestMesh;
let api: ApiClient;
const open: CalledWorker[] = [];

beforeAll(async () => {
  mesh = await startTestMesh(thisMachine, withoutRates, thisMachine);
  api = await mesh.as('acme', 'edgar', ['admin']);
});
afterEach(async () => {
  for (const worker of open.splice(0)) await worker.close();
});
afterAll(() => mesh?.close());

let workers = 0;

interface Registered {
  readonly id: string;
  /** No other worker has it. */
  readonly capability: string;
}

async function register(
  more: { readonly endpoint?: string; readonly places?: number } = {},
): Promise<Registered> {
  workers += 1;
  const capability = `alone-${workers}`;
  const { endpoint, places = 1 } = more;
  const reached = endpoint === undefined ? ({ protocol: 'pull' } as const) : { endpoint };
  const about = { type: 'custom', name: `Worker ${workers}`, max_concurrent_tasks: places } as const;
  const body = { ...about, ...reached, capabilities: [capability] };
  return { id: (await api.post('/api/v2/agents/register', { body })).agent_id, capability };
}

/** A worker that is called, of one place. */
async function start(behave: Behave): Promise<CalledWorker & Registered> {
  const worker = await startCalledWorker(behave);
  open.push(worker);
  return { ...worker, ...(await register({ endpoint: `http://127.0.0.1:${worker.port}` })) };
}

const about = { type: 'custom', name: 'A trial', description: 'To be done' } as const;

async function create(capability: string, changes: Partial<CreateTaskBody> = {}): Promise<string> {
  const body = { ...about, auto_dispatch: true, required_capabilities: [capability], ...changes };
  return (await api.post('/api/v2/tasks', { body })).task_id;
}

/** Starts a workflow whose tasks, by their keys, need these capabilities and depend on these others. */
async function startWorkflow(
  tasks: Readonly<Record<string, readonly [string, ...string[]]>>,
): Promise<string> {
  const graph: CreateWorkflowBody['tasks'] = Object.entries(tasks).map(
    ([key, [capability, ...depends_on]]) => ({
      ...about,
      ...{ key, depends_on, required_capabilities: [capability], max_retries: 3 },
    }),
  );
  const body = {
    name: 'A survey',
    description: 'In parts',
    user_id: 'survey-team',
    tasks: graph,
    start: true,
  };
  return (await api.post('/api/v2/workflows', { body })).workflow_id;
}

const read = (task_id: string) => api.get(oneTask, { path: { task_id } });
const remove = (task_id: string) => api.delete(oneTask, { path: { task_id } });
const onceEnded = (task_id: string) =>
  pollUntil(
    () => read(task_id),
    ({ completed_at }) => completed_at !== null,
    never,
  );
const workflowOnceEnded = (workflow_id: string) =>
  pollUntil(
    () => api.get(oneWorkflow, { path: { workflow_id } }),
    ({ status }) => ['completed', 'failed', 'cancelled'].includes(status),
    never,
  );
const workerOf = (agent_id: string) =>
  api.get('/api/v2/agents/{agent_id}', { path: { agent_id }, query: { include_tasks: 'true' } });
const claim = async (agent_id: string, max = 1) =>
  (await api.post('/api/v2/agents/{agent_id}/tasks/claim', { path: { agent_id }, body: { wait_s: 10, max } }))
    .tasks;
const answer = (task_id: string, attempt: number, body: object) =>
  api.post(`${oneTask}/attempts/{attempt}/result`, { path: { task_id, attempt: String(attempt) }, body });
const beat = (agent_id: string, running_task_ids: string[]) =>
  api.post('/api/v2/agents/{agent_id}/heartbeat', { path: { agent_id }, body: { running_task_ids } });
const statesOf = ({ tasks }: Awaited<ReturnType<typeof workflowOnceEnded>>) =>
  Object.fromEntries(tasks.map(({ key, state }) => [key, state]));

/** Answers from the second task on; the first call is kept until its connection is gone, and answered then. */
function holdFirst(): Behave & { readonly answeredLate: Promise<void> } {
  const late = Promise.withResolvers<void>();
  const behave: Behave = (response, call, calls) => {
    if (calls.length > 1) return done(response, call, calls);
    void call.closed.then(() => {
      done(response, call, calls);
      late.resolve();
    });
  };
  return Object.assign(behave, { answeredLate: late.promise });
}

describe('a task that is cancelled', () => {
  it('while its worker is called breaks the call off, and the worker takes the next one', async () => {
    const behave = holdFirst();
    const worker = await start(behave);
    const id = await create(worker.capability);
    const call = await worker.called();
    expect(await workerOf(worker.id)).toMatchObject({ status: 'busy', current_task_id: id });
    const next = await create(worker.capability);
    const cancelledMs = performance.now();
    expect(await remove(id)).toMatchObject({ status: 'cancelled' });
    await call.closed;
    expect(performance.now() - cancelledMs).toBeLessThan(promptMs);
    await behave.answeredLate;
    expect(await onceEnded(next)).toMatchObject({ status: 'completed', attempt: 1 });
    expect(worker.calls).toHaveLength(2);
    const task = await read(id);
    expect(task).toMatchObject({ status: 'cancelled', result: null, attempt: 1, retry_count: 0 });
    const run = await api.get('/api/v1/executions/{job_id}', { path: { job_id: task.job_id ?? '' } });
    expect(run.status).toBe('cancelled');
    const { status, current_task_id, performance_metrics: figures } = await workerOf(worker.id);
    expect([status, current_task_id]).toEqual(['idle', null]);
    expect(figures).toMatchObject({ tasks_succeeded: 1, tasks_failed: 0, success_rate: 1 });
    expect((await refused(answer(id, 1, { output: {} }))).status).toBe(409);
  });

  it('while its worker asked to come back later is not called for again', async () => {
    const worker = await start((response, call, calls) => {
      const isFirst =
        calls.filter(
          ({ path, headers }) =>
            path === call.path && headers['idempotency-key'] === call.headers['idempotency-key'],
        ).length === 1;
      if (isFirst) response.writeHead(503, { 'retry-after': '2' }).end();
      else done(response, call, calls);
    });
    const id = await create(worker.capability);
    const first = await worker.called();
    await remove(id);
    // It is asked to come back as late as the first, and is called in the end.
    expect(await onceEnded(await create(worker.capability))).toMatchObject({ status: 'completed' });
    const keys = worker.calls.map(({ headers }) => headers['idempotency-key']);
    expect(keys.filter((key) => key === first.headers['idempotency-key'])).toHaveLength(1);
    expect(keys).toHaveLength(3);
  });

  it('while a worker that asks has it is told to that worker by its next heartbeat', async () => {
    const worker = await register();
    const id = await create(worker.capability);
    await claim(worker.id);
    const next = await create(worker.capability);
    expect(await beat(worker.id, [id])).toMatchObject({ status: 'busy', lost_task_ids: [] });
    await remove(id);
    expect(await beat(worker.id, [id])).toMatchObject({ status: 'idle', lost_task_ids: [id] });
    expect(await statusOf(answer(id, 1, { output: { late: true } }))).toBe(409);
    expect(await read(id)).toMatchObject({ status: 'cancelled', result: null });
    expect((await claim(worker.id)).map(({ task_id }) => task_id)).toEqual([next]);
  });
});

describe('a workflow that is cancelled', () => {
  it('while workers are called breaks all its calls off, and each takes the next task', async () => {
    const [one, two] = [await start(holdFirst()), await start(holdFirst())];
    const id = await startWorkflow({
      a: [one.capability],
      b: [two.capability],
      c: [one.capability, 'a', 'b'],
    });
    const calls = [await one.called(), await two.called()];
    const cancelledMs = performance.now();
    expect(await api.delete(oneWorkflow, { path: { workflow_id: id } })).toMatchObject({
      status: 'cancelled',
    });
    await Promise.all(calls.map(({ closed }) => closed));
    expect(performance.now() - cancelledMs).toBeLessThan(promptMs);
    const next = await Promise.all([one, two].map(({ capability }) => create(capability)));
    for (const task of await Promise.all(next.map(onceEnded))) expect(task.status).toBe('completed');
    const ended = await workflowOnceEnded(id);
    expect([ended.status, statesOf(ended)]).toEqual([
      'cancelled',
      { a: 'cancelled', b: 'cancelled', c: 'skipped' },
    ]);
    expect(ended.tasks.map(({ result }) => result)).toEqual([null, null, null]);
    expect([one.calls.length, two.calls.length]).toEqual([2, 2]);
  });

  it('while a worker that asks has some of its tasks takes no answer, and says so by the heartbeat', async () => {
    const worker = await register({ places: 2 });
    const { capability } = worker;
    const id = await startWorkflow({
      a: [capability],
      b: [capability],
      c: [capability],
      d: [capability, 'a'],
    });
    const given = await claim(worker.id, 2);
    const ids = given.map(({ task_id }) => task_id);
    expect(await beat(worker.id, ids)).toMatchObject({ status: 'busy', lost_task_ids: [] });
    expect((await refused(remove(ids[0] ?? ''))).problem).toMatchObject({
      ...{ status: 409, detail: 'The task belongs to a workflow: cancel the workflow' },
    });
    await api.delete(oneWorkflow, { path: { workflow_id: id } });
    for (const { task_id, attempt } of given) {
      expect(await statusOf(answer(task_id, attempt, { output: { late: true } }))).toBe(409);
      expect(await statusOf(answer(task_id, attempt, { error_code: 'tool_error' }))).toBe(409);
    }
    const { status, lost_task_ids: lost } = await beat(worker.id, ids);
    expect([status, lost.toSorted()]).toEqual(['idle', ids.toSorted()]);
    const ended = await workflowOnceEnded(id);
    const states = Object.values(statesOf(ended)).toSorted();
    expect([ended.status, states]).toEqual(['cancelled', ['cancelled', 'cancelled', 'cancelled', 'skipped']]);
    const next = await create(capability);
    expect((await claim(worker.id)).map(({ task_id }) => task_id)).toEqual([next]);
  });
});

describe('a workflow of which a task fails', () => {
  it('lets what a worker is called for go on and keeps its answer, but starts nothing more', async () => {
    const goOn = Promise.withResolvers<void>();
    const called = await start(async (response, call, calls) => {
      await goOn.promise;
      done(response, call, calls);
    });
    const asking = await register();
    const id = await startWorkflow({
      ...{ fails: [asking.capability], goes_on: [called.capability], waits: ['nobody has it'] },
      ...{ follows: [called.capability, 'goes_on'] },
    });
    await called.called();
    const [given] = await claim(asking.id);
    await answer(given?.task_id ?? '', 1, { error_code: 'output_invalid', error_message: 'Nothing there' });
    const half = await pollUntil(
      () => api.get(oneWorkflow, { path: { workflow_id: id } }),
      (workflow) => statesOf(workflow).waits === 'skipped',
      never,
    );
    expect([half.status, statesOf(half)]).toEqual([
      'running',
      { fails: 'failed', goes_on: 'running', waits: 'skipped', follows: 'skipped' },
    ]);
    goOn.resolve();
    const ended = await workflowOnceEnded(id);
    expect([ended.status, statesOf(ended)]).toEqual([
      'failed',
      { fails: 'failed', goes_on: 'completed', waits: 'skipped', follows: 'skipped' },
    ]);
    expect(called.calls).toHaveLength(1);
    expect((await workerOf(called.id)).status).toBe('idle');
  });

  it('tries nothing again that fails after it, and takes no worker back that is cancelled then', async () => {
    const [called, asking] = [await start(holdFirst()), await register({ places: 2 })];
    const id = await startWorkflow({
      ...{ first: [asking.capability], second: [asking.capability], third: [called.capability] },
    });
    const call = await called.called();
    const given = await claim(asking.id, 2);
    const [failing, other] = given;
    await answer(failing?.task_id ?? '', 1, { error_code: 'output_invalid', error_message: 'Nothing' });
    await answer(other?.task_id ?? '', 1, { error_code: 'tool_error', error_message: 'Broken' });
    expect(await onceEnded(other?.task_id ?? '')).toMatchObject({
      status: 'failed',
      attempt: 1,
      max_retries: 3,
    });
    await api.delete(oneWorkflow, { path: { workflow_id: id } });
    await call.closed;
    const ended = await workflowOnceEnded(id);
    expect(statesOf(ended)).toEqual({ first: 'failed', second: 'failed', third: 'cancelled' });
    expect(await onceEnded(await create(called.capability))).toMatchObject({ status: 'completed' });
  });
});
