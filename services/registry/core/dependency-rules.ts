// Rules of agent_dependencies (SPEC V3 and V4): each exists, and none leads back to the agent. The whole tree is walked.
import type { Violation } from '../../../foundation/fault/fault.ts';
import { circularDependency, disjointCycles } from '../../../foundation/graph/topological-order.ts';
import type { NamedItem } from './agent-document.ts';
import { dependencyAgentsMax, type GraphAgent } from './dependency-graph.ts';

/** Dependencies to judge. */
export interface DependenciesToJudge {
  /** The agent that would depend on them. */
  readonly agentId: string;
  /** agent_ids as they are named, each once. */
  readonly dependencies: readonly NamedItem[];
  /** Those of them that exist and all that they depend on; more than 2,000 when reading was cut short. */
  readonly known: readonly GraphAgent[];
}

/** Every violated rule. A cycle through the agent is told at each dependency that leads back to it, by a shortest way. */
export function dependencyProblems({ agentId, dependencies, known }: DependenciesToJudge): Violation[] {
  const dependenciesOf = new Map(known.map((agent) => [agent.agentId, agent.agentDependencies]));
  const problems = dependencies.flatMap(({ field, name }): Violation[] => {
    if (name !== agentId && !dependenciesOf.has(name)) {
      return [{ field, reason: 'there is no such agent; name it by its agent_id' }];
    }
    const way = wayTo(agentId, name, dependenciesOf);
    return way ? [{ field, reason: circularDependency([agentId, ...way.slice(0, -1)]) }] : [];
  });
  const field = 'agent_dependencies';
  if (known.length > dependencyAgentsMax) {
    const reason = `must lead to at most ${dependencyAgentsMax} agents, directly and indirectly`;
    problems.push({ field, reason });
  }
  dependenciesOf.delete(agentId);
  return [
    ...problems,
    ...otherCycles(dependenciesOf).map((cycle) => ({ field, reason: circularDependency(cycle) })),
  ];
}

/** The shortest way of dependencies to the agent, both ends included; undefined when there is none. */
function wayTo(
  agentId: string,
  from: string,
  dependenciesOf: ReadonlyMap<string, readonly string[]>,
): readonly string[] | undefined {
  const cameFrom = new Map<string, string | undefined>([[from, undefined]]);
  for (const [id] of cameFrom) {
    if (id === agentId) return backwards(cameFrom, agentId);
    for (const next of dependenciesOf.get(id) ?? []) {
      if (!cameFrom.has(next)) cameFrom.set(next, id); // a map is walked in order of insertion, what is added on the way included
    }
  }
  return undefined;
}

function backwards(cameFrom: ReadonlyMap<string, string | undefined>, last: string): readonly string[] {
  const way: string[] = [];
  for (let id: string | undefined = last; id !== undefined; id = cameFrom.get(id)) way.unshift(id);
  return way;
}

/** Cycles among the dependencies themselves, which no change of one agent can bring about. */
function otherCycles(dependenciesOf: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const ids = [...dependenciesOf.keys()];
  const placeOf = new Map(ids.map((id, place) => [id, place]));
  const parentsOf = ids.map((id) => {
    const places = (dependenciesOf.get(id) ?? []).map((parent) => placeOf.get(parent));
    return [...new Set(places.filter((place) => place !== undefined))];
  });
  return disjointCycles(parentsOf).map((cycle) => cycle.map((place) => ids[place] ?? ''));
}
