// The composition of the orchestrator: the only place of the service that opens pools, connections and loops.
import { createRunTokenMint } from '../../foundation/identity/mesh-issuers.ts';
import { createPageTokens } from '../../foundation/paging/page-token.ts';
import { type OpenPostgresOptions, openPostgres } from '../../foundation/postgres/open-postgres.ts';
import type { Postgres } from '../../foundation/postgres/pool.ts';
import {
  type RunningService,
  type ServiceFrame,
  type ServiceParts,
  startRpcService,
} from '../../foundation/rpc/rpc-service.ts';
import { ExecutionService } from '../../proto/gen/domainflow/orchestrator/v1/execution_service_pb.js';
import { createInvokeAgent } from './clients/invoke-agent.ts';
import { createMeshClients, type MeshClients } from './clients/mesh-clients.ts';
import { createQueryDocument } from './clients/query-document.ts';
import { createReportDocument } from './clients/report-document.ts';
import { createRunCalls } from './clients/run-calls.ts';
import { settleQueryJobs, settleReports } from './clients/settle-documents.ts';
import type { OrchestratorConfig } from './config.ts';
import { createPerformEffect } from './engine/effects/perform-effect.ts';
import { createEngine } from './engine/engine.ts';
import { createPlanSource } from './engine/plan-source.ts';
import { reconcile } from './engine/reconcile.ts';
import { createSlots } from './engine/slots.ts';
import { getExecution } from './rpc/get-execution.ts';
import { listExecutions } from './rpc/list-executions.ts';
import { startIngestion } from './rpc/start-ingestion.ts';
import { startQuery } from './rpc/start-query.ts';
import { enginePoolSize, ownerPoolSize } from './store/engine-connections.ts';
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

function build(frame: ServiceFrame, config: OrchestratorConfig): ServiceParts {
  const { telemetry, closing, clock } = frame;
  const { tracer, log } = telemetry;
  const pools = openPools(frame, config);
  const clients = openClients(frame, config);
  const mint = createRunTokenMint(config.runSigningKey, clock);
  const callsOf = createRunCalls(mint);

  const executions = createPostgresExecutionStore(pools.requests);
  const store = createPostgresEngineStore(pools.engine);
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
  const owners = createPostgresOwnerStore(pools.owner);
  const { replicaName } = config;
  const engine = createEngine({
    executions,
    store,
    owners,
    perform,
    replicaName,
    clock,
    tracer,
    log,
    closing,
  });
  const plans = createPlanSource(clients.domains);
  const starting = { plans, sessions: clients.sessions, clock, start: engine.start };
  const tokens = createPageTokens({ key: config.pageTokenKey });

  return {
    services: [ExecutionService],
    stores: { postgres: () => pools.requests.ping() },
    routes: (router) =>
      void router.service(ExecutionService, {
        startIngestion: startIngestion(starting),
        startQuery: startQuery(starting),
        getExecution: getExecution(executions),
        listExecutions: listExecutions(executions, tokens),
      }),
    begin: async (address) => {
      await engine.begin(address);
      const documents = [settleReports(clients.reports, mint), settleQueryJobs(clients.queryJobs, mint)];
      closing.add('reconcile', reconcile({ documents, store, clock, log }));
    },
  };
}
