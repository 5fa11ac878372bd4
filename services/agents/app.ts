// The composition of the agents service: the only place of the service that opens connections and loads data.
import type { ConnectRouter } from '@connectrpc/connect';
import { monotonicMs } from '../../foundation/clock.ts';
import { createServiceTokenMint } from '../../foundation/identity/mesh-issuers.ts';
import { callWith } from '../../foundation/rpc/caller.ts';
import { logInterruptions } from '../../foundation/rpc/interruption-log.ts';
import { type RunningService, type ServiceFrame, startRpcService } from '../../foundation/rpc/rpc-service.ts';
import { createWatchedCache, type WatchedCache } from '../../foundation/rpc/watched-cache.ts';
import { AgentRuntimeService } from '../../proto/gen/domainflow/agents/v1/agent_runtime_service_pb.js';
import { createMeshClients, type MeshClients } from './clients/mesh-clients.ts';
import type { AgentsConfig } from './config.ts';
import { createOutputCheck } from './core/output-check.ts';
import { cancelInvocation } from './rpc/cancel-invocation.ts';
import { invoke } from './rpc/invoke.ts';
import { createInvocationMetrics } from './runtimes/invocation-metrics.ts';
import { createInvocations, type Invocations } from './runtimes/invocations.ts';
import { createRecordedEnds } from './runtimes/recorded-ends.ts';
import { createRunInvocation, type RunInvocation } from './runtimes/run-invocation.ts';
import { loadCategoryModels } from './store/category-models.ts';
import { loadNameRecognizer } from './store/entity-model.ts';
import { loadGazetteer } from './store/gazetteer.ts';
import { loadSentimentModel } from './store/sentiment-model.ts';

/** What is kept of the registry's answers: grants and settings. */
const keptMax = 10_000;

/** How long one stream of news lasts, in milliseconds. */
const watchMs = 10 * 60_000;

/** Puts another way of running agents in the place of the service's own, which it is given; for tests. */
export type ReplaceRuntimes = (own: RunInvocation) => RunInvocation;

/** Starts the agents service. */
export function startAgents(
  config: AgentsConfig,
  replace: ReplaceRuntimes = (own) => own,
): Promise<RunningService> {
  return startRpcService({ name: 'agents', config, build: (frame) => build(frame, config, replace) });
}

function build(frame: ServiceFrame, config: AgentsConfig, replace: ReplaceRuntimes) {
  const { telemetry, closing, clock } = frame;
  const { tracer, log } = telemetry;
  const clients = createMeshClients(config.targets, tracer, clock);
  closing.add('clients', () => clients.close());
  const kept = keepAnswers(frame, config, clients);
  const geo = { gazetteer: loadGazetteer() };
  const models = {
    names: loadNameRecognizer(),
    sentiment: loadSentimentModel(),
    categories: loadCategoryModels(),
  };
  const outputs = createOutputCheck();
  const run = createRunInvocation({ clients, kept, geo, models, outputs, tracer, log, clock });
  const invocations = openInvocations(frame, config, replace(run));
  return {
    services: [AgentRuntimeService],
    stores: {},
    routes: (router: ConnectRouter) =>
      void router.service(AgentRuntimeService, {
        invoke: invoke(invocations),
        cancelInvocation: cancelInvocation(invocations),
      }),
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
    metrics: createInvocationMetrics(telemetry.metrics),
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
