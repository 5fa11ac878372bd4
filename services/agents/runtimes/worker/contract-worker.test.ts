// Workers that speak the contract of the agents service, by Connect over HTTP/1.1 and by gRPC: what they are asked, what of their stream is
// passed on, and what becomes of an attempt whose worker is gone.
import { once } from 'node:events';
import { createSecureServer } from 'node:http2';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { durationFromMs, durationMs } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError, type HandlerContext, type ServiceImpl } from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Fault } from '../../../../foundation/fault/fault.ts';
import { toolCertificate, toolKey } from '../../../../foundation/net/tool-certificate.for-test.ts';
import {
  AgentRuntimeService,
  type InvokeRequest,
} from '../../../../proto/gen/domainflow/agents/v1/agent_runtime_service_pb.js';
import { InvocationState } from '../../../../proto/gen/domainflow/agents/v1/invocation_pb.js';
import { AgentRuntime } from '../../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import type { RuntimeNotice } from '../../core/invocation.ts';
import { failureOf } from '../../core/invocation-failure.ts';
import { answerBytesMax } from './worker-call.ts';
import {
  circumstancesOf,
  contractWorker,
  httpWorker,
  listen,
  openRuntime,
  saying,
  type WorkerRuntimeUnderTest,
  workerTask,
} from './workers.for-test.ts';

type Answers = Partial<ServiceImpl<typeof AgentRuntimeService>>;
type Invoke = NonNullable<Answers['invoke']>;

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

function runtime(...policy: Parameters<typeof openRuntime>): WorkerRuntimeUnderTest {
  const opened = openRuntime(...policy);
  open.push(opened);
  return opened;
}

const high = { case: 'result' as const, value: { output: { urgency: 'high' }, confidence: 0.9 } };

