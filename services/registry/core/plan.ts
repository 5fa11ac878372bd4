// Compiles a playbook and the present versions of its agents into a plan: an ordered graph with every version pinned (SPEC E2.1 to E2.4).
import { createHash } from 'node:crypto';
import { Fault } from '../../../foundation/fault/fault.ts';
import { canonicalJson } from '../../../foundation/json/canonical-json.ts';
import type { Agent, AgentClass } from './agent.ts';
import type { Domain } from './domain.ts';
import { type PlacedNode, placeNodes } from './plan-places.ts';
import type { ApprovalNode, Playbook, PlaybookSettings } from './playbook.ts';
import { topologicalOrder } from './topological-order.ts';

/** The most tasks of a plan, those included that dependencies pull in. */
export const planTasksMax = 110;

/** What a task of the plan does. */
export type PlanWork =
  | { readonly kind: 'agent'; readonly agent: Agent }
  | { readonly kind: 'approval'; readonly approval: ApprovalNode }
  /** An agent that was deleted or disabled since the domain was saved; its task ends in error. */
  | {
      readonly kind: 'unavailable';
      readonly agentId: string;
      readonly errorCode: 'agent_disabled' | 'agent_missing';
    };

/** One future task. */
export interface PlanNode {
  readonly nodeId: string;
  /** True when no one listed it and a dependency pulled it in. */
  readonly implicit: boolean;
  /** Nodes whose outputs it is given, each once, in plan order. */
  readonly parents: readonly string[];
  readonly work: PlanWork;
}

/** A playbook ready to run. */
export interface Plan {
  readonly domainId: string;
  readonly domainVersion: number;
  readonly playbook: AgentClass;
  /** In plan order. */
  readonly nodes: readonly PlanNode[];
  readonly settings: PlaybookSettings;
  /** SHA-256 of the canonical form, 64 hex digits: the same domain version and agent versions give the same hash. */
  readonly hash: string;
}

/** What a plan is compiled from. */
export interface PlanSource {
  readonly domain: Domain;
  readonly playbook: AgentClass;
  /** Newest versions by agent_id of the agents that the playbook needs and no others; one that is absent counts as deleted. */
  readonly agents: ReadonlyMap<string, Agent>;
}

/** The plan. Fault `failed_precondition` for a cycle (its path is in the sentence), more than 110 tasks, or an edge without its nodes. */
export function compilePlan({ domain, playbook, agents }: PlanSource): Plan {
  const source = domain.playbooks[playbook];
  const dependenciesOf = (id: string): readonly string[] => agents.get(id)?.agentDependencies ?? [];
  const placed = placeNodes(source.nodes, dependenciesOf);
  if (Math.max(placed.length, agents.size) > planTasksMax)
    throw refused(`The plan has more than ${planTasksMax} tasks`);
  const parentsOf = parentsByPlace(placed, source, dependenciesOf);
  const ordering = topologicalOrder(parentsOf);
  const idOf = (place: number): string => placed[place]?.id ?? '';
  if ('cycle' in ordering) throw circularDependency(ordering.cycle.map(idOf));
  const stepOf = new Map(ordering.order.map((place, step) => [place, step]));
  const byStep = (a: number, b: number): number => (stepOf.get(a) ?? 0) - (stepOf.get(b) ?? 0);
  const nodes = ordering.order.flatMap((place): PlanNode[] => {
    const node = placed[place];
    const parents = (parentsOf[place] ?? []).toSorted(byStep).map(idOf);
    return node
      ? [{ nodeId: node.id, implicit: !node.listed, parents, work: workOf(node, agents.get(node.id)) }]
      : [];
  });
  const plan = {
    domainId: domain.domainId,
    domainVersion: domain.version,
    playbook,
    nodes,
    settings: source.settings,
  };
  return { ...plan, hash: hashOf(plan) };
}

/** The fault for a cycle; each id depends on the next one, and the last on the first. */
export function circularDependency(cycle: readonly string[]): Fault {
  return refused(`circular dependency: ${[...cycle, ...cycle.slice(0, 1)].join(' -> ')}`);
}

function refused(sentence: string): Fault {
  return new Fault('failed_precondition', sentence);
}

/** For each node the places of its parents, each once: edges of the playbook united with dependencies. */
function parentsByPlace(
  placed: readonly PlacedNode[],
  { edges }: Playbook,
  dependenciesOf: (id: string) => readonly string[],
): readonly (readonly number[])[] {
  const placeOf = new Map(placed.map(({ id }, place) => [id, place]));
  const parents = placed.map(() => new Set<number>());
  const connect = (from: string, to: string): void => {
    const parent = placeOf.get(from);
    const own = parents[placeOf.get(to) ?? -1];
    if (parent === undefined || !own) throw refused(`The edge ${from} -> ${to} lacks one of its nodes`);
    own.add(parent);
  };
  for (const { from, to } of edges) connect(from, to);
  for (const { id, listed } of placed) {
    if (listed?.kind === 'approval') continue;
    for (const dependency of dependenciesOf(id)) connect(dependency, id);
  }
  return parents.map((places) => [...places]);
}

function workOf({ id, listed }: PlacedNode, agent: Agent | undefined): PlanWork {
  if (listed?.kind === 'approval') return { kind: 'approval', approval: listed };
  if (!agent) return { kind: 'unavailable', agentId: id, errorCode: 'agent_missing' };
  if (!agent.enabled) return { kind: 'unavailable', agentId: id, errorCode: 'agent_disabled' };
  return { kind: 'agent', agent };
}

/** An agent stands in the canonical form by id and version, which fix all of it: a version never changes. */
function hashOf(plan: Omit<Plan, 'hash'>): string {
  const nodes = plan.nodes.map(({ work, ...node }) => ({
    ...node,
    work: work.kind === 'agent' ? { agentId: work.agent.agentId, version: work.agent.version } : work,
  }));
  return createHash('sha256')
    .update(canonicalJson({ ...plan, nodes }))
    .digest('hex');
}
