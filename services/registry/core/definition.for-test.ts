// Agents, playbooks and graphs for tests of rules: plain values, and random graphs of playbooks.
import fc from 'fast-check';
import type { Agent } from './agent.ts';
import type { Playbook } from './playbook.ts';

const createdAt = new Date('2025-01-01T00:00:00Z');

/** An agent that produces the key `out`, with the changes. */
export function agentForTest(agentId: string, changes: Partial<Agent> = {}): Agent {
  return {
    id: agentId,
    agentId,
    tenantId: 't',
    agentName: agentId,
    agentClass: 'query',
    systemPrompt: 'p',
    tools: [],
    agentDependencies: [],
    maxOutputKeys: 5,
    outputSchema: { out: { type: 'string' } },
    description: '',
    enabled: true,
    isInbuilt: false,
    version: 1,
    settings: {},
    createdAt,
    updatedAt: createdAt,
    createdBy: 'u',
    ...changes,
  };
}

/** A playbook of agents. */
export function playbookForTest(
  listed: readonly string[],
  edges: readonly (readonly [from: string, to: string])[] = [],
): Playbook {
  const nodes = listed.map((id) => ({ kind: 'agent' as const, id }));
  return { nodes, edges: edges.map(([from, to]) => ({ from, to })), settings: {} };
}

/** A playbook with the agents it may need; some of its parents are edges, the others dependencies. */
export interface RandomGraph {
  readonly playbook: Playbook;
  readonly agents: ReadonlyMap<string, Agent>;
}

/** Random graphs of at most `sizeMax` agents, none with a cycle. Agents that nobody needs are among them. */
export function acyclicGraphs(sizeMax: number): fc.Arbitrary<RandomGraph> {
  return randomParents(sizeMax).map(({ names, parents, listed, asEdge }) => {
    const acyclic = parents.map((of, at) =>
      of.map((pick) => Math.floor(pick * at)).filter((parent) => parent < at),
    );
    return graphOf({ names, parents: acyclic, listed, asEdge });
  });
}

/** Random graphs of at most `sizeMax` agents, with cycles or without. */
export function anyGraphs(sizeMax: number): fc.Arbitrary<RandomGraph> {
  return randomParents(sizeMax).map(({ names, parents, listed, asEdge }) => {
    const anywhere = parents.map((of) => of.map((pick) => Math.floor(pick * names.length)));
    return graphOf({ names, parents: anywhere, listed, asEdge });
  });
}

interface RandomParents<Parent> {
  readonly names: readonly string[];
  readonly parents: readonly (readonly Parent[])[];
  readonly listed: readonly string[];
  readonly asEdge: readonly boolean[];
}

/** `parents` are picks from 0 to 1, which the caller makes places of. */
function randomParents(sizeMax: number): fc.Arbitrary<RandomParents<number>> {
  const pick = fc.double({ min: 0, max: 0.999, noNaN: true });
  return fc.integer({ min: 1, max: sizeMax }).chain((size) => {
    const names = Array.from({ length: size }, (_, at) => `a${at}`);
    const everyNode = { minLength: size, maxLength: size };
    return fc.record({
      names: fc.constant(names),
      parents: fc.array(fc.array(pick, { maxLength: 3 }), everyNode),
      listed: fc.shuffledSubarray(names, { minLength: 1 }),
      asEdge: fc.array(fc.boolean(), everyNode),
    });
  });
}

/** A parent is an edge where the node says so and both are listed, else a dependency. */
function graphOf({ names, parents, listed, asEdge }: RandomParents<number>): RandomGraph {
  const isListed = new Set(listed);
  const edges: (readonly [string, string])[] = [];
  const agents = names.map((name, at) => {
    const own = [...new Set((parents[at] ?? []).map((place) => names[place] ?? ''))];
    const isEdge = (parent: string): boolean =>
      asEdge[at] === true && isListed.has(parent) && isListed.has(name);
    edges.push(...own.filter(isEdge).map((parent) => [parent, name] as const));
    return agentForTest(name, { agentDependencies: own.filter((parent) => !isEdge(parent)) });
  });
  return {
    playbook: playbookForTest(listed, edges),
    agents: new Map(agents.map((agent) => [agent.agentId, agent])),
  };
}

/** What a node needs directly, by edges and by dependencies. */
export function needsOf({ playbook, agents }: RandomGraph, id: string): readonly string[] {
  const byEdges = playbook.edges.filter(({ to }) => to === id).map(({ from }) => from);
  return [...new Set([...byEdges, ...(agents.get(id)?.agentDependencies ?? [])])];
}

/** The listed nodes and all that dependencies pull in. */
export function closureOf({ playbook, agents }: RandomGraph): ReadonlySet<string> {
  const closure = new Set(playbook.nodes.map(({ id }) => id));
  for (const id of closure) for (const need of agents.get(id)?.agentDependencies ?? []) closure.add(need);
  return closure;
}
