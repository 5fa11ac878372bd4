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
import { GateService } from '../../proto/gen/domainflow/orchestrator/v1/gate_service_pb.js';
import { RateService } from '../../proto/gen/domainflow/orchestrator/v1/rate_service_pb.js';
import { ReplicaService } from '../../proto/gen/domainflow/orchestrator/v1/replica_service_pb.js';
import { RequestNameService } from '../../proto/gen/domainflow/orchestrator/v1/request_name_service_pb.js';
import { WatchService } from '../../proto/gen/domainflow/orchestrator/v1/watch_service_pb.js';
import { createReadRevision } from './clients/data-revision.ts';
import { createDeletionSteps } from './clients/delete-parts.ts';
import { createDescribeAgent } from './clients/describe-agent.ts';
import { createGateRegistry } from './clients/gate-registry.ts';
import { createInvokeAgent } from './clients/invoke-agent.ts';
import type { MeshClients } from './clients/mesh-clients.ts';
import { createNudges } from './clients/nudge-replica.ts';
import { openClients } from './clients/open-clients.ts';
import { createOpenFeed } from './clients/peer-feed.ts';
import { createRunCalls, type RunCalls } from './clients/run-calls.ts';
import { createRunDocuments } from './clients/run-documents.ts';
import { createReadSettings } from './clients/settings-revision.ts';
import { settleQueryJobs, settleReports } from './clients/settle-documents.ts';
import type { OrchestratorConfig } from './config.ts';
import { createCancelRun } from './engine/cancel-run.ts';
import { createDeletions } from './engine/deletions.ts';
import { createOfferSignals, type OfferSignals, signallingFeed } from './engine/dispatch/offer-signals.ts';
import { createEngine, type Engine } from './engine/engine.ts';
import { createFeed } from './engine/feed.ts';
import { beginForgetting } from './engine/forgetting.ts';
import { beginGates } from './engine/gates.ts';
import { createOutputCache } from './engine/output-cache.ts';
import { forgetOutputs } from './engine/output-cache-sweep.ts';
import { createOpenPlan, type OpenPlan } from './engine/pinned-plan.ts';
import { createPlanSource, type PlanSource } from './engine/plan-source.ts';
import { reconcile } from './engine/reconcile.ts';
import { createWatchHub } from './engine/watch/watch-hub.ts';
import { createCarryOutDeletion } from './rpc/carry-out-deletion.ts';
import { controlRoutes } from './rpc/control-run.ts';
import { decideApproval } from './rpc/decide-approval.ts';
import { deletionRoutes } from './rpc/deletion-routes.ts';
import { estimatePlaybook } from './rpc/estimate-playbook.ts';
import { feed } from './rpc/feed.ts';
import { gateRoutes } from './rpc/gate-routes.ts';
import { getApproval } from './rpc/get-approval.ts';
import { getExecution } from './rpc/get-execution.ts';
import { listApprovals } from './rpc/list-approvals.ts';
import { listAuditEntries } from './rpc/list-audit-entries.ts';
import { listExecutions } from './rpc/list-executions.ts';
import { nudge } from './rpc/nudge.ts';
import { requestNameRoutes } from './rpc/request-name-routes.ts';
import { rerunExecution } from './rpc/rerun-execution.ts';
import { settleRates } from './rpc/settle-rates.ts';
import { startIngestion } from './rpc/start-ingestion.ts';
import { startQuery } from './rpc/start-query.ts';
import { watchRoutes } from './rpc/watch-routes.ts';
import { workServices } from './rpc/work-parts.ts';
import { createEngineStores, createRequestStores } from './store/create-stores.ts';
import { openMigrationGate, openPools } from './store/open-pools.ts';

/** Starts the orchestrator. */
export function startOrchestrator(config: OrchestratorConfig): Promise<RunningService> {
  return startRpcService({ name: 'orchestrator', config, build: (frame) => build(frame, config) });
}

/** What the parts of the service share. */
interface Shared {
  readonly frame: ServiceFrame;
  readonly stores: ReturnType<typeof createRequestStores>;
  readonly engineStores: ReturnType<typeof createEngineStores>;
  readonly clients: MeshClients;
  readonly mint: TokenMint;
  readonly ownToken: () => string;
  readonly signals: OfferSignals;
}

function buildDeletions({ frame, stores, engineStores, clients, mint }: Shared) {
  const { telemetry, closing, clock } = frame;
  const { tracer, metrics, log } = telemetry;
  const cancel = createCancelRun(stores);
  const steps = createDeletionSteps({ ...clients, mint, cancel });
  const queue = engineStores.deletionQueue;
  const { goOn, begin } = createDeletions({ queue, steps, clock, tracer, metrics, log });
  const carryOut = createCarryOutDeletion({ store: stores.deletions, steps, goOn });
  return {
    service: deletionRoutes(clients, carryOut),
    cancel,
    begin: () => closing.add('deletions', begin()),
  };
}

function buildOutputCache({ frame, engineStores, clients, ownToken }: Shared, callsOf: RunCalls) {
  const { telemetry, closing } = frame;
  const { log, metrics } = telemetry;
  const store = engineStores.outputs;
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
  { frame: { clock }, stores, clients: { reports, queryJobs } }: Shared,
  { engine, openPlan, plans, tokens, toolCallsMax }: ControlParts,
) {
  const { executions, approvals, commands, journal, entries } = stores;
  const { start, deliver } = engine;
  const reading = { executions, openPlan, journal };
  const deciding = { ...reading, approvals, commands, deliver };
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
    audit: { listAuditEntries: listAuditEntries(entries, tokens) },
    replica: { nudge: nudge(engine.handle) },
  };
}

