// The gateway's clients of its four neighbours, and the question whether a neighbour serves.
import type { Client, Transport } from '@connectrpc/connect';
import type { Tracer } from '@opentelemetry/api';
import type { BreakerBoard } from '../../foundation/breaker/breaker-board.ts';
import type { Clock } from '../../foundation/clock.ts';
import { guardNeighbour } from '../../foundation/rpc/guarded-transport.ts';
import { createMeshClient } from '../../foundation/rpc/mesh-client.ts';
import { createMeshTransport } from '../../foundation/rpc/mesh-transport.ts';
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
import { TenantService } from '../../proto/gen/domainflow/registry/v1/tenant_service_pb.js';
import { ToolAccessService, ToolService } from '../../proto/gen/domainflow/registry/v1/tool_service_pb.js';
import { UsageService } from '../../proto/gen/domainflow/registry/v1/usage_service_pb.js';
import { ImageService } from '../../proto/gen/domainflow/reports/v1/image_service_pb.js';
import { IndexService } from '../../proto/gen/domainflow/reports/v1/index_service_pb.js';
import { PatchService } from '../../proto/gen/domainflow/reports/v1/patch_service_pb.js';
import { ReportService } from '../../proto/gen/domainflow/reports/v1/report_service_pb.js';
import { QueryJobService } from '../../proto/gen/domainflow/sessions/v1/query_job_service_pb.js';
import { SessionService } from '../../proto/gen/domainflow/sessions/v1/session_service_pb.js';
import {
  Health,
  HealthCheckResponse_ServingStatus as ServingStatus,
} from '../../proto/gen/grpc/health/v1/health_pb.js';

/** The services that the gateway calls. */
export const neighbourNames = ['registry', 'reports', 'sessions', 'orchestrator'] as const;

/** One of the services that the gateway calls. */
export type NeighbourName = (typeof neighbourNames)[number];

/** `not_serving`: it answers, but lacks something that it cannot do without, such as its store. */
export type NeighbourState = 'serving' | 'not_serving' | 'unreachable';

/** Where the neighbours are; see `createAddresses` of the foundation for the form. */
export type NeighbourTargets = Readonly<Record<NeighbourName, string>>;

/** Clients by what they are about. Calls throw Faults and need a deadline. */
export interface MeshClients {
  readonly agents: Client<typeof AgentService>;
  readonly domains: Client<typeof DomainService>;
  readonly goldenSets: Client<typeof GoldenSetService>;
  readonly tenants: Client<typeof TenantService>;
  readonly teams: Client<typeof TeamService>;
  readonly apiKeys: Client<typeof ApiKeyService>;
  /** What was written in the registry. */
  readonly audit: Client<typeof AuditService>;
  readonly changes: Client<typeof ChangeService>;
  readonly tools: Client<typeof ToolService>;
  readonly toolAccess: Client<typeof ToolAccessService>;
  readonly usage: Client<typeof UsageService>;
  readonly reports: Client<typeof ReportService>;
  readonly patches: Client<typeof PatchService>;
  readonly images: Client<typeof ImageService>;
  readonly index: Client<typeof IndexService>;
  readonly sessions: Client<typeof SessionService>;
  readonly queryJobs: Client<typeof QueryJobService>;
  readonly executions: Client<typeof ExecutionService>;
  readonly deletions: Client<typeof DeletionService>;
  readonly control: Client<typeof ControlService>;
  readonly approvals: Client<typeof ApprovalService>;
  readonly estimates: Client<typeof EstimateService>;
  /** What was written in the orchestrator. */
  readonly executionAudit: Client<typeof ExecutionAuditService>;
  readonly gates: Client<typeof GateService>;
  readonly rates: Client<typeof RateService>;
  /** Answers to requests with an Idempotency-Key. */
  readonly requestNames: Client<typeof RequestNameService>;
  readonly watches: Client<typeof WatchService>;
  /** Where the gateway tells how it is. */
  readonly serviceHealth: Client<typeof ServiceHealthService>;
  readonly workers: Client<typeof WorkerService>;
  readonly tasks: Client<typeof TaskService>;
  readonly workflows: Client<typeof WorkflowService>;
  /** How circuit breakers of all processes stand; not behind that of the registry: how else could it be closed. */
  readonly breakers: Client<typeof BreakerService>;
  /** To the registry, likewise: for the exchange of breakers alone. */
  readonly toRegistry: Transport;
  /** What a replica of the neighbour says of itself within `timeoutMs`. Never rejects. */
  stateOf(neighbour: NeighbourName, timeoutMs: number): Promise<NeighbourState>;
  /** Closes every connection; calls under way fail. */
  close(): void;
}

