// The composition of the orchestrator: the only place of the service that opens pools, connections and loops.
import { createRunTokenMint } from '../../foundation/identity/mesh-issuers.ts';
import type { TokenMint } from '../../foundation/identity/token-mint.ts';
import { createPageTokens } from '../../foundation/paging/page-token.ts';
import { type OpenPostgresOptions, openPostgres } from '../../foundation/postgres/open-postgres.ts';
import type { Postgres } from '../../foundation/postgres/pool.ts';
import {
  type RunningService,
  type ServiceFrame,
  type ServiceParts,
  startRpcService,
} from '../../foundation/rpc/rpc-service.ts';
import { DeletionService } from '../../proto/gen/domainflow/orchestrator/v1/deletion_service_pb.js';
import { ExecutionService } from '../../proto/gen/domainflow/orchestrator/v1/execution_service_pb.js';
import { createDeletionSteps } from './clients/delete-parts.ts';
import { createInvokeAgent } from './clients/invoke-agent.ts';
import { createMeshClients, type MeshClients } from './clients/mesh-clients.ts';
import { createQueryDocument } from './clients/query-document.ts';
import { createReportDocument } from './clients/report-document.ts';
import { createRunCalls } from './clients/run-calls.ts';
import { settleQueryJobs, settleReports } from './clients/settle-documents.ts';
import type { OrchestratorConfig } from './config.ts';
import { createDeletions } from './engine/deletions.ts';
import { createPerformEffect } from './engine/effects/perform-effect.ts';
import { createEngine } from './engine/engine.ts';
import { forgetNames } from './engine/forget-names.ts';
import { createPlanSource } from './engine/plan-source.ts';
import { reconcile } from './engine/reconcile.ts';
import { createSlots } from './engine/slots.ts';
import { createCarryOutDeletion } from './rpc/carry-out-deletion.ts';
import { deleteQuery } from './rpc/delete-query.ts';
import { deleteReport } from './rpc/delete-report.ts';
import { deleteSession } from './rpc/delete-session.ts';
import { getExecution } from './rpc/get-execution.ts';
import { listExecutions } from './rpc/list-executions.ts';
import { startIngestion } from './rpc/start-ingestion.ts';
import { startQuery } from './rpc/start-query.ts';
import { enginePoolSize, ownerPoolSize } from './store/engine-connections.ts';
import { createPostgresDeletionQueue, createPostgresDeletionStore } from './store/postgres-deletion-store.ts';
import { createPostgresEngineStore } from './store/postgres-engine-store.ts';
import { createPostgresExecutionStore } from './store/postgres-execution-store.ts';
import { createPostgresOwnerStore } from './store/postgres-owner-store.ts';

const acquireTimeoutMsMax = 5_000;

/** Starts the orchestrator. */
export function startOrchestrator(config: OrchestratorConfig): Promise<RunningService> {
  return startRpcService({ name: 'orchestrator', config, build: (frame) => build(frame, config) });
}

function openPools(frame: ServiceFrame, { database, engineDatabase }: OrchestratorConfig) {
  const open = (options: Omit<OpenPostgresOptions, 'database'>): Postgres =>
    openPostgres(frame, { ...options, database, acquireTimeoutMsMax });
  const ofEngine = { source: engineDatabase };
  return {
    requests: open({ name: 'orchestrator' }),
    engine: open({ name: 'orchestrator engine', pool: 'engine', size: enginePoolSize, ...ofEngine }),
    owner: open({ name: 'orchestrator owner', pool: 'owner', size: ownerPoolSize, ...ofEngine }),
  };
}

function openClients(
  { telemetry, closing, clock }: ServiceFrame,
  { targets }: OrchestratorConfig,
): MeshClients {
  const clients = createMeshClients(targets, telemetry.tracer, clock);
  closing.add('clients', () => clients.close());
  return clients;
}

/** What the parts of the service share. */
interface Shared {
  readonly frame: ServiceFrame;
  readonly pools: ReturnType<typeof openPools>;
  readonly clients: MeshClients;
  readonly mint: TokenMint;
}

function buildDeletions({ frame, pools, clients, mint }: Shared) {
  const { telemetry, closing, clock } = frame;
  const { tracer, metrics, log } = telemetry;
  const steps = createDeletionSteps(clients, mint);
  const queue = createPostgresDeletionQueue(pools.engine);
  const { goOn, begin } = createDeletions({ queue, steps, clock, tracer, metrics, log });
  const carryOut = createCarryOutDeletion({
    store: createPostgresDeletionStore(pools.requests),
    steps,
    goOn,
  });
  return {
    service: {
      deleteReport: deleteReport(clients.reports, carryOut),
      deleteSession: deleteSession(clients.sessions, carryOut),
      deleteQuery: deleteQuery(clients.queryJobs, carryOut),
    },
    begin: () => closing.add('deletions', begin()),
  };
}

function buildExecutions({ frame, pools, clients, mint }: Shared, config: OrchestratorConfig) {
  const { telemetry, closing, clock } = frame;
  const { tracer, log } = telemetry;
  const { replicaName } = config;
  const callsOf = createRunCalls(mint);
  const executions = createPostgresExecutionStore(pools.requests);
  const store = createPostgresEngineStore(pools.engine);
  const owners = createPostgresOwnerStore(pools.owner);
  const perform = createPerformEffect({
    documents: {
      ingest: createReportDocument(clients.reports, callsOf),
      query: createQueryDocument(clients, callsOf),
    },
    invoke: createInvokeAgent({ agents: clients.agents, callsOf, tracer }),
    slots: createSlots(config.invocationsMax),
    clock,
    log,
  });
  const deps = { executions, store, owners, perform, replicaName, clock, tracer, log, closing };
  const engine = createEngine(deps);
  const plans = createPlanSource(clients.domains);
  const { sessions, images } = clients;
  const { findStart } = executions;
  const starting = { plans, sessions, images, clock, findStart, start: engine.start };
  const tokens = createPageTokens({ key: config.pageTokenKey });
  return {
    service: {
      startIngestion: startIngestion(starting),
      startQuery: startQuery(starting),
      getExecution: getExecution(executions),
      listExecutions: listExecutions(executions, tokens),
    },
    begin: async (address: string) => {
      await engine.begin(address);
      const documents = [settleReports(clients.reports, mint), settleQueryJobs(clients.queryJobs, mint)];
      closing.add('reconcile', reconcile({ documents, store, clock, log }));
      closing.add('forget names', forgetNames(store, log));
    },
  };
}

function build(frame: ServiceFrame, config: OrchestratorConfig): ServiceParts {
  const pools = openPools(frame, config);
  const clients = openClients(frame, config);
  const mint = createRunTokenMint(config.runSigningKey, frame.clock);
  const shared = { frame, pools, clients, mint };
  const executions = buildExecutions(shared, config);
  const deletions = buildDeletions(shared);
  return {
    services: [ExecutionService, DeletionService],
    stores: { postgres: () => pools.requests.ping() },
    routes: (router) =>
      void router.service(ExecutionService, executions.service).service(DeletionService, deletions.service),
    begin: async (address) => {
      await executions.begin(address);
      deletions.begin();
    },
  };
}
