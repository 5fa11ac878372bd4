// CreateAgent: stores version 1 of a new agent.
import type { ServiceImpl } from '@connectrpc/connect';
import { newId } from '../../../foundation/ids/ids.ts';
import { refuseProblems } from '../../../foundation/json/document.ts';
import type { AgentService } from '../../../proto/gen/domainflow/registry/v1/agent_service_pb.js';
import { readNewAgent } from '../core/agent-document.ts';
import { agentRecord, firstVersion } from '../core/agent-version.ts';
import { actorOf } from './actor.ts';
import { agentNow } from './agent-now.ts';
import { agentMessage } from './agent-wire.ts';
import { definitionOf, warningMessages } from './definition-wire.ts';
import { type AgentWriting, judgeAgent } from './judge-agent.ts';

/** CreateAgent. `permission_denied` below editor; `invalid_argument` with every violated rule. */
export function createAgent(writing: AgentWriting): ServiceImpl<typeof AgentService>['createAgent'] {
  const { store, rules, clock } = writing;
  return async (request, context) => {
    const actor = actorOf(context, 'editor');
    const read = readNewAgent(definitionOf(request), rules);
    const agent = firstVersion({ ...read, id: newId(), createdAt: new Date(clock()) }, actor);
    return store.changeDefinitions(actor, async (change) => {
      const earlier = await change.earlierWrite();
      if (earlier !== undefined) return agentNow(change, earlier);
      const verdict = await judgeAgent(change, { read, after: agent }, rules);
      refuseProblems(verdict.problems);
      await change.insertAgent(agent, agentRecord('create', { after: agent }));
      return { agent: agentMessage(agent), warnings: warningMessages(verdict.warnings) };
    });
  };
}
