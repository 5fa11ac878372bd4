// CheckAgent: judges an agent as a save would, and stores nothing.
import type { ServiceImpl } from '@connectrpc/connect';
import { newId } from '../../../foundation/ids/ids.ts';
import type { AgentService } from '../../../proto/gen/domainflow/registry/v1/agent_service_pb.js';
import type { Actor } from '../core/actor.ts';
import { readAgentChanges, readNewAgent } from '../core/agent-document.ts';
import { planOfAgent } from '../core/agent-plan.ts';
import { firstVersion, nextVersion } from '../core/agent-version.ts';
import { dependencyAgentsMax } from '../core/dependency-graph.ts';
import type { DefinitionFacts } from '../store/store.ts';
import { actorOf } from './actor.ts';
import { changeableAgent } from './changeable-agent.ts';
import { definitionOf, violationMessages, warningMessages } from './definition-wire.ts';
import { type AgentToJudge, type AgentWriting, judgeAgent } from './judge-agent.ts';
import { planMessage } from './plan-wire.ts';

type CheckAgent = ServiceImpl<typeof AgentService>['checkAgent'];
type CheckRequest = Parameters<CheckAgent>[0];

/** CheckAgent. `permission_denied` and `not_found` as the save; what a definition violates is in the answer. */
export function checkAgent(writing: AgentWriting): CheckAgent {
  return async (request, context) => {
    const actor = actorOf(context, 'editor');
    return writing.store.judgeDefinitions(actor.tenantId, async (facts) => {
      const asked = await readAsked({ facts, actor, request }, writing);
      const { problems, warnings } = await judgeAgent(facts, asked, writing.rules);
      const judged = { violations: violationMessages(problems), warnings: warningMessages(warnings) };
      if (problems.length > 0) return judged;
      const { after } = asked;
      const needed = await facts.agentsWithDependencies(after.agentDependencies, dependencyAgentsMax);
      const plan = planOfAgent(after, needed);
      return plan ? { ...judged, plan: planMessage(plan) } : judged;
    });
  };
}

interface Asked {
  readonly facts: DefinitionFacts;
  readonly actor: Actor;
  readonly request: CheckRequest;
}

async function readAsked(
  { facts, actor, request }: Asked,
  { rules, clock }: AgentWriting,
): Promise<AgentToJudge> {
  const definition = definitionOf(request);
  const now = new Date(clock());
  if (request.agentId === '') {
    const read = readNewAgent(definition, rules);
    return { read, after: firstVersion({ ...read, id: newId(), createdAt: now }, actor) };
  }
  const before = await changeableAgent(facts, actor, request.agentId);
  const read = readAgentChanges(definition, before, rules);
  return { read, after: nextVersion(before, read.content, now), before };
}
