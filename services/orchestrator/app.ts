// The composition of the orchestrator: the only place of the service that opens pools, connections and loops.
import { monotonicMs } from '../../foundation/clock.ts';
import { createRunTokenMint, createServiceTokenMint } from '../../foundation/identity/mesh-issuers.ts';
import type { TokenMint } from '../../foundation/identity/token-mint.ts';
import { createPageTokens, type PageTokens } from '../../foundation/paging/page-token.ts';
import {
  type RunningService,
  type ServiceFrame,
  type ServiceParts,
  startRpcService,
} from '../../foundation/rpc/rpc-service.ts';
import { ApprovalService } from '../../proto/gen/domainflow/orchestrator/v1/approval_service_pb.js';
import { AuditService } from '../../proto/gen/domainflow/orchestrator/v1/audit_service_pb.js';
import { ControlService } from '../../proto/gen/domainflow/orchestrator/v1/control_service_pb.js';
import { DeletionService } from '../../proto/gen/domainflow/orchestrator/v1/deletion_service_pb.js';
import { EstimateService } from '../../proto/gen/domainflow/orchestrator/v1/estimate_service_pb.js';
import { ExecutionService } from '../../proto/gen/domainflow/orchestrator/v1/execution_service_pb.js';
import { ReplicaService } from '../../proto/gen/domainflow/orchestrator/v1/replica_service_pb.js';
import { WatchService } from '../../proto/gen/domainflow/orchestrator/v1/watch_service_pb.js';
import { createReadRevision } from './clients/data-revision.ts';
import { createDeletionSteps } from './clients/delete-parts.ts';
import { createDescribeAgent } from './clients/describe-agent.ts';
import { createInvokeAgent } from './clients/invoke-agent.ts';
import { createManagementDocument } from './clients/management-document.ts';
import { createMeshClients, type MeshClients } from './clients/mesh-clients.ts';
import { createNudges } from './clients/nudge-replica.ts';
import { createOpenFeed } from './clients/peer-feed.ts';
import { createQueryDocument } from './clients/query-document.ts';
import { createReportDocument } from './clients/report-document.ts';
import { createRunCalls, type RunCalls } from './clients/run-calls.ts';
import { createReadSettings } from './clients/settings-revision.ts';
import { settleQueryJobs, settleReports } from './clients/settle-documents.ts';
import type { OrchestratorConfig } from './config.ts';
import { createCancelRun } from './engine/cancel-run.ts';
import { createDeletions } from './engine/deletions.ts';
import { createEngine, type Engine } from './engine/engine.ts';
import { createFeed } from './engine/feed.ts';
import { forgetEntries } from './engine/forget-entries.ts';
import { forgetNames } from './engine/forget-names.ts';
import { keepWeeks } from './engine/keep-weeks.ts';
import { createOutputCache } from './engine/output-cache.ts';
import { forgetOutputs } from './engine/output-cache-sweep.ts';
import { createOpenPlan, type OpenPlan } from './engine/pinned-plan.ts';
import { createPlanSource, type PlanSource } from './engine/plan-source.ts';
import { reconcile } from './engine/reconcile.ts';
import { createWatchHub } from './engine/watch/watch-hub.ts';
import { createCarryOutDeletion } from './rpc/carry-out-deletion.ts';
import { controlRoutes } from './rpc/control-run.ts';
import { decideApproval } from './rpc/decide-approval.ts';
import { deleteQuery } from './rpc/delete-query.ts';
import { deleteReport } from './rpc/delete-report.ts';
import { deleteSession } from './rpc/delete-session.ts';
import { estimatePlaybook } from './rpc/estimate-playbook.ts';
import { feed } from './rpc/feed.ts';
import { getApproval } from './rpc/get-approval.ts';
import { getExecution } from './rpc/get-execution.ts';
import { listApprovals } from './rpc/list-approvals.ts';
import { listAuditEntries } from './rpc/list-audit-entries.ts';
import { listExecutions } from './rpc/list-executions.ts';
import { nudge } from './rpc/nudge.ts';
import { rerunExecution } from './rpc/rerun-execution.ts';
import { startIngestion } from './rpc/start-ingestion.ts';
import { startQuery } from './rpc/start-query.ts';
import { watchRoutes } from './rpc/watch-routes.ts';
import { openPools, type Pools } from './store/open-pools.ts';
import { createPostgresApprovalStore } from './store/postgres-approval-store.ts';
import { createPostgresAuditKeeper, createPostgresAuditStore } from './store/postgres-audit-store.ts';
import { createPostgresCacheStore } from './store/postgres-cache-store.ts';
import { createPostgresCommandStore } from './store/postgres-command-store.ts';
import { createPostgresDeletionQueue, createPostgresDeletionStore } from './store/postgres-deletion-store.ts';
import { createPostgresEngineStore } from './store/postgres-engine-store.ts';
import { createPostgresEstimateStore } from './store/postgres-estimate-store.ts';
import { createPostgresExecutionStore } from './store/postgres-execution-store.ts';
import { createPostgresJournalReader } from './store/postgres-journal-reader.ts';
import { createPostgresJournalStore } from './store/postgres-journal-store.ts';
import { createPostgresOwnerStore } from './store/postgres-owner-store.ts';
import { createPostgresWatchStore } from './store/postgres-watch-store.ts';

