// The documents of runs by their kind. Shadow runs have none: there is nothing that they could write.
import type { Log } from '../../../foundation/telemetry/log.ts';
import type { ExecutionKind } from '../core/execution-kind.ts';
import { createManagementDocument } from './management-document.ts';
import type { MeshClients } from './mesh-clients.ts';
import { createQueryDocument } from './query-document.ts';
import { createReportDocument } from './report-document.ts';
import type { RunCalls } from './run-calls.ts';
import type { RunDocument } from './run-document.ts';

/** The documents; kinds without one are absent. */
export function createRunDocuments(
  clients: MeshClients,
  callsOf: RunCalls,
  log: Log,
): Readonly<Partial<Record<ExecutionKind, RunDocument>>> {
  return {
    ingest: createReportDocument(clients.reports, callsOf),
    query: createQueryDocument(clients, callsOf, log),
    management: createManagementDocument(clients, callsOf, log),
  };
}
