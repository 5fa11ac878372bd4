// How calls spread over the replicas of a service, also while replicas come and go.

import { createContextValues } from '@connectrpc/connect';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Fault } from '../../foundation/fault/fault.ts';
import { createBalancedTransport } from '../../foundation/rpc/balanced-transport.ts';
import { routeKey } from '../../foundation/rpc/caller.ts';
import { ejectMsMax, ejectMsMin } from '../../foundation/rpc/ejection.ts';
import { SessionService } from '../../proto/gen/domainflow/sessions/v1/session_service_pb.js';
import { startSeverableProxy } from './severable-proxy.ts';
import { createTestMesh, movingAddresses, type TestMesh, type TestReplica } from './test-mesh.ts';

// Thousands of calls: how long they take on a busy machine is no promise.
jest.setTimeout(30_000);

interface CountingReplica extends TestReplica {
  served(): number;
}

describe('calls to a service of several replicas', () => {
  let mesh: TestMesh;
  beforeEach(async () => {
    mesh = await createTestMesh();
  });
  afterEach(() => mesh.close());

  // A replica that answers its own number, each call after one turn of the event loop.
  async function startReplica(name: string): Promise<CountingReplica> {
    let served = 0;
    const serve = async () => {
      served += 1;
      await new Promise(setImmediate);
      return { session: { title: name } };
    };
    const replica = await mesh.start({ sessions: { getSession: serve, createSession: serve } });
    return { ...replica, served: () => served };
  }
  const startReplicas = (names: readonly string[]) => Promise.all(names.map(startReplica));
  const targetOf = (replicas: readonly { address: string }[]) =>
    replicas.map(({ address }) => address).join(',');

  it('spread evenly under load', async () => {
    const replicas = await startReplicas(['a', 'b', 'c']);
    const client = mesh.client(SessionService, targetOf(replicas));
    await callTimes(1_500, 32, () => client.getSession({}, mesh.call()));
    for (const replica of replicas) {
      expect(replica.served()).toBeGreaterThan(500 * 0.8);
      expect(replica.served()).toBeLessThan(500 * 1.2);
    }
  });

  it('never fail while the service grows from one replica to three and shrinks back, idempotent or not', async () => {
    const [first] = await startReplicas(['a']);
    if (!first) throw new Error('no replica');
    const addresses = movingAddresses([first.address]);
    const client = mesh.client(SessionService, addresses);
    let done = false;
    let calls = 0;
    const reached = (count: number) => until(() => done || calls >= count);
    const work = async () => {
      try {
        for (; !done; calls += 1) {
          await client.getSession({}, mesh.call());
          await client.createSession({}, mesh.call());
        }
      } finally {
        done = true;
      }
    };
    const workers = Promise.all(Array.from({ length: 16 }, work));
    await reached(200);
    const more = await startReplicas(['b', 'c']);
    addresses.set([first, ...more].map(({ address }) => address));
    await reached(calls + 400);
    expect(more.map((replica) => replica.served() > 100)).toEqual([true, true]);
    // Two of three go, and the client is told only later, as by a name server.
    const [b, c] = more;
    await Promise.all([first.close(), b?.close()]);
    await reached(calls + 200);
    addresses.set([c?.address ?? '']);
    await reached(calls + 200);
    done = true;
    await expect(workers).resolves.toBeDefined();
  });

  it('with a key reach the same replica, and only the keys of a replica that goes move', async () => {
    const replicas = await startReplicas(['a', 'b', 'c']);
    const addresses = movingAddresses(replicas.map(({ address }) => address));
    const client = mesh.client(SessionService, addresses);
    const keys = Array.from({ length: 60 }, (_, i) => `job_${i}`);
    const owners = async () => {
      const answers = keys.map((route) => client.getSession({}, mesh.call({ route })));
      return (await Promise.all(answers)).map(({ session }) => session?.title);
    };
    const before = await owners();
    expect(await owners()).toEqual(before);
    expect(new Set(before).size).toBe(3);
    addresses.set(replicas.slice(0, 2).map(({ address }) => address));
    const after = await owners();
    expect(after.filter((_, i) => before[i] !== 'c')).toEqual(before.filter((owner) => owner !== 'c'));
    expect(after).not.toContain('c');
  });

  it('with a key stay with a replica that answers unavailable, since it may hold what belongs to the key', async () => {
    const asked: string[] = [];
    const start = (name: string) =>
      mesh.start({
        sessions: {
          createSession: () => {
            asked.push(name);
            throw new Fault('unavailable', 'Not now');
          },
        },
      });
    const replicas = [await start('a'), await start('b')];
    const client = mesh.client(SessionService, targetOf(replicas));
    for (let i = 0; i < 6; i += 1)
      await client.createSession({}, mesh.call({ route: 'job_1' })).catch(() => undefined);
    expect(new Set(asked).size).toBe(1);
  });

  it('leave out a dead address after its first failures and try it again later with one call', async () => {
    const alive = await startReplicas(['a', 'b']);
    const proxy = await startSeverableProxy(alive[0]?.address ?? '');
    await proxy.close();
    let now = 0;
    const outcomes: boolean[] = [];
    const list = [...alive.map(({ address }) => address), proxy.address];
    const transport = createBalancedTransport({
      addresses: movingAddresses(list),
      clock: () => now,
      interceptors: [],
    });
    const failuresOf = async (calls: number) => {
      outcomes.length = 0;
      await callTimes(calls, 8, async () => {
        const { headers, timeoutMs } = mesh.call();
        const call = transport.unary(SessionService.method.getSession, undefined, timeoutMs, headers, {});
        outcomes.push(
          await call.then(
            () => true,
            () => false,
          ),
        );
      });
      return outcomes.filter((succeeded) => !succeeded).length;
    };
    expect(await failuresOf(100)).toBeGreaterThan(0);
    expect(await failuresOf(100)).toBe(0);
    now += ejectMsMin;
    expect(await failuresOf(100)).toBe(1);
    now += ejectMsMin;
    expect(await failuresOf(100)).toBe(0);
    now += ejectMsMax;
    expect(await failuresOf(100)).toBe(1);
    transport.close();
  });

  it('come back to an address that lives again', async () => {
    const [a, b] = await startReplicas(['a', 'b']);
    if (!a || !b) throw new Error('no replicas');
    const client = mesh.client(SessionService, targetOf([a, b]));
    await client.getSession({}, mesh.call());
    const port = Number(a.address.split(':')[1]);
    await a.close();
    await callTimes(20, 4, () => client.getSession({}, mesh.call()));
    const again = await startSeverableProxy(b.address, port);
    await until(
      () => again.accepted() > 0,
      () => client.getSession({}, mesh.call()),
    );
    await again.close();
  });

  it('are refused by a transport that is closed', async () => {
    const [a] = await startReplicas(['a']);
    const addresses = movingAddresses([a?.address ?? '']);
    const transport = createBalancedTransport({ addresses, clock: Date.now, interceptors: [] });
    transport.close();
    const values = createContextValues().set(routeKey, 'k');
    const { headers } = mesh.call();
    const call = transport.unary(SessionService.method.getSession, undefined, 1_000, headers, {}, values);
    await expect(call).rejects.toThrow('the transport is closed');
  });
});

async function callTimes(times: number, atOnce: number, call: () => Promise<unknown>): Promise<void> {
  let left = times;
  const work = async () => {
    for (; left > 0; await call()) left -= 1;
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

async function until(
  holds: () => boolean,
  step: () => Promise<unknown> = () => new Promise(setImmediate),
): Promise<void> {
  while (!holds()) await step();
}
