// Which failed calls are tried again, and for how long.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Fault } from '../../foundation/fault/fault.ts';
import { attemptsMax } from '../../foundation/rpc/retry-policy.ts';
import { SessionService } from '../../proto/gen/domainflow/sessions/v1/session_service_pb.js';
import { startRefusingServer } from './refusing-server.ts';
import { deadAddress, startSeverableProxy } from './severable-proxy.ts';
import { createTestMesh, movingAddresses, type TestMesh, type TestReplica } from './test-mesh.ts';

// In these contracts GetSession has no side effects and CreateSession is not declared idempotent.
describe('a failed call', () => {
  let mesh: TestMesh;
  let server: TestReplica;
  let calls: string[];
  let handle: (method: string, signal: AbortSignal) => Promise<void>;

  beforeEach(async () => {
    mesh = await createTestMesh();
    calls = [];
    handle = async () => undefined;
    const serve = (method: string) => async (_: unknown, context: { signal: AbortSignal }) => {
      calls.push(method);
      await handle(method, context.signal);
      return {};
    };
    server = await mesh.start({ sessions: { getSession: serve('get'), createSession: serve('create') } });
  });
  afterEach(() => mesh.close());

  const client = (target = server.address) => mesh.client(SessionService, target);
  const failTimes = (times: number, error: Error) => {
    handle = async () => {
      if (calls.length <= times) throw error;
    };
  };

  it('is tried again on unavailable where the method is idempotent', async () => {
    failTimes(2, new Fault('unavailable', 'Not now'));
    await client().getSession({}, mesh.call());
    expect(calls).toEqual(['get', 'get', 'get']);
  });

  it('is not tried again where the method is not idempotent and the server answered', async () => {
    failTimes(1, new Fault('unavailable', 'Not now'));
    await expect(client().createSession({}, mesh.call())).rejects.toMatchObject({ reason: 'unavailable' });
    expect(calls).toEqual(['create']);
  });

  it('is not tried again for any other reason', async () => {
    for (const reason of ['aborted', 'internal', 'resource_exhausted', 'not_found'] as const) {
      calls = [];
      failTimes(1, new Fault(reason, 'No'));
      await expect(client().getSession({}, mesh.call())).rejects.toMatchObject({ reason });
      expect(calls).toHaveLength(1);
    }
  });

  it('is given up after a number of attempts', async () => {
    failTimes(100, new Fault('unavailable', 'Never'));
    await expect(client().getSession({}, mesh.call())).rejects.toMatchObject({ message: 'Never' });
    expect(calls).toHaveLength(attemptsMax);
  });

  it('is not tried again when the wait that the server asks for is longer than the time left', async () => {
    failTimes(1, new Fault('unavailable', 'Later', { retryAfterMs: 60_000 }));
    await expect(client().getSession({}, mesh.call())).rejects.toMatchObject({ retryAfterMs: 60_000 });
    expect(calls).toHaveLength(1);
  });

  it('is tried again elsewhere when nobody listens at an address, idempotent or not', async () => {
    const both = `${await deadAddress()},${server.address}`;
    for (let i = 0; i < 10; i += 1) {
      await client(both).createSession({}, mesh.call());
      await client(both).getSession({}, mesh.call());
    }
    expect(calls).toHaveLength(20);
  });

  it('is tried again when the server refused its stream, idempotent or not', async () => {
    const refusing = await startRefusingServer(2);
    await client(refusing.address).createSession({}, mesh.call());
    expect(refusing.streams()).toBe(3);
    await refusing.close();
  });

  it('whose connection broke under it is tried again only where the method is idempotent', async () => {
    const proxy = await startSeverableProxy(server.address);
    handle = async (_, signal) => {
      if (calls.length > 1) return;
      proxy.cut();
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    };
    await client(proxy.address).getSession({}, mesh.call());
    expect(calls).toEqual(['get', 'get']);
    calls = [];
    await expect(client(proxy.address).createSession({}, mesh.call())).rejects.toMatchObject({
      reason: 'unavailable',
      message: 'A service that is needed cannot be reached',
    });
    expect(calls).toEqual(['create']);
    await proxy.close();
  });

  it('never outlives the deadline of its caller', async () => {
    failTimes(100, new Fault('unavailable', 'Not now', { retryAfterMs: 90 }));
    await expect(client().getSession({}, mesh.call({ timeoutMs: 200 }))).rejects.toBeInstanceOf(Fault);
    expect(calls.length).toBeLessThan(attemptsMax);
    handle = (_, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    await expect(client().getSession({}, mesh.call({ timeoutMs: 50 }))).rejects.toMatchObject({
      reason: 'deadline_exceeded',
    });
    expect(server.log.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('stops waiting for its next attempt when its signal is aborted', async () => {
    const failed = Promise.withResolvers<void>();
    handle = async () => {
      failed.resolve();
      throw new Fault('unavailable', 'Later', { retryAfterMs: 60_000 });
    };
    const leave = new AbortController();
    const call = client().getSession({}, mesh.call({ timeoutMs: 600_000, signal: leave.signal }));
    void failed.promise.then(() => leave.abort());
    await expect(call).rejects.toMatchObject({ reason: 'cancelled', message: 'The call was cancelled' });
    expect(calls).toHaveLength(1);
  });

  it('is not even sent when its signal was aborted before, and fails with the fault that was the reason', async () => {
    const reason = new Fault('failed_precondition', 'The run was cancelled');
    const call = client().getSession({}, mesh.call({ signal: AbortSignal.abort(reason) }));
    await expect(call).rejects.toBe(reason);
    expect(calls).toEqual([]);
  });

  it('ends at once when its signal is aborted while the server works, and the server is told', async () => {
    const [working, told] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    handle = (_, signal) => {
      working.resolve();
      signal.addEventListener('abort', () => told.resolve());
      return told.promise;
    };
    const leave = new AbortController();
    const call = client().getSession({}, mesh.call({ signal: leave.signal }));
    await working.promise;
    leave.abort();
    await expect(call).rejects.toMatchObject({ reason: 'cancelled' });
    await told.promise;
  });

  it('without a deadline is refused before it is sent', async () => {
    const { timeoutMs: _, ...withoutDeadline } = mesh.call();
    await expect(client().getSession({}, withoutDeadline)).rejects.toMatchObject({ reason: 'internal' });
    expect(calls).toEqual([]);
  });

  it('waits for addresses no longer than its deadline or its signal allow', async () => {
    const unknown = { ...movingAddresses([]), ready: () => new Promise<void>(() => undefined) };
    const waiting = mesh.client(SessionService, unknown);
    await expect(waiting.getSession({}, mesh.call({ timeoutMs: 20 }))).rejects.toMatchObject({
      reason: 'deadline_exceeded',
    });
    const leave = new AbortController();
    const call = waiting.getSession({}, mesh.call({ signal: leave.signal }));
    leave.abort();
    await expect(call).rejects.toMatchObject({ reason: 'cancelled' });
  });

  it('is unavailable when no replica is known', async () => {
    const none = mesh.client(SessionService, movingAddresses([]));
    await expect(none.createSession({}, mesh.call())).rejects.toMatchObject({ reason: 'unavailable' });
  });
});
