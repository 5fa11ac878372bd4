// The rules that a playbook keeps beyond its form (SPEC S5 V8 to V12): what its nodes and edges name, which agents they are, and that they
// make a plan. Graph rules are those of plans themselves; this file adds where in the playbook each problem is.
import type { Violation } from '../../../foundation/fault/fault.ts';
import type { Agent, AgentClass } from './agent.ts';
import type { DefinitionLimits } from './limits.ts';
import { judgePlan, tooManyTasks } from './plan.ts';
import { type PlacedNode, placeNodes } from './plan-places.ts';
import type { Playbook, PlaybookNode } from './playbook.ts';

/** A playbook to judge. */
export interface PlaybookToJudge {
  /** As it was stored or read: items that could not be read have stand-ins, which nothing is said about. */
  readonly playbook: Playbook;
  /** What the playbook is for. */
  readonly agentClass: AgentClass;
  /** Newest versions by agent_id of all agents that it needs, others being ignored; one that is absent does not exist. */
  readonly agents: ReadonlyMap<string, Agent>;
  /** True when reading the agents was cut short because there are too many: then nothing is said about single ones [false]. */
  readonly agentsCut?: boolean;
  readonly limits: DefinitionLimits;
  /** Path of the playbook in its document, such as `query_playbook`. */
  readonly path: string;
}

/** Every rule that the playbook violates, in the order of the rules; empty for a sound one. */
export function playbookProblems(asked: PlaybookToJudge): Violation[] {
  const graph = `${asked.path}.agent_execution_graph`;
  return [
    ...sizeProblems(asked, graph),
    ...nodeProblems(asked.playbook, graph),
    ...edgeProblems(asked.playbook, graph),
    ...(asked.agentsCut
      ? [{ field: graph, reason: tooManyTasks(asked.limits.planTasksMax) }]
      : [...agentProblems(asked, graph), ...planProblems(asked, graph)]),
  ];
}

function sizeProblems({ playbook, limits }: PlaybookToJudge, graph: string): Violation[] {
  const tooLong = (list: 'nodes' | 'edges', max: number): Violation[] =>
    playbook[list].length > max
      ? [{ field: `${graph}.${list}`, reason: `must have at most ${max} items` }]
      : [];
  return [...tooLong('nodes', limits.playbookNodesMax), ...tooLong('edges', limits.playbookEdgesMax)];
}

function nodeProblems({ nodes }: Playbook, graph: string): Violation[] {
  return repeats(
    nodes.map(({ id }) => id),
    `${graph}.nodes`,
  );
}

function edgeProblems({ nodes, edges }: Playbook, graph: string): Violation[] {
  const listed = new Set(nodes.map(({ id }) => id));
  const loose = edges.flatMap((edge, at) =>
    (['from', 'to'] as const)
      .filter((end) => edge[end] !== '' && !listed.has(edge[end]))
      .map((end) => ({
        field: `${graph}.edges[${at}].${end}`,
        reason: `${edge[end]} is not among the nodes`,
      })),
  );
  const keys = edges.map(({ from, to }) => (from === '' || to === '' ? '' : `${from} ${to}`));
  return [...repeats(keys, `${graph}.edges`), ...loose];
}

/** Names for each item that was there before the first of its kind. An empty key stands for an item that could not be read. */
function repeats(keys: readonly string[], list: string): Violation[] {
  const firstAt = new Map<string, number>();
  return keys.flatMap((key, at): Violation[] => {
    const first = key === '' ? undefined : firstAt.get(key);
    if (first === undefined) firstAt.set(key, at);
    return first === undefined ? [] : [{ field: `${list}[${at}]`, reason: `repeats ${list}[${first}]` }];
  });
}

function agentProblems({ playbook, agentClass, agents }: PlaybookToJudge, graph: string): Violation[] {
  const placed = placeNodes(playbook.nodes, (id) => agents.get(id)?.agentDependencies ?? []);
  return placed.flatMap((node): Violation[] => {
    const reason = reasonAgainst(node, agents.get(node.id), agentClass);
    return reason === undefined ? [] : [{ field: `${graph}.nodes[${node.position}]`, reason }];
  });
}

function reasonAgainst(
  { id, listed, neededBy }: PlacedNode,
  agent: Agent | undefined,
  agentClass: AgentClass,
): string | undefined {
  if (listed?.kind === 'approval') return undefined;
  const who = neededBy === undefined ? `agent ${id}` : `agent ${id}, which agent ${neededBy} depends on,`;
  if (!agent) return `${who} does not exist`;
  if (!agent.enabled) return `${who} is disabled`;
  if (listed && agent.agentClass !== agentClass) {
    return `agent ${id} is of class ${agent.agentClass}; this playbook lists agents of class ${agentClass}`;
  }
  return undefined;
}

/** Nodes and edges that were refused already are left out, so that nothing is told twice. */
function planProblems({ playbook, agentClass, agents, limits }: PlaybookToJudge, graph: string): Violation[] {
  const nodes = new Map<string, PlaybookNode>();
  for (const node of playbook.nodes) if (!nodes.has(node.id)) nodes.set(node.id, node);
  nodes.delete('');
  const edges = playbook.edges.filter(({ from, to }) => nodes.has(from) && nodes.has(to));
  const sound: Playbook = { ...playbook, nodes: [...nodes.values()], edges };
  const verdict = judgePlan({
    domain: { domainId: '', version: 0, playbooks: { [agentClass]: sound } },
    playbook: agentClass,
    agents,
    tasksMax: limits.planTasksMax,
  });
  const problems = 'problems' in verdict ? verdict.problems : [];
  return problems.map((reason) => ({ field: graph, reason }));
}