describe.each(['connect' as const, 'grpc' as const])('a worker by %s', (protocol) => {
  async function start(answers: Answers) {
    const worker = await contractWorker(protocol, answers);
    open.push(worker);
    return { worker, task: workerTask(worker.port, { protocol }) };
  }

  const endOf = async (invoke: Invoke) => {
    const { task } = await start({ invoke });
    return runtime().run(task, circumstancesOf()).catch(failureOf);
  };

  it('is asked for the same attempt, and told nothing of who it works for', async () => {
    const asked: { readonly request: InvokeRequest; readonly context: HandlerContext }[] = [];
    const { task } = await start({
      invoke: async function* (request, context) {
        asked.push({ request, context });
        yield { event: high };
      },
    });
    await runtime().run(task, circumstancesOf());
    const [{ request, context } = { request: undefined, context: undefined }] = asked;
    expect(request).toMatchObject({
      ...{ jobId: 'job_1', taskId: 'task_1', attempt: 1, domainId: 'civic_complaints', repeated: false },
      input: { text: 'Smoke on Main Street' },
      agent: {
        ...{ agentId: 'agent-1', agentName: 'Triage', version: 1, systemPrompt: 'Say how urgent it is' },
        ...{ tenantId: '', createdBy: '', settings: { runtime: AgentRuntime.WORKER } },
      },
    });
    expect(request?.timeout && durationMs(request.timeout)).toBe(60_000);
    const headers = Object.fromEntries(context?.requestHeader ?? []);
    expect(headers).toMatchObject({ 'idempotency-key': 'job_1/task_1/1' });
    expect(Object.keys(headers)).not.toContain('authorization');
    expect(JSON.stringify([headers, request?.agent])).not.toMatch(/token-of-the-run|tenant-1|rep_1/);
  });

  it('is read to its result, and what it tells on its way is passed on', async () => {
    const { task } = await start({
      invoke: async function* () {
        yield { event: { case: 'progress', value: { message: 'Looking' } } };
        yield { event: { case: 'token', value: { offset: 0n, text: 'It ' } } };
        yield { event: { case: 'token', value: { offset: 3n, text: 'burns' } } };
        yield {
          event: {
            case: 'toolCall',
            value: { toolName: 'weather', number: 1, arguments: { place: 'Main Street' } },
          },
        };
        const ended = {
          ...{ toolName: 'weather', number: 1, duration: durationFromMs(12), errorCode: 'nonsense' },
          given: { text: '{"place":"Main Street"}', bytes: 23n },
          answered: { text: 'x'.repeat(20_000), bytes: 5n, sha256: '' },
        };
        yield { event: { case: 'toolCall', value: ended } };
        const spans = {
          urgency: {
            spans: [
              { start: 0, end: 5 },
              { start: 3, end: 900 },
            ],
          },
        };
        const value = { ...high.value, reasoning: 'Smoke', references: ['rep_1'], spans, runtime: 'gpt' };
        yield { event: { case: 'result', value } };
      },
    });
    const circumstances = circumstancesOf();
    expect(await runtime().run(task, circumstances)).toEqual({
      runtime: 'worker:worker-1',
      answer: {
        ...{ output: { urgency: 'high' }, reasoning: 'Smoke', confidence: 0.9, references: ['rep_1'] },
        spans: { urgency: [{ start: 0, end: 5 }] },
      },
    });
    expect(circumstances.told).toEqual([
      { kind: 'progress', message: 'Looking' },
      { kind: 'text', text: 'It ' },
      { kind: 'text', text: 'burns' },
      {
        kind: 'tool_call',
        call: { toolName: 'weather', number: 1, arguments: { place: 'Main Street' }, errorCode: '' },
      },
      {
        kind: 'tool_call',
        call: {
          ...{ toolName: 'weather', number: 1, arguments: {}, durationMs: 12, errorCode: 'tool_error' },
          given: { text: '{"place":"Main Street"}', bytes: 23, sha256: '' },
          answered: expect.objectContaining({
            bytes: 20_002,
            sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
          }),
        },
      },
    ]);
  });

  it('may say what went wrong', async () => {
    const wait = { retryAfter: durationFromMs(90_000) };
    const end = await endOf(async function* () {
      yield {
        event: {
          case: 'failure',
          value: { errorCode: 'dependency_unavailable', message: 'No map', ...wait },
        },
      };
    });
    expect(end).toEqual({ code: 'dependency_unavailable', message: 'No map' });
  });

  it('that answers what is not valid has failed', async () => {
    const end = await endOf(async function* () {
      yield { event: { case: 'result', value: { output: { urgency: 5 } } } };
    });
    expect(end).toMatchObject({ code: 'output_invalid' });
  });

  it('that says too much at once has failed', async () => {
    const end = await endOf(async function* () {
      yield { event: { case: 'result', value: { output: { urgency: 'x'.repeat(answerBytesMax) } } } };
    });
    expect(end).toMatchObject({ code: 'output_too_large' });
  });

  it.each([
    [Code.PermissionDenied, 'permission_denied'],
    [Code.Unauthenticated, 'permission_denied'],
    [Code.InvalidArgument, 'output_invalid'],
    [Code.Unimplemented, 'output_invalid'],
  ])('that refuses with code %i is not called again, and fails as %s', async (code, expected) => {
    let calls = 0;
    // biome-ignore lint/correctness/useYield: it refuses
    const end = await endOf(async function* () {
      calls += 1;
      throw new ConnectError('inside text', code);
    });
    expect(end).toEqual({ code: expected, message: `The worker worker-1 refuses the call (${Code[code]})` });
    expect(calls).toBe(1);
  });

  it.each([[Code.Unavailable], [Code.Internal], [Code.ResourceExhausted]])(
    'that fails with code %i is called again, and lost at last',
    async (code) => {
      let calls = 0;
      // biome-ignore lint/correctness/useYield: it fails
      const end = await endOf(async function* () {
        calls += 1;
        throw new ConnectError('inside text', code);
      });
      expect(end).toEqual({ code: 'worker_lost', message: `The worker worker-1 failed (${Code[code]})` });
      expect(calls).toBe(4);
    },
  );

  it('may call tools as often as it is told, and is left when it calls one more', async () => {
    const asked: unknown[] = [];
    const { task } = await start({
      invoke: async function* ({ toolCalls }) {
        asked.push(toolCalls);
        for (let number = 1; number <= 3; number += 1) {
          yield { event: { case: 'toolCall', value: { toolName: 'weather', number } } };
          const ended = { toolName: 'weather', number, duration: durationFromMs(1) };
          yield { event: { case: 'toolCall', value: ended } };
        }
        yield { event: high };
      },
    });
    const allowed = { ...task, toolCalls: { left: 3, executionMax: 100 } };
    expect(await runtime().run(allowed, circumstancesOf())).toMatchObject({ answer: {} });
    const circumstances = circumstancesOf();
    const tooMany = runtime().run({ ...task, toolCalls: { left: 2, executionMax: 100 } }, circumstances);
    await expect(tooMany).rejects.toMatchObject({
      failure: { code: 'limit_reached', message: expect.stringContaining('100 times, of which 2') },
    });
    expect(circumstances.told).toHaveLength(4);
    expect(asked).toMatchObject([{ left: 3 }, { left: 2 }]);
  });

  it('whose connection breaks is joined under the same key, and nothing is told twice', async () => {
    const repeated: boolean[] = [];
    const { worker, task } = await start({
      invoke: async function* (request, { signal }) {
        repeated.push(request.repeated);
        const isFirst = repeated.length === 1;
        yield { event: { case: 'token', value: { offset: 0n, text: isFirst ? 'It' : 'It burns' } } };
        yield { event: { case: 'toolCall', value: { toolName: 'weather' } } };
        if (isFirst) return void (await once(signal, 'abort'));
        yield { event: { case: 'toolCall', value: { toolName: 'map' } } };
        yield { event: high };
      },
    });
    const circumstances = circumstancesOf();
    const tell = (notice: RuntimeNotice): void => {
      circumstances.tell(notice);
      if (notice.kind === 'tool_call' && repeated.length === 1) worker.breakOff();
    };
    const answered = runtime().run(task, { ...circumstances, tell });
    expect(await answered).toMatchObject({ answer: { output: { urgency: 'high' } } });
    expect(repeated).toEqual([false, true]);
    const told = circumstances.told.filter(({ kind }) => kind !== 'progress');
    expect(told).toMatchObject([
      { text: 'It' },
      { call: { toolName: 'weather' } },
      { text: ' burns' },
      { call: { toolName: 'map' } },
    ]);
  });

  it('where nobody listens is lost', async () => {
    const worker = await contractWorker(protocol, {});
    await worker.close();
    const end = await runtime()
      .run(workerTask(worker.port, { protocol }), circumstancesOf())
      .catch(failureOf);
    const message = 'The worker worker-1 cannot be reached, or broke the connection';
    expect(end).toEqual({ code: 'worker_lost', message });
  });

  it('whose certificate nobody trusts, or whose name is nowhere, is lost and says which', async () => {
    const server = createSecureServer({ cert: toolCertificate, key: toolKey, allowHTTP1: true });
    const { port, close } = await listen(server);
    open.push({ close });
    const endAt = (endpoint: string) =>
      runtime().run(workerTask(1, { protocol, endpoint }), circumstancesOf()).catch(failureOf);
    expect(await endAt(`https://127.0.0.1:${port}`)).toMatchObject({
      ...{ code: 'worker_lost', message: expect.stringContaining('its certificate is not trusted') },
    });
    expect(await endAt('https://nobody.invalid')).toMatchObject({
      ...{ code: 'worker_lost', message: expect.stringContaining('cannot be resolved') },
    });
  });

  it.each([
    ['answers in another protocol', 'request'],
    ['speaks before it is asked', 'connection'],
  ])('that %s is no worker, and disturbs nobody else', async (_name, event) => {
    const gone: Promise<unknown>[] = [];
    const server = createTcpServer((socket) => {
      const say = () => socket.write('HTTP/1.1 400 Bad Request\r\ncontent-length: 2\r\n\r\nno');
      gone.push(once(socket, 'close'));
      socket.on('error', () => undefined);
      socket.resume();
      if (event === 'connection') say();
      else socket.once('data', say);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    open.push({ close: async () => void server.close() });
    const { port } = server.address() as AddressInfo;
    // What the connection suffers after its call was told would end this process, and with it this suite.
    const end = await runtime().run(workerTask(port, { protocol }), circumstancesOf()).catch(failureOf);
    expect(['worker_lost', 'output_invalid']).toContain((end as { code: string }).code);
    await Promise.all(gone);
    await setImmediate();
  });

  it('that ends without a result is lost', async () => {
    const end = await endOf(async function* () {
      yield { event: { case: 'progress', value: { message: 'Looking' } } };
    });
    expect(end).toEqual({ code: 'worker_lost', message: 'The worker worker-1 ended without a result' });
  });

  it('is told when the attempt is not wanted any more', async () => {
    const [asked, cancelled] = [Promise.withResolvers<void>(), Promise.withResolvers<unknown>()];
    const { task } = await start({
      invoke: async function* (_request, { signal }) {
        yield { event: { case: 'progress', value: { message: 'Looking' } } };
        asked.resolve();
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      },
      cancelInvocation: ({ jobId, taskId, attempt }) => {
        cancelled.resolve({ jobId, taskId, attempt });
        return { found: InvocationState.RUNNING };
      },
    });
    const stopping = new AbortController();
    const reason = new Fault('cancelled', 'The attempt was cancelled');
    const attempt = runtime().run(task, circumstancesOf(stopping.signal));
    await asked.promise;
    stopping.abort(reason);
    await expect(attempt).rejects.toBe(reason);
    expect(await cancelled.promise).toEqual({ jobId: 'job_1', taskId: 'task_1', attempt: 1 });
  });

  it('whose name leads to a private address is not called', async () => {
    const worker = await httpWorker(saying(''));
    open.push(worker);
    const { port } = worker;
    const { run } = runtime({ allowed: [], resolve: async () => ['127.0.0.1'] });
    const endpoint = `https://worker.example:${port}`;
    const end = await run(workerTask(port, { protocol, endpoint }), circumstancesOf()).catch(failureOf);
    expect(end).toMatchObject({ code: 'permission_denied' });
    expect(worker.seen).toEqual([]);
  });
});

it('by connect that is a web page is no worker', async () => {
  const page = await httpWorker(saying('<html>', 200, { 'content-type': 'text/html' }));
  open.push(page);
  const task = workerTask(page.port, { protocol: 'connect' });
  expect(await runtime().run(task, circumstancesOf()).catch(failureOf)).toMatchObject({
    code: 'output_invalid',
  });
});

it('a name is resolved once, and the connection by TLS goes to what was looked at under that name', async () => {
  const names: string[] = [];
  const handler = connectNodeAdapter({
    routes: (router) =>
      void router.service(AgentRuntimeService, {
        invoke: async function* (_request, { requestHeader }) {
          names.push(requestHeader.get('host') ?? 'none');
          yield { event: high };
        },
      }),
  });
  const worker = await listen(createSecureServer({ key: toolKey, cert: toolCertificate }, handler));
  open.push(worker);
  const answers = [['127.0.0.1'], ['203.0.113.7']];
  const { run } = runtime({ ca: toolCertificate, resolve: async () => answers.shift() ?? [] });
  const endpoint = `https://tool.example:${worker.port}`;
  const task = workerTask(worker.port, { protocol: 'grpc', endpoint });
  expect(await run(task, circumstancesOf())).toMatchObject({ answer: { output: { urgency: 'high' } } });
  expect(answers).toHaveLength(1);
});
