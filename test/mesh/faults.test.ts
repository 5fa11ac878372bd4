// What a caller learns of a failure: all of a Fault, nothing of anything else.

import { setTimeout as delay } from 'node:timers/promises';
import { Code, ConnectError } from '@connectrpc/connect';
import { type ServiceError, status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Fault, type FaultReason } from '../../foundation/fault/fault.ts';
import { sentenceCharactersMax, violationBytesMax } from '../../foundation/fault/fault-wire.ts';
import { AgentRuntimeService } from '../../proto/gen/domainflow/agents/v1/agent_runtime_service_pb.js';
import { SessionService } from '../../proto/gen/domainflow/sessions/v1/session_service_pb.js';
import { createGrpcJsClient, type GrpcJsClient, sentenceOf } from './grpc-js-client.ts';
import { createTestMesh, type TestMesh, type TestReplica } from './test-mesh.ts';

const secret = 'password=hunter2 at 10.0.0.3:5432';

const fault = new Fault('invalid_argument', 'Der Graph enthält einen Zyklus: a → b', {
  violations: [
    { field: 'playbooks.query.nodes[2]', reason: 'is its own ancestor' },
    { field: 'text', reason: 'ist länger als 10.000 Zeichen' },
  ],
  retryAfterMs: 1_500,
  cause: new Error(secret),
});

