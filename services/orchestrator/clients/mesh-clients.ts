// The orchestrator's clients of its neighbours.
import type { Client } from '@connectrpc/connect';
import type { Tracer } from '@opentelemetry/api';
import type { Clock } from '../../../foundation/clock.ts';
import type { ClosableTransport } from '../../../foundation/rpc/balanced-transport.ts';
import { createMeshClient } from '../../../foundation/rpc/mesh-client.ts';
import { createMeshTransport } from '../../../foundation/rpc/mesh-transport.ts';
import { AgentRuntimeService } from '../../../proto/gen/domainflow/agents/v1/agent_runtime_service_pb.js';
import { QuoteService } from '../../../proto/gen/domainflow/agents/v1/quote_service_pb.js';
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
  /** Closes every connection. */
  close(): void;
}

/** Where the neighbours are. */
export interface MeshTargets {
  readonly registry: string;
  readonly reports: string;
  readonly sessions: string;
  readonly agents: string;
}

/** Clients over balanced transports. */
export function createMeshClients(targets: MeshTargets, tracer: Tracer, clock: Clock): MeshClients {
  const open = (target: string): ClosableTransport => createMeshTransport({ target, tracer, clock });
  const registry = open(targets.registry);
  const reports = open(targets.reports);
  const sessions = open(targets.sessions);
  const agents = open(targets.agents);
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
    close: () => {
      for (const transport of [registry, reports, sessions, agents]) transport.close();
    },
  };
}
