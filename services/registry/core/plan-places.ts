// Finds every agent that a playbook needs and where each stands among equals (SPEC E2.2): listed nodes by their position, an agent
// that is pulled in by the first listed node that needs it, then by its place in agent_dependencies.
import type { PlaybookNode } from './playbook.ts';

/** A node of a plan before it is ordered. */
export interface PlacedNode {
  readonly id: string;
  /** The step as the playbook lists it; absent when a dependency pulled it in. */
  readonly listed?: PlaybookNode;
}

interface Place {
  /** Position in the playbook of the node itself or of the first listed node that needs it. */
  readonly position: number;
  /** The way from that node: the place in agent_dependencies at each step, the shortest way; empty for the node itself. */
  readonly path: readonly number[];
}

/**
 * All nodes in the order that breaks ties. Needs count through any number of dependencies, also through listed agents.
 * `dependenciesOf` answers the agent_dependencies of an agent, none for an unknown one. Cycles do no harm.
 */
export function placeNodes(
  listed: readonly PlaybookNode[],
  dependenciesOf: (agentId: string) => readonly string[],
): readonly PlacedNode[] {
  const listedById = new Map(listed.map((node) => [node.id, node]));
  const places = new Map<string, Place>();
  const walked = new Set<string>();
  for (const [position, node] of listed.entries()) {
    if (!places.has(node.id)) places.set(node.id, { position, path: [] });
    if (node.kind === 'agent') walk(node.id, position);
  }

  // Breadth first, so that the first way to an agent is a shortest one.
  function walk(agentId: string, position: number): void {
    const queue = [{ id: agentId, path: [] as readonly number[] }];
    for (const { id, path } of queue) {
      if (walked.has(id)) continue;
      walked.add(id);
      for (const [place, dependency] of dependenciesOf(id).entries()) {
        const way = [...path, place];
        if (!listedById.has(dependency) && !places.has(dependency))
          places.set(dependency, { position, path: way });
        queue.push({ id: dependency, path: way });
      }
    }
  }

  const ordered = [...places].sort(([, a], [, b]) => a.position - b.position || comparePaths(a.path, b.path));
  return ordered.map(([id]) => {
    const node = listedById.get(id);
    return node ? { id, listed: node } : { id };
  });
}

function comparePaths(a: readonly number[], b: readonly number[]): number {
  const length = Math.min(a.length, b.length);
  for (let step = 0; step < length; step += 1) {
    const difference = (a[step] ?? 0) - (b[step] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
