// Who may call at all: nobody without a deadline and a valid token, except for the health and the description of a server.

import { type CallOptions, Code, ConnectError, createClient } from '@connectrpc/connect';
import { createConnectTransport, createGrpcTransport, Http2SessionManager } from '@connectrpc/connect-node';
import { type ServiceError, status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createRequestTokenMint } from '../../foundation/identity/mesh-issuers.ts';
import { generateSigningKey } from '../../foundation/identity/signing-key.ts';
import { principalOf } from '../../foundation/rpc/caller.ts';
import { SessionService } from '../../proto/gen/domainflow/sessions/v1/session_service_pb.js';
import { Health } from '../../proto/gen/grpc/health/v1/health_pb.js';
import { ServerReflection } from '../../proto/gen/grpc/reflection/v1/reflection_pb.js';
import { createGrpcJsClient, type GrpcJsClient, sentenceOf } from './grpc-js-client.ts';
import { alice, createTestMesh, type TestMesh, type TestReplica } from './test-mesh.ts';

describe('a call into the mesh', () => {
  let mesh: TestMesh;
  let server: TestReplica;
  let plain: GrpcJsClient;
  let sessions: Http2SessionManager;
  let handled = 0;

  beforeEach(async () => {
    handled = 0;
    mesh = await createTestMesh();
    server = await mesh.start({
      sessions: {
        getSession: (_, context) => {
          handled += 1;
          const { userId, run } = principalOf(context);
          return { session: { userId, sessionId: run?.runId ?? '' } };
        },
      },
    });
    plain = createGrpcJsClient(server.address);
    sessions = new Http2SessionManager(`http://${server.address}`);
  });
  afterEach(async () => {
    plain.close();
    sessions.abort();
    await mesh.close();
  });

  const oldToken = () =>
    createRequestTokenMint(mesh.gatewayKeys.privateJwk, () => Date.now() - 3_600_000).mint(alice);
  const foreignToken = async () =>
    createRequestTokenMint((await generateSigningKey()).privateJwk, Date.now).mint(alice);
  const bearer = (token: string): CallOptions => ({ headers: { authorization: `Bearer ${token}` } });

  async function codeOfConnect(options: CallOptions, protocol: 'connect' | 'grpc'): Promise<Code> {
    const wire = { baseUrl: `http://${server.address}`, httpVersion: '2', sessionManager: sessions } as const;
    const transport = protocol === 'grpc' ? createGrpcTransport(wire) : createConnectTransport(wire);
    const answer = await createClient(SessionService, transport)
      .getSession({}, options)
      .catch((error: unknown) => error);
    return answer instanceof ConnectError ? answer.code : Code.Unknown;
  }

  for (const protocol of ['connect', 'grpc'] as const) {
    it(`is refused over ${protocol} without a deadline or a valid token, before any handler runs`, async () => {
      expect(await codeOfConnect(bearer(mesh.token()), protocol)).toBe(Code.InvalidArgument);
      expect(await codeOfConnect({ timeoutMs: 1_000 }, protocol)).toBe(Code.Unauthenticated);
      for (const token of [oldToken(), await foreignToken(), 'x', `${mesh.token()}x`]) {
        const options = { ...bearer(token), timeoutMs: 1_000 };
        expect(await codeOfConnect(options, protocol)).toBe(Code.Unauthenticated);
      }
      expect(handled).toBe(0);
    });
  }

  it('is refused from a plain gRPC client in the same way', async () => {
    const get = (call: { token?: string; timeoutMs?: number }) =>
      plain.unary(SessionService.method.getSession, {}, call);
    await expect(get({ token: mesh.token() })).rejects.toMatchObject({ code: status.INVALID_ARGUMENT });
    const tokens = [undefined, oldToken(), await foreignToken()];
    for (const token of tokens) {
      const call = { timeoutMs: 1_000, ...(token === undefined ? {} : { token }) };
      await expect(get(call)).rejects.toMatchObject({ code: status.UNAUTHENTICATED });
    }
    expect(handled).toBe(0);
  });

  it('takes no header of another protocol for a deadline', async () => {
    const headers = { authorization: `Bearer ${mesh.token()}`, 'grpc-timeout': '1S' };
    expect(await codeOfConnect({ headers }, 'connect')).toBe(Code.InvalidArgument);
  });

  it('is refused when it asks for more time than any call may have', async () => {
    const options = { ...bearer(mesh.token()), timeoutMs: 21 * 60_000 };
    expect(await codeOfConnect(options, 'connect')).toBe(Code.InvalidArgument);
  });

  it('is refused without a stack, a token or a key in the answer or in the log', async () => {
    const token = oldToken();
    const failure = await plain
      .unary(SessionService.method.getSession, {}, { token, timeoutMs: 1_000 })
      .catch((error: ServiceError) => sentenceOf(error));
    expect(failure).toBe('The mesh token is missing, expired or not valid');
    expect(JSON.stringify(server.log)).not.toContain(token);
  });

  it('carries the identity of its token to the handler, of a person as of a run', async () => {
    const client = mesh.client(SessionService, server.address);
    expect((await client.getSession({}, mesh.call())).session?.userId).toBe(alice.userId);
    const call = { token: mesh.runToken(), timeoutMs: 1_000 };
    const { session } = await plain.unary(SessionService.method.getSession, {}, call);
    expect(session).toMatchObject({ userId: alice.userId, sessionId: 'job_1' });
  });

  it('is counted when it is refused', async () => {
    await codeOfConnect({ timeoutMs: 1_000 }, 'connect');
    expect(await server.telemetry.metrics.metrics()).toMatch(
      /duration_seconds_count\{service="domainflow.sessions.v1.SessionService",method="GetSession",code="unauthenticated"\} 1/,
    );
  });

  it('needs neither for the health and the description of the server', async () => {
    await expect(plain.unary(Health.method.check, {})).resolves.toMatchObject({ status: 1 });
    const list = { messageRequest: { case: 'listServices', value: '' } } as const;
    await expect(plain.exchange(ServerReflection.method.serverReflectionInfo, [list])).resolves.toHaveLength(
      1,
    );
  });
});
