// BatchGetAgents: many agents in one answer.
import type { ServiceImpl } from '@connectrpc/connect';
import type { AgentService } from '../../../proto/gen/domainflow/registry/v1/agent_service_pb.js';
import { eachVersionOnce, readAgentKeys } from '../core/agent-keys.ts';
import type { AgentStore } from '../store/store.ts';
import { agentMessage } from './agent-wire.ts';
import { tenantPrincipal } from './tenant-principal.ts';

/** BatchGetAgents, in the order of the keys; what the caller may not see is left out. `invalid_argument` for more than 100 keys. */
export function batchGetAgents(store: AgentStore): ServiceImpl<typeof AgentService>['batchGetAgents'] {
  return async (request, context) => {
    const { tenantId } = tenantPrincipal(context);
    const keys = readAgentKeys(request.keys);
    if (keys.length === 0) return { agents: [] };
    const asked = keys.map(({ agentId, version }) => ({ id: agentId, version }));
    const agents = await store.findAgents(tenantId, asked);
    return { agents: eachVersionOnce(agents).map(agentMessage) };
  };
}
