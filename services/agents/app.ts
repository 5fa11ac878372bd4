// The composition of the agents service: the only place of the service that opens connections and loads data.
import type { ConnectRouter } from '@connectrpc/connect';
import { thisProcess } from '../../foundation/breaker/breaker-exchange.ts';
import { monotonicMs } from '../../foundation/clock.ts';
import { createAgentTokenMint, createServiceTokenMint } from '../../foundation/identity/mesh-issuers.ts';
import { createOutputCheck } from '../../foundation/json/output-check.ts';
import { networkOf } from '../../foundation/net/address.ts';
import { createOutbound } from '../../foundation/net/outbound-fetch.ts';
import { callWith } from '../../foundation/rpc/caller.ts';
import { logInterruptions } from '../../foundation/rpc/interruption-log.ts';
import { type RunningService, type ServiceFrame, startRpcService } from '../../foundation/rpc/rpc-service.ts';
import { keepTellingBreakers } from '../../foundation/rpc/tell-breakers.ts';
import { createWatchedCache, type WatchedCache } from '../../foundation/rpc/watched-cache.ts';
import { version } from '../../foundation/version.ts';
import { AgentRuntimeService } from '../../proto/gen/domainflow/agents/v1/agent_runtime_service_pb.js';
import { QuoteService } from '../../proto/gen/domainflow/agents/v1/quote_service_pb.js';
import { WorkerCheckService } from '../../proto/gen/domainflow/agents/v1/worker_check_service_pb.js';
import { createLedger } from './clients/ledger.ts';
import { createMeshClients, type MeshClients } from './clients/mesh-clients.ts';
import type { AgentsConfig } from './config.ts';
import { cancelInvocation } from './rpc/cancel-invocation.ts';
import { checkWorker } from './rpc/check-worker.ts';
import { describeAgent } from './rpc/describe-agent.ts';
import { invoke } from './rpc/invoke.ts';
import { quoteAgents } from './rpc/quote-agents.ts';
import { type BuiltinDeps, createBuiltinRuntime } from './runtimes/builtin/builtin-runtime.ts';
import { createDescribeAgent, createDescribeAnew } from './runtimes/describe-agent.ts';
import { createInvocationMetrics } from './runtimes/invocation-metrics.ts';
import { createInvocations, type Invocations } from './runtimes/invocations.ts';
import { createModelAgents } from './runtimes/model/model-agents.ts';
import { createModelBreakers } from './runtimes/model/model-breakers.ts';
import { createModelMetrics } from './runtimes/model/model-metrics.ts';
import type { OpenTools } from './runtimes/model/model-tools.ts';
import { createOfflineRuntime } from './runtimes/offline/offline-runtime.ts';
import { createRecordedEnds } from './runtimes/recorded-ends.ts';
import type { RunAgent } from './runtimes/run-agent.ts';
import { createRunInvocation, type FingerprintOf, type RunInvocation } from './runtimes/run-invocation.ts';
import { attemptMsMax } from './runtimes/running-invocation.ts';
import { type CheckWorker, createCheckWorker } from './runtimes/worker/check-worker.ts';
import { createContractWorker } from './runtimes/worker/contract-worker.ts';
import { createHttpWorker } from './runtimes/worker/http-worker.ts';
import { createWorkerBreakers } from './runtimes/worker/worker-breakers.ts';
import { createWorkerRuntime } from './runtimes/worker/worker-runtime.ts';
import { loadCategoryModels } from './store/category-models.ts';
import { loadNameRecognizer } from './store/entity-model.ts';
import { loadGazetteer } from './store/gazetteer.ts';
import { loadSentimentModel } from './store/sentiment-model.ts';
import { type AmazonComprehend, createAmazonComprehend } from './tools/amazon-comprehend.ts';
import { createAmazonLocation } from './tools/amazon-location.ts';
import { createArgumentsCheck } from './tools/arguments-check.ts';
import type { PlaceLookup } from './tools/location-tool.ts';
import { createOauthTokens } from './tools/oauth-tokens.ts';
import { createOpenTools } from './tools/open-tools.ts';
import { createToolBreakers } from './tools/tool-breakers.ts';
import { createTownLookup } from './tools/town-lookup.ts';

