// The worker against a real HTTP server: what it asks, what it answers, and what it does when calls fail, leases are lost or it is to stop.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startTestPlatform, type TestPlatform } from './platform.for-test.ts';
import { runWorker, type WorkerOptions } from './run-worker.ts';
import { TaskFailure } from './task-failure.ts';
import type { Handle, WorkerEvent } from './worker-parts.ts';

let platform: TestPlatform;
let stopping: AbortController;
let running: Promise<void>[];
let events: WorkerEvent[];
beforeEach(async () => {
  platform = await startTestPlatform();
  stopping = new AbortController();
  running = [];
  events = [];
});
afterEach(async () => {
  stopping.abort();
  await Promise.allSettled(running);
  await platform.close();
});

const echo: Handle = ({ input_data }) => ({ output: { ...input_data } });

/** A worker that is known by the name `test`. */
function start(handle: Handle, options: Partial<WorkerOptions> = {}): Promise<void> {
  const ended = runWorker({
    url: platform.url,
    credential: 'key',
    name: 'test',
    type: 'custom',
    signal: stopping.signal,
    pauses: { firstMs: 2, maxMs: 10 },
    tell: (event) => void events.push(event),
    handle,
    ...options,
  });
  running.push(ended.catch(() => undefined));
  return ended;
}

/** A handler that ends when the test says so, and remembers how it went. */
function heldHandler() {
  const begun: string[] = [];
  const aborted: [string, unknown][] = [];
  const ends = new Map<string, () => void>();
  const handle: Handle = async ({ task_id, attempt }, { signal }) => {
    const name = `${task_id}/${attempt}`;
    const { promise, resolve } = Promise.withResolvers<void>();
    ends.set(name, resolve);
    signal.addEventListener('abort', () => aborted.push([name, signal.reason]));
    begun.push(name);
    await promise;
    return { output: { of: name } };
  };
  return { begun, aborted, handle, end: (name: string) => ends.get(name)?.() };
}

const pathsOf = (end: string) => platform.asked.filter(({ path }) => path.endsWith(end));

