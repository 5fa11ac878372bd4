// The composition of the agents service: the only place of the service that opens connections and loads data.
import type { ConnectRouter } from '@connectrpc/connect';
import { createServiceTokenMint } from '../../foundation/identity/mesh-issuers.ts';
import { callWith } from '../../foundation/rpc/caller.ts';
import { logInterruptions } from '../../foundation/rpc/interruption-log.ts';
import { type RunningService, type ServiceFrame, startRpcService } from '../../foundation/rpc/rpc-service.ts';
import { createWatchedCache, type WatchedCache } from '../../foundation/rpc/watched-cache.ts';
import { AgentRuntimeService } from '../../proto/gen/domainflow/agents/v1/agent_runtime_service_pb.js';
import { createMeshClients, type MeshClients } from './clients/mesh-clients.ts';
import type { AgentsConfig } from './config.ts';
import { createRegionNames } from './core/geo/region-names.ts';
import { createOutputCheck } from './core/output-check.ts';
import { invoke } from './rpc/invoke.ts';
import { createRunInvocation } from './runtimes/run-invocation.ts';
import { loadGazetteer } from './store/gazetteer.ts';

/** What is kept of the registry's answers: grants and settings. */
const keptMax = 10_000;

/** How long one stream of news lasts, in milliseconds. */
const watchMs = 10 * 60_000;

/** Starts the agents service. */
export function startAgents(config: AgentsConfig): Promise<RunningService> {
  return startRpcService({ name: 'agents', config, build: (frame) => build(frame, config) });
}

function build(frame: ServiceFrame, config: AgentsConfig) {
  const { telemetry, closing, clock } = frame;
  const { tracer, log } = telemetry;
  const clients = createMeshClients(config.targets, tracer, clock);
  closing.add('clients', () => clients.close());
  const kept = keepAnswers(frame, config, clients);
  const geo = { gazetteer: loadGazetteer(), regions: createRegionNames() };
  const run = createRunInvocation({ clients, kept, geo, outputs: createOutputCheck(), tracer, log, clock });
  return {
    services: [AgentRuntimeService],
    stores: {},
    routes: (router: ConnectRouter) => void router.service(AgentRuntimeService, { invoke: invoke(run) }),
  };
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
