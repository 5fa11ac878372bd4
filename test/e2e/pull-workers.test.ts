// Workers of `clients/worker` and the example in Python against the whole mesh: every task ends exactly once, also when a worker gives up,
// stops in order, or falls silent.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ApiClient } from '../../clients/api/api-client.ts';
import { runWorker, type WorkerOptions } from '../../clients/worker/run-worker.ts';
import type { Handle } from '../../clients/worker/worker-parts.ts';
import { pollUntil } from '../../local/demo/demo-run.ts';
import { describeOnPython } from '../../local/installed-programs.for-test.ts';
import { createAgent, createDomain, playbook } from './sample-definitions.ts';
import { finishReport, startTestMesh, type TestMesh } from './test-mesh.ts';

const tasksMax = 40;
const never = new AbortController().signal;
let mesh: TestMesh;
let api: ApiClient;
let stopping: AbortController;
let running: Promise<void>[];
let python: ChildProcess | undefined;
beforeAll(async () => {
  mesh = await startTestMesh();
  api = await mesh.as('acme', 'alice');
}, 60_000);
afterAll(() => mesh?.close());
beforeEach(() => {
  [stopping, running, python] = [new AbortController(), [], undefined];
});
afterEach(async () => {
  stopping.abort();
  await Promise.all(running);
  python?.kill('SIGKILL');
});

interface Started {
  readonly signal?: AbortSignal;
  readonly graceMs?: number;
  readonly tell?: WorkerOptions['tell'];
}

/** Starts a worker of three places; resolves when its credential is there, not when it is registered. */
async function start(name: string, capability: string, handle: Handle, started: Started = {}): Promise<void> {
  const { signal = never, graceMs = 0, tell = () => undefined } = started;
  const credential = await mesh.token('acme', 'alice');
  const about = { name, type: 'custom', capabilities: [capability], heartbeatS: 10, waitS: 2 } as const;
  const how = { url: mesh.gatewayUrl, credential, handle, concurrency: 3, graceMs, tell };
  running.push(runWorker({ ...how, ...about, signal: AbortSignal.any([signal, stopping.signal]) }));
}

async function createTask(
  at: number,
  capability: string,
  input_data: Record<string, unknown> = { at },
): Promise<string> {
  const named = { type: 'custom', name: `Task ${at}`, description: 'Do it' } as const;
  const wanted = { input_data, priority: (at % 5) + 1, required_capabilities: [capability] };
  const body = { ...named, ...wanted, auto_dispatch: true };
  return (await api.post('/api/v2/tasks', { body })).task_id;
}

const onceEnded = (task_id: string) => {
  const read = () => api.get('/api/v2/tasks/{task_id}', { path: { task_id } });
  return pollUntil(read, ({ completed_at }) => completed_at !== null, never);
};

/** Where the worker of this name stands. */
async function statusOf(name: string): Promise<string | undefined> {
  const { agents } = await api.get('/api/v2/agents');
  return agents.find((worker) => worker.name === name)?.status;
}

