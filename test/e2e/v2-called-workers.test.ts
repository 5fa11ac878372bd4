// Workers that are called, each a real server that behaves badly in its own way: what becomes of the task, what its error tells a person, how often
// the worker is called, and that nobody is called whom the platform must not call.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer as createHttpsServer } from 'node:https';
import { connect, createServer as createNetServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import type { ApiClient } from '../../clients/api/api-client.ts';
import type { CreateTaskBody } from '../../clients/api/gen/api-types.ts';
import { toolCertificate, toolKey } from '../../foundation/net/tool-certificate.for-test.ts';
import { pollUntil } from '../../local/demo/demo-run.ts';
import { ensureDatabase } from '../../local/mesh/prepare-stores.ts';
import {
  type Behave,
  type CalledWorker,
  done,
  listening,
  startCalledWorker,
} from './called-worker.for-test.ts';
import { namesResolvedBy } from './names.for-test.ts';
import type { RawClient } from './raw-client.ts';
import { startTestMesh, type TestMesh, withoutRates } from './test-mesh.ts';

jest.setTimeout(60_000);

const never = new AbortController().signal;
const one = '/api/v2/tasks/{task_id}';
const thisMachine = { WORKER_NETWORKS: '127.0.0.1/32' };
const answerBytesMax = 1_048_576;
let mesh: TestMesh;
let api: ApiClient;
let raw: RawClient;
let database: pg.Client;
const open: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  mesh = await startTestMesh(thisMachine, withoutRates, thisMachine);
  api = await mesh.as('acme', 'edgar', ['admin']);
  raw = await mesh.raw('acme', 'edgar', ['admin']);
  database = new pg.Client({ connectionString: await ensureDatabase(mesh.databases.adminUrl) });
  await database.connect();
});
afterAll(async () => {
  for (const each of open) await each.close();
  await database?.end();
  await mesh?.close();
});

let workers = 0;

/** Registers a worker at an endpoint; answers its id, and its capability that no other has. */
async function register(endpoint: string): Promise<{ readonly id: string; readonly capability: string }> {
  workers += 1;
  const capability = `alone-${workers}`;
  const about = { type: 'custom', name: `Worker ${workers}` } as const;
  const body = { ...about, capabilities: [capability], endpoint };
  const { agent_id: id } = await api.post('/api/v2/agents/register', { body });
  return { id, capability };
}

/** A worker of this process that behaves so, registered. */
async function start(behave: Behave): Promise<CalledWorker & Awaited<ReturnType<typeof register>>> {
  const worker = await startCalledWorker(behave);
  open.push(worker);
  return { ...worker, ...(await register(`http://127.0.0.1:${worker.port}`)) };
}

async function create(capability: string, changes: Partial<CreateTaskBody> = {}): Promise<string> {
  const about = { type: 'custom', name: 'A trial', description: 'To be done', auto_dispatch: true } as const;
  const wanted = { required_capabilities: [capability], max_retries: 0 };
  return (await api.post('/api/v2/tasks', { body: { ...about, ...wanted, ...changes } })).task_id;
}

const read = (task_id: string) => api.get(one, { path: { task_id } });
const onceEnded = (task_id: string) =>
  pollUntil(
    () => read(task_id),
    ({ completed_at }) => completed_at !== null,
    never,
  );
const stateOf = async (agent_id: string) =>
  (await api.get('/api/v2/agents/{agent_id}', { path: { agent_id } })).status;

/** Answers every call with a status. */
const saying =
  (status: number, headers: Record<string, string> = {}, body = ''): Behave =>
  (response) =>
    response.writeHead(status, headers).end(body);