/** Starts the orchestrator. */
export function startOrchestrator(config: OrchestratorConfig): Promise<RunningService> {
  return startRpcService({ name: 'orchestrator', config, build: (frame) => build(frame, config) });
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
  readonly pools: Pools;
  readonly clients: MeshClients;
  readonly mint: TokenMint;
  readonly ownToken: () => string;
}

function buildDeletions({ frame, pools, clients, mint }: Shared) {
  const { telemetry, closing, clock } = frame;
  const { tracer, metrics, log } = telemetry;
  const executions = createPostgresExecutionStore(pools.requests);
  const cancel = createCancelRun({ executions, commands: createPostgresCommandStore(pools.requests) });
  const steps = createDeletionSteps({ ...clients, mint, cancel });
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

function buildOutputCache({ frame, pools, clients, ownToken }: Shared, callsOf: RunCalls) {
  const { telemetry, closing } = frame;
  const { log, metrics } = telemetry;
  const store = createPostgresCacheStore(pools.engine);
  const readRevision = createReadRevision(clients.index, callsOf);
  const reading = { ...clients, ...frame, log, ownToken, callsOf };
  const readSettings = createReadSettings(reading);
  const describe = createDescribeAgent(reading);
  return {
    cache: createOutputCache({
      ...{ store, readRevision, readSettings, describe, clock: monotonicMs, log, metrics },
    }),
    begin: () => closing.add('forget outputs', forgetOutputs(store, log)),
  };
}

/** What steering runs and deciding for them is built from. */
interface ControlParts {
  readonly engine: Engine;
  readonly openPlan: OpenPlan;
  readonly plans: PlanSource;
  readonly tokens: PageTokens;
  readonly toolCallsMax: number;
}

function buildControl(
  { frame: { clock }, pools: { requests }, clients: { reports, queryJobs } }: Shared,
  { engine, openPlan, plans, tokens, toolCallsMax }: ControlParts,
) {
  const executions = createPostgresExecutionStore(requests);
  const approvals = createPostgresApprovalStore(requests);
  const { start, deliver } = engine;
  const reading = { executions, openPlan, journal: createPostgresJournalReader(requests) };
  const deciding = { ...reading, approvals, commands: createPostgresCommandStore(requests), deliver };
  const { findStart } = executions;
  const repeating = { ...reading, plans, reports, queryJobs, clock, findStart, start };
  return {
    getExecution: getExecution({ ...reading, toolCallsMax }),
    control: { ...controlRoutes(deciding), rerunExecution: rerunExecution(repeating) },
    approvals: {
      listApprovals: listApprovals(approvals, tokens),
      getApproval: getApproval(deciding),
      decideApproval: decideApproval(deciding),
    },
    audit: { listAuditEntries: listAuditEntries(createPostgresAuditStore(requests), tokens) },
    replica: { nudge: nudge(engine.handle) },
  };
}

function buildWatching(
  { frame, pools: { requests, engine }, clients: { sessions } }: Shared,
  { runSigningKey, pageTokenKey: tokenKey }: OrchestratorConfig,
  openPlan: OpenPlan,
) {
  const { telemetry, closing, clock, draining } = frame;
  const { tracer, log } = telemetry;
  const source = createFeed();
  const store = createPostgresWatchStore({ requests, engine });
  const openPeer = createOpenFeed({ runSigningKey, tracer, clock });
  const hub = createWatchHub({ feed: source, openPeer, store, openPlan, log, closing });
  const service = watchRoutes({ hub, store, tokenKey, sessions, draining });
  return { source, service, replica: { feed: feed(source, draining) }, begin: hub.begin };
}

function openNudges({ frame: { telemetry, closing, clock }, ownToken }: Shared) {
  const nudges = createNudges({ token: ownToken, tracer: telemetry.tracer, clock });
  closing.add('nudges', () => nudges.close());
  return nudges;
}

function limitsOf(config: OrchestratorConfig) {
  const { executionsPerTenantMax, executionsMax, invocationsMax, toolCallsMax } = config;
  return { perTenantMax: executionsPerTenantMax, heldMax: executionsMax, invocationsMax, toolCallsMax };
}

function buildEstimates(
  { pools, clients }: Shared,
  { executionsPerTenantMax: perTenantMax }: OrchestratorConfig,
  parts: Pick<ControlParts, 'plans' | 'openPlan'>,
) {
  const records = createPostgresEstimateStore(pools.requests);
  return { estimatePlaybook: estimatePlaybook({ ...clients, ...parts, perTenantMax, records }) };
}

function buildExecutions(shared: Shared, config: OrchestratorConfig) {
  const { frame, pools, clients, mint } = shared;
  const { telemetry, closing, clock } = frame;
  const { tracer, log } = telemetry;
  const { replicaName } = config;
  const callsOf = createRunCalls(mint);
  const executions = createPostgresExecutionStore(pools.requests);
  const store = createPostgresEngineStore(pools.engine, createPostgresJournalStore(pools.journal));
  const openPlan = createOpenPlan();
  const outputs = buildOutputCache(shared, callsOf);
  const watching = buildWatching(shared, config, openPlan);
  const engine = createEngine({
    documents: {
      ingest: createReportDocument(clients.reports, callsOf),
      query: createQueryDocument(clients, callsOf, log),
      management: createManagementDocument(clients, callsOf, log),
    },
    invoke: createInvokeAgent({ agents: clients.agents, callsOf, tracer }),
    cache: outputs.cache,
    feed: watching.source,
    executions,
    store,
    owners: createPostgresOwnerStore(pools.owner),
    nudge: openNudges(shared).nudge,
    openPlan,
    replicaName,
    limits: limitsOf(config),
    ...telemetry,
    clock,
    closing,
  });
  const plans = createPlanSource(clients.domains);
  const { sessions, images } = clients;
  const { findStart } = executions;
  const starting = { plans, sessions, images, clock, findStart, start: engine.start };
  const tokens = createPageTokens({ key: config.pageTokenKey });
  const { toolCallsMax } = config;
  const parts = { engine, openPlan, plans, tokens, toolCallsMax };
  const { getExecution, ...control } = buildControl(shared, parts);
  return {
    ...control,
    watching,
    service: {
      startIngestion: startIngestion(starting),
      startQuery: startQuery(starting),
      getExecution,
      listExecutions: listExecutions(executions, tokens),
    },
    estimates: buildEstimates(shared, config, { plans, openPlan }),
    begin: async (address: string) => {
      await engine.begin(address);
      const documents = [settleReports(clients.reports, mint), settleQueryJobs(clients.queryJobs, mint)];
      closing.add('reconcile', reconcile({ documents, store, openPlan, clock, log }));
      closing.add('forget names', forgetNames(store, log));
      closing.add('keep weeks', keepWeeks(store, config.retentionDays, log));
      const keeper = createPostgresAuditKeeper(pools.engine);
      closing.add('forget entries', forgetEntries(keeper, config.retentionDays, log));
      outputs.begin();
    },
  };
}

function build(frame: ServiceFrame, config: OrchestratorConfig): ServiceParts {
  const pools = openPools(frame, config);
  const clients = openClients(frame, config);
  const mint = createRunTokenMint(config.runSigningKey, frame.clock);
  const ownToken = createServiceTokenMint('orchestrator', config.runSigningKey, frame.clock);
  const shared = { frame, pools, clients, mint, ownToken };
  const executions = buildExecutions(shared, config);
  const deletions = buildDeletions(shared);
  return {
    services: [
      ExecutionService,
      ControlService,
      ApprovalService,
      AuditService,
      WatchService,
      DeletionService,
      EstimateService,
      ReplicaService,
    ],
    stores: { postgres: () => pools.requests.ping() },
    routes: (router) =>
      void router
        .service(ExecutionService, executions.service)
        .service(ControlService, executions.control)
        .service(ApprovalService, executions.approvals)
        .service(AuditService, executions.audit)
        .service(WatchService, executions.watching.service)
        .service(DeletionService, deletions.service)
        .service(EstimateService, executions.estimates)
        .service(ReplicaService, { ...executions.replica, ...executions.watching.replica }),
    begin: async (address) => {
      await executions.begin(address);
      executions.watching.begin(address);
      deletions.begin();
    },
  };
}
