// Neighbours for tests of the gateway: real RPC servers over real sockets whose handlers the test writes.

import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import type { DescService } from '@bufbuild/protobuf';
import type { ConnectRouter, HandlerContext, ServiceImpl } from '@connectrpc/connect';
import { systemClock } from '../../foundation/clock.ts';
import { createMeshVerifier } from '../../foundation/identity/mesh-issuers.ts';
import type { Principal } from '../../foundation/identity/principal.ts';
import { generateSigningKey, type SigningKeyPair } from '../../foundation/identity/signing-key.ts';
import { createHealth } from '../../foundation/process/health.ts';
import { principalOf } from '../../foundation/rpc/caller.ts';
import { startRpcServer } from '../../foundation/rpc/server.ts';
import { createTelemetry } from '../../foundation/telemetry/telemetry.ts';
import { BreakerService } from '../../proto/gen/domainflow/common/v1/breaker_service_pb.js';
import { ApprovalService } from '../../proto/gen/domainflow/orchestrator/v1/approval_service_pb.js';
import { AuditService as ExecutionAuditService } from '../../proto/gen/domainflow/orchestrator/v1/audit_service_pb.js';
import { ControlService } from '../../proto/gen/domainflow/orchestrator/v1/control_service_pb.js';
import { DeletionService } from '../../proto/gen/domainflow/orchestrator/v1/deletion_service_pb.js';
import { EstimateService } from '../../proto/gen/domainflow/orchestrator/v1/estimate_service_pb.js';
import { ExecutionService } from '../../proto/gen/domainflow/orchestrator/v1/execution_service_pb.js';
import { GateService } from '../../proto/gen/domainflow/orchestrator/v1/gate_service_pb.js';
import { RateService } from '../../proto/gen/domainflow/orchestrator/v1/rate_service_pb.js';
import { RequestNameService } from '../../proto/gen/domainflow/orchestrator/v1/request_name_service_pb.js';
import { ServiceHealthService } from '../../proto/gen/domainflow/orchestrator/v1/service_health_service_pb.js';
import { TaskService } from '../../proto/gen/domainflow/orchestrator/v1/task_service_pb.js';
import { WatchService } from '../../proto/gen/domainflow/orchestrator/v1/watch_service_pb.js';
import { WorkerService } from '../../proto/gen/domainflow/orchestrator/v1/worker_service_pb.js';
import { WorkflowService } from '../../proto/gen/domainflow/orchestrator/v1/workflow_service_pb.js';
import { AgentService } from '../../proto/gen/domainflow/registry/v1/agent_service_pb.js';
import { ApiKeyService } from '../../proto/gen/domainflow/registry/v1/api_key_service_pb.js';
import { AuditService } from '../../proto/gen/domainflow/registry/v1/audit_service_pb.js';
import { ChangeService } from '../../proto/gen/domainflow/registry/v1/change_service_pb.js';
import { DomainService } from '../../proto/gen/domainflow/registry/v1/domain_service_pb.js';
import { GoldenSetService } from '../../proto/gen/domainflow/registry/v1/golden_set_service_pb.js';
import { TeamService } from '../../proto/gen/domainflow/registry/v1/team_service_pb.js';
import type { EnsurePrincipalRequest } from '../../proto/gen/domainflow/registry/v1/tenant_service_pb.js';
import { TenantService } from '../../proto/gen/domainflow/registry/v1/tenant_service_pb.js';
import { ToolAccessService, ToolService } from '../../proto/gen/domainflow/registry/v1/tool_service_pb.js';
import { UsageService } from '../../proto/gen/domainflow/registry/v1/usage_service_pb.js';
import { ImageService } from '../../proto/gen/domainflow/reports/v1/image_service_pb.js';
import { IndexService } from '../../proto/gen/domainflow/reports/v1/index_service_pb.js';
import { PatchService } from '../../proto/gen/domainflow/reports/v1/patch_service_pb.js';
import { ReportService } from '../../proto/gen/domainflow/reports/v1/report_service_pb.js';
import { QueryJobService } from '../../proto/gen/domainflow/sessions/v1/query_job_service_pb.js';
import { SessionService } from '../../proto/gen/domainflow/sessions/v1/session_service_pb.js';
import type { NeighbourName } from './mesh-clients.ts';

