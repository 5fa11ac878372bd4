// The graph that is shown with an agent, as it is sent.
import type { MessageInitShape } from '@bufbuild/protobuf';
import { Fault } from '../../../foundation/fault/fault.ts';
import type { GetAgentResponseSchema } from '../../../proto/gen/domainflow/registry/v1/agent_service_pb.js';
import { dependencyAgentsMax, dependencyGraph, type GraphAgent } from '../core/dependency-graph.ts';
import { agentClassMessage } from './agent-wire.ts';

/** Nodes and edges of the agent and what it depends on. Fault `failed_precondition` for more than 2,000 dependencies. */
export function graphMessages(
  agent: GraphAgent,
  dependencies: readonly GraphAgent[],
): Pick<MessageInitShape<typeof GetAgentResponseSchema>, 'nodes' | 'edges'> {
  if (dependencies.length > dependencyAgentsMax) {
    throw new Fault('failed_precondition', `The agent depends on more than ${dependencyAgentsMax} others`);
  }
  const { nodes, edges } = dependencyGraph(agent, dependencies);
  return {
    nodes: nodes.map((node) => ({ ...node, agentClass: agentClassMessage(node.agentClass) })),
    edges: edges.map(({ from, to }) => ({ from, to })),
  };
}
