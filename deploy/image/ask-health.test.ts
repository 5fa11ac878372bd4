// The probe against real servers: a service before, during and after it serves, a gateway, and nobody.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Health } from '../../foundation/process/health.ts';
import { startGatewayForTest, type TestGateway } from '../../gateway/app.for-test.ts';
import { createTestMesh, type TestMesh, type TestReplica } from '../../test/mesh/test-mesh.ts';
import { askHealth } from './ask-health.ts';

/** Resolves when the process serves: a gateway, when it has heard of its neighbours. */
async function serving(health: Health): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = health.onChange((overall) => overall === 'serving' && resolve());
  if (health.overall() !== 'serving') await promise;
  stop();
}

const soon = () => AbortSignal.timeout(5_000);

describe('a service', () => {
  let mesh: TestMesh;
  let replica: TestReplica;

  beforeEach(async () => {
    mesh = await createTestMesh();
    replica = await mesh.start({});
  });
  afterEach(() => mesh.close());

  it.each(['grpc', undefined] as const)('that serves says so when it is asked by %s', async (protocol) => {
    const { address } = replica;
    expect(await askHealth({ protocol, address }, soon())).toEqual({ serving: true, said: 'SERVING' });
  });

  it.each(['grpc', undefined] as const)(
    'whose store is away does not serve, asked by %s',
    async (protocol) => {
      const { address, health } = replica;
      health.set('postgres', 'not_serving');
      expect(await askHealth({ protocol, address }, soon())).toEqual({ serving: false, said: 'NOT_SERVING' });
    },
  );
});

describe('a gateway', () => {
  let gateway: TestGateway;

  beforeEach(async () => {
    gateway = await startGatewayForTest();
  });
  afterEach(() => gateway.close());

  it.each(['http', undefined] as const)('that drains does not serve, asked by %s', async (protocol) => {
    const { address, health } = gateway.gateway;
    health.drain();
    expect(await askHealth({ protocol, address }, soon())).toEqual({ serving: false, said: 'HTTP 503' });
  });

  it.each(['http', undefined] as const)('that is ready says so when it is asked by %s', async (protocol) => {
    const { address, health } = gateway.gateway;
    await serving(health);
    expect(await askHealth({ protocol, address }, soon())).toEqual({ serving: true, said: 'HTTP 200' });
  });
});

describe('who does not answer', () => {
  let server: Server;
  const sockets: Socket[] = [];

  beforeEach(async () => {
    server = createServer((socket) => void sockets.push(socket)).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    server.close();
    await once(server, 'close');
  });

  it.each(['http', 'grpc', undefined] as const)('in time, asked by %s, is given up', async (protocol) => {
    const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    await expect(askHealth({ protocol, address }, AbortSignal.timeout(300))).rejects.toThrow();
  });
});