/** What is kept of the registry's answers: grants and settings. */
const keptMax = 10_000;

/** How long one stream of news lasts, in milliseconds. */
const watchMs = 10 * 60_000;

/** Where services may be that the deployment itself has chosen. */
const everywhere = ['0.0.0.0/0', '::/0'].flatMap((text) => networkOf(text) ?? []);

/** Puts another way of running agents in the place of the service's own, which it is given; for tests. */
export type ReplaceRuntimes = (own: RunInvocation) => RunInvocation;

/** Starts the agents service. */
export function startAgents(
  config: AgentsConfig,
  replace: ReplaceRuntimes = (own) => own,
): Promise<RunningService> {
  return startRpcService({ name: 'agents', config, build: (frame) => build(frame, config, replace) });
}

async function build(frame: ServiceFrame, config: AgentsConfig, replace: ReplaceRuntimes) {
  const { telemetry, closing, clock, breakers } = frame;
  const { tracer, log } = telemetry;
  const { targets, signingKey } = config;
  const ownToken = createServiceTokenMint('agents', signingKey, clock);
  const clients = createMeshClients({ targets, breakers, tracer, clock });
  closing.add('clients', () => clients.close());
  const telling = { process: thisProcess('agents'), board: breakers, token: ownToken };
  keepTellingBreakers({ ...telling, closing, log, transport: clients.toRegistry });
  const kept = keepAnswers(frame, config, clients);
  const geo = { gazetteer: loadGazetteer() };
  const models = {
    names: loadNameRecognizer(),
    sentiment: loadSentimentModel(),
    categories: loadCategoryModels(),
  };
  const reach = { clients, kept, geo, models, outputs: createOutputCheck(), tracer, log, clock };
  const workers = openWorkers(frame, config, reach);
  const runtimes = {
    builtin: createBuiltinRuntime(reach),
    model: await openModelAgents(frame, config, reach),
    worker: workers.run,
  };
  const { models: ofModels, webSearch, location, comprehend } = config;
  const describe = createDescribeAgent({
    release: version,
    models: ofModels,
    webSearch,
    location,
    comprehend,
  });
  const fingerprintOf: FingerprintOf = async (invocation, { tenantId, callOptions }) =>
    (await describe(invocation, { clients, kept, tenantId, callOptions })).fingerprint;
  const run = createRunInvocation({ ...reach, runtimes, fingerprintOf });
  const invocations = openInvocations(frame, config, replace(run));
  return {
    services: [AgentRuntimeService, QuoteService, WorkerCheckService],
    stores: {},
    routes: (router: ConnectRouter) =>
      void router
        .service(AgentRuntimeService, {
          invoke: invoke(invocations, config.builtinRuntime),
          cancelInvocation: cancelInvocation(invocations),
          describeAgent: describeAgent(createDescribeAnew(describe, clients), config.builtinRuntime),
        })
        .service(QuoteService, { quoteAgents: quoteAgents(config) })
        .service(WorkerCheckService, { checkWorker: checkWorker(workers.check) }),
  };
}

type Reach = BuiltinDeps & RunInvocationReach;
type RunInvocationReach = Omit<Parameters<typeof createRunInvocation>[0], 'runtimes'>;

/** What asks providers is loaded only where there are any. */
async function openModelAgents(frame: ServiceFrame, config: AgentsConfig, reach: Reach): Promise<RunAgent> {
  const { telemetry } = frame;
  const { models: settings } = config;
  const offline = createOfflineRuntime(reach);
  const onModel = async (): Promise<never> => {
    throw new Error('No provider is configured');
  };
  if (settings.providers.length === 0) return createModelAgents({ settings, offline, onModel });
  const { createModelRuntime } = await import('./runtimes/model/model-runtime.ts');
  const { createOpenModel } = await import('./runtimes/model/providers.ts');
  const { createModelWire } = await import('./runtimes/model/model-wire.ts');
  const wire = createModelWire();
  const run = createModelRuntime({
    ...{ ...reach, settings, chance: Math.random },
    ledger: createLedger(reach.clients.usage),
    breakerOf: createModelBreakers(frame.breakers, settings.callTimeoutMs),
    metrics: createModelMetrics(telemetry.metrics),
    openModel: createOpenModel(wire.fetch),
    wire,
    openTools: openTools(frame, config, reach),
  });
  return createModelAgents({ settings, offline, onModel: run });
}

