// What people with other tools need: a plain gRPC client calls everything, asks for health and reads the description of a server.
import { createFileRegistry, fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { livenessName } from '../../foundation/rpc/health-service.ts';
import { AgentRuntimeService } from '../../proto/gen/domainflow/agents/v1/agent_runtime_service_pb.js';
import { SessionService } from '../../proto/gen/domainflow/sessions/v1/session_service_pb.js';
import {
  Health,
  HealthCheckResponse_ServingStatus as Status,
} from '../../proto/gen/grpc/health/v1/health_pb.js';
import {
  ServerReflection,
  type ServerReflectionRequest,
} from '../../proto/gen/grpc/reflection/v1/reflection_pb.js';
import { createGrpcJsClient, type GrpcJsClient } from './grpc-js-client.ts';
import { createTestMesh, type TestMesh, type TestReplica } from './test-mesh.ts';

type Question = Exclude<ServerReflectionRequest['messageRequest'], { case: undefined }>;

describe('a plain gRPC client', () => {
  let mesh: TestMesh;
  let server: TestReplica;
  let plain: GrpcJsClient;

  beforeEach(async () => {
    mesh = await createTestMesh();
    server = await mesh.start({
      sessions: {
        createSession: ({ title, domainId }) => ({ session: { title, domainId, messageCount: 3 } }),
      },
      agents: {
        async *invoke({ jobId, input }) {
          yield { event: { case: 'progress', value: { message: jobId } } };
          yield {
            event: { case: 'result', value: { output: { ...input, deep: [1, null, 'ü'] }, confidence: 0.5 } },
          };
        },
      },
    });
    plain = createGrpcJsClient(server.address);
  });
  afterEach(async () => {
    plain.close();
    await mesh.close();
  });

  const call = () => ({ token: mesh.token(), timeoutMs: 5_000 });

  it('calls unary methods', async () => {
    const request = { title: 'Grüße', domainId: 'civic' };
    const { session } = await plain.unary(SessionService.method.createSession, request, call());
    expect(session).toMatchObject({ ...request, messageCount: 3 });
  });

  it('reads streams', async () => {
    const request = { jobId: 'job_1', input: { text: 'x' } };
    const stream = plain.serverStream(AgentRuntimeService.method.invoke, request, call());
    const events = (await Array.fromAsync(stream)).map(({ event }) => event);
    expect(events).toMatchObject([
      { case: 'progress', value: { message: 'job_1' } },
      { case: 'result', value: { output: { text: 'x', deep: [1, null, 'ü'] }, confidence: 0.5 } },
    ]);
  });

  it('is told unimplemented of methods and services that are not there', async () => {
    const missing = plain.unary(SessionService.method.listSessions, {}, call());
    await expect(missing).rejects.toMatchObject({ code: status.UNIMPLEMENTED });
    const unknown = {
      ...SessionService.method.listSessions,
      parent: { ...SessionService, typeName: 'no.Such' },
    };
    await expect(plain.unary(unknown, {}, call())).rejects.toMatchObject({ code: status.UNIMPLEMENTED });
  });

  it('checks the health of the server and of each service, and of no other', async () => {
    const check = (service: string) => plain.unary(Health.method.check, { service });
    for (const service of ['', SessionService.typeName])
      expect((await check(service)).status).toBe(Status.SERVING);
    server.health.set('postgres', 'not_serving', 'unreachable');
    for (const service of ['', SessionService.typeName])
      expect((await check(service)).status).toBe(Status.NOT_SERVING);
    await expect(check('no.Such')).rejects.toMatchObject({ code: status.NOT_FOUND });
  });

  it('says under the name liveness that the process answers, whatever its stores do', async () => {
    server.health.set('postgres', 'not_serving', 'unreachable');
    const { status: now } = await plain.unary(Health.method.check, { service: livenessName });
    expect(now).toBe(Status.SERVING);
  });

  it('watches health change by change', async () => {
    const watch = plain.serverStream(Health.method.watch, { service: SessionService.typeName });
    const seen: Status[] = [];
    const changes = [
      () => server.health.set('postgres', 'not_serving'),
      () => {
        server.health.set('other', 'not_serving');
        server.health.set('other', 'serving');
        server.health.set('postgres', 'serving');
      },
      () => server.health.drain(),
      () => watch.cancel(),
    ];
    const read = async () => {
      for await (const { status: now } of watch) {
        seen.push(now);
        changes[seen.length - 1]?.();
      }
    };
    await expect(read()).rejects.toMatchObject({ code: status.CANCELLED });
    expect(seen).toEqual([Status.SERVING, Status.NOT_SERVING, Status.SERVING, Status.NOT_SERVING]);
  });

  it('watches a service that nobody knows without being sent away', async () => {
    const watch = plain.serverStream(Health.method.watch, { service: 'no.Such' });
    const read = async () => {
      for await (const { status: now } of watch) {
        expect(now).toBe(Status.SERVICE_UNKNOWN);
        watch.cancel();
      }
    };
    await expect(read()).rejects.toMatchObject({ code: status.CANCELLED });
  });

  describe('that asks for the description of a server', () => {
    const ask = async (...questions: Question[]) => {
      const requests = questions.map((messageRequest) => ({ messageRequest }));
      const answers = await plain.exchange(ServerReflection.method.serverReflectionInfo, requests);
      return answers.map(({ messageResponse }) => messageResponse);
    };
    const filesFor = async (question: Question) => {
      const [answer] = await ask(question);
      if (answer?.case !== 'fileDescriptorResponse') throw new Error(`no files but ${answer?.case}`);
      return answer.value.fileDescriptorProto.map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes));
    };

    it('gets the list of services, health and reflection among them', async () => {
      const [answer] = await ask({ case: 'listServices', value: '' });
      const services = answer?.case === 'listServicesResponse' ? answer.value.service : [];
      expect(services.map(({ name }) => name)).toEqual([
        SessionService.typeName,
        AgentRuntimeService.typeName,
        Health.typeName,
        ServerReflection.typeName,
      ]);
    });

    it('gets files that can be read alone: with their names, their dependencies and the well-known types', async () => {
      const symbols = [
        AgentRuntimeService.typeName,
        `${AgentRuntimeService.typeName}.Invoke`,
        'domainflow.agents.v1.SpanList.Span',
        'google.protobuf.Struct',
      ];
      for (const symbol of symbols) {
        const file = await filesFor({ case: 'fileContainingSymbol', value: symbol });
        for (const { name, dependency } of file) {
          expect(name).toMatch(/\.proto$/);
          expect(file.map((other) => other.name)).toEqual(expect.arrayContaining(dependency));
        }
        const [first] = file;
        if (!first) throw new Error('no file');
        const registry = createFileRegistry(first, (path) => file.find((other) => other.name === path));
        expect(registry.get(symbol.replace('.Invoke', ''))).toBeDefined();
      }
    });

    it('gets each file by the name under which others import it', async () => {
      for (const name of [
        'domainflow/agents/v1/agent_runtime_service.proto',
        'google/protobuf/struct.proto',
      ]) {
        expect((await filesFor({ case: 'fileByFilename', value: name }))[0]?.name).toBe(name);
      }
    });

    it('gets an error for what is not there, and answers to what it asks next', async () => {
      const answers = await ask(
        { case: 'fileContainingSymbol', value: 'no.Such' },
        { case: 'fileByFilename', value: 'no/such.proto' },
        { case: 'allExtensionNumbersOfType', value: 'google.protobuf.MethodOptions' },
        { case: 'listServices', value: '' },
      );
      expect(
        answers.map((answer) => (answer.case === 'errorResponse' ? answer.value.errorCode : answer.case)),
      ).toEqual([status.NOT_FOUND, status.NOT_FOUND, 'allExtensionNumbersResponse', 'listServicesResponse']);
    });
  });
});
