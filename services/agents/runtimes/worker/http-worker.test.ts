// Workers by plain HTTP: what they are told, what their answers mean, and what becomes of an attempt whose worker is gone.
import { createServer } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Fault } from '../../../../foundation/fault/fault.ts';
import { createExampleWorker } from '../../../../local/example-worker.ts';
import type { InvocationFailure } from '../../core/invocation.ts';
import { AttemptFailed } from '../../core/invocation-failure.ts';
import { answerBytesMax } from './worker-call.ts';
import {
  circumstancesOf,
  httpWorker,
  listen,
  openRuntime,
  saying,
  type WorkerRuntimeUnderTest,
  workerTask,
} from './workers.for-test.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

function runtime(...policy: Parameters<typeof openRuntime>): WorkerRuntimeUnderTest {
  const opened = openRuntime(...policy);
  open.push(opened);
  return opened;
}

async function worker(...answers: Parameters<typeof httpWorker>) {
  const started = await httpWorker(...answers);
  open.push(started);
  return started;
}

async function failureOf(attempt: Promise<unknown>): Promise<InvocationFailure> {
  const error = await attempt.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof AttemptFailed) return error.failure;
  throw error ?? new Error('the attempt did not fail');
}

const high = { output: { urgency: 'high' } };

describe('a worker', () => {
  it('is told the task and what it is to do, and nothing of who it works for', async () => {
    const { port, seen } = await worker(saying(high));
    await runtime().run(
      workerTask(port, { endpoint: `http://127.0.0.1:${port}/v2/?k=1` }),
      circumstancesOf(),
    );
    const [{ method, url, headers, body } = { headers: {}, body: '' }] = seen;
    expect({ method, url }).toEqual({ method: 'POST', url: '/v2/process?k=1' });
    expect(JSON.parse(body)).toEqual({
      ...{ task_id: 'task_1', task_type: 'analysis', attempt: 1 },
      input_data: { text: 'Smoke on Main Street' },
      context: {
        ...{ job_id: 'job_1', domain_id: 'civic_complaints' },
        ...{ agent_id: 'agent-1', agent_name: 'Triage', agent_version: 1, timeout_ms: 60_000 },
        ...{ system_prompt: 'Say how urgent it is', output_schema: { urgency: { type: 'string' } } },
      },
    });
    expect(headers).toMatchObject({
      'idempotency-key': 'job_1/task_1/1',
      'content-type': 'application/json',
    });
    expect(Object.keys(headers)).not.toContain('authorization');
    expect(JSON.stringify(seen)).not.toMatch(/token-of-the-run|tenant-1|rep_1/);
  });

  it('is told another key for each attempt of each task', async () => {
    const { port, seen } = await worker(saying(high));
    const { run } = runtime();
    for (const key of [
      { jobId: 'job_1', taskId: 'task_1', attempt: 2 },
      { jobId: 'job_1', taskId: 'task/1', attempt: 1 },
    ]) {
      await run(workerTask(port, {}, { attemptKey: key }), circumstancesOf());
    }
    const keys = seen.map(({ headers }) => headers['idempotency-key']);
    expect(keys).toEqual(['job_1/task_1/2', 'job_1/task%2F1/1']);
  });

  it('as small as the example does its work, and does it once for the same attempt', async () => {
    const example = await listen(createExampleWorker());
    open.push(example);
    const { run } = runtime();
    const answered = await run(workerTask(example.port), circumstancesOf());
    expect(answered).toEqual({
      runtime: 'worker:worker-1',
      answer: {
        ...{ output: { urgency: 'high' }, confidence: 0.9, references: [] },
        ...{ reasoning: 'The text speaks of "Smoke".', spans: { urgency: [{ start: 0, end: 5 }] } },
      },
    });
    const calm = workerTask(example.port, {}, { input: { text: 'A bench is broken' } });
    expect(await run(calm, circumstancesOf())).toEqual(answered);
    const next = { ...calm, attemptKey: { ...calm.attemptKey, attempt: 2 } };
    expect(await run(next, circumstancesOf())).toMatchObject({ answer: { output: { urgency: 'normal' } } });
    const empty = workerTask(example.port, {}, { input: {}, attemptKey: { ...calm.attemptKey, attempt: 3 } });
    expect(await failureOf(run(empty, circumstancesOf()))).toEqual({
      ...{ code: 'output_invalid', message: 'The input has no text' },
    });
  });
});

