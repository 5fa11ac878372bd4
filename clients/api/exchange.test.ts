// What the client sends again, and what it never does.
import { afterEach, describe, expect, it } from '@jest/globals';
import { ConnectionError } from './api-error.ts';
import { createExchange, type ExchangeOptions } from './exchange.ts';
import {
  hangUp,
  json,
  problem,
  type Script,
  type ScriptedServer,
  startScriptedServer,
} from './scripted-server.for-test.ts';

let server: ScriptedServer | undefined;

afterEach(() => server?.close());

const pauses: number[] = [];
const noWaiting: ExchangeOptions = { waitFor: async (ms) => void pauses.push(ms) };

async function exchanged(scripts: readonly Script[], init: RequestInit = {}, options: ExchangeOptions = {}) {
  pauses.length = 0;
  server = await startScriptedServer(...scripts);
  const exchange = createExchange({ ...noWaiting, ...options });
  const response = await exchange(new Request(`${server.url}/x`, init));
  return { status: response.status, seen: server.seen };
}

const post = { method: 'POST', body: '{"a":1}', headers: { 'content-type': 'application/json' } };
const fine = json(200, {});

describe('a request', () => {
  it('carries the credential, asked for anew before each', async () => {
    const tokens = ['one', 'two'];
    const credential = async () => tokens.shift();
    server = await startScriptedServer(fine);
    const exchange = createExchange({ credential });
    for (const path of ['/a', '/b']) await exchange(new Request(server.url + path));
    expect(server.seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer one', 'Bearer two']);
  });

  it('has a name of its own when it is a POST, and that of the caller if there is one', async () => {
    server = await startScriptedServer(fine);
    const exchange = createExchange();
    await exchange(new Request(server.url, post));
    await exchange(new Request(server.url, post));
    await exchange(new Request(server.url, { ...post, headers: { 'idempotency-key': 'mine' } }));
    const [first, second, third] = server.seen.map(({ headers }) => headers['idempotency-key']);
    expect(first).toMatch(/^[0-9a-f-]{36}$/);
    expect(second).not.toBe(first);
    expect(third).toBe('mine');
  });
});

describe('a refused or unanswered request', () => {
  it.each([
    ['a GET without an answer', [hangUp, fine], {}, 200],
    ['a GET that is answered 503', [problem(503), fine], {}, 200],
    ['a GET that is answered 429', [problem(429), fine], {}, 200],
    ['a POST without an answer', [hangUp, fine], post, 200],
    ['a POST that is answered 429, twice', [problem(429), problem(429), fine], post, 200],
  ])('is sent again: %s', async (_, scripts, init, status) => {
    const { seen, ...answer } = await exchanged(scripts, init);
    expect(answer.status).toBe(status);
    expect(seen).toHaveLength(scripts.length);
    expect(new Set(seen.map(({ body, headers }) => `${headers['idempotency-key']} ${body}`)).size).toBe(1);
  });

  it.each([
    ['a PUT', [problem(503), fine], { ...post, method: 'PUT' }, 503],
    ['a DELETE', [problem(429), fine], { method: 'DELETE' }, 429],
    ['a refusal that stays', [problem(400), fine], post, 400],
    ['a fault', [problem(500), fine], {}, 500],
    ['a first 409', [problem(409), fine], post, 409],
  ])('is not sent again: %s', async (_, scripts, init, status) => {
    const { seen, ...answer } = await exchanged(scripts, init);
    expect([answer.status, seen.length]).toEqual([status, 1]);
  });

  it('is not sent again when its body was made while it was sent', async () => {
    const body = ReadableStream.from([Buffer.from('{}\n')]);
    server = await startScriptedServer(problem(503), fine);
    const request = new Request(server.url, { method: 'POST', body, duplex: 'half' } as RequestInit);
    const { status } = await createExchange(noWaiting)(request, { isStreamed: true });
    expect([status, server.seen.length]).toEqual([503, 1]);
  });

  it('waits for the first of its name to end, when that is still under way', async () => {
    const underWay = problem(409);
    expect((await exchanged([hangUp, underWay, underWay, fine], post)).status).toBe(200);
    await server?.close();
    const answeredBefore = problem(409, {}, { 'idempotency-replayed': 'true' });
    const { status, seen } = await exchanged([hangUp, answeredBefore, fine], post);
    expect([status, seen.length]).toEqual([409, 2]);
  });

  it('is left to the caller after the last try', async () => {
    const { status, seen } = await exchanged([problem(503)], {}, { retriesMax: 2 });
    expect([status, seen.length]).toEqual([503, 3]);
    await server?.close();
    await expect(exchanged([hangUp], {}, { retriesMax: 1 })).rejects.toThrow(ConnectionError);
  });
});

describe('a pause', () => {
  it('is as long as the server asks, and longer each time where it does not', async () => {
    await exchanged([problem(429, {}, { 'retry-after': '7' }), fine]);
    expect(pauses).toEqual([7_000]);
    await server?.close();
    await exchanged([problem(503), problem(503), problem(503), fine]);
    for (const [at, most] of [250, 500, 1_000].entries()) {
      expect(pauses[at]).toBeLessThanOrEqual(most);
      expect(pauses[at]).toBeGreaterThanOrEqual(most / 2);
    }
  });

  it('that would be too long is the caller’s to keep', async () => {
    const { status, seen } = await exchanged([problem(429, {}, { 'retry-after': '3600' }), fine]);
    expect([status, seen.length]).toEqual([429, 1]);
  });

  it('ends with the signal of the request, or of the client', async () => {
    for (const place of ['request', 'client']) {
      const stop = new AbortController();
      const waitFor = async (_: number, signal: AbortSignal) => {
        stop.abort(new Error(`the ${place} was stopped`));
        signal.throwIfAborted();
      };
      const init = place === 'request' ? { signal: stop.signal } : {};
      const options = place === 'client' ? { waitFor, signal: stop.signal } : { waitFor };
      await expect(exchanged([problem(503)], init, options)).rejects.toThrow(`the ${place} was stopped`);
      await server?.close();
    }
  });
});

it('gives up on an answer that does not begin in time', async () => {
  const silent: Script = () => undefined;
  await expect(exchanged([silent], {}, { answerMsMax: 20, retriesMax: 0 })).rejects.toThrow(ConnectionError);
});
