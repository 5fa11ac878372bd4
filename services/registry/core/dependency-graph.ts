// The graph that is shown with an agent: the agent and everything it depends on, in the direction of execution.
import type { Agent, AgentClass } from './agent.ts';

/** The most agents that one agent may depend on, directly and indirectly, and still be shown with its graph. */
export const dependencyAgentsMax = 2_000;

/** What the graph needs to know of an agent. */
export type GraphAgent = Pick<Agent, 'agentId' | 'agentName' | 'agentClass' | 'agentDependencies'>;

/** Nodes and edges. */
export interface DependencyGraph {
  /** The agent first, then its dependencies from near to far, each once. */
  readonly nodes: readonly {
    readonly id: string;
    readonly label: string;
    readonly agentClass: AgentClass;
  }[];
  /** `to` needs the output of `from`. */
  readonly edges: readonly { readonly from: string; readonly to: string }[];
}

/** The graph of `root` over `dependencies`, which hold all it needs. A dependency that is not among them has been deleted and is left out. */
export function dependencyGraph(root: GraphAgent, dependencies: readonly GraphAgent[]): DependencyGraph {
  const known = new Map(dependencies.map((agent) => [agent.agentId, agent]));
  known.set(root.agentId, root);
  const reached = new Set([root]);
  const edges = new Map<string, { from: string; to: string }>();
  for (const agent of reached) {
    for (const id of agent.agentDependencies) {
      const dependency = known.get(id);
      if (!dependency) continue;
      reached.add(dependency); // a set is walked in order of insertion, what is added on the way included
      edges.set(`${id} ${agent.agentId}`, { from: id, to: agent.agentId });
    }
  }
  const nodes = [...reached].map(({ agentId, agentName, agentClass }) => ({
    id: agentId,
    label: agentName,
    agentClass,
  }));
  return { nodes, edges: [...edges.values()] };
}