describe('an answer', () => {
  it.each([
    ['of any JSON object is the output', { urgency: 'low' }, { output: { urgency: 'low' }, confidence: 0.8 }],
    [
      'in the envelope',
      { ...high, confidence: 0.4, reasoning: 'Why' },
      { ...high, confidence: 0.4, reasoning: 'Why' },
    ],
    ['without reasons says so', high, { reasoning: 'The worker gave no reasons for its answer.' }],
    ['may cite reports', { ...high, references: ['rep_1', 'rep_1', ''] }, { references: ['rep_1'] }],
    [
      'may place what it read',
      { ...high, spans: { urgency: 'smoke' } },
      { spans: { urgency: [{ start: 0, end: 5 }] } },
    ],
    ['with an error that is null is an answer', { ...high, error_code: null }, high],
  ])('%s', async (_name, said, answer) => {
    const { port } = await worker(saying(said));
    expect(await runtime().run(workerTask(port), circumstancesOf())).toMatchObject({ answer });
  });

  it.each([
    ['that is not JSON', 'high', 'it is not JSON'],
    ['that is a list', ['high'], 'it is not a JSON object'],
    ['of another type', { output: { urgency: 5 } }, 'output: /urgency must be string'],
    ['with a key that nobody asked for', { output: { colour: 'red' } }, 'output: /'],
    ['that is empty', '', 'it is not JSON'],
    ['whose output is no object', { output: ['high'] }, 'output must be an object'],
    ['whose output is null', { output: null }, 'output must be an object'],
    ['with an output beside an error', { ...high, error_code: 'tool_error' }, 'error_code cannot be given'],
    ['with an error that is no text', { error_code: 7 }, 'error_code must be text'],
    ['with a NUL character', { output: { urgency: 'hi\0gh' } }, 'output.urgency must not contain NUL'],
    ['with a NUL character in a key', { output: { 'urgency\0': 'high' } }, 'output must not have a key'],
  ])('%s is refused, and the worker is not called again', async (_name, said, problem) => {
    const { port, seen } = await worker(saying(said));
    const failure = await failureOf(runtime().run(workerTask(port), circumstancesOf()));
    expect(failure.code).toBe('output_invalid');
    expect(failure.message).toContain(problem);
    expect(seen).toHaveLength(1);
  });

  it('that tells of a failure in a fence, or with a NUL character, is one, whose sentence can be kept', async () => {
    const { port } = await worker(
      saying('```json\n{"error_code": "model_error", "error_message": "a\\u0000b"}\n```'),
    );
    const failure = await failureOf(runtime().run(workerTask(port), circumstancesOf()));
    expect(failure).toEqual({ code: 'model_error', message: 'a\ufffdb' });
  });

  it.each([301, 303, 307, 308])('that is a redirect (%i) is not followed', async (status) => {
    const target = await worker(saying(high));
    const location = `http://127.0.0.1:${target.port}/process`;
    const { port, seen } = await worker(saying('', status, { location }));
    const failure = await failureOf(runtime().run(workerTask(port), circumstancesOf()));
    expect(failure.code).toBe('output_invalid');
    expect(failure.message).toContain('redirects the call, which is not followed');
    expect([seen.length, target.seen.length]).toEqual([1, 0]);
  });

  it('of more than 1 MB is refused', async () => {
    const { port, seen } = await worker(saying(' '.repeat(answerBytesMax + 1)));
    const failure = await failureOf(runtime().run(workerTask(port), circumstancesOf()));
    expect(failure).toMatchObject({ code: 'output_too_large' });
    expect(seen).toHaveLength(1);
  });

  it.each([
    ['model_error', 200, 'model_error'],
    ['limit_reached', 422, 'limit_reached'],
    ['cancelled', 200, 'tool_error'],
    ['approval_rejected', 200, 'tool_error'],
    ['OutOfMemory', 200, 'tool_error'],
  ])('with the error code %s and status %i fails as %s', async (errorCode, status, code) => {
    const said = { error_code: errorCode, error_message: 'The camera is dark' };
    const { port, seen } = await worker(saying(said, status));
    const failure = await failureOf(runtime().run(workerTask(port), circumstancesOf()));
    expect(failure).toEqual({ code, message: 'The camera is dark' });
    expect(seen).toHaveLength(1);
  });

  it.each([
    [404, 'output_invalid'],
    [400, 'output_invalid'],
    [401, 'permission_denied'],
    [403, 'permission_denied'],
  ])('with status %i is final, as %s', async (status, code) => {
    const { port, seen } = await worker(saying('Who are you?', status));
    const failure = await failureOf(runtime().run(workerTask(port), circumstancesOf()));
    expect(failure).toEqual({ code, message: `The worker worker-1 refuses the call with status ${status}` });
    expect(seen).toHaveLength(1);
  });
});