describe('a failure', () => {
  let mesh: TestMesh;
  let server: TestReplica;
  let plain: GrpcJsClient;
  let thrown: unknown;

  beforeEach(async () => {
    mesh = await createTestMesh();
    server = await mesh.start({
      sessions: {
        getSession: () => {
          throw thrown;
        },
        createSession: async () => {
          await mesh.client(SessionService, server.address).getSession({}, mesh.call());
          return {};
        },
      },
      agents: {
        async *invoke() {
          yield { event: { case: 'progress', value: { message: 'begun' } } };
          throw thrown;
        },
      },
    });
    plain = createGrpcJsClient(server.address);
  });
  afterEach(async () => {
    plain.close();
    await mesh.close();
  });

  const get = () => mesh.client(SessionService, server.address).getSession({}, mesh.call());
  const getPlainly = () =>
    plain.unary(SessionService.method.getSession, {}, { token: mesh.token(), timeoutMs: 2_000 });
  const invoke = () =>
    Array.fromAsync(mesh.client(AgentRuntimeService, server.address).invoke({}, mesh.call()));
  const faultOf = (call: Promise<unknown>): Promise<Fault> =>
    call.then(
      () => Promise.reject(new Error('the call succeeded')),
      (error) => error,
    );

  it('that is a Fault crosses the wire with its sentence, violations and wait, and without its cause', async () => {
    thrown = fault;
    for (const call of [get(), invoke()]) {
      const { reason, message, violations, retryAfterMs } = await faultOf(call);
      expect({ reason, message, violations, retryAfterMs }).toEqual({
        reason: fault.reason,
        message: fault.message,
        violations: fault.violations,
        retryAfterMs: fault.retryAfterMs,
      });
    }
    const plainly = (await faultOf(getPlainly())) as unknown as ServiceError;
    expect([plainly.code, sentenceOf(plainly)]).toEqual([status.INVALID_ARGUMENT, fault.message]);
  });

  it('keeps its reason, whichever it is', async () => {
    const reasons: FaultReason[] = [
      'invalid_argument',
      'unauthenticated',
      'permission_denied',
      'not_found',
      'already_exists',
      'failed_precondition',
      'aborted',
      'resource_exhausted',
      'deadline_exceeded',
      'cancelled',
      'internal',
    ];
    for (const reason of reasons) {
      thrown = new Fault(reason, `It is ${reason}`);
      expect(await faultOf(get())).toMatchObject({ reason, message: `It is ${reason}` });
    }
  });

  it('with more violations than readers take in keeps the first of them, over each protocol', async () => {
    const violations = Array.from({ length: 2_000 }, (_, i) => ({
      field: `nodes[${i}]`,
      reason: 'ü'.repeat(50),
    }));
    thrown = new Fault('invalid_argument', 'ü'.repeat(5_000), { violations });
    const received = await faultOf(get());
    expect(received.message).toHaveLength(sentenceCharactersMax);
    expect(received.violations.length).toBeGreaterThan(violationBytesMax / 200);
    expect(received.violations).toEqual(violations.slice(0, received.violations.length));
    await expect(getPlainly()).rejects.toMatchObject({ code: status.INVALID_ARGUMENT });
  });

  for (const [what, error] of [
    ['an Error', new Error(secret)],
    ['a text', secret],
    ['an Error in the dress of a ConnectError', ConnectError.from(new Error(secret))],
    ['a ConnectError of the inside', new ConnectError(secret, Code.Internal)],
  ] as const) {
    it(`that is ${what} becomes internal without its text and is logged once with it`, async () => {
      thrown = error;
      expect(await faultOf(get())).toMatchObject({
        reason: 'internal',
        message: 'An unexpected error occurred',
      });
      const plainly = (await faultOf(getPlainly())) as unknown as ServiceError;
      expect(plainly).toMatchObject({ code: status.INTERNAL, details: 'An unexpected error occurred' });
      expect(JSON.stringify(plainly)).not.toContain('hunter2');
      const errors = server.log.filter(({ level }) => level === 'error');
      expect(errors).toHaveLength(2);
      expect(errors[0]).toMatchObject({ method: 'domainflow.sessions.v1.SessionService/GetSession' });
      expect(JSON.stringify(errors[0])).toContain('10.0.0.3:5432');
    });
  }

  it('that follows from the caller leaving is no failure of the server', async () => {
    const [working, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const replica = await mesh.start({
      sessions: {
        getSession: async (_, { signal }) => {
          working.resolve();
          await delay(60_000, undefined, { signal }).finally(() => ended.resolve());
          return {};
        },
      },
    });
    const leave = new AbortController();
    const call = mesh.client(SessionService, replica.address);
    const left = faultOf(call.getSession({}, mesh.call({ signal: leave.signal })));
    await working.promise;
    leave.abort();
    expect((await left).reason).toBe('cancelled');
    await ended.promise;
    await replica.close();
    expect(replica.log.filter(({ level }) => level === 'error')).toEqual([]);
    expect(await replica.telemetry.metrics.metrics()).toContain('code="canceled"} 1');
  });

  it('in the middle of a stream arrives as a Fault after the messages before it, and its text stays inside', async () => {
    thrown = new Error(secret);
    const messages: unknown[] = [];
    const read = async () => {
      for await (const { event } of mesh.client(AgentRuntimeService, server.address).invoke({}, mesh.call()))
        messages.push(event.value);
    };
    expect(await faultOf(read())).toMatchObject({
      reason: 'internal',
      message: 'An unexpected error occurred',
    });
    expect(messages).toMatchObject([{ message: 'begun' }]);
    expect(server.log.filter(({ level }) => level === 'error')).toHaveLength(1);
  });

  it('of a connection names neither address nor library to the caller, and keeps them as its cause', async () => {
    await server.close();
    const failure = await faultOf(get());
    expect(failure).toMatchObject({
      reason: 'unavailable',
      message: 'A service that is needed cannot be reached',
    });
    expect(inspectCauses(failure)).toContain('ECONNREFUSED');
  });

  it('of a neighbour passes through a handler as it is', async () => {
    thrown = fault;
    const create = mesh.client(SessionService, server.address).createSession({}, mesh.call());
    expect(await faultOf(create)).toMatchObject({ message: fault.message, violations: fault.violations });
  });

  it('of a method that nobody serves is internal', async () => {
    const list = mesh.client(SessionService, server.address).listSessions({}, mesh.call());
    expect(await faultOf(list)).toMatchObject({
      reason: 'internal',
      message: 'An unexpected error occurred',
    });
  });
});

function inspectCauses(error: unknown): string {
  return error instanceof Error
    ? `${error.message} ${'code' in error ? error.code : ''} ${inspectCauses(error.cause)}`
    : '';
}
