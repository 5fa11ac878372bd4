// ListAgents: a page of the agents of the tenant and of the platform.
import type { ServiceImpl } from '@connectrpc/connect';
import { invalidArgument } from '../../../foundation/fault/fault.ts';
import { openPage } from '../../../foundation/paging/open-page.ts';
import type { PageTokens } from '../../../foundation/paging/page-token.ts';
import { AgentClass } from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import type { AgentService } from '../../../proto/gen/domainflow/registry/v1/agent_service_pb.js';
import { agentClasses } from '../core/agent.ts';
import type { ListPosition } from '../core/page.ts';
import type { RegistryStore } from '../store/store.ts';
import { agentClassOf, agentMessage } from './agent-wire.ts';
import { tenantPrincipal } from './tenant-principal.ts';

/** ListAgents, newest first. */
export function listAgents(
  store: RegistryStore,
  tokens: PageTokens,
): ServiceImpl<typeof AgentService>['listAgents'] {
  return async (request, context) => {
    const { tenantId } = tenantPrincipal(context);
    const agentClass = agentClassOf(request.agentClass);
    if (!agentClass && request.agentClass !== AgentClass.UNSPECIFIED) {
      throw invalidArgument([{ field: 'agent_class', reason: `must be one of ${agentClasses.join(', ')}` }]);
    }
    const scope = `agents?class=${agentClass ?? ''}`;
    const page = openPage<ListPosition>(request.page, { tokens, tenantId, scope });
    const listed = await store.listAgents(tenantId, { ...page.slice, ...(agentClass ? { agentClass } : {}) });
    return { agents: listed.items.map(agentMessage), page: page.info(listed) };
  };
}
