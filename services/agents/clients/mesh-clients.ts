// The agents service's clients of its neighbours.
import type { Client } from '@connectrpc/connect';
import type { Tracer } from '@opentelemetry/api';
import type { Clock } from '../../../foundation/clock.ts';
import { createMeshClient } from '../../../foundation/rpc/mesh-client.ts';
import { createMeshTransport } from '../../../foundation/rpc/mesh-transport.ts';
import { ChangeService } from '../../../proto/gen/domainflow/registry/v1/change_service_pb.js';
import { TenantService } from '../../../proto/gen/domainflow/registry/v1/tenant_service_pb.js';
import { ToolAccessService } from '../../../proto/gen/domainflow/registry/v1/tool_service_pb.js';
import { UsageService } from '../../../proto/gen/domainflow/registry/v1/usage_service_pb.js';
import { IndexService } from '../../../proto/gen/domainflow/reports/v1/index_service_pb.js';
import { ReportService } from '../../../proto/gen/domainflow/reports/v1/report_service_pb.js';

/** One client for each service of a neighbour. */
export interface MeshClients {
  readonly tenants: Client<typeof TenantService>;
  readonly access: Client<typeof ToolAccessService>;
  readonly changes: Client<typeof ChangeService>;
  readonly usage: Client<typeof UsageService>;
  readonly index: Client<typeof IndexService>;
  readonly reports: Client<typeof ReportService>;
  /** Closes every connection. */
  close(): void;
}

/** Where the neighbours are. */
export interface MeshTargets {
  readonly registry: string;
  readonly reports: string;
}

/** Clients over balanced transports. */
export function createMeshClients(targets: MeshTargets, tracer: Tracer, clock: Clock): MeshClients {
  const registry = createMeshTransport({ target: targets.registry, tracer, clock });
  const reports = createMeshTransport({ target: targets.reports, tracer, clock });
  return {
    tenants: createMeshClient(TenantService, registry),
    access: createMeshClient(ToolAccessService, registry),
    changes: createMeshClient(ChangeService, registry),
    usage: createMeshClient(UsageService, registry),
    index: createMeshClient(IndexService, reports),
    reports: createMeshClient(ReportService, reports),
    close: () => {
      registry.close();
      reports.close();
    },
  };
}
