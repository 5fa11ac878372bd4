// The agent that a write is about, if its actor may change it.
import { notFound } from '../../../foundation/fault/fault.ts';
import type { Actor } from '../core/actor.ts';
import type { Agent } from '../core/agent.ts';
import { isAgentId } from '../core/definition-id.ts';
import type { DefinitionFacts } from '../store/store.ts';
import { requireMayChange } from './actor.ts';

/** The newest version. Fault `not_found` for what the actor cannot see, `permission_denied` for what it may not change. */
export async function changeableAgent(facts: DefinitionFacts, actor: Actor, agentId: string): Promise<Agent> {
  const agent = isAgentId(agentId) ? await facts.agent({ id: agentId, version: 0 }) : undefined;
  if (!agent) throw notFound('agent');
  requireMayChange(actor, agent, 'agent');
  return agent;
}
