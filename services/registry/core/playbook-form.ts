// Reads a playbook that a caller wrote (SPEC S5 V7, the forms and figures of S15): every problem of its form is noted with its path. What
// its nodes name, and whether the graph makes a plan, is the business of `playbook-rules.ts`.
import type { Violation } from '../../../foundation/fault/fault.ts';
import { type DocumentReader, readDocument } from '../../../foundation/json/document.ts';
import { isJsonObject, type JsonValue } from '../../../foundation/json/json.ts';
import type { AgentClass } from './agent.ts';
import { isAgentId } from './definition-id.ts';
import type { DefinitionLimits } from './limits.ts';
import type { ApprovalNode, Playbook, PlaybookEdge, PlaybookNode } from './playbook.ts';
import { readPlaybookSettings } from './playbook-settings.ts';

/** The most nodes, and the most edges, that are looked at one by one; a longer list is refused as a whole. */
export const graphItemsMax = 1_000;

const nodeIdLength = { min: 1, max: 100 };
const approvalPromptLength = { min: 1, max: 2_000 };
const approvalRoles = ['editor', 'admin'] as const;
/** 30 days. */
const approvalTimeoutS = { min: 1, max: 30 * 86_400 };

/** A document with playbooks. */
export interface PlaybookSource {
  readonly document: DocumentReader;
  /** Gets every problem. */
  readonly problems: Violation[];
  readonly limits: DefinitionLimits;
}

/** A playbook as it was read. */
export interface ReadPlaybook {
  /**
   * What can be judged further. In place of a node that cannot be read stands an approval, of an edge one with an empty end, so that the
   * others keep their places.
   */
  readonly playbook: Playbook;
  /** False when a problem was noted. */
  readonly sound: boolean;
}

/** The playbook of a class. Undefined when its field is absent or null, which is noted nowhere, or when it has no lists to judge. */
export function readPlaybook(source: PlaybookSource, agentClass: AgentClass): ReadPlaybook | undefined {
  const { document, problems } = source;
  const problemsBefore = problems.length;
  const doc = document.inside(playbookField(agentClass));
  if (!doc) return undefined;
  doc.require('agent_execution_graph');
  const graph = doc.inside('agent_execution_graph');
  graph?.require('nodes', 'edges');
  const nodes = graph && readNodes(graph, source);
  const edges = graph && readEdges(graph, source);
  const settings = readPlaybookSettings(doc, agentClass);
  return (
    nodes && edges && { playbook: { nodes, edges, settings }, sound: problems.length === problemsBefore }
  );
}

/** The field of a definition that holds the playbook of a class. */
export function playbookField(agentClass: AgentClass): string {
  return `${agentClass}_playbook`;
}

function readNodes(
  graph: DocumentReader,
  { problems, limits }: PlaybookSource,
): readonly PlaybookNode[] | undefined {
  const items = boundedList(graph, 'nodes', limits.playbookNodesMax);
  if (items && !items.some((item) => typeof item === 'string')) {
    graph.refuse('nodes', 'must name at least one agent');
  }
  return items?.map((item, at): PlaybookNode => {
    const place = `nodes[${at}]`;
    if (isJsonObject(item)) return readApproval(readDocument(item, problems, graph.pathOf(place)));
    if (typeof item === 'string' && isAgentId(item)) return { kind: 'agent', id: item };
    graph.refuse(place, 'must be an agent_id, or an approval {id, kind, prompt}');
    return { ...unread, id: typeof item === 'string' ? item : '' };
  });
}

/** Stands for a node that cannot be read. */
const unread: ApprovalNode = { kind: 'approval', id: '', prompt: '', roles: [], onTimeout: 'reject' };

function readApproval(doc: DocumentReader): ApprovalNode {
  doc.require('id', 'kind', 'prompt');
  const id = doc.text('id', nodeIdLength) ?? '';
  if (id !== '' && !/^approval-[A-Za-z0-9_-]+$/.test(id)) {
    doc.refuse('id', 'must be approval- and a name of letters, digits, - or _');
  }
  doc.oneOf('kind', ['approval']);
  const prompt = doc.text('prompt', approvalPromptLength) ?? '';
  const roles = readRoles(doc);
  const timeoutS = doc.integer('timeout_s', approvalTimeoutS);
  const onTimeout = doc.oneOf('on_timeout', ['reject', 'approve']) ?? 'reject';
  return { kind: 'approval', id, prompt, roles, onTimeout, ...(timeoutS === undefined ? {} : { timeoutS }) };
}

function readRoles(doc: DocumentReader): readonly string[] {
  const roles = doc.texts('roles', { itemsMax: approvalRoles.length, length: { min: 1, max: 20 } }) ?? [];
  for (const [at, role] of roles.entries()) {
    const isKnown = approvalRoles.some((known) => known === role);
    if (!isKnown) doc.refuse(`roles[${at}]`, `must be one of ${approvalRoles.join(', ')}`);
  }
  return roles;
}

function readEdges(
  graph: DocumentReader,
  { problems, limits }: PlaybookSource,
): readonly PlaybookEdge[] | undefined {
  const items = boundedList(graph, 'edges', limits.playbookEdgesMax);
  return items?.map((item, at): PlaybookEdge => {
    const place = `edges[${at}]`;
    if (!isJsonObject(item)) {
      graph.refuse(place, 'must be an object {from, to} of two node ids');
      return { from: '', to: '' };
    }
    const doc = readDocument(item, problems, graph.pathOf(place));
    doc.require('from', 'to');
    return { from: doc.text('from', nodeIdLength) ?? '', to: doc.text('to', nodeIdLength) ?? '' };
  });
}

/** The items of a list; one that is only a little too long is read all the same, so that its items are judged too. */
function boundedList(
  graph: DocumentReader,
  field: 'nodes' | 'edges',
  max: number,
): readonly JsonValue[] | undefined {
  const items = graph.list(field, Number.POSITIVE_INFINITY);
  if (!items || items.length <= Math.max(max, graphItemsMax)) return items;
  graph.refuse(field, `must have at most ${max} items`);
  return undefined;
}
