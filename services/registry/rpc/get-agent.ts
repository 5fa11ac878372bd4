// GetAgent: one version of an agent with the graph of its dependencies.
import type { ServiceImpl } from '@connectrpc/connect';
import { Fault, notFound } from '../../../foundation/fault/fault.ts';
import type { AgentService } from '../../../proto/gen/domainflow/registry/v1/agent_service_pb.js';
import { isAgentId } from '../core/definition-id.ts';
import { dependencyAgentsMax, dependencyGraph } from '../core/dependency-graph.ts';
import type { RegistryStore } from '../store/store.ts';
import { agentClassMessage, agentMessage } from './agent-wire.ts';
import { tenantPrincipal } from './tenant-principal.ts';

/** GetAgent. `not_found` for an agent or version that does not exist or is another tenant's. */
export function getAgent(store: RegistryStore): ServiceImpl<typeof AgentService>['getAgent'] {
  return async ({ agentId, version }, context) => {
    const { tenantId } = tenantPrincipal(context);
    if (!isAgentId(agentId)) throw notFound('agent');
    const found = await store.findAgent(tenantId, { id: agentId, version });
    if (!found) throw notFound('agent');
    if (found.dependencies.length > dependencyAgentsMax) {
      throw new Fault('failed_precondition', `The agent depends on more than ${dependencyAgentsMax} others`);
    }
    const { nodes, edges } = dependencyGraph(found.agent, found.dependencies);
    return {
      agent: agentMessage(found.agent),
      nodes: nodes.map((node) => ({ ...node, agentClass: agentClassMessage(node.agentClass) })),
      edges: edges.map(({ from, to }) => ({ from, to })),
    };
  };
}