function buildWatching(
  { frame, engineStores: { watch: store }, clients: { sessions } }: Shared,
  { runSigningKey, pageTokenKey: tokenKey }: OrchestratorConfig,
  openPlan: OpenPlan,
) {
  const { telemetry, closing, clock, draining } = frame;
  const { tracer, log } = telemetry;
  const source = createFeed();
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

function buildExecutions(shared: Shared, config: OrchestratorConfig) {
  const { frame, stores, engineStores, clients, mint, signals } = shared;
  const { telemetry, closing, clock } = frame;
  const { tracer, log } = telemetry;
  const { replicaName, executionsPerTenantMax: perTenantMax } = config;
  const callsOf = createRunCalls(mint);
  const { executions, estimates: records } = stores;
  const { store, owners } = engineStores;
  const openPlan = createOpenPlan();
  const outputs = buildOutputCache(shared, callsOf);
  const watching = buildWatching(shared, config, openPlan);
  const engine = createEngine({
    documents: createRunDocuments(clients, callsOf, log),
    invoke: createInvokeAgent({ agents: clients.agents, callsOf, tracer }),
    cache: outputs.cache,
    feed: signallingFeed(watching.source, signals),
    executions,
    store,
    owners,
    nudge: openNudges(shared).nudge,
    openPlan,
    replicaName,
    limits: limitsOf(config),
    ...telemetry,
    clock,
    closing,
  });
  const plans = createPlanSource(clients.domains);
  const { findStart } = executions;
  const starting = { ...clients, plans, clock, findStart, start: engine.start };
  const tokens = createPageTokens({ key: config.pageTokenKey });
  const parts = { engine, openPlan, plans, tokens, toolCallsMax: config.toolCallsMax };
  const { getExecution, ...control } = buildControl(shared, parts);
  return {
    ...control,
    ...{ engine, openPlan, watching },
    service: {
      startIngestion: startIngestion(starting),
      startQuery: startQuery(starting),
      getExecution,
      listExecutions: listExecutions(executions, tokens),
    },
    estimates: { estimatePlaybook: estimatePlaybook({ ...clients, plans, openPlan, records, perTenantMax }) },
    begin: async (address: string) => {
      await engine.begin(address);
      const documents = [settleReports(clients.reports, mint), settleQueryJobs(clients.queryJobs, mint)];
      closing.add('reconcile', reconcile({ documents, store, openPlan, clock, log }));
      beginForgetting({ ...engineStores, keptDays: config.retentionDays, log, closing });
      outputs.begin();
    },
  };
}

/** What gates run on. */
type GateParts = Pick<ReturnType<typeof buildExecutions>, 'engine' | 'openPlan'> &
  Pick<ReturnType<typeof buildDeletions>, 'cancel'>;

function buildGates(shared: Shared, config: OrchestratorConfig, parts: GateParts) {
  const { frame, stores, engineStores, clients, mint } = shared;
  const { engine, openPlan, cancel: cancelRun } = parts;
  const { gateQueue: queue, watch } = engineStores;
  const registry = createGateRegistry(clients.goldenSets, mint);
  const work = { queue, watch, registry, cancelRun, openPlan, executions: stores.executions };
  const { executionsPerTenantMax, retentionDays: keptDays } = config;
  const gates = { ...work, start: engine.start, executionsPerTenantMax, keptDays, log: frame.telemetry.log };
  return {
    service: gateRoutes({ ...clients, gates: stores.gates, clock: frame.clock }),
    begin: () => frame.closing.add('gates', beginGates(gates)),
  };
}

function build(frame: ServiceFrame, config: OrchestratorConfig): ServiceParts {
  const pools = openPools(frame, config);
  const ownToken = createServiceTokenMint('orchestrator', config.runSigningKey, frame.clock);
  const clients = openClients(frame, config.targets, ownToken);
  const mint = createRunTokenMint(config.runSigningKey, frame.clock);
  const [stores, engineStores] = [createRequestStores(pools), createEngineStores(pools)];
  const signals = createOfferSignals();
  const shared = { frame, stores, engineStores, clients, mint, ownToken, signals };
  const executions = buildExecutions(shared, config);
  const deletions = buildDeletions(shared);
  const gates = buildGates(shared, config, { ...executions, cancel: deletions.cancel });
  const { deliver } = executions.engine;
  const work = workServices({ ...shared, ...executions, deliver, config });
  return {
    services: [
      ExecutionService,
      ControlService,
      ApprovalService,
      AuditService,
      WatchService,
      DeletionService,
      EstimateService,
      GateService,
      RateService,
      RequestNameService,
      ReplicaService,
      ...work.services,
    ],
    stores: { postgres: () => pools.requests.ping(), schema: openMigrationGate(pools, frame) },
    routes: (router) => {
      work.routes(router);
      router
        .service(ExecutionService, executions.service)
        .service(ControlService, executions.control)
        .service(ApprovalService, executions.approvals)
        .service(AuditService, executions.audit)
        .service(WatchService, executions.watching.service)
        .service(DeletionService, deletions.service)
        .service(EstimateService, executions.estimates)
        .service(GateService, gates.service)
        .service(RateService, { settleRates: settleRates(engineStores.rates) })
        .service(RequestNameService, requestNameRoutes(stores.answers))
        .service(ReplicaService, { ...executions.replica, ...executions.watching.replica });
    },
    begin: async (address) => {
      await executions.begin(address);
      executions.watching.begin(address);
      deletions.begin();
      gates.begin();
      work.begin(address);
    },
  };
}