describe('a worker that answers badly', () => {
  it.concurrent.each<[string, Behave, string, RegExp, number]>([
    ['what is no JSON', saying(200, {}, '<html>'), 'output_invalid', /it is not JSON/, 1],
    [
      'that it knows nobody',
      saying(401, {}, 'secret'),
      'permission_denied',
      /refuses the call with status 401/,
      1,
    ],
    ['that it is broken', saying(500, {}, 'secret'), 'worker_lost', /answered with status 500/, 4],
    ['by closing half-way', closeHalfWay, 'worker_lost', /broke the connection/, 4],
    ['with a little that unfolds into much', unfold, 'output_too_large', /more than 1048576 bytes/, 1],
  ])('%s ends its task with a reason', async (_name, behave, code, message, calls) => {
    const worker = await start(behave);
    const task = await onceEnded(
      await create(worker.capability, code === 'worker_lost' ? {} : { max_retries: 3 }),
    );
    expect(task).toMatchObject({ status: 'failed', error_code: code, attempt: 1, retry_count: 0 });
    expect(task.error_message).toMatch(message);
    expect(task.error_message).not.toContain('secret');
    expect(worker.calls).toHaveLength(calls);
    expect(new Set(worker.calls.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
  });

  it.concurrent('without an end is cut off, and what it has sent is not kept', async () => {
    let sent = 0;
    const worker = await start((response) => {
      const piece = Buffer.alloc(65_536, ' ');
      const push = (): void => {
        while (!response.destroyed) {
          sent += piece.length;
          if (!response.write(piece)) return void response.once('drain', push);
        }
      };
      response.writeHead(200);
      push();
    });
    const task = await onceEnded(await create(worker.capability, { max_retries: 3 }));
    expect(task).toMatchObject({ status: 'failed', error_code: 'output_too_large', attempt: 1 });
    await (await worker.called()).closed;
    // What the sockets between them hold comes on top.
    expect(sent).toBeLessThan(16 * answerBytesMax);
  });

  it.concurrent('by drops without an end has the time of the task', async () => {
    const worker = await start((response) => {
      response.writeHead(200);
      const drops = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(drops));
    });
    const id = await create(worker.capability, { timeout: 0.8, max_retries: 3 });
    const call = await worker.called();
    expect(call.context.timeout_ms).toBeLessThanOrEqual(800);
    expect(await call.closed).toBeLessThan(2_500);
    const task = await onceEnded(id);
    expect(task).toMatchObject({ status: 'failed', error_code: 'deadline', attempt: 1 });
    expect(task.error_message).toBe('All the time of the task is up');
  });

  it.concurrent('too late is called again, and only the answer of the last attempt counts', async () => {
    const late = Promise.withResolvers<void>();
    const worker = await start((response, call, calls) => {
      if (call.attempt > 1) return done(response, call, calls);
      void call.closed.then(() => {
        done(response, call, calls);
        late.resolve();
      });
    });
    const id = await create(worker.capability, { auto_dispatch: false, max_retries: 1 });
    await database.query('update orchestrator.tasks set attempt_timeout_ms = 600 where id = $1', [id]);
    await api.post(`${one}/execute`, { path: { task_id: id } });
    await late.promise;
    const task = await onceEnded(id);
    expect(task).toMatchObject({ status: 'completed', attempt: 2, retry_count: 1, result: { attempt: 2 } });
    expect(task.error_code).toBe('attempt_timeout'); // of the last fault, also after what followed it
    expect(worker.calls.map(({ attempt }) => attempt)).toEqual([1, 2]);
  });

  it.concurrent('to come back later is called again then, under the same key', async () => {
    const worker = await start((response, call, calls) =>
      calls.length === 1
        ? saying(429, { 'retry-after': '1' })(response, call, calls)
        : done(response, call, calls),
    );
    expect(await onceEnded(await create(worker.capability))).toMatchObject({
      status: 'completed',
      attempt: 1,
    });
    const [first, second] = worker.calls;
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(1_000);
    expect(second?.headers['idempotency-key']).toBe(first?.headers['idempotency-key']);
  });

  it.concurrent.each([301, 307])(
    'with a redirect (%i) is not followed, and says what to do',
    async (status) => {
      const target = await startCalledWorker(done, '0.0.0.0');
      open.push(target);
      for (const host of ['127.0.0.1', '127.0.0.2', '[::ffff:7f00:2]']) {
        const worker = await start(saying(status, { location: `http://${host}:${target.port}/process` }));
        const task = await onceEnded(await create(worker.capability, { max_retries: 3 }));
        expect(task).toMatchObject({ status: 'failed', error_code: 'output_invalid', attempt: 1 });
        expect(task.error_message).toMatch(
          /redirects the call, which is not followed: register the endpoint/,
        );
      }
      expect(target.calls).toEqual([]);
    },
  );
});

function closeHalfWay(response: Parameters<Behave>[0]): void {
  response.writeHead(200, { 'content-length': '100' });
  response.write('{"output":', () => response.socket?.destroy());
}

function unfold(response: Parameters<Behave>[0]): void {
  const bytes = gzipSync(Buffer.alloc(8 * answerBytesMax, ' '));
  response.writeHead(200, { 'content-encoding': 'gzip' }).end(bytes);
}

describe('a worker that cannot be reached', () => {
  it.concurrent.each<[string, () => Promise<string>, RegExp]>([
    ['since nobody listens', nobodyListens, /cannot be reached, or broke the connection/],
    ['since its certificate is its own', selfSigned, /cannot be reached: its certificate is not trusted/],
    ['since it speaks no TLS', noTls, /cannot be reached: its endpoint begins with https, and TLS/],
    [
      'since its name is nowhere',
      async () => 'https://nobody.invalid',
      /the name in its endpoint cannot be resolved/,
    ],
  ])('%s is lost, with a reason', async (_name, endpointOf, message) => {
    const { capability, id } = await register(await endpointOf());
    const task = await onceEnded(await create(capability));
    expect(task).toMatchObject({ status: 'failed', error_code: 'worker_lost', assigned_agent_id: id });
    expect(task.error_message).toMatch(message);
  });

  it.concurrent('since it never accepts has the time of the task', async () => {
    const deaf = await startDeafServer();
    open.push(deaf);
    const { capability } = await register(`http://127.0.0.1:${deaf.port}`);
    const task = await onceEnded(await create(capability, { timeout: 0.8, max_retries: 3 }));
    expect(task).toMatchObject({ status: 'failed', error_code: 'deadline', attempt: 1 });
  });
});

async function nobodyListens(): Promise<string> {
  const server = await listening(createNetServer());
  await server.close();
  return `http://127.0.0.1:${server.port}`;
}

async function selfSigned(): Promise<string> {
  const server = await listening(createHttpsServer({ cert: toolCertificate, key: toolKey }));
  open.push(server);
  return `https://127.0.0.1:${server.port}`;
}

async function noTls(): Promise<string> {
  const server = await startCalledWorker(done);
  open.push(server);
  return `https://127.0.0.1:${server.port}`;
}

const deafProgram = `const server = require('node:net').createServer();
  server.listen({ port: 0, host: '127.0.0.1', backlog: 0 }, () => {
    require('node:fs').writeSync(1, String(server.address().port));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });`;

/** A process that listens and accepts nothing, and whose queue of connections is full. */
async function startDeafServer(): Promise<{ readonly port: number; close(): Promise<void> }> {
  const child: ChildProcess = spawn(process.execPath, ['-e', deafProgram], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [told] = child.stdout ? await once(child.stdout, 'data') : [];
  const port = Number(told);
  const filling: Socket[] = Array.from({ length: 4 }, () =>
    connect(port, '127.0.0.1').on('error', () => undefined),
  );
  await Promise.race(filling.map((socket) => once(socket, 'connect')));
  const close = async (): Promise<void> => {
    for (const socket of filling) socket.destroy();
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  return { port, close };
}

describe('the circuit breaker of a worker', () => {
  it('opens after five failures in a row: the worker is in error, and its task waits without losing a retry', async () => {
    const worker = await start(saying(503));
    const id = await create(worker.capability, { max_retries: 2 });
    await pollUntil(
      () => stateOf(worker.id),
      (status) => status === 'error',
      never,
    );
    expect(worker.calls).toHaveLength(5);
    const task = await pollUntil(
      () => read(id),
      ({ status }) => status === 'pending',
      never,
    );
    expect(task).toMatchObject({
      status: 'pending',
      retry_count: 0,
      error_code: 'worker_lost',
      completed_at: null,
    });
    await api.delete(one, { path: { task_id: id } });
  });

  it('hears nothing of answers that are a word against the call', async () => {
    const worker = await start(saying(401));
    const tasks = await Promise.all(Array.from({ length: 7 }, () => create(worker.capability)));
    const ended = await Promise.all(tasks.map(onceEnded));
    expect(new Set(ended.map(({ error_code }) => error_code))).toEqual(new Set(['permission_denied']));
    expect([worker.calls.length, await stateOf(worker.id)]).toEqual([7, 'idle']);
  });
});

describe('an endpoint', () => {
  it.each([
    ...['http://169.254.169.254/', 'https://169.254.169.254/', 'http://2852039166/', 'http://0xa9fea9fe/'],
    ...[
      'http://0251.0376.0251.0376/',
      'https://10.1/',
      'https://0.0.0.0/',
      'https://[::]/',
      'https://[::1]/',
    ],
    ...[
      'https://[fe80::1]/',
      'https://[fd00::1]/',
      'https://[::ffff:169.254.169.254]/',
      'https://[64:ff9b::a9fe:a9fe]/',
    ],
    ...[
      'https://metadata.google.internal/',
      'http://metadata/',
      'http://93.184.216.34/',
      'https://me:word@w.example/',
    ],
    ...[
      'ftp://w.example/',
      'file:///etc/passwd',
      'gopher://w.example/',
      'javascript:alert(1)',
      '//w.example/',
    ],
    ...['https://w.example/#x', 'https://w.example/?x=1', 'https://w.example\\@10.0.0.1/'],
  ])('%s is refused when a worker registers and when it is changed', async (endpoint) => {
    const about = { type: 'custom', name: 'Insider' };
    const refusal = await raw('POST', '/api/v2/agents/register', { body: { ...about, endpoint } });
    expect([refusal.status, refusal.body.details[0]?.field]).toEqual([422, 'endpoint']);
    const { id } = await sound();
    const change = await raw('PUT', `/api/v2/agents/${id}`, { body: { endpoint } });
    expect([change.status, change.body.details[0]?.field]).toEqual([422, 'endpoint']);
  });

  it('whose name leads inside when it is called is not called', async () => {
    const target = await startCalledWorker(done, '0.0.0.0');
    open.push(target);
    const names = namesResolvedBy({
      'linklocal.example': () => ['169.254.169.254'],
      'mixed.example': () => ['93.184.216.34', '10.0.0.7'],
      'loopback.example': () => ['127.0.0.2'],
      'mapped.example': () => ['::ffff:127.0.0.2'],
    });
    try {
      const ends = ['linklocal', 'mixed', 'loopback', 'mapped'].map(async (name) => {
        const { capability } = await register(`https://${name}.example:${target.port}`);
        return onceEnded(await create(capability, { max_retries: 3 }));
      });
      for (const task of await Promise.all(ends)) {
        expect(task).toMatchObject({ status: 'failed', error_code: 'permission_denied', attempt: 1 });
        expect(task.error_message).toMatch(
          /cannot be called: its endpoint leads outside the public internet/,
        );
        expect(task.error_message).not.toMatch(/\d+\.\d+\.\d+\.\d+/);
      }
    } finally {
      names.restore();
    }
    expect(target.calls).toEqual([]);
  });

  it('whose name leads elsewhere from one look to the next is called where it was judged', async () => {
    const target = await startCalledWorker(done, '0.0.0.0');
    open.push(target);
    let looks = 0;
    const names = namesResolvedBy({
      'flips.example': () => {
        looks += 1;
        return [looks === 1 ? '127.0.0.1' : '127.0.0.2'];
      },
    });
    try {
      const { capability } = await register(`http://flips.example:${target.port}`);
      expect(await onceEnded(await create(capability))).toMatchObject({ status: 'completed' });
      expect([looks, target.calls.length]).toEqual([1, 1]);
      expect(await onceEnded(await create(capability))).toMatchObject({ error_code: 'permission_denied' });
      expect([looks, target.calls.length]).toEqual([2, 1]);
    } finally {
      names.restore();
    }
  });
});

let soundWorker: Promise<{ readonly id: string }> | undefined;
function sound(): Promise<{ readonly id: string }> {
  soundWorker ??= register('https://w.example/');
  return soundWorker;
}