/** What the neighbours answer; a method without a handler answers `unimplemented`. Handlers may be changed while the servers run. */
export interface NeighbourHandlers {
  agents?: Partial<ServiceImpl<typeof AgentService>>;
  domains?: Partial<ServiceImpl<typeof DomainService>>;
  goldenSets?: Partial<ServiceImpl<typeof GoldenSetService>>;
  tenants?: Partial<ServiceImpl<typeof TenantService>>;
  teams?: Partial<ServiceImpl<typeof TeamService>>;
  apiKeys?: Partial<ServiceImpl<typeof ApiKeyService>>;
  audit?: Partial<ServiceImpl<typeof AuditService>>;
  breakers?: Partial<ServiceImpl<typeof BreakerService>>;
  changes?: Partial<ServiceImpl<typeof ChangeService>>;
  tools?: Partial<ServiceImpl<typeof ToolService>>;
  toolAccess?: Partial<ServiceImpl<typeof ToolAccessService>>;
  usage?: Partial<ServiceImpl<typeof UsageService>>;
  reports?: Partial<ServiceImpl<typeof ReportService>>;
  patches?: Partial<ServiceImpl<typeof PatchService>>;
  images?: Partial<ServiceImpl<typeof ImageService>>;
  index?: Partial<ServiceImpl<typeof IndexService>>;
  sessions?: Partial<ServiceImpl<typeof SessionService>>;
  queryJobs?: Partial<ServiceImpl<typeof QueryJobService>>;
  executions?: Partial<ServiceImpl<typeof ExecutionService>>;
  deletions?: Partial<ServiceImpl<typeof DeletionService>>;
  control?: Partial<ServiceImpl<typeof ControlService>>;
  approvals?: Partial<ServiceImpl<typeof ApprovalService>>;
  /** Absent means an orchestrator that knows no more of callers than the gateway. */
  rates?: Partial<ServiceImpl<typeof RateService>>;
  estimates?: Partial<ServiceImpl<typeof EstimateService>>;
  gates?: Partial<ServiceImpl<typeof GateService>>;
  executionAudit?: Partial<ServiceImpl<typeof ExecutionAuditService>>;
  requestNames?: Partial<ServiceImpl<typeof RequestNameService>>;
  watches?: Partial<ServiceImpl<typeof WatchService>>;
  workers?: Partial<ServiceImpl<typeof WorkerService>>;
  tasks?: Partial<ServiceImpl<typeof TaskService>>;
  workflows?: Partial<ServiceImpl<typeof WorkflowService>>;
}

/** Running neighbours. */
export interface TestNeighbours {
  readonly targets: Readonly<Record<NeighbourName, string>>;
  /** The gateway's key, which the neighbours trust. */
  readonly gatewayKey: SigningKeyPair;
  readonly handlers: NeighbourHandlers;
  /** Principals as the registry was told them, in order. */
  readonly ensured: { readonly principal: Principal; readonly request: EnsurePrincipalRequest }[];
  close(): Promise<void>;
}

/** How the neighbours start. */
export interface TestNeighboursOptions {
  readonly handlers?: NeighbourHandlers;
  /** Neighbours that are not there: their address refuses connections. */
  readonly absent?: readonly NeighbourName[];
  readonly otlpEndpoint?: string;
}

type Group = readonly [service: DescService, handlers: () => object | undefined];

function groupsOf(
  handlers: NeighbourHandlers,
  ensured: TestNeighbours['ensured'],
): Readonly<Record<NeighbourName, readonly Group[]>> {
  const ensurePrincipal = (request: EnsurePrincipalRequest, context: HandlerContext) => {
    ensured.push({ principal: principalOf(context), request });
    return { tenantName: request.tenantName };
  };
  return {
    registry: [
      [AgentService, () => handlers.agents],
      [DomainService, () => handlers.domains],
      [GoldenSetService, () => handlers.goldenSets],
      [TenantService, () => ({ ensurePrincipal, ...handlers.tenants })],
      [TeamService, () => handlers.teams],
      [ApiKeyService, () => handlers.apiKeys],
      [AuditService, () => handlers.audit],
      [BreakerService, () => breakersOf(handlers.breakers)],
      [ChangeService, () => ({ watchChanges: tellOneSign, ...handlers.changes })],
      [ToolService, () => handlers.tools],
      [ToolAccessService, () => handlers.toolAccess],
      [UsageService, () => handlers.usage],
    ],
    reports: [
      [ReportService, () => handlers.reports],
      [PatchService, () => handlers.patches],
      [ImageService, () => handlers.images],
      [IndexService, () => handlers.index],
    ],
    sessions: [
      [SessionService, () => handlers.sessions],
      [QueryJobService, () => handlers.queryJobs],
    ],
    orchestrator: [
      [ExecutionService, () => handlers.executions],
      [DeletionService, () => handlers.deletions],
      [ControlService, () => handlers.control],
      [RateService, () => ({ settleRates: () => ({}), ...handlers.rates })],
      [ServiceHealthService, () => ({ tellServiceHealth: () => ({}) })],
      [EstimateService, () => handlers.estimates],
      [GateService, () => handlers.gates],
      [ApprovalService, () => handlers.approvals],
      [ExecutionAuditService, () => handlers.executionAudit],
      [RequestNameService, () => handlers.requestNames],
      [WatchService, () => handlers.watches],
      [WorkerService, () => handlers.workers],
      [TaskService, () => handlers.tasks],
      [WorkflowService, () => handlers.workflows],
    ],
  };
}

