// UpdateAgent: stores the next version of an agent.
import type { ServiceImpl } from '@connectrpc/connect';
import type { AgentService } from '../../../proto/gen/domainflow/registry/v1/agent_service_pb.js';
import { readAgentChanges } from '../core/agent-document.ts';
import { requireVersion } from '../core/expected-version.ts';
import { actorOf } from './actor.ts';
import { changeableAgent } from './changeable-agent.ts';
import { definitionOf } from './definition-wire.ts';
import type { AgentWriting } from './judge-agent.ts';
import { storeAgentVersion } from './store-agent-version.ts';

/**
 * UpdateAgent. `permission_denied` below editor, for an agent of the platform, and for an editor who did not create it; `not_found`;
 * `invalid_argument` with every violated rule.
 */
export function updateAgent(writing: AgentWriting): ServiceImpl<typeof AgentService>['updateAgent'] {
  return async (request, context) => {
    const actor = actorOf(context, 'editor');
    return writing.store.changeDefinitions(actor, async (change) => {
      const before = await changeableAgent(change, actor, request.agentId);
      requireVersion(request.expectedVersion, before.version);
      const read = readAgentChanges(definitionOf(request), before, writing.rules);
      return storeAgentVersion(change, { operation: 'update', before, read }, writing);
    });
  };
}
