// What a request is answered that comes again after it has stored a version of an agent: the agent as it is now.
import { notFound } from '../../../foundation/fault/fault.ts';
import type { DefinitionFacts } from '../store/store.ts';
import { graphMessages } from './agent-graph.ts';
import { agentMessage } from './agent-wire.ts';

/** The answer, without the warnings of then. Fault `not_found` when the agent is gone. */
export async function agentNow(facts: Pick<DefinitionFacts, 'agent' | 'dependencyGraph'>, agentId: string) {
  const agent = await facts.agent({ id: agentId, version: 0 });
  if (!agent) throw notFound('agent');
  const graph = graphMessages(agent, await facts.dependencyGraph(agent.agentDependencies));
  return { agent: agentMessage(agent), warnings: [], ...graph };
}