/** Starts the four neighbours. The registry knows every principal unless a handler says otherwise. */
export async function startNeighbours(options: TestNeighboursOptions = {}): Promise<TestNeighbours> {
  const handlers: NeighbourHandlers = options.handlers ?? {};
  const ensured: TestNeighbours['ensured'] = [];
  const groups = groupsOf(handlers, ensured);
  const gatewayKey = await generateSigningKey();
  const orchestratorKey = await generateSigningKey();
  const meshKeys = { gateway: [gatewayKey.publicJwk], orchestrator: [orchestratorKey.publicJwk] };
  const closings: (() => Promise<void>)[] = [];
  const start = async (name: NeighbourName): Promise<string> => {
    if (options.absent?.includes(name)) return refusingAddress();
    const server = await startNeighbour(name, groups[name], meshKeys, options.otlpEndpoint);
    closings.push(server.close);
    return server.address;
  };
  const targets = {
    registry: await start('registry'),
    reports: await start('reports'),
    sessions: await start('sessions'),
    orchestrator: await start('orchestrator'),
  };
  const close = async (): Promise<void> => {
    for (const closing of closings.reverse()) await closing();
  };
  return { targets, gatewayKey, handlers, ensured, close };
}

type MeshKeys = Parameters<typeof createMeshVerifier>[0];

async function startNeighbour(
  name: NeighbourName,
  groups: readonly Group[],
  meshKeys: MeshKeys,
  otlpEndpoint: string | undefined,
): Promise<{ address: string; close(): Promise<void> }> {
  const telemetry = createTelemetry({
    service: name,
    version: '0',
    logLevel: 'silent',
    processMetrics: false,
    otlp: otlpEndpoint,
  });
  const health = createHealth();
  health.set('server', 'serving');
  const server = await startRpcServer({
    host: '127.0.0.1',
    port: 0,
    services: groups.map(([service]) => service),
    routes: (router) => {
      for (const [service, handlers] of groups) addLateBound(router, service, handlers);
    },
    verifier: createMeshVerifier(meshKeys, systemClock),
    health,
    telemetry,
  });
  const close = async (): Promise<void> => {
    await server.close();
    await telemetry.shutdown();
  };
  return { address: server.address, close };
}

// Each call looks its handler up anew, so that a test can change what a neighbour answers.
function addLateBound(router: ConnectRouter, service: DescService, handlers: () => object | undefined): void {
  for (const method of service.methods) {
    const handle = (request: unknown, context: HandlerContext) => {
      const found = (handlers() as Record<string, unknown> | undefined)?.[method.localName];
      if (typeof found !== 'function') throw new Error(`no handler for ${method.name}`);
      return found(request, context);
    };
    const stream = async function* (request: unknown, context: HandlerContext) {
      yield* handle(request, context);
    };
    const answer = async (request: unknown, context: HandlerContext) => handle(request, context);
    router.rpc(method, (method.methodKind === 'server_streaming' ? stream : answer) as never);
  }
}

// Nothing ever changes; the stream ends with its caller.
async function* tellOneSign(_request: unknown, { signal }: HandlerContext): AsyncGenerator<object> {
  yield {};
  await new Promise((resolve) => signal.addEventListener('abort', resolve));
}

async function refusingAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `127.0.0.1:${port}`;
}

// What the gateway tells by itself, again and again, is no call of a test.
function breakersOf({
  listBreakers,
  forceBreaker,
}: Partial<ServiceImpl<typeof BreakerService>> = {}): Partial<ServiceImpl<typeof BreakerService>> {
  return {
    exchangeBreakers: () => ({ isKnown: true }),
    ...(listBreakers && { listBreakers }),
    ...(forceBreaker && { forceBreaker }),
  };
}
