// Where a server draws its lines, and that whoever crosses one is told so.

import { once } from 'node:events';
import { connect, constants } from 'node:http2';
import { Code, ConnectError, createClient } from '@connectrpc/connect';
import { createGrpcTransport, Http2SessionManager } from '@connectrpc/connect-node';
import { status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { requestBytesMax } from '../../foundation/rpc/server.ts';
import { SessionService } from '../../proto/gen/domainflow/sessions/v1/session_service_pb.js';
import { createGrpcJsClient } from './grpc-js-client.ts';
import { createTestMesh, type TestMesh, type TestReplica } from './test-mesh.ts';

// Tens of megabytes take their time on a busy machine.
jest.setTimeout(60_000);

describe('a server', () => {
  let mesh: TestMesh;
  let server: TestReplica;
  let handled: number;

  beforeEach(async () => {
    handled = 0;
    mesh = await createTestMesh();
    server = await mesh.start({
      sessions: {
        createSession: ({ title }) => {
          handled += 1;
          return { session: { title: String(title.length) } };
        },
        getSession: ({ sessionId }) => ({ session: { title: 'x'.repeat(Number(sessionId)) } }),
      },
    });
  });
  afterEach(() => mesh.close());

  const patient = () => mesh.call({ timeoutMs: 30_000 });
  const tooLarge = 'x'.repeat(requestBytesMax + 1);

  it('refuses a request that is too large with a sentence for its caller', async () => {
    const client = mesh.client(SessionService, server.address);
    await expect(client.createSession({ title: tooLarge }, patient())).rejects.toMatchObject({
      reason: 'resource_exhausted',
      message: `The request is larger than ${requestBytesMax} bytes`,
    });
    expect((await client.createSession({ title: 'x' }, mesh.call())).session?.title).toBe('1');
    expect(handled).toBe(1);
  });

  it('refuses it from gRPC clients too, which say no length beforehand', async () => {
    const plain = createGrpcJsClient(server.address);
    const call = { token: mesh.token(), timeoutMs: 30_000 };
    await expect(
      plain.unary(SessionService.method.createSession, { title: tooLarge }, call),
    ).rejects.toMatchObject({ code: status.RESOURCE_EXHAUSTED });
    plain.close();
    const baseUrl = `http://${server.address}`;
    const sessionManager = new Http2SessionManager(baseUrl);
    const grpc = createClient(SessionService, createGrpcTransport({ baseUrl, sessionManager }));
    const failure = await grpc.createSession({ title: tooLarge }, patient()).catch(ConnectError.from);
    expect(failure).toMatchObject({ code: Code.ResourceExhausted });
    sessionManager.abort();
    expect(handled).toBe(0);
  });

  it('takes a request of the largest size', async () => {
    const title = 'x'.repeat(requestBytesMax - 16);
    const { session } = await mesh.client(SessionService, server.address).createSession({ title }, patient());
    expect(session?.title).toBe(String(title.length));
  });

  it('carries many large requests and answers at once over one connection', async () => {
    const client = mesh.client(SessionService, server.address);
    const bytes = 2 * 1024 * 1024;
    const title = 'x'.repeat(bytes);
    const calls = Array.from({ length: 40 }, () => [
      client.createSession({ title }, patient()).then(({ session }) => session?.title === String(bytes)),
      client
        .getSession({ sessionId: String(bytes) }, patient())
        .then(({ session }) => session?.title === title),
    ]);
    expect(new Set(await Promise.all(calls.flat()))).toEqual(new Set([true]));
  });

  it('lets go of the rest of a body that it refused', async () => {
    const client = connect(`http://${server.address}`);
    const stream = client.request({
      ':method': 'POST',
      ':path': '/domainflow.sessions.v1.SessionService/CreateSession',
      'content-type': 'application/proto',
      'connect-timeout-ms': '60000',
      authorization: `Bearer ${mesh.token()}`,
    });
    stream.write(tooLarge);
    const [head] = await once(stream, 'response');
    expect(head[':status']).toBe(429);
    stream.resume();
    await once(stream, 'close');
    expect(stream.rstCode).toBe(constants.NGHTTP2_NO_ERROR);
    client.destroy();
  });

  it('says how many calls and how long headers a connection may have', async () => {
    const client = connect(`http://${server.address}`);
    const [settings] = await once(client, 'remoteSettings');
    expect(settings).toMatchObject({ maxConcurrentStreams: 4_096, maxHeaderListSize: 64 * 1024 });
    client.destroy();
  });

  it('ends a connection with longer headers, and no other', async () => {
    const other = mesh.client(SessionService, server.address);
    await other.createSession({}, mesh.call());
    const client = connect(`http://${server.address}`, { maxSendHeaderBlockLength: 1_000_000 });
    const stream = client.request({ ':path': '/', 'x-long': 'x'.repeat(80_000) });
    stream.on('error', () => undefined);
    client.on('error', () => undefined);
    await new Promise((resolve) => client.once('close', resolve));
    expect(handled).toBe(1);
    await other.createSession({}, mesh.call());
    expect(handled).toBe(2);
  });

  it('answers what is no RPC without breaking', async () => {
    const response = await fetch(`http://${server.address}/`).catch((error: unknown) => error);
    expect(response instanceof Response && response.ok).toBe(false);
    expect(
      (await mesh.client(SessionService, server.address).createSession({}, mesh.call())).session?.title,
    ).toBe('0');
  });
});