/** What the clients are made of. */
export interface MeshClientsOptions {
  readonly targets: NeighbourTargets;
  /** Where the breakers of the neighbours are; absent calls them without any. */
  readonly breakers?: BreakerBoard;
  readonly tracer: Tracer;
  readonly clock: Clock;
}

/** Clients of all neighbours; connections are made with the first calls. */
export function createMeshClients({ targets, breakers, tracer, clock }: MeshClientsOptions): MeshClients {
  const open = (name: NeighbourName) => createMeshTransport({ target: targets[name], tracer, clock });
  const direct = {
    registry: open('registry'),
    reports: open('reports'),
    sessions: open('sessions'),
    orchestrator: open('orchestrator'),
  };
  const guard = (name: NeighbourName) => guardNeighbour(name, direct[name], breakers);
  const transports = {
    registry: guard('registry'),
    reports: guard('reports'),
    sessions: guard('sessions'),
    orchestrator: guard('orchestrator'),
  };
  return {
    agents: createMeshClient(AgentService, transports.registry),
    domains: createMeshClient(DomainService, transports.registry),
    goldenSets: createMeshClient(GoldenSetService, transports.registry),
    tenants: createMeshClient(TenantService, transports.registry),
    teams: createMeshClient(TeamService, transports.registry),
    apiKeys: createMeshClient(ApiKeyService, transports.registry),
    audit: createMeshClient(AuditService, transports.registry),
    changes: createMeshClient(ChangeService, transports.registry),
    tools: createMeshClient(ToolService, transports.registry),
    toolAccess: createMeshClient(ToolAccessService, transports.registry),
    usage: createMeshClient(UsageService, transports.registry),
    reports: createMeshClient(ReportService, transports.reports),
    patches: createMeshClient(PatchService, transports.reports),
    images: createMeshClient(ImageService, transports.reports),
    index: createMeshClient(IndexService, transports.reports),
    sessions: createMeshClient(SessionService, transports.sessions),
    queryJobs: createMeshClient(QueryJobService, transports.sessions),
    executions: createMeshClient(ExecutionService, transports.orchestrator),
    deletions: createMeshClient(DeletionService, transports.orchestrator),
    control: createMeshClient(ControlService, transports.orchestrator),
    approvals: createMeshClient(ApprovalService, transports.orchestrator),
    estimates: createMeshClient(EstimateService, transports.orchestrator),
    executionAudit: createMeshClient(ExecutionAuditService, transports.orchestrator),
    gates: createMeshClient(GateService, transports.orchestrator),
    rates: createMeshClient(RateService, transports.orchestrator),
    requestNames: createMeshClient(RequestNameService, transports.orchestrator),
    watches: createMeshClient(WatchService, transports.orchestrator),
    serviceHealth: createMeshClient(ServiceHealthService, transports.orchestrator),
    ...workClients(transports.orchestrator),
    breakers: createMeshClient(BreakerService, direct.registry),
    toRegistry: direct.registry,
    async stateOf(neighbour, timeoutMs) {
      try {
        const { status } = await createMeshClient(Health, direct[neighbour]).check({}, { timeoutMs });
        return status === ServingStatus.SERVING ? 'serving' : 'not_serving';
      } catch {
        return 'unreachable'; // why is in the trace and in its own log
      }
    },
    close: () => {
      for (const transport of Object.values(transports)) transport.close();
    },
  };
}

function workClients(orchestrator: Transport): Pick<MeshClients, 'workers' | 'tasks' | 'workflows'> {
  return {
    workers: createMeshClient(WorkerService, orchestrator),
    tasks: createMeshClient(TaskService, orchestrator),
    workflows: createMeshClient(WorkflowService, orchestrator),
  };
}
