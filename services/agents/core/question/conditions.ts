// What a question asks of reports beside words, place and time: states of cases, urgency, priority, mood, where they came from, who has
// them. English patterns only. Words that are taken for a condition are not searched for.

import type { Span } from '../skill.ts';

/** A field that is asked for by value; `assignee` is the person or team that has the case. */
export type ConditionField = 'status' | 'urgency' | 'priority' | 'sentiment' | 'kind' | 'source' | 'assignee';

/** One condition on one field. */
export interface Condition {
  readonly field: ConditionField;
  /** One of them is enough; lower case except for names of assignees. */
  readonly values: readonly string[];
  /** Whether reports with one of the values are left out instead. */
  readonly negated: boolean;
  /** As it stands behind "5 reports": "not closed", "with high priority". */
  readonly said: string;
}

/** A condition with the words of the question that it comes from. */
export interface FoundCondition extends Condition, Span {}

/** Where the index holds a field. */
export const conditionPaths = {
  status: 'status',
  urgency: 'ingestion_data.urgency',
  priority: 'management_data.task_details.priority',
  sentiment: 'ingestion_data.sentiment',
  kind: 'ingestion_data.complaint_type',
  source: 'source',
  assignee: 'management_data.task_details.assignee_id',
} as const;

/** States of a case that is at its end. */
const done = ['resolved', 'closed'] as const;

interface Rule extends Omit<Condition, 'said' | 'values'> {
  readonly pattern: RegExp;
  /** From the match. */
  readonly values: readonly string[] | ((match: RegExpExecArray) => readonly string[]);
  readonly said: string | ((match: RegExpExecArray) => string);
}

const nouns = `(?:reports?|complaints?|cases?|issues?|incidents?|tickets?|requests?|problems?|ones?)`;
const upToTwoWords = String.raw`(?:[\p{L}-]+\s+){0,2}`;
const notYet = String.raw`(?:not|n['’]t|never)\s+(?:yet\s+|been\s+)*`;
const doneWords = 'resolved|fixed|solved|done|handled|finished|dealt with|repaired';

