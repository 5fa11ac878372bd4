// The typed-edge check (SPEC S4.8): keys that two agents of a plan both produce, and keys that an agent asks for and nobody before it
// produces. Both are allowed; what a model makes of them is not known here.
import { schemaKeys } from '../../../foundation/json/object-schema.ts';
import type { Agent, AgentClass } from './agent.ts';
import type { DefinitionWarning } from './definition-warning.ts';
import type { Plan, PlanNode } from './plan.ts';

/** The most warnings about one plan. */
export const planWarningsMax = 100;

/** Where the plan's playbook is. */
export interface WarningPlace {
  /** Empty for a domain that is not stored. */
  readonly domainId: string;
  /** Path of the playbook in the domain, such as `query_playbook`. */
  readonly path: string;
}

const questionKeys = [
  'question',
  'domain_id',
  'user_id',
  'reference_time',
  'context',
  'session_references',
  'earlier_questions',
] as const;

/** Keys of a job's input by the class of its playbook (SPEC S6.4). */
const inputKeys: Readonly<Record<AgentClass, readonly string[]>> = {
  ingestion: ['text', 'domain_id', 'source', 'reference_time'],
  query: questionKeys,
  management: questionKeys,
};

const approvalKeys = ['approved', 'by', 'comment'] as const;

/** The keys that an agent asks for, each once. */
export type AskedKeys = (agent: Agent) => readonly string[];

/** Finds the keys of each agent once, for whoever judges many plans of the same agents. */
export function rememberedKeys(): AskedKeys {
  const known = new Map<Agent, readonly string[]>();
  return (agent) => {
    const keys = known.get(agent) ?? keysAskedBy(agent);
    known.set(agent, keys);
    return keys;
  };
}

/** The first 100 warnings about a plan, in plan order. */
export function planWarnings(
  plan: Plan,
  { domainId, path }: WarningPlace,
  askedBy: AskedKeys = keysAskedBy,
): DefinitionWarning[] {
  const warn = (code: DefinitionWarning['code'], { position }: PlanNode, text: string): DefinitionWarning => {
    const nodePath = `${path}.agent_execution_graph.nodes[${position}]`;
    return { domainId, playbook: plan.playbook, path: nodePath, code, text };
  };
  const duplicates = duplicateKeys(plan).map(({ node, key, producers }) =>
    warn('duplicate_key', node, duplicateText(key, producers)),
  );
  const missing = missingKeys(plan, askedBy).map(({ node, key }) =>
    warn(
      'missing_key',
      node,
      `agent ${node.nodeId} asks for the key ${key}, which neither the job's input nor an agent before it produces`,
    ),
  );
  return [...duplicates, ...missing].slice(0, planWarningsMax);
}

interface KeyOf {
  readonly node: PlanNode;
  readonly key: string;
}

/** Each key that several agents produce, once, at the second of them. */
function duplicateKeys({ nodes }: Plan): readonly (KeyOf & { readonly producers: readonly string[] })[] {
  const producersOf = new Map<string, PlanNode[]>();
  for (const node of nodes.filter(({ work }) => work.kind === 'agent')) {
    for (const key of producedBy(node)) {
      const producers = producersOf.get(key);
      if (producers) producers.push(node);
      else producersOf.set(key, [node]);
    }
  }
  return [...producersOf].flatMap(([key, producers]) => {
    const [, node] = producers;
    return node ? [{ node, key, producers: producers.map(({ nodeId }) => nodeId) }] : [];
  });
}

function duplicateText(key: string, producers: readonly string[]): string {
  const [named, last] = [producers.slice(0, -1), producers.at(-1)];
  return `agents ${named.join(', ')} and ${last} ${named.length > 1 ? 'all' : 'both'} produce the key ${key}`;
}

/** In plan order parents come first, so that what they pass on is known when their children ask. Keys that nobody asks for are not followed. */
function missingKeys({ nodes, playbook }: Plan, askedBy: AskedKeys): readonly KeyOf[] {
  const given = new Set<string>(inputKeys[playbook]);
  const asked = nodes.map(({ work }) =>
    work.kind === 'agent' ? askedBy(work.agent).filter((key) => !given.has(key)) : [],
  );
  const wanted = new Set(asked.flat());
  const passedOn = new Map<string, ReadonlySet<string>>();
  return nodes.flatMap((node, at) => {
    const known = new Set<string>();
    for (const parent of node.parents) for (const key of passedOn.get(parent) ?? []) known.add(key);
    const parentOutputs = new Set(node.parents.map((parent) => `${parent}_output`));
    const missing = (asked[at] ?? []).filter((key) => !known.has(key) && !parentOutputs.has(key));
    for (const key of producedBy(node)) if (wanted.has(key)) known.add(key);
    passedOn.set(node.nodeId, known);
    return missing.map((key) => ({ node, key }));
  });
}

/** Keys of a node's output; none are known of an agent that is unavailable. */
function producedBy({ work }: PlanNode): readonly string[] {
  if (work.kind === 'approval') return approvalKeys;
  return work.kind === 'agent' ? Object.keys(schemaKeys(work.agent.outputSchema)) : [];
}

/** Keys that an agent names in `input_keys` or writes as `{{key}}` in its prompt, each once. */
function keysAskedBy({ settings, systemPrompt }: Agent): readonly string[] {
  const written = [...systemPrompt.matchAll(/\{\{\s*([\w-]{1,200})\s*\}\}/g)].map(([, key]) => key ?? '');
  return [...new Set([...(settings.inputKeys ?? []), ...written])];
}
