// DeleteAgent: removes an agent that nobody uses; its versions stay for runs that pinned them.
import type { ServiceImpl } from '@connectrpc/connect';
import type { AgentService } from '../../../proto/gen/domainflow/registry/v1/agent_service_pb.js';
import { refuseUsed } from '../core/agent-users.ts';
import { agentRecord } from '../core/agent-version.ts';
import { requireVersion } from '../core/expected-version.ts';
import type { DefinitionStore } from '../store/store.ts';
import { actorOf } from './actor.ts';
import { changeableAgent } from './changeable-agent.ts';

/** DeleteAgent. `permission_denied` and `not_found` as UpdateAgent; `failed_precondition` that names who uses the agent. */
export function deleteAgent(store: DefinitionStore): ServiceImpl<typeof AgentService>['deleteAgent'] {
  return async ({ agentId, expectedVersion }, context) => {
    const actor = actorOf(context, 'editor');
    await store.changeDefinitions(actor, async (change) => {
      const before = await changeableAgent(change, actor, agentId);
      requireVersion(expectedVersion, before.version);
      const [domains, dependents] = await Promise.all([
        change.domainsNeeding(agentId),
        change.dependentsOf(agentId),
      ]);
      refuseUsed(agentId, { domains, dependents });
      await change.deleteAgent(before, agentRecord('delete', { before }));
    });
    return {};
  };
}