/** In the order in which they are tried; words that one takes are not there for the next. */
const rules: readonly Rule[] = [
  {
    field: 'status',
    negated: true,
    values: [...done],
    said: 'still open',
    pattern: new RegExp(
      `\\b(?:(?:still|remain(?:s|ing)?|currently|yet)\\s+(?:open|unresolved|outstanding|unfixed)|unresolved|outstanding|unfixed|open\\s+${upToTwoWords}(?=${nouns}\\b)|(?:are|is|were|stay|left)\\s+(?:still\\s+)?open\\b|open\\s*(?=\\?|$)|backlog)`,
      'iu',
    ),
  },
  {
    field: 'status',
    negated: true,
    values: [...done],
    said: 'not resolved',
    pattern: new RegExp(`\\b(?:has|have|are|is|was|were)?\\s*${notYet}(?:${doneWords})\\b`, 'iu'),
  },
  {
    field: 'status',
    negated: true,
    values: ([, status = '']) => [statusOf(status)],
    said: ([, status = '']) => `not ${status.toLowerCase()}`,
    pattern:
      /\b(?:not\s+(?:yet\s+)?|other than\s+|non-|except\s+(?:the\s+)?)(closed|pending|in[- ]progress)\b/iu,
  },
  {
    field: 'status',
    negated: false,
    values: ['completed', 'processing', 'failed'],
    said: 'not taken up',
    pattern:
      /\b(?:not (?:yet )?(?:been )?taken up|untouched|unhandled|nobody has (?:taken up|looked at|touched))\b/iu,
  },
  {
    field: 'status',
    negated: false,
    values: ([words]) => statusesIn(words),
    said: ([words]) => `with status ${statusesIn(words).join(' or ').replaceAll('_', ' ')}`,
    pattern:
      /\b(?:pending|in[- ]progress|resolved|solved|fixed|closed)(?:\s*(?:,|or|and|\/)\s*(?:pending|in[- ]progress|resolved|solved|fixed|closed)\b)*/iu,
  },
  {
    field: 'priority',
    negated: false,
    values: ([words]) => wordsAmong(words, ['high', 'medium', 'normal', 'low', 'critical', 'urgent']),
    said: ([words]) =>
      `with ${wordsAmong(words, ['high', 'medium', 'normal', 'low', 'critical', 'urgent']).join(' or ')} priority`,
    pattern:
      /\b(?:(?:high|medium|normal|low|critical|urgent)(?:est)?[- ]priority|priority\s+(?:is\s+|of\s+|=\s*)?(?:high|medium|normal|low|critical|urgent))\b/iu,
  },
  {
    field: 'urgency',
    negated: false,
    values: ['immediate'],
    said: 'of immediate urgency',
    pattern: /\b(?:of )?immediate (?:urgency|danger)\b|\bemergenc(?:y|ies)\b/iu,
  },
  {
    field: 'urgency',
    negated: false,
    values: ([words]) => wordsAmong(words, ['low', 'moderate']),
    said: ([words]) => `of ${wordsAmong(words, ['low', 'moderate']).join(' or ')} urgency`,
    pattern: /\b(?:of )?(?:low|moderate)[- ]urgency\b/iu,
  },
  {
    field: 'urgency',
    negated: true,
    values: ['urgent', 'immediate'],
    said: 'not urgent',
    pattern: /\b(?:not urgent|non-urgent)\b/iu,
  },
  {
    field: 'urgency',
    negated: false,
    values: ['urgent', 'immediate'],
    said: 'that are urgent',
    pattern: /(?<!\b(?:how|most|more|less|least|very)\s)\burgent\b/iu,
  },
  {
    field: 'sentiment',
    negated: false,
    values: ['negative'],
    said: 'in an angry tone',
    pattern: /\b(?:angry|negative|unhappy)\s+(?=[\p{L}-]+)/iu,
  },
  {
    field: 'sentiment',
    negated: false,
    values: ['positive'],
    said: 'in a positive tone',
    pattern: /\b(?:positive|happy|thankful|grateful)\s+(?=[\p{L}-]+)/iu,
  },
  {
    field: 'kind',
    negated: false,
    values: ([, kind = '']) => [kind.toLowerCase()],
    said: ([, kind = '']) => `of kind ${kind.toLowerCase()}`,
    pattern: new RegExp(
      `\\b(infrastructure|safety|environment|service)(?:al)?\\s+(?:related\\s+)?(?=${nouns}\\b)`,
      'iu',
    ),
  },
  {
    field: 'source',
    negated: false,
    values: ([, source, named = '']) => [(source ?? named).toLowerCase()],
    said: ([, source, named = '']) => `sent by ${(source ?? named).toLowerCase()}`,
    pattern:
      /\b(?:sent|submitted|filed|made|came in|reported|received)\s+(?:by|via|through|over|on|from)\s+(?:the\s+)?(web|app|phone|email|api|sms|import)\b|\b(?:from|with|of|by)\s+(?:the\s+)?source\s+([\p{L}\p{N}_-]+)/iu,
  },
  {
    field: 'assignee',
    negated: false,
    values: ([, name = '']) => [name.trim()],
    said: ([, name = '']) => `assigned to ${name.trim()}`,
    pattern:
      /\bassigned\s+to\s+(?:the\s+)?((?:team|department|user|crew)\s+[\p{L}\p{N}_-]+|[\p{L}\p{N}_.@-]*[\p{L}\p{N}_](?:\s+\p{Lu}[\p{L}\p{N}_-]*)*(?:\s+(?:team|department|crew))?)/iu,
  },
];

const nobody = /^(?:whom?|anyone|anybody|someone|somebody|nobody|no one|which|what|a|each|them|it)\b/i;

/** The conditions of the text in the order of the rules, none of whose words overlap. */
export function findConditions(text: string): FoundCondition[] {
  let left = text;
  const found: FoundCondition[] = [];
  for (const { pattern, field, negated, values, said } of rules) {
    const match = pattern.exec(left);
    if (match === null) continue;
    const asked = typeof values === 'function' ? values(match) : values;
    if (asked.length === 0 || (field === 'assignee' && asked.some((name) => nobody.test(name)))) continue;
    if (found.some((other) => other.field === field)) continue;
    const span = { start: match.index, end: match.index + match[0].length };
    found.push({
      ...span,
      field,
      negated,
      values: asked,
      said: typeof said === 'function' ? said(match) : said,
    });
    left = masked(left, span);
  }
  return found;
}

/** The text with blanks in the place of the span, so that everything else keeps its place. */
export function masked(text: string, { start, end }: Span): string {
  return `${text.slice(0, start)}${' '.repeat(end - start)}${text.slice(end)}`;
}

function statusesIn(words: string): string[] {
  const found = words.match(/pending|in[- ]progress|resolved|solved|fixed|closed/giu) ?? [];
  return [...new Set(found.map(statusOf))];
}

function statusOf(word: string): string {
  const plain = word.toLowerCase().replace(/[- ]/g, '_');
  return plain === 'solved' || plain === 'fixed' ? 'resolved' : plain;
}

function wordsAmong(text: string, words: readonly string[]): string[] {
  return words.filter((word) => new RegExp(`\\b${word}`, 'i').test(text));
}