function openTools(frame: ServiceFrame, config: AgentsConfig, reach: Reach): OpenTools {
  const { closing } = frame;
  const { workerNetworks, webSearch, signingKey } = config;
  const { clients, clock } = reach;
  const outbound = createOutbound({ allowed: workerNetworks });
  const toServices = createOutbound({ allowed: everywhere });
  closing.add('calls of tools', async () => {
    await Promise.all([outbound.close(), toServices.close()]);
  });
  return createOpenTools({
    ...reach,
    access: clients.access,
    agentTokens: createAgentTokenMint(signingKey, clock),
    http: {
      ...{ outbound, clock, chance: Math.random },
      tokens: createOauthTokens({ outbound, nowMs: monotonicMs }),
      breakerOf: createToolBreakers(frame.breakers),
    },
    webSearch: { outbound: toServices, settings: webSearch },
    places: openPlaces(frame, config, reach),
    comprehend: openComprehend(frame, config),
    checkArguments: createArgumentsCheck(),
  });
}

function openPlaces(
  { closing, telemetry }: ServiceFrame,
  { location: settings }: AgentsConfig,
  { geo }: Reach,
): PlaceLookup {
  if (!settings) return createTownLookup(geo.gazetteer);
  const { metrics } = telemetry;
  const places = createAmazonLocation({ settings, metrics, nowMs: monotonicMs });
  closing.add('calls of Amazon Location', () => places.close());
  return places;
}

function openComprehend(
  { closing, telemetry }: ServiceFrame,
  { comprehend: settings }: AgentsConfig,
): AmazonComprehend | undefined {
  if (!settings) return undefined;
  const { metrics } = telemetry;
  const comprehend = createAmazonComprehend({ settings, metrics, nowMs: monotonicMs });
  closing.add('calls of Amazon Comprehend', () => comprehend.close());
  return comprehend;
}

function openWorkers(
  { closing, breakers: board }: ServiceFrame,
  { workerNetworks: allowed }: AgentsConfig,
  reach: Reach,
): { readonly run: RunAgent; readonly check: CheckWorker } {
  const outbound = createOutbound({ allowed });
  closing.add('calls of workers', () => outbound.close());
  const ofContract = createContractWorker({ allowed });
  const breakerOf = createWorkerBreakers({ board, attemptMsMax });
  return {
    run: createWorkerRuntime({
      ...{ ...reach, networks: allowed, chance: Math.random },
      calls: { http: createHttpWorker(outbound), connect: ofContract, grpc: ofContract },
      breakerOf,
    }),
    check: createCheckWorker({ outbound, policy: { allowed }, breakerOf, nowMs: monotonicMs }),
  };
}

function openInvocations(
  { telemetry, closing, draining }: ServiceFrame,
  { invocationsMax }: AgentsConfig,
  run: RunInvocation,
): Invocations {
  const invocations = createInvocations({
    ...{ run, draining, clock: monotonicMs, runningMax: invocationsMax },
    ends: createRecordedEnds(monotonicMs),
    metrics: createInvocationMetrics(telemetry.metrics, invocationsMax),
  });
  closing.add('invocations', () => invocations.close());
  return invocations;
}

function keepAnswers(
  { telemetry, closing, clock }: ServiceFrame,
  { signingKey }: AgentsConfig,
  { changes }: MeshClients,
): WatchedCache {
  const token = createServiceTokenMint('agents', signingKey, clock);
  const kept = createWatchedCache({
    watch: (signal) => changes.watchChanges({}, callWith({ token: token(), timeoutMs: watchMs, signal })),
    clock,
    sizeMax: keptMax,
    onInterrupted: logInterruptions(telemetry.log),
  });
  closing.add('answers of the registry', () => kept.close());
  return kept;
}
