// What a query run answers (SPEC S7.2): one bullet for each agent with the reports it rests on, and a closing summary.
import type { JsonObject, JsonValue } from '../../../foundation/json/json.ts';
import { cutText } from './cut-text.ts';
import { type ExecutionState, taskOf } from './execution-state.ts';
import { type MapData, mapData } from './map-data.ts';
import type { PlannedTask } from './run-plan.ts';
import type { VerifiedReference } from './verified-reference.ts';

/** What one agent says. */
export interface AgentStatement {
  readonly agentId: string;
  readonly label: string;
  /** At most 150 characters. */
  readonly text: string;
  /** Verified ids, in the agent's order. */
  readonly references: readonly string[];
}

/** An id that an agent gave and that names no report of the domain. */
export interface RejectedReference {
  readonly referenceId: string;
  readonly agentId: string;
}

/** The answer of a query run. */
export interface QueryAnswer {
  readonly summary: string;
  readonly answers: readonly AgentStatement[];
  readonly mapData: MapData | null;
  /** In order of first use, at most 50. */
  readonly referencesUsed: readonly VerifiedReference[];
  readonly referencesRejected: readonly RejectedReference[];
  /** All verified ids, also those beyond the 50. */
  readonly referencesTotal: number;
}

const statementCharactersMax = 150;
/** Characters of a closing line, its label counted. */
export const summaryCharactersMax = 300;
const bulletReferencesMax = 10;
/** More than an answer can rest on: what the question asks for outweighs any number of reports. */
const referencesTotalMax = 1_000_000;
/** References that an answer holds at most. */
export const referencesUsedMax = 50;

/** Every id that the run's agents gave, each once, in plan order: what there is to verify. */
export function givenReferences(state: ExecutionState): string[] {
  const ids = state.plan.tasks.flatMap(({ nodeId }) => [...(taskOf(state, nodeId).answer?.references ?? [])]);
  return [...new Set(ids)];
}

/**
 * Composes the answer to a question from the agents that succeeded; decisions of people are no answers. `verified` holds the reports that exist in the domain, by id.
 */
export function composeAnswer(
  question: string,
  state: ExecutionState,
  verified: ReadonlyMap<string, VerifiedReference>,
): QueryAnswer {
  const answered = state.plan.tasks.filter(
    ({ nodeId, approval }) => !approval && taskOf(state, nodeId).answer !== undefined,
  );
  const answers = answered.map((task) => statementOf(state, task, verified));
  const used = [...new Set(answers.flatMap(({ references }) => [...references]))];
  const referencesUsed = used.slice(0, referencesUsedMax).flatMap((id) => verified.get(id) ?? []);
  return {
    summary: [...answers.map(bulletOf), '', closingLine(answers, used.length, question)].join('\n'),
    answers,
    mapData: mapData(used.flatMap((id) => verified.get(id) ?? [])),
    referencesUsed,
    referencesRejected: rejectedOf(state, answered, verified),
    referencesTotal: used.length,
  };
}

function statementOf(
  state: ExecutionState,
  { nodeId, agentId, agentName }: PlannedTask,
  verified: ReadonlyMap<string, VerifiedReference>,
): AgentStatement {
  const answer = taskOf(state, nodeId).answer;
  const references = [...new Set(answer?.references ?? [])].filter((id) => verified.has(id));
  const label = agentName.replace(/\s*Agent\s*$/, '') || agentName;
  return {
    agentId,
    label,
    text: cutText(statementText(answer?.output ?? {}), statementCharactersMax),
    references,
  };
}

function statementText(output: JsonObject): string {
  for (const key of ['insight', 'summary', 'answer']) {
    const value = output[key];
    if (typeof value === 'string' && value.trim() !== '') return value.trim();
  }
  const values = Object.values(output).slice(0, 3).map(asText).filter(Boolean);
  return values.join('; ') || 'No answer';
}

function asText(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** One statement as a line, with the ids of its first ten references. */
export function bulletOf({ label, text, references }: AgentStatement): string {
  const more = references.length - bulletReferencesMax;
  const ids = references.slice(0, bulletReferencesMax).join(', ');
  const source = references.length === 0 ? '(no report)' : `[${ids}${more > 0 ? `, +${more}` : ''}]`;
  return `- ${label}: ${text} ${source}`;
}

// Two or three sentences: what the question asks for first, then what rests on most reports, and how many reports that is.
function closingLine(answers: readonly AgentStatement[], reports: number, question: string): string {
  const grounded = answers.filter(({ references }) => references.length > 0);
  if (grounded.length === 0)
    return 'Summary: No report in this domain supports an answer. Ask differently, or submit reports first.';
  const basis = `The answer rests on ${reports} ${reports === 1 ? 'report' : 'reports'}.`;
  const asked = askedFor(question);
  const weight = ({ label, references }: AgentStatement) =>
    (asked.has(label.toLowerCase()) ? referencesTotalMax : 0) + references.length;
  const [first, second] = [...grounded].sort((a, b) => weight(b) - weight(a));
  const room = summaryCharactersMax - 'Summary: '.length - basis.length - 1;
  const adds = first && second && beginning(first.text) !== beginning(second.text);
  const sentences = [first, adds ? second : undefined].flatMap((answer) =>
    answer ? [sentence(answer.text)] : [],
  );
  const told = sentences.join(' ').length <= room ? sentences.join(' ') : cutText(sentences[0] ?? '', room);
  return `Summary: ${told} ${basis}`;
}

/** Words that ask for more than the question word beside them says: "how many" wants a number, "which month" a time. */
const leads: readonly (readonly [label: string, RegExp])[] = [
  [
    'when',
    /\bhow often\b|\b(?:which|what|busiest|worst) (?:hour|day|weekday|week|month|year|time)s?\b|\btrend|\b(?:in|de)creas/i,
  ],
  [
    'where',
    /\b(?:which|what) (?:street|road|area|neighbou?rhood|district|place|part)s?\b|\b(?:nearest|closest|hotspot)/i,
  ],
  [
    'who',
    /\b(?:which|what) (?:team|agenc|department|compan|people|user)|\b(?:un)?assigned\b|\bresponsible\b/i,
  ],
  ['how', /\bhow (?:long|fast|quickly)\b|\bresolution times?\b/i],
  ['what', /\bhow (?:many|much)\b|\bnumber of\b|\bcompare\b|\bmore\b.*\bthan\b|\b(?:list|show|which)\b/i],
];

/** The labels of the answers that the question asks for. */
function askedFor(question: string): ReadonlySet<string> {
  const lead = leads.find(([, pattern]) => pattern.test(question));
  return new Set(lead === undefined ? question.toLowerCase().match(/\p{L}+/gu) : [lead[0]]);
}

// Statements about the same reports begin alike; a second one would say it twice.
function beginning(text: string): string {
  return text.split(/[,;:]/)[0] ?? '';
}

function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

function rejectedOf(
  state: ExecutionState,
  answered: readonly PlannedTask[],
  verified: ReadonlyMap<string, VerifiedReference>,
): RejectedReference[] {
  return answered.flatMap(({ nodeId, agentId }) => {
    const given = new Set(taskOf(state, nodeId).answer?.references ?? []);
    return [...given].filter((id) => !verified.has(id)).map((referenceId) => ({ referenceId, agentId }));
  });
}