describe('runWorker', () => {
  it('registers as it is described, does what it is given, and takes leave', async () => {
    const ended = start(echo, {
      capabilities: ['images'],
      version: '1.2.0',
      concurrency: 3,
      heartbeatS: 10,
      waitS: 7,
    });
    platform.offer('a');
    await platform.until(() => platform.results.length === 1);
    stopping.abort();
    await ended;
    expect(platform.results).toEqual([['a/1', { output: { of: 'a' } }]]);
    const [registered] = platform.asked;
    expect(registered).toEqual({
      path: '/api/v2/agents/register',
      authorization: 'Bearer key',
      body: {
        name: 'test',
        type: 'custom',
        protocol: 'pull',
        capabilities: ['images'],
        version: '1.2.0',
        health_check_interval: 10,
        max_concurrent_tasks: 3,
      },
    });
    expect(pathsOf('/agents/worker-1/tasks/claim')[0]?.body).toEqual({ max: 3, wait_s: 7 });
    expect(platform.asked.at(-1)).toMatchObject({
      path: '/api/v2/agents/worker-1/heartbeat',
      body: { status: 'offline', running_task_ids: [] },
    });
  });

  it('takes no more at a time than it has places, and asks again as soon as one is free', async () => {
    const { begun, handle, end } = heldHandler();
    start(handle, { concurrency: 2 });
    for (const id of ['a', 'b', 'c']) platform.offer(id);
    await platform.until(() => begun.length === 2 && pathsOf('/heartbeat').length > 1);
    expect(begun).toEqual(['a/1', 'b/1']);
    end('b/1');
    await platform.until(() => begun.length === 3);
    expect(begun[2]).toBe('c/1');
    for (const name of begun) end(name);
    await platform.until(() => platform.results.length === 3);
  });

  it('names with each sign of life what runs', async () => {
    const { begun, handle, end } = heldHandler();
    start(handle, { concurrency: 2 });
    platform.offer('a');
    platform.offer('b');
    await platform.until(() =>
      pathsOf('/heartbeat').some(({ body }) => String(body.running_task_ids) === 'a,b'),
    );
    end('a/1');
    await platform.until(() =>
      pathsOf('/heartbeat').some(({ body }) => String(body.running_task_ids) === 'b'),
    );
    for (const name of begun) end(name);
  });

  it('gives up what the platform gave to another, and never answers it', async () => {
    const { aborted, handle, end } = heldHandler();
    start(handle);
    platform.lost.add('a');
    platform.offer('a');
    await platform.until(() => aborted.length === 1);
    expect(aborted).toEqual([['a/1', expect.objectContaining({ name: 'LeaseLost' })]]);
    end('a/1');
    platform.offer('b');
    await platform.until(() =>
      pathsOf('/heartbeat').some(({ body }) => String(body.running_task_ids) === 'b'),
    );
    end('b/1');
    await platform.until(() => platform.results.length === 1);
    expect(platform.results).toEqual([['b/1', { output: { of: 'b/1' } }]]);
  });

  it('answers a later attempt of the same task alone, and begins none twice', async () => {
    const { begun, aborted, handle, end } = heldHandler();
    start(handle, { concurrency: 4 });
    platform.offer('a', {}, 1);
    await platform.until(() => begun.length === 1);
    platform.offer('a', {}, 1);
    platform.offer('a', {}, 2);
    await platform.until(() => begun.length === 2);
    expect(aborted.map(([name]) => name)).toEqual(['a/1']);
    end('a/1');
    end('a/2');
    await platform.until(() => platform.results.length === 1);
    platform.offer('b');
    await platform.until(() => begun.length === 3);
    end('b/1');
    await platform.until(() => platform.results.length === 2);
    expect(platform.results.map(([name]) => name)).toEqual(['a/2', 'b/1']);
  });

  it('gives an attempt up when no sign of life was heard for as long as a lease lasts', async () => {
    const { begun, aborted, handle } = heldHandler();
    platform.refuse('heartbeat', ...Array.from({ length: 10_000 }, () => [503, 'Away'] as const));
    start(handle, { heartbeatS: 0.05 });
    platform.offer('a');
    await platform.until(() => aborted.length === 1);
    expect([begun, aborted]).toEqual([['a/1'], [['a/1', expect.objectContaining({ name: 'LeaseLost' })]]]);
  });

  it('tells a failure as it is, and of any other error nothing but that there was one', async () => {
    start(({ task_id }) => {
      if (task_id === 'told') throw new TaskFailure('dependency_unavailable', 'The store is away');
      if (task_id === 'bug') throw new Error('secret');
      const circle: Record<string, unknown> = {};
      circle.self = circle;
      return { output: circle };
    });
    for (const id of ['told', 'bug', 'circle']) platform.offer(id);
    await platform.until(() => platform.results.length === 3);
    expect(Object.fromEntries(platform.results)).toEqual({
      'told/1': { error_code: 'dependency_unavailable', error_message: 'The store is away' },
      'bug/1': { error_code: 'tool_error', error_message: 'The worker could not do the task' },
      'circle/1': { error_code: 'output_invalid', error_message: 'The answer is no JSON' },
    });
    expect(events.filter(({ event }) => event === 'task_failed').map(({ taskId }) => taskId)).toEqual([
      'told',
      'bug',
    ]);
  });

  it('tells a task whose answer is refused as failed, since the same answer would be refused again', async () => {
    platform.refuse('result', [422, 'output is larger than 64 KB']);
    start(echo);
    platform.offer('a');
    await platform.until(() => platform.results.length === 1);
    const failure = { error_code: 'output_invalid', error_message: 'output is larger than 64 KB' };
    expect(platform.results).toEqual([['a/1', failure]]);
    expect(events.filter(({ event }) => event === 'answer_refused')).toMatchObject([{ taskId: 'a' }]);
  });

  it('tells a failure whose sentence is refused as the same failure', async () => {
    platform.refuse('result', [422, 'error_message: must not contain NUL characters']);
    start(() => {
      throw new TaskFailure('tool_error', 'no\0camera');
    });
    platform.offer('a');
    await platform.until(() => platform.results.length === 1);
    const error_message = 'error_message: must not contain NUL characters';
    expect(platform.results).toEqual([['a/1', { error_code: 'tool_error', error_message }]]);
  });

  it('ends a task whose answer says that it failed as well', async () => {
    platform.refuse('result', [422, 'error_code: cannot be given beside output']);
    start(() => ({ output: {}, error_code: 'tool_error' }) as never);
    platform.offer('a');
    await platform.until(() => platform.results.length === 1);
    expect(platform.results).toMatchObject([['a/1', { error_code: 'output_invalid' }]]);
  });

  it('says of an answer that was taken as a failure why, and answers no second time', async () => {
    platform.fail(['output_invalid', 'output: /of must be integer']);
    start(echo);
    for (const id of ['a', 'b']) platform.offer(id);
    await platform.until(() => events.filter(({ event }) => event === 'task_answered').length === 2);
    expect(platform.results.map(([attempt]) => attempt)).toEqual(['a/1', 'b/1']);
    const told = events.filter(({ event }) => event === 'answer_refused');
    expect(told).toMatchObject([{ taskId: 'a', attempt: 1 }]);
    expect(told[0]?.error).toMatchObject({
      ...{ name: 'AnswerRefused', code: 'output_invalid', message: 'output: /of must be integer' },
    });
  });

  it('repeats each call until it is heard, an answer with the same words', async () => {
    platform.refuse('register', [503, 'Away'], [429, 'Busy'], 'hang up');
    platform.refuse('claim', [500, 'Broken'], [503, 'Away']);
    platform.refuse('result', [503, 'Away'], 'hang up');
    start(echo);
    platform.offer('a');
    await platform.until(() => platform.results.length === 2);
    expect(pathsOf('/agents/register')).toHaveLength(4);
    const bodies = pathsOf('/result').map(({ body }) => body);
    expect(bodies).toEqual(Array.from({ length: 3 }, () => ({ output: { of: 'a' } })));
  });

  it('does not repeat an answer that came too late', async () => {
    platform.refuse('result', [409, 'Somebody else has it']);
    start(echo);
    platform.offer('a');
    platform.offer('b');
    await platform.until(() => platform.results.length === 1);
    expect(pathsOf('/result').map(({ path }) => path)).toEqual([
      '/api/v2/tasks/a/attempts/1/result',
      '/api/v2/tasks/b/attempts/1/result',
    ]);
    expect(events.find(({ event }) => event === 'task_lost')).toMatchObject({ taskId: 'a', attempt: 1 });
  });

  it('takes nothing more once it is to stop, but ends what it has', async () => {
    const { begun, handle, end } = heldHandler();
    const ended = start(handle, { concurrency: 2 });
    platform.offer('a');
    await platform.until(() => begun.length === 1);
    stopping.abort();
    platform.offer('b');
    const signs = pathsOf('/heartbeat').length;
    await platform.until(() => pathsOf('/heartbeat').length > signs + 1); // it still says that it lives
    end('a/1');
    await ended;
    expect([begun, platform.results]).toEqual([['a/1'], [['a/1', { output: { of: 'a/1' } }]]]);
    expect(platform.asked.at(-1)?.body).toEqual({ status: 'offline', running_task_ids: [] });
  });

  it('stops also while all its places are taken, and hands back what does not end in time', async () => {
    const { begun, aborted, handle } = heldHandler();
    const ended = start(handle, { graceMs: 5 });
    platform.offer('a');
    await platform.until(() => begun.length === 1);
    stopping.abort();
    await ended;
    expect(aborted.map(([name]) => name)).toEqual(['a/1']);
    expect(platform.results).toEqual([
      ['a/1', { error_code: 'worker_lost', error_message: 'The worker stopped before the task had ended' }],
    ]);
  });

  it('rejects when it is refused: by its description, by its credential, or because it was removed', async () => {
    platform.refuse('register', [422, 'name is too short']);
    await expect(start(echo, { name: 'x' })).rejects.toThrow('name is too short');
    platform.refuse('claim', [403, 'The key may not do this']);
    await expect(start(echo)).rejects.toThrow('The key may not do this');
    platform.refuse('heartbeat', [409, 'The worker was removed']);
    const { begun, aborted, handle } = heldHandler();
    const ended = start(handle);
    platform.offer('a');
    await expect(ended).rejects.toThrow('The worker was removed');
    expect(aborted.map(([name]) => name)).toEqual(begun);
    expect(platform.results).toEqual([]);
  });

  it('waits while it is deactivated', async () => {
    platform.refuse('claim', [409, 'The worker was deactivated'], [409, 'The worker was deactivated']);
    start(echo);
    platform.offer('a');
    await platform.until(() => platform.results.length === 1);
  });

  it('asks for another token when one is refused', async () => {
    platform.refuse('claim', [401, 'The token has run out']);
    let made = 0;
    const credential = () => {
      made += 1;
      return `token-${made}`;
    };
    start(echo, { credential });
    platform.offer('a');
    await platform.until(() => platform.results.length === 1);
    const tokens = platform.asked.map(({ authorization }) => authorization);
    expect(new Set(tokens).size).toBe(tokens.length);
  });
});
