// Compiles a playbook and the present versions of its agents into a plan: an ordered graph with every version pinned (SPEC E2.1 to E2.4).
import { createHash } from 'node:crypto';
import { Fault } from '../../../foundation/fault/fault.ts';
import {
  circularDependency,
  disjointCycles,
  topologicalOrder,
} from '../../../foundation/graph/topological-order.ts';
import { canonicalJson } from '../../../foundation/json/canonical-json.ts';
import type { Agent, AgentClass } from './agent.ts';
import type { Domain } from './domain.ts';
import { definitionLimits } from './limits.ts';
import { type PlacedNode, placeNodes } from './plan-places.ts';
import type { ApprovalNode, Playbook, PlaybookSettings } from './playbook.ts';

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
  /** Position in the playbook of the node itself, or of the first listed node that needs it. Not part of the hash. */
  readonly position: number;
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
  readonly domain: Pick<Domain, 'domainId' | 'version'> & {
    /** A playbook that is absent is an empty one. */
    readonly playbooks: Readonly<Partial<Record<AgentClass, Playbook>>>;
  };
  readonly playbook: AgentClass;
  /**
   * Newest versions by agent_id of all agents that the playbook needs; one that is absent counts as deleted, so a read that was cut
   * short must be refused by `tooManyTasks` before. Others than those are ignored.
   */
  readonly agents: ReadonlyMap<string, Agent>;
  /** The most tasks, those included that dependencies pull in; absent for 110. */
  readonly tasksMax?: number;
}

/** A plan, or every reason why there is none, as sentences. */
export type PlanVerdict = { readonly plan: Plan } | { readonly problems: readonly string[] };

/**
 * The plan. Fault `failed_precondition` for a cycle (its path is in the sentence), too many tasks, or an edge without its nodes; of
 * several reasons it tells the first.
 */
export function compilePlan(source: PlanSource): Plan {
  const verdict = judgePlan(source);
  if ('plan' in verdict) return verdict.plan;
  throw new Fault('failed_precondition', verdict.problems[0] ?? 'There is no plan');
}

const emptyPlaybook: Playbook = { nodes: [], edges: [], settings: {} };

/** The plan, or all that keeps it from being one: too many tasks, edges without their nodes, and cycles of which no two share a node. */
export function judgePlan({ domain, playbook, agents, tasksMax }: PlanSource): PlanVerdict {
  const source = domain.playbooks[playbook] ?? emptyPlaybook;
  const dependenciesOf = (id: string): readonly string[] => agents.get(id)?.agentDependencies ?? [];
  const placed = placeNodes(source.nodes, dependenciesOf);
  const { parentsOf, loose } = parentsByPlace(placed, source, dependenciesOf);
  const max = tasksMax ?? definitionLimits.planTasksMax;
  const problems = [...(placed.length > max ? [tooManyTasks(max)] : []), ...loose];
  const idOf = (place: number): string => placed[place]?.id ?? '';
  const ordering = topologicalOrder(parentsOf);
  if ('cycle' in ordering) {
    const cycles = disjointCycles(parentsOf).map((cycle) => circularDependency(cycle.map(idOf)));
    return { problems: [...problems, ...cycles] };
  }
  if (problems.length > 0) return { problems };
  const stepOf = new Map(ordering.order.map((place, step) => [place, step]));
  const byStep = (a: number, b: number): number => (stepOf.get(a) ?? 0) - (stepOf.get(b) ?? 0);
  const nodes = ordering.order.flatMap((place): PlanNode[] => {
    const node = placed[place];
    if (!node) return [];
    const parents = (parentsOf[place] ?? []).toSorted(byStep).map(idOf);
    const { id, listed, position } = node;
    return [{ nodeId: id, implicit: !listed, position, parents, work: workOf(node, agents.get(id)) }];
  });
  const plan = {
    domainId: domain.domainId,
    domainVersion: domain.version,
    playbook,
    nodes,
    settings: source.settings,
  };
  return { plan: { ...plan, hash: hashOf(plan) } };
}

/** The sentence for a plan that is too large, by the most tasks that it may have. */
export function tooManyTasks(tasksMax: number): string {
  return `The plan has more than ${tasksMax} tasks`;
}

interface Parents {
  /** For each node the places of its parents, each once. */
  readonly parentsOf: readonly (readonly number[])[];
  /** What is wrong with edges that lack a node. */
  readonly loose: readonly string[];
}

/** Edges of the playbook united with dependencies. */
function parentsByPlace(
  placed: readonly PlacedNode[],
  { edges }: Playbook,
  dependenciesOf: (id: string) => readonly string[],
): Parents {
  const placeOf = new Map(placed.map(({ id }, place) => [id, place]));
  const parents = placed.map(() => new Set<number>());
  const connect = (from: string, to: string): boolean => {
    const parent = placeOf.get(from);
    const own = parents[placeOf.get(to) ?? -1];
    if (parent !== undefined) own?.add(parent);
    return parent !== undefined && own !== undefined;
  };
  const loose = edges
    .filter(({ from, to }) => !connect(from, to))
    .map(({ from, to }) => `The edge ${from} -> ${to} lacks one of its nodes`);
  for (const { id, listed } of placed) {
    if (listed?.kind === 'approval') continue;
    for (const dependency of dependenciesOf(id)) connect(dependency, id);
  }
  return { parentsOf: parents.map((places) => [...places]), loose };
}

function workOf({ id, listed }: PlacedNode, agent: Agent | undefined): PlanWork {
  if (listed?.kind === 'approval') return { kind: 'approval', approval: listed };
  if (!agent) return { kind: 'unavailable', agentId: id, errorCode: 'agent_missing' };
  if (!agent.enabled) return { kind: 'unavailable', agentId: id, errorCode: 'agent_disabled' };
  return { kind: 'agent', agent };
}

/** An agent stands in the canonical form by id and version, which fix all of it: a version never changes. */
function hashOf(plan: Omit<Plan, 'hash'>): string {
  const nodes = plan.nodes.map(({ work, nodeId, implicit, parents }) => ({
    nodeId,
    implicit,
    parents,
    work: work.kind === 'agent' ? { agentId: work.agent.agentId, version: work.agent.version } : work,
  }));
  return createHash('sha256')
    .update(canonicalJson({ ...plan, nodes }))
    .digest('hex');
}
