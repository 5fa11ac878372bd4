// The composition of the agents service: the only place of the service that opens connections and loads data.
import type { ConnectRouter } from '@connectrpc/connect';
import { type RunningService, type ServiceFrame, startRpcService } from '../../foundation/rpc/rpc-service.ts';
import { AgentRuntimeService } from '../../proto/gen/domainflow/agents/v1/agent_runtime_service_pb.js';
import { createMeshClients } from './clients/mesh-clients.ts';
import type { AgentsConfig } from './config.ts';
import { createRegionNames } from './core/geo/region-names.ts';
import { createOutputCheck } from './core/output-check.ts';
import { invoke } from './rpc/invoke.ts';
import { createRunInvocation } from './runtimes/run-invocation.ts';
import { loadGazetteer } from './store/gazetteer.ts';

/** Starts the agents service. */
export function startAgents(config: AgentsConfig): Promise<RunningService> {
  return startRpcService({ name: 'agents', config, build: (frame) => build(frame, config) });
}

function build({ telemetry, closing, clock }: ServiceFrame, config: AgentsConfig) {
  const { tracer, log } = telemetry;
  const clients = createMeshClients(config.targets, tracer, clock);
  closing.add('clients', () => clients.close());
  const geo = { gazetteer: loadGazetteer(), regions: createRegionNames() };
  const run = createRunInvocation({ clients, geo, outputs: createOutputCheck(), tracer, log, clock });
  return {
    services: [AgentRuntimeService],
    stores: {},
    routes: (router: ConnectRouter) => void router.service(AgentRuntimeService, { invoke: invoke(run) }),
  };
}
