// The orchestrator's clients of its neighbours.
import type { Client, Transport } from '@connectrpc/connect';
import type { Tracer } from '@opentelemetry/api';
import type { BreakerBoard } from '../../../foundation/breaker/breaker-board.ts';
import type { Clock } from '../../../foundation/clock.ts';
import type { ClosableTransport } from '../../../foundation/rpc/balanced-transport.ts';
import { guardNeighbour } from '../../../foundation/rpc/guarded-transport.ts';
import { createMeshClient } from '../../../foundation/rpc/mesh-client.ts';
import { createMeshTransport } from '../../../foundation/rpc/mesh-transport.ts';
import { AgentRuntimeService } from '../../../proto/gen/domainflow/agents/v1/agent_runtime_service_pb.js';
import { QuoteService } from '../../../proto/gen/domainflow/agents/v1/quote_service_pb.js';
import { WorkerCheckService } from '../../../proto/gen/domainflow/agents/v1/worker_check_service_pb.js';
import { ChangeService } from '../../../proto/gen/domainflow/registry/v1/change_service_pb.js';
import { DomainService } from '../../../proto/gen/domainflow/registry/v1/domain_service_pb.js';
import { GoldenSetService } from '../../../proto/gen/domainflow/registry/v1/golden_set_service_pb.js';
import { TeamService } from '../../../proto/gen/domainflow/registry/v1/team_service_pb.js';
import { TenantService } from '../../../proto/gen/domainflow/registry/v1/tenant_service_pb.js';
import { UsageService } from '../../../proto/gen/domainflow/registry/v1/usage_service_pb.js';
import { ImageService } from '../../../proto/gen/domainflow/reports/v1/image_service_pb.js';
import { IndexService } from '../../../proto/gen/domainflow/reports/v1/index_service_pb.js';
import { PatchService } from '../../../proto/gen/domainflow/reports/v1/patch_service_pb.js';
import { ReportService } from '../../../proto/gen/domainflow/reports/v1/report_service_pb.js';
import { QueryJobService } from '../../../proto/gen/domainflow/sessions/v1/query_job_service_pb.js';
import { SessionService } from '../../../proto/gen/domainflow/sessions/v1/session_service_pb.js';

import { Health, HealthCheckResponse_ServingStatus } from '../../../proto/gen/grpc/health/v1/health_pb.js';

/** One client for each service of a neighbour. */
export interface MeshClients {
  readonly domains: Client<typeof DomainService>;
  readonly goldenSets: Client<typeof GoldenSetService>;
  readonly teams: Client<typeof TeamService>;
  readonly tenants: Client<typeof TenantService>;
  readonly changes: Client<typeof ChangeService>;
  readonly usage: Client<typeof UsageService>;
  readonly reports: Client<typeof ReportService>;
  readonly index: Client<typeof IndexService>;
  readonly images: Client<typeof ImageService>;
  readonly patches: Client<typeof PatchService>;
  readonly sessions: Client<typeof SessionService>;
  readonly queryJobs: Client<typeof QueryJobService>;
  readonly agents: Client<typeof AgentRuntimeService>;
  readonly quotes: Client<typeof QuoteService>;
  /** Asks after workers. */
  readonly workerChecks: Client<typeof WorkerCheckService>;
  /** To the registry, not behind its breaker: for the exchange of breakers alone. */
  readonly toRegistry: Transport;
  /** What a replica of the neighbour says of itself within `timeoutMs`. Never rejects. */
  stateOf(neighbour: keyof MeshTargets, timeoutMs: number): Promise<NeighbourState>;
  /** Closes every connection. */
  close(): void;
}

/** `not_serving`: it answers, but lacks something that it cannot do without, such as its store. */
export type NeighbourState = 'serving' | 'not_serving' | 'unreachable';

/** Where the neighbours are. */
export interface MeshTargets {
  readonly registry: string;
  readonly reports: string;
  readonly sessions: string;
  readonly agents: string;
}

/** What the clients are made of. */
export interface MeshClientsOptions {
  readonly targets: MeshTargets;
  /** Where the breakers of the neighbours are; absent calls them without any. */
  readonly breakers?: BreakerBoard;
  readonly tracer: Tracer;
  readonly clock: Clock;
}

/** Clients over balanced transports, behind the breakers of the neighbours. */
export function createMeshClients(options: MeshClientsOptions): MeshClients {
  const { targets, breakers, tracer, clock } = options;
  const open = (name: keyof MeshTargets) => createMeshTransport({ target: targets[name], tracer, clock });
  const direct = {
    registry: open('registry'),
    reports: open('reports'),
    sessions: open('sessions'),
    agents: open('agents'),
  };
  const guard = (name: keyof MeshTargets): ClosableTransport => guardNeighbour(name, direct[name], breakers);
  const [registry, reports] = [guard('registry'), guard('reports')];
  const [sessions, agents] = [guard('sessions'), guard('agents')];
  return {
    domains: createMeshClient(DomainService, registry),
    goldenSets: createMeshClient(GoldenSetService, registry),
    teams: createMeshClient(TeamService, registry),
    tenants: createMeshClient(TenantService, registry),
    changes: createMeshClient(ChangeService, registry),
    usage: createMeshClient(UsageService, registry),
    reports: createMeshClient(ReportService, reports),
    index: createMeshClient(IndexService, reports),
    images: createMeshClient(ImageService, reports),
    patches: createMeshClient(PatchService, reports),
    sessions: createMeshClient(SessionService, sessions),
    queryJobs: createMeshClient(QueryJobService, sessions),
    agents: createMeshClient(AgentRuntimeService, agents),
    quotes: createMeshClient(QuoteService, agents),
    workerChecks: createMeshClient(WorkerCheckService, agents),
    toRegistry: direct.registry,
    stateOf: (neighbour, timeoutMs) => stateBehind(direct[neighbour], timeoutMs),
    close: () => {
      for (const transport of [registry, reports, sessions, agents]) transport.close();
    },
  };
}

async function stateBehind(transport: Transport, timeoutMs: number): Promise<NeighbourState> {
  try {
    const { status } = await createMeshClient(Health, transport).check({}, { timeoutMs });
    return status === HealthCheckResponse_ServingStatus.SERVING ? 'serving' : 'not_serving';
  } catch {
    return 'unreachable'; // why is in the trace and in its own log
  }
}