describe('a worker that is lost', () => {
  it('is called again under the same key, later each time, and answers', async () => {
    const { port, seen } = await worker(
      saying('', 503, { 'retry-after': '7' }),
      (request) => request.socket.destroy(),
      saying('', 500),
      saying(high),
    );
    const { run, waits } = runtime();
    const circumstances = circumstancesOf();
    expect(await run(workerTask(port), circumstances)).toMatchObject({ answer: high });
    expect(new Set(seen.map(({ headers }) => headers['idempotency-key']))).toEqual(
      new Set(['job_1/task_1/1']),
    );
    expect(waits).toEqual([7_000, 500, 1_000]);
    expect(circumstances.told.map((notice) => notice.kind === 'progress' && notice.message)).toEqual([
      'The worker worker-1 answered with status 503; it is called again in 7 s',
      'The worker worker-1 cannot be reached, or broke the connection; it is called again in 1 s',
      'The worker worker-1 answered with status 500; it is called again in 1 s',
    ]);
  });

  it.each([[408], [429], [500], [502]])(
    'since it answers with status %i fails as worker_lost at last',
    async (status) => {
      const { port, seen } = await worker(saying('inside text', status));
      const failure = await failureOf(runtime().run(workerTask(port), circumstancesOf()));
      const message = `The worker worker-1 answered with status ${status}`;
      expect(failure).toEqual({ code: 'worker_lost', message });
      expect(seen).toHaveLength(4);
    },
  );

  it('since nobody listens fails as worker_lost', async () => {
    const { port, close } = await httpWorker(saying(high));
    await close();
    expect(await failureOf(runtime().run(workerTask(port), circumstancesOf()))).toMatchObject({
      code: 'worker_lost',
    });
  });

  it('is not called again where there is no time for it', async () => {
    const { port, seen } = await worker(saying('', 500, { 'retry-after': '60' }));
    expect(await failureOf(runtime().run(workerTask(port), circumstancesOf()))).toMatchObject({
      code: 'worker_lost',
    });
    expect(seen).toHaveLength(1);
  });
});

describe('an attempt that is told to end', () => {
  it('ends its call, and is not made again', async () => {
    const asked = Promise.withResolvers<void>();
    const left = Promise.withResolvers<void>();
    const server = createServer((_request, response) => {
      response.on('close', left.resolve);
      asked.resolve();
    });
    const { port, close } = await listen(server);
    open.push({ close });
    const stopping = new AbortController();
    const attempt = runtime().run(workerTask(port), circumstancesOf(stopping.signal));
    await asked.promise;
    const reason = new Fault('cancelled', 'The attempt was cancelled');
    stopping.abort(reason);
    await expect(attempt).rejects.toBe(reason);
    await left.promise;
  });

  it('before its worker was called calls nobody', async () => {
    const { port, seen } = await worker(saying(high));
    const reason = new Fault('cancelled', 'The attempt was cancelled');
    const attempt = runtime().run(workerTask(port), circumstancesOf(AbortSignal.abort(reason)));
    await expect(attempt).rejects.toBe(reason);
    expect(seen).toEqual([]);
  });
});

describe('an endpoint', () => {
  it.each([
    ['http outside the networks', 'http://93.184.216.34/', 'must begin with https://'],
    ['a private address', 'https://10.0.0.7/', 'must not name this machine'],
    ['the place of the metadata', 'http://169.254.169.254/latest', 'must not name'],
    ['a user name', 'https://me:secret@worker.example/', 'must not hold a user name or password'],
  ])('with %s is not called', async (_name, endpoint, problem) => {
    const failure = await failureOf(runtime().run(workerTask(1, { endpoint }), circumstancesOf()));
    expect(failure).toMatchObject({ code: 'permission_denied' });
    expect(failure.message).toContain(problem);
    expect(failure.message).not.toContain('secret');
  });

  it('whose name leads to a private address is not called', async () => {
    const { port, seen } = await worker(saying(high));
    const { run } = runtime({ allowed: [], resolve: async () => ['127.0.0.1'] });
    const attempt = run(workerTask(port, { endpoint: `https://worker.example:${port}` }), circumstancesOf());
    expect(await failureOf(attempt)).toMatchObject({ code: 'permission_denied' });
    expect(seen).toEqual([]);
  });

  it('of no worker at all leaves the agent with a sentence on what to do', async () => {
    const { worker: _, ...without } = workerTask(1);
    const failure = await failureOf(runtime().run(without, circumstancesOf()));
    expect(failure).toMatchObject({ code: 'model_unavailable' });
    expect(failure.message).toContain('Triage');
  });
});
