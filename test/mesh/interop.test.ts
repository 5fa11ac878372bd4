// Anyone's gRPC client can call every service of the mesh: here the plain @grpc/grpc-js, with nothing of ours on its side.

import { status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../foundation/clock.ts';
import { createRequestTokenMint, createRunTokenMint } from '../../foundation/identity/mesh-issuers.ts';
import { sampleDomain } from '../../local/demo/demo-run.ts';
import { AgentRuntimeService } from '../../proto/gen/domainflow/agents/v1/agent_runtime_service_pb.js';
import { ExecutionService } from '../../proto/gen/domainflow/orchestrator/v1/execution_service_pb.js';
import { AgentService } from '../../proto/gen/domainflow/registry/v1/agent_service_pb.js';
import { DomainService } from '../../proto/gen/domainflow/registry/v1/domain_service_pb.js';
import { IndexService } from '../../proto/gen/domainflow/reports/v1/index_service_pb.js';
import { SessionService } from '../../proto/gen/domainflow/sessions/v1/session_service_pb.js';
import {
  Health,
  HealthCheckResponse_ServingStatus as Serving,
} from '../../proto/gen/grpc/health/v1/health_pb.js';
import { ServerReflection } from '../../proto/gen/grpc/reflection/v1/reflection_pb.js';
import { startTestMesh, type TestMesh } from '../e2e/test-mesh.ts';
import { createGrpcJsClient, type GrpcJsClient } from './grpc-js-client.ts';

const timeoutMs = 10_000;
const services = ['registry', 'reports', 'sessions', 'orchestrator', 'agents'] as const;

describe('a grpc-js client', () => {
  let mesh: TestMesh;
  let asPerson: { token: string; timeoutMs: number };
  let asRun: { token: string; timeoutMs: number };
  const clients = new Map<string, GrpcJsClient>();
  const to = (service: (typeof services)[number]): GrpcJsClient => {
    const client = clients.get(service) ?? createGrpcJsClient(mesh.addresses[service]);
    clients.set(service, client);
    return client;
  };

  beforeAll(async () => {
    mesh = await startTestMesh();
    const principal = {
      tenantId: '0199aaaa-0000-7000-8000-0000000000aa',
      userId: '0199aaaa-0000-7000-8000-0000000000bb',
      username: 'alice',
      roles: ['admin'],
    };
    const { gateway, orchestrator } = mesh.signingKeys;
    const run = { runId: 'job_1', capability: 'ingestion', writeTarget: '' };
    const requests = createRequestTokenMint(gateway.privateJwk, systemClock);
    const runs = createRunTokenMint(orchestrator.privateJwk, systemClock);
    asPerson = { token: requests.mint(principal), timeoutMs };
    asRun = { token: runs.mint({ ...principal, run }), timeoutMs };
  }, 60_000);

  afterAll(async () => {
    for (const client of clients.values()) client.close();
    await mesh.close();
  }, 60_000);

  it.each(services)('asks %s for its health and its services', async (service) => {
    const client = to(service);
    const health = await client.unary(Health.method.check, {}, { timeoutMs });
    expect(health.status).toBe(Serving.SERVING);
    const question = { messageRequest: { case: 'listServices' as const, value: '' } };
    const [answer] = await client.exchange(ServerReflection.method.serverReflectionInfo, [question], {
      timeoutMs,
    });
    const listed =
      answer?.messageResponse.case === 'listServicesResponse' ? answer.messageResponse.value.service : [];
    expect(listed.map(({ name }) => name)).toEqual(
      expect.arrayContaining([expect.stringContaining(`domainflow.${service}.v1.`)]),
    );
  });

  it('reads an agent and a plan from the registry', async () => {
    const agentId = 'builtin-ingestion-geo';
    const { agent } = await to('registry').unary(AgentService.method.getAgent, { agentId }, asPerson);
    expect(agent).toMatchObject({ agentId, isInbuilt: true });
    const request = { domainId: sampleDomain, playbook: 1 };
    const { plan } = await to('registry').unary(DomainService.method.resolvePlan, request, asPerson);
    expect(plan?.nodes).toHaveLength(3);
  });

  it('searches the report index, makes a session and lists executions', async () => {
    const filter = { domainId: sampleDomain };
    expect((await to('reports').unary(IndexService.method.retrieve, { filter }, asPerson)).total).toBe(0n);
    const created = await to('sessions').unary(SessionService.method.createSession, filter, asPerson);
    expect(created.session?.sessionId).toMatch(/^sess_[0-9a-f]{32}$/);
    expect(
      (await to('orchestrator').unary(ExecutionService.method.listExecutions, {}, asPerson)).executions,
    ).toEqual([]);
  });

  it('runs an agent and reads its stream to the result', async () => {
    const agentId = 'builtin-ingestion-entity';
    const { agent } = await to('registry').unary(AgentService.method.getAgent, { agentId }, asPerson);
    if (!agent) throw new Error('the registry has no entity agent');
    const input = { text: 'Water main leaking on Main Street', domain_id: sampleDomain };
    const request = { jobId: 'job_1', taskId: 'task_1', attempt: 1, agent, domainId: sampleDomain, input };
    const events = await Array.fromAsync(
      to('agents').serverStream(AgentRuntimeService.method.invoke, request, asRun),
    );
    expect(events.at(-1)).toMatchObject({
      event: { case: 'result', value: { output: { complaint_type: 'infrastructure' } } },
    });
  });

  it('is refused without a token, without a deadline and for what does not exist', async () => {
    const client = to('registry');
    const { getAgent } = AgentService.method;
    const agentId = 'agent-none';
    await expect(client.unary(getAgent, { agentId }, { timeoutMs })).rejects.toMatchObject({
      code: status.UNAUTHENTICATED,
    });
    const { token } = asPerson;
    await expect(client.unary(getAgent, { agentId }, { token })).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
    });
    await expect(client.unary(getAgent, { agentId }, asPerson)).rejects.toMatchObject({
      code: status.NOT_FOUND,
    });
  });
});
