// Finds every agent that a playbook needs and the order of equals (SPEC E2.2): listed nodes by their position, an agent that is pulled
// in by the first listed node that needs it, then by its place in agent_dependencies. Linear in agents and dependencies.
import type { PlaybookNode } from './playbook.ts';

/** A node of a plan before it is ordered. */
export interface PlacedNode {
  readonly id: string;
  /** The step as the playbook lists it; absent when a dependency pulled it in. */
  readonly listed?: PlaybookNode;
  /** Position in the playbook of the node itself, or of the first listed node that needs it. */
  readonly position: number;
  /** The agent that names it as dependency, the first one on a shortest way from the listed node; absent for a listed node. */
  readonly neededBy?: string;
}

type DependenciesOf = (agentId: string) => readonly string[];

/**
 * All nodes in the order that breaks ties. Needs count through any number of dependencies, also through listed agents; a node that is
 * listed twice counts once. `dependenciesOf` answers the agent_dependencies of an agent, none for an unknown one. Cycles do no harm.
 */
export function placeNodes(
  listed: readonly PlaybookNode[],
  dependenciesOf: DependenciesOf,
): readonly PlacedNode[] {
  const listedIds = new Set(listed.map(({ id }) => id));
  const placed = new Map<string, PlacedNode>();
  const reached = new Set<string>();
  for (const [position, node] of listed.entries()) {
    if (placed.has(node.id)) continue;
    placed.set(node.id, { id: node.id, listed: node, position });
    if (node.kind !== 'agent' || reached.has(node.id)) continue;
    const needsOf = shortestWays(node.id, dependenciesOf, reached);
    for (const { id, neededBy } of byPlaces(node.id, needsOf)) {
      if (!listedIds.has(id)) placed.set(id, { id, position, neededBy });
    }
  }
  return [...placed.values()];
}

/** For each agent that was not reached before, those that a shortest way leads to through it; breadth first, so that the first way is one. */
function shortestWays(
  root: string,
  dependenciesOf: DependenciesOf,
  reached: Set<string>,
): ReadonlyMap<string, readonly string[]> {
  reached.add(root);
  const ways = new Map<string, string[]>([[root, []]]);
  for (const [id, next] of ways) {
    for (const dependency of dependenciesOf(id)) {
      if (reached.has(dependency)) continue;
      reached.add(dependency);
      next.push(dependency);
      ways.set(dependency, []); // a map is walked in order of insertion, what is added on the way included
    }
  }
  return ways;
}

/** The agents below the root by the places on their ways: an agent before those that are reached through it. */
function byPlaces(
  root: string,
  needsOf: ReadonlyMap<string, readonly string[]>,
): readonly { readonly id: string; readonly neededBy: string }[] {
  const below = (id: string) =>
    (needsOf.get(id) ?? []).map((next) => ({ id: next, neededBy: id })).toReversed();
  const ordered: { readonly id: string; readonly neededBy: string }[] = [];
  const stack = below(root);
  for (let next = stack.pop(); next; next = stack.pop()) {
    ordered.push(next);
    stack.push(...below(next.id));
  }
  return ordered;
}
