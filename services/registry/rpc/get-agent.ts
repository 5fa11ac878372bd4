// GetAgent: one version of an agent with the graph of its dependencies.
import type { ServiceImpl } from '@connectrpc/connect';
import { notFound } from '../../../foundation/fault/fault.ts';
import type { AgentService } from '../../../proto/gen/domainflow/registry/v1/agent_service_pb.js';
import { isAgentId } from '../core/definition-id.ts';
import type { RegistryStore } from '../store/store.ts';
import { graphMessages } from './agent-graph.ts';
import { agentMessage } from './agent-wire.ts';
import { tenantPrincipal } from './tenant-principal.ts';

/** GetAgent. `not_found` for an agent or version that does not exist or is another tenant's. */
export function getAgent(store: RegistryStore): ServiceImpl<typeof AgentService>['getAgent'] {
  return async ({ agentId, version }, context) => {
    const { tenantId } = tenantPrincipal(context);
    if (!isAgentId(agentId)) throw notFound('agent');
    const found = await store.findAgent(tenantId, { id: agentId, version });
    if (!found) throw notFound('agent');
    return { agent: agentMessage(found.agent), ...graphMessages(found.agent, found.dependencies) };
  };
}
