// Streams through the whole stack: what arrives, how they fail and how both ends learn that the other has gone.
import { mock } from 'node:test';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../foundation/clock.ts';
import { Fault } from '../../foundation/fault/fault.ts';
import { openReplica } from '../../foundation/rpc/connected-replica.ts';
import type { InvokeResponse } from '../../proto/gen/domainflow/agents/v1/agent_runtime_service_pb.js';
import { AgentRuntimeService } from '../../proto/gen/domainflow/agents/v1/agent_runtime_service_pb.js';
import { createGrpcJsClient } from './grpc-js-client.ts';
import { startSeverableProxy } from './severable-proxy.ts';
import { createTestMesh, type TestMesh, type TestReplica } from './test-mesh.ts';

const messages = 500;

describe('a stream', () => {
  let mesh: TestMesh;
  let server: TestReplica;
  let ended: PromiseWithResolvers<'finished' | 'left'>;
  let over: PromiseWithResolvers<void>;
  let yielded: number;
  let failAt: number;
  let waitAt: number;
  let textLength: number;

  beforeEach(async () => {
    [ended, over] = [Promise.withResolvers(), Promise.withResolvers()];
    yielded = 0;
    [failAt, waitAt, textLength] = [Infinity, Infinity, 200];
    mesh = await createTestMesh();
    server = await mesh.start({
      agents: {
        async *invoke(_, { signal }) {
          signal.addEventListener('abort', () => ended.resolve('left'));
          try {
            for (yielded = 0; yielded < messages; yielded += 1) {
              if (yielded === failAt) throw new Fault('resource_exhausted', 'Enough', { retryAfterMs: 250 });
              if (yielded === waitAt)
                await new Promise((resolve) => signal.addEventListener('abort', resolve));
              if (signal.aborted) return;
              yield {
                event: { case: 'token', value: { offset: BigInt(yielded), text: 'x'.repeat(textLength) } },
              };
            }
            ended.resolve('finished');
          } finally {
            over.resolve();
          }
        },
      },
    });
  });
  afterEach(() => mesh.close());

  const invoke = (options = mesh.call(), target = server.address) =>
    mesh.client(AgentRuntimeService, target).invoke({}, options);
  const offsets = (received: readonly InvokeResponse[]) =>
    received.map(({ event }) => (event.case === 'token' ? Number(event.value.offset) : -1));
  const wholeRange = Array.from({ length: messages }, (_, i) => i);

  it('arrives whole and in order, at a reader slower than its writer too', async () => {
    const received: InvokeResponse[] = [];
    for await (const message of invoke()) {
      received.push(message);
      await new Promise(setImmediate);
    }
    expect(offsets(received)).toEqual(wholeRange);
    expect(await ended.promise).toBe('finished');
  });

  it('that fails in the middle gives what came before and then the Fault', async () => {
    failAt = 3;
    const received: InvokeResponse[] = [];
    const read = async () => {
      for await (const message of invoke()) received.push(message);
    };
    await expect(read()).rejects.toMatchObject({
      reason: 'resource_exhausted',
      message: 'Enough',
      retryAfterMs: 250,
    });
    expect(offsets(received)).toEqual([0, 1, 2]);
  });

  it('ends on the server when its reader leaves the loop', async () => {
    waitAt = 5;
    for await (const { event } of invoke(mesh.call({ timeoutMs: 600_000 }))) {
      if (event.case === 'token' && event.value.offset === 4n) break;
    }
    expect(await ended.promise).toBe('left');
  });

  it('leaves no timer behind when its reader leaves the loop', async () => {
    waitAt = 1;
    const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
    const before = timers();
    for await (const _ of invoke(mesh.call({ timeoutMs: 600_000 }))) break;
    await ended.promise;
    await until(() => timers() <= before);
  });

  it('ends on the server when its reader fails, aborts, vanishes or runs out of time', async () => {
    waitAt = 5;
    const readers: Record<string, () => Promise<void>> = {
      fails: async () => {
        for await (const _ of invoke()) throw new Error('the reader failed');
      },
      aborts: async () => {
        const leave = new AbortController();
        for await (const _ of invoke(mesh.call({ signal: leave.signal }))) leave.abort();
      },
      vanishes: async () => {
        const proxy = await startSeverableProxy(server.address);
        for await (const _ of invoke(mesh.call(), proxy.address)) await proxy.close();
      },
      'runs out of time': async () => {
        await Array.fromAsync(invoke(mesh.call({ timeoutMs: 50 })));
      },
      'cancels plainly': async () => {
        const plain = createGrpcJsClient(server.address);
        const call = { token: mesh.token(), timeoutMs: 60_000 };
        const stream = plain.serverStream(AgentRuntimeService.method.invoke, {}, call);
        for await (const _ of stream) stream.cancel();
        plain.close();
      },
    };
    for (const [how, read] of Object.entries(readers)) {
      ended = Promise.withResolvers();
      await expect(read()).rejects.toBeInstanceOf(Error);
      expect([how, await ended.promise]).toEqual([how, 'left']);
    }
  });

  it('whose connection is cut while it is being written is no failure of its handler', async () => {
    textLength = 100_000;
    const written = mock.method(console, 'error');
    const proxy = await startSeverableProxy(server.address);
    const reader = invoke(mesh.call({ timeoutMs: 600_000 }), proxy.address)[Symbol.asyncIterator]();
    await reader.next();
    await untilStill(() => yielded);
    await proxy.close();
    const readOn = Array.fromAsync({ [Symbol.asyncIterator]: () => reader });
    await expect(readOn).rejects.toMatchObject({ reason: 'unavailable' });
    await over.promise;
    await new Promise(setImmediate); // by then everything has been said
    expect(server.log.filter(({ level }) => level === 'error' || level === 'warn')).toEqual([]);
    expect(written.mock.callCount()).toBe(0);
    written.mock.restore();
  });

  it('tells its reader why it ended: the deadline, the abort or the broken connection', async () => {
    waitAt = 1;
    await expect(Array.fromAsync(invoke(mesh.call({ timeoutMs: 50 })))).rejects.toMatchObject({
      reason: 'deadline_exceeded',
    });
    const leave = new AbortController();
    const aborted = async () => {
      for await (const _ of invoke(mesh.call({ signal: leave.signal }))) leave.abort();
    };
    await expect(aborted()).rejects.toMatchObject({ reason: 'cancelled' });
    const proxy = await startSeverableProxy(server.address);
    const cut = async () => {
      for await (const _ of invoke(mesh.call(), proxy.address)) proxy.cut();
    };
    await expect(cut()).rejects.toMatchObject({
      reason: 'unavailable',
      message: 'A service that is needed cannot be reached',
    });
    await proxy.close();
  });

  it('that nobody reads counts as a call under way on its replica until it is aborted', async () => {
    waitAt = 1;
    const options = { address: server.address, interceptors: [], clock: systemClock };
    const replica = openReplica({ ...options, onConnectionFailure: () => undefined });
    const leave = new AbortController();
    const { headers, timeoutMs } = mesh.call();
    const { invoke: method } = AgentRuntimeService.method;
    const one = (async function* () {
      yield {};
    })();
    const { message } = await replica.transport.stream(method, leave.signal, timeoutMs, headers, one);
    expect(replica.inFlight).toBe(1);
    leave.abort();
    expect(replica.inFlight).toBe(0);
    await expect(message[Symbol.asyncIterator]().next()).rejects.toThrow();
    replica.close();
  });

  it('stops its writer while its reader does not read', async () => {
    textLength = 100_000;
    const reader = invoke(mesh.call({ timeoutMs: 600_000 }))[Symbol.asyncIterator]();
    await reader.next();
    await untilStill(() => yielded);
    expect(yielded).toBeLessThan(messages);
    await reader.return?.();
  });
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(setImmediate);
}

async function untilStill(count: () => number): Promise<void> {
  let last = -1;
  for (let same = 0; same < 50; same = count() === last ? same + 1 : 0) {
    last = count();
    await new Promise(setImmediate);
  }
}
