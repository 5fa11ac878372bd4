// RollbackAgent: stores a new version of an agent that is equal to an earlier one.
import type { ServiceImpl } from '@connectrpc/connect';
import { notFound } from '../../../foundation/fault/fault.ts';
import type { AgentService } from '../../../proto/gen/domainflow/registry/v1/agent_service_pb.js';
import { agentDocument, readAgentChanges } from '../core/agent-document.ts';
import { actorOf } from './actor.ts';
import { agentNow } from './agent-now.ts';
import { changeableAgent } from './changeable-agent.ts';
import type { AgentWriting } from './judge-agent.ts';
import { storeAgentVersion } from './store-agent-version.ts';

/** RollbackAgent. Faults as UpdateAgent; `not_found` also for a version that never was; the earlier version is judged by today's rules. */
export function rollbackAgent(writing: AgentWriting): ServiceImpl<typeof AgentService>['rollbackAgent'] {
  return async ({ agentId, version }, context) => {
    const actor = actorOf(context, 'editor');
    return writing.store.changeDefinitions(actor, async (change) => {
      const done = await change.earlierWrite();
      if (done !== undefined) return agentNow(change, done);
      const before = await changeableAgent(change, actor, agentId);
      const earlier = version > 0 ? await change.agent({ id: agentId, version }) : undefined;
      if (!earlier) throw notFound('version of the agent');
      const read = readAgentChanges(agentDocument(earlier), before, writing.rules);
      return storeAgentVersion(change, { operation: 'rollback', before, read }, writing);
    });
  };
}
