// The agents service's clients of its neighbours.
import type { Client, Transport } from '@connectrpc/connect';
import type { Tracer } from '@opentelemetry/api';
import type { BreakerBoard } from '../../../foundation/breaker/breaker-board.ts';
import type { Clock } from '../../../foundation/clock.ts';
import { guardNeighbour } from '../../../foundation/rpc/guarded-transport.ts';
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
  /** To the registry, not behind its breaker: for the exchange of breakers alone. */
  readonly toRegistry: Transport;
  /** Closes every connection. */
  close(): void;
}

/** Where the neighbours are. */
export interface MeshTargets {
  readonly registry: string;
  readonly reports: string;
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
  const toRegistry = createMeshTransport({ target: targets.registry, tracer, clock });
  const toReports = createMeshTransport({ target: targets.reports, tracer, clock });
  const registry = guardNeighbour('registry', toRegistry, breakers);
  const reports = guardNeighbour('reports', toReports, breakers);
  return {
    tenants: createMeshClient(TenantService, registry),
    access: createMeshClient(ToolAccessService, registry),
    changes: createMeshClient(ChangeService, registry),
    usage: createMeshClient(UsageService, registry),
    index: createMeshClient(IndexService, reports),
    reports: createMeshClient(ReportService, reports),
    toRegistry,
    close: () => {
      registry.close();
      reports.close();
    },
  };
}