describe('workers that ask for tasks', () => {
  it('end every task once, though one of them gives up with tasks in hand', async () => {
    const answered: string[] = [];
    const quitting = new AbortController();
    const hang: Handle = () => {
      quitting.abort();
      return new Promise(() => {});
    };
    await start('Gives up', 'each', hang, { signal: quitting.signal });
    const ids = await Promise.all(Array.from({ length: tasksMax }, (_, at) => createTask(at, 'each')));
    await running[0];
    expect(await statusOf('Gives up')).toBe('offline');
    const handle: Handle = ({ task_id, input_data }) => {
      answered.push(task_id);
      return { output: { ...input_data, by: 'us' } };
    };
    for (const name of ['First of them', 'Second of them']) await start(name, 'each', handle);
    const tasks = await Promise.all(ids.map(onceEnded));
    expect(tasks.map(({ status, result }) => [status, result])).toEqual(
      ids.map((_, at) => ['completed', expect.objectContaining({ at, by: 'us' })]),
    );
    expect(answered.toSorted()).toEqual(ids.toSorted());
    expect(tasks.some(({ retry_count }) => retry_count > 0)).toBe(true);
  }, 60_000);

  it('end what they have when they are to stop, and take nothing more', async () => {
    const [begun, quitting] = [Promise.withResolvers<void>(), new AbortController()];
    const mayEnd = Promise.withResolvers<void>();
    const handle: Handle = async () => {
      begun.resolve();
      await mayEnd.promise;
      return { output: { done: true } };
    };
    await start('In order', 'order', handle, { signal: quitting.signal, graceMs: 30_000 });
    const first = await createTask(1, 'order');
    await begun.promise;
    quitting.abort();
    const second = await createTask(2, 'order');
    mayEnd.resolve();
    await running[0];
    const ended = await onceEnded(first);
    expect(ended).toMatchObject({ status: 'completed', result: { done: true }, retry_count: 0 });
    const left = await api.get('/api/v2/tasks/{task_id}', { path: { task_id: second } });
    expect(left).toMatchObject({ status: 'pending', attempt: 0 });
    expect(await statusOf('In order')).toBe('offline');
  }, 60_000);

  it('are told what of their output an agent does not allow, and the run says it too', async () => {
    const settings = { runtime: 'worker' as const, required_capabilities: ['typed'] };
    const output_schema = { type: 'object', properties: { urgency: { type: 'integer' } } };
    const agent = await createAgent(api, { agent_class: 'ingestion', settings, output_schema });
    await createDomain(api, 'typed_works', { ingestion_playbook: playbook([agent]) });
    const refused = Promise.withResolvers<unknown>();
    const tell: WorkerOptions['tell'] = ({ event, error }) => {
      if (event === 'answer_refused') refused.resolve(error);
    };
    await start('Wordy', 'typed', () => ({ output: { urgency: 'high' } }), { tell });
    const { report, jobId } = await finishReport(api, 'A pothole', 'typed_works');
    expect(report.status).toBe('failed');
    const message = 'The answer of the worker is not valid: output: /urgency must be integer';
    expect(await refused.promise).toMatchObject({ name: 'AnswerRefused', code: 'output_invalid', message });
    const run = await api.get('/api/v1/executions/{job_id}', { path: { job_id: jobId } });
    expect(JSON.stringify(run)).toContain('/urgency must be integer');
  }, 60_000);

  it('that fall silent lose their task to another, and their late answer counts for nothing', async () => {
    const [type, name] = ['custom', 'Silent'] as const;
    const described = { ...{ type, name, capabilities: ['silent'] }, health_check_interval: 10 };
    const body = { ...described, protocol: 'pull' } as const;
    const { agent_id } = await api.post('/api/v2/agents/register', { body });
    const id = await createTask(1, 'silent');
    const claim = '/api/v2/agents/{agent_id}/tasks/claim';
    const claimed = await api.post(claim, { path: { agent_id }, body: { max: 1, wait_s: 10 } });
    expect(claimed.tasks).toMatchObject([{ task_id: id, attempt: 1 }]);
    await start('Heir', 'silent', ({ attempt }) => ({ output: { attempt } }));
    expect(await onceEnded(id)).toMatchObject({ status: 'completed', result: { attempt: 2 } });
    const path = `/api/v2/tasks/${id}/attempts/1/result`;
    const late = await api.exchange('POST', path, { body: { output: { attempt: 1 } } });
    expect(late.status).toBe(409);
    // Its task and its place are looked after by turns of their own.
    const read = () => statusOf(name);
    expect(await pollUntil(read, (status) => status === 'offline', never)).toBe('offline');
  }, 90_000);
});

describeOnPython('the example in Python', () => {
  it('does tasks of the whole mesh, and ends in order when it is told to', async () => {
    const token = await mesh.token('acme', 'alice');
    const env = { PATH: process.env.PATH, DOMAINFLOW_URL: mesh.gatewayUrl, DOMAINFLOW_TOKEN: token };
    const script = join(import.meta.dirname, '..', '..', 'local', 'example-worker.py');
    python = spawn('python3', [script], { env, stdio: ['ignore', 'ignore', 'inherit'] });
    const task = await onceEnded(await createTask(1, 'urgency', { text: 'There is smoke' }));
    expect(task).toMatchObject({ status: 'completed', result: { urgency: 'high' } });
    const exited = once(python, 'exit');
    python.kill('SIGTERM');
    await createTask(2, 'urgency', { text: 'Nothing' }); // its request for work need not wait to its end
    expect(await exited).toEqual([0, null]);
    expect(await statusOf('Urgency in Python')).toBe('offline');
  }, 60_000);
});
