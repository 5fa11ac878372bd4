// How a server ends: nobody who is already being served notices.

import { once } from 'node:events';
import { connect as connectHttp2, constants } from 'node:http2';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AgentRuntimeService } from '../../proto/gen/domainflow/agents/v1/agent_runtime_service_pb.js';
import { SessionService } from '../../proto/gen/domainflow/sessions/v1/session_service_pb.js';
import {
  Health,
  HealthCheckResponse_ServingStatus as Status,
} from '../../proto/gen/grpc/health/v1/health_pb.js';
import { createGrpcJsClient } from './grpc-js-client.ts';
import { createTestMesh, type TestMesh, type TestReplica, type TestServices } from './test-mesh.ts';

describe('a server that closes', () => {
  let mesh: TestMesh;
  let server: TestReplica;
  let begun: PromiseWithResolvers<void>;
  let finish: PromiseWithResolvers<void>;
  let handled: number;

  const startServer = async (options?: { drainMs: number }) => {
    begun = Promise.withResolvers();
    finish = Promise.withResolvers();
    handled = 0;
    const work = async () => {
      handled += 1;
      begun.resolve();
      await finish.promise;
      return { session: { title: 'done' } };
    };
    const services: TestServices = {
      sessions: { getSession: work, createSession: work },
      agents: {
        async *invoke(_, { signal }) {
          yield { event: { case: 'progress', value: { message: 'begun' } } };
          begun.resolve();
          await Promise.race([finish.promise, rejectionOf(signal)]);
          yield { event: { case: 'result', value: { reasoning: 'done' } } };
        },
      },
    };
    server = await mesh.start(services, options);
  };
  beforeEach(async () => {
    mesh = await createTestMesh();
    await startServer();
  });
  afterEach(async () => {
    finish.resolve();
    await mesh.close();
  });

  it('lets calls and streams under way end, and takes no new ones', async () => {
    const sessions = mesh.client(SessionService, server.address);
    const agents = mesh.client(AgentRuntimeService, server.address);
    const plain = createGrpcJsClient(server.address);
    const token = mesh.token();
    const unary = sessions.createSession({}, mesh.call());
    const plainly = plain.unary(SessionService.method.getSession, {}, { token, timeoutMs: 5_000 });
    const stream = Array.fromAsync(agents.invoke({}, mesh.call()));
    await begun.promise;
    await until(() => handled === 2);
    const closed = server.close();
    await expect(
      mesh.client(SessionService, server.address).getSession({}, mesh.call()),
    ).rejects.toMatchObject({
      reason: 'unavailable',
    });
    finish.resolve();
    expect((await unary).session?.title).toBe('done');
    expect((await plainly).session?.title).toBe('done');
    expect((await stream).map(({ event }) => event.case)).toEqual(['progress', 'result']);
    await closed;
    plain.close();
  });

  it('serves requests that are on their way when it says goodbye', async () => {
    const client = connectHttp2(`http://${server.address}`);
    await once(client, 'remoteSettings');
    finish.resolve();
    const closed = server.close();
    // Sent before anything of the goodbye has been read here.
    const stream = client.request({
      ':method': 'POST',
      ':path': '/domainflow.sessions.v1.SessionService/CreateSession',
      'content-type': 'application/proto',
      'connect-timeout-ms': '5000',
      authorization: `Bearer ${mesh.token()}`,
    });
    stream.end();
    const [headers] = await once(stream, 'response');
    expect(headers[constants.HTTP2_HEADER_STATUS]).toBe(200);
    stream.resume();
    await closed;
    expect(handled).toBe(1);
    client.destroy();
  });

  it('says unavailable to streams that do not end in time, and is closed then', async () => {
    await startServer({ drainMs: 50 });
    const stream = mesh
      .client(AgentRuntimeService, server.address)
      .invoke({}, mesh.call({ timeoutMs: 60_000 }));
    const read = Array.fromAsync(stream).catch((error: unknown) => error);
    await begun.promise;
    await server.close();
    expect(await read).toMatchObject({ reason: 'unavailable', message: 'The service is shutting down' });
  });

  it('cuts calls that even then do not end', async () => {
    await startServer({ drainMs: 50 });
    const call = mesh
      .client(SessionService, server.address)
      .createSession({}, mesh.call({ timeoutMs: 60_000 }));
    const failure = call.catch((error: unknown) => error);
    await begun.promise;
    await server.close();
    expect(await failure).toMatchObject({ reason: 'unavailable' });
  });

  it('ends health watches at once, with the last state', async () => {
    const plain = createGrpcJsClient(server.address);
    const watch = plain.serverStream(Health.method.watch, {});
    const seen: Status[] = [];
    for await (const { status } of watch) {
      seen.push(status);
      if (seen.length > 1) continue;
      server.health.drain();
      void server.close();
    }
    expect(seen).toEqual([Status.SERVING, Status.NOT_SERVING]);
    plain.close();
  });

  it('can be closed with clients that never say anything', async () => {
    const client = connectHttp2(`http://${server.address}`);
    await once(client, 'remoteSettings');
    await server.close();
    client.destroy();
  });
});

function rejectionOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(setImmediate);
}
