// Our engine with its tasks in the agents service, which is a process of its own, over the mesh: what a playbook of builtin agents costs.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { ProxyTracerProvider } from '@opentelemetry/api';
import { systemClock } from '../foundation/clock.ts';
import { createRunTokenMint } from '../foundation/identity/mesh-issuers.ts';
import { generateSigningKey } from '../foundation/identity/signing-key.ts';
import { createMeshClient } from '../foundation/rpc/mesh-client.ts';
import { createMeshTransport } from '../foundation/rpc/mesh-transport.ts';
import { AgentRuntimeService } from '../proto/gen/domainflow/agents/v1/agent_runtime_service_pb.js';
import { createInvokeAgent } from '../services/orchestrator/clients/invoke-agent.ts';
import { createRunCalls } from '../services/orchestrator/clients/run-calls.ts';
import { openEngineWith } from './domainflow.ts';
import type { EngineOptions, MeasuredEngine, OpenEngine } from './measured-engine.ts';

const nobody = '127.0.0.1:9';

/** Opens the engine and the agents service. */
export const openEngine: OpenEngine = (options) => openEngineAndAgents(options, {});

/** The same with further settings of the agents service. */
export async function openEngineAndAgents(
  options: EngineOptions,
  agentSettings: Readonly<Record<string, string>>,
): Promise<MeasuredEngine> {
  const key = await generateSigningKey();
  const keys = [key.publicJwk];
  const child = fork(new URL('./agents-process.ts', import.meta.url), {
    execArgv: ['--no-warnings'],
    env: {
      ...process.env,
      PORT: '0',
      MESH_KEYS: JSON.stringify({ gateway: keys, orchestrator: keys, agents: keys }),
      AGENTS_SIGNING_KEY: JSON.stringify(key.privateJwk),
      REGISTRY_TARGET: nobody,
      REPORTS_TARGET: nobody,
      INVOCATIONS_MAX: '10000',
      TRACE_SAMPLE_PERCENT: '0',
      ...agentSettings,
    },
  });
  const [{ address }] = (await once(child, 'message')) as [{ readonly address: string }];
  const tracer = options.telemetry?.tracer ?? new ProxyTracerProvider().getTracer('bench');
  const transport = createMeshTransport({ target: address, tracer, clock: systemClock });
  const agents = createMeshClient(AgentRuntimeService, transport);
  const callsOf = createRunCalls(createRunTokenMint(key.privateJwk, systemClock));
  return openEngineWith(options, {
    invoke: createInvokeAgent({ agents, callsOf, tracer }),
    close: async () => {
      transport.close();
      child.disconnect();
      await once(child, 'exit');
    },
  });
}
