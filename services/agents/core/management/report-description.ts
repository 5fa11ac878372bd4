// Reads a description of reports, such as "all open pothole reports on Main Street", into searches. Changing the wrong report is worse than
// changing none: words that cannot be understood narrow, and selections that cannot be made are refused, never left out.
import { streetTypes } from '../geo/street-words.ts';
import { isDone } from '../query/case-status.ts';
import { filterOf, narrowed, reportsReadMax, searchesOf } from '../query/search.ts';
import { withoutRange } from '../question/time-range.ts';
import type { Question } from '../question.ts';
import type { FoundReport, ReportFilter, RetrieveRequest } from '../report-data.ts';
import { reportNouns } from './command-words.ts';

/** A description as searches. */
export interface DescribedReports {
  /** What one of them finds is meant. */
  readonly searches: readonly ReportFilter[];
  /** Whether finished cases are left out. */
  readonly openOnly: boolean;
  /** How many there must be; absent for any number. */
  readonly count?: number;
}

/** The description, or why it cannot be followed. */
export type DescriptionRead = DescribedReports | { readonly why: string };

/** Statuses of cases that are not finished, for reading them one by one where there are too many to read at once. */
export const openStatuses = [
  'completed',
  'pending',
  'in_progress',
  'assigned',
  'processing',
  'failed',
] as const;

const openWords =
  /\b(?:still\s+)?(?:open|unresolved|outstanding|active|unfinished|not (?:yet )?(?:resolved|closed|fixed|done|solved))\b/gi;
const selecting =
  /\b(?:some|few|several|most|half|many|another|others?|rest|first|last|latest|newest|recent|recently|oldest|earliest|next|top|biggest|worst|except|excluding|without|not|no|none|never|but|unless|similar|more than|less than|fewer than|nearest|closest|assigned|unassigned|any|random|same)\b/i;
const everything = new RegExp(`\\b(?:all|every|each)\\b.*\\b(?:${reportNouns})\\b`, 'i');
const plural = /\b(?:reports|complaints|cases|issues|incidents|tickets|requests|problems|all|every|each)\b/i;
const numbers = ['two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const counted = new RegExp(
  `\\b(?<n>${numbers.join('|')}|\\d{1,2})\\s+(?!(?:hours?|days?|weeks?|months?|years?)\\b)(?:[\\p{L}-]+\\s+){0,3}(?:reports|complaints|cases|issues|incidents|tickets)\\b`,
  'iu',
);
const urgencies: Readonly<Record<string, readonly string[]>> = {
  urgent: ['urgent', 'immediate'],
  immediate: ['immediate'],
  emergency: ['immediate'],
};
const abbreviations: readonly (readonly string[])[] = [
  ['street', 'st'],
  ['avenue', 'ave', 'av'],
  ['road', 'rd'],
  ['boulevard', 'blvd'],
  ['drive', 'dr'],
  ['lane', 'ln'],
  ['place', 'pl'],
  ['court', 'ct'],
  ['square', 'sq'],
  ['terrace', 'ter', 'terr'],
  ['parkway', 'pkwy'],
  ['highway', 'hwy'],
];

/** What is read with: how a text is taken apart as a question is. */
export type ReadAsQuestion = (text: string) => Question;

/** Reads a description. */
export function readDescription(text: string, readAsQuestion: ReadAsQuestion): DescriptionRead {
  const openOnly = text.search(openWords) >= 0;
  const number = counted.exec(text)?.groups?.n ?? '';
  const plain = text.replace(openWords, ' ').replace(number === '' ? '' : new RegExp(`\\b${number}\\b`), ' ');
  // A name that opens a question proves nothing, so something stands before it.
  const question = readAsQuestion(`Reports: ${plain}`);
  const rest = withoutRange(`Reports: ${plain}`, question.range);
  const selected = selecting.exec(rest)?.[0];
  if (selected)
    return { why: `A selection by "${selected}" is not understood: name the reports that are meant` };
  const count = countOf(text);
  const filters = filtersOf(question, plain);
  const narrows = filters.some((filter) => Object.keys(filter).length > 0);
  if (!narrows && !openOnly && !everything.test(text)) return { why: `No report is described by "${text}"` };
  return { searches: filters, openOnly, ...(count === undefined ? {} : { count }) };
}

/** The request that reads the reports of a search, of one status or of any. */
export function retrieval(search: ReportFilter, status?: string): RetrieveRequest {
  return { ...search, ...(status === undefined ? {} : { status }), limit: reportsReadMax };
}

/** Those of the reports that the description means. */
export function meantBy({ openOnly }: DescribedReports, reports: readonly FoundReport[]): FoundReport[] {
  const once = [...new Map(reports.map((report) => [report.incident_id, report])).values()];
  return openOnly ? once.filter(({ status }) => !isDone({ key: status, count: 1 })) : once;
}

function filtersOf(question: Question, text: string): ReportFilter[] {
  const { where, spoken } = conditionsIn(text);
  const unspoken = { ...question, subject: without(question.subject, spoken) };
  const { place, ...placeless } = unspoken;
  const [exact] = searchesOf(placeless);
  if (!exact) return [];
  const named = place ? narrowed(exact, variantsOf(place.label)) : exact;
  const around = /\b(?:near|around|close to|next to)\b/i.test(text)
    ? searchesOf(unspoken).filter(({ breadth }) => breadth === 'area')
    : [];
  return [named, ...around].flatMap((search) => where.map((each) => ({ ...filterOf(search), ...each })));
}

interface Conditions {
  /** One of them is enough. */
  readonly where: readonly Pick<ReportFilter, 'where'>[];
  /** Words that they take up. */
  readonly spoken: readonly string[];
}

function conditionsIn(text: string): Conditions {
  const priority = /\b(?<level>highest|high|medium|normal|low|critical|urgent)[- ]priority\b/i.exec(text)
    ?.groups?.level;
  if (priority) {
    const where = { 'management_data.task_details.priority': priority.toLowerCase() };
    return {
      where: [{ where }],
      spoken: [priority.toLowerCase(), 'priority', `${priority.toLowerCase()}-priority`],
    };
  }
  const urgency = /\b(?:urgent|immediate|emergency)\b/i.exec(text)?.[0].toLowerCase() ?? '';
  const values = urgencies[urgency];
  if (!values) return { where: [{}], spoken: [] };
  return {
    where: values.map((value) => ({ where: { 'ingestion_data.urgency': value } })),
    spoken: [urgency],
  };
}

function without(
  { text, alternatives }: Question['subject'],
  spoken: readonly string[],
): Question['subject'] {
  const left = alternatives
    .map((topics) => topics.filter(({ said }) => !spoken.includes(said)))
    .filter((topics) => topics.length > 0);
  return { text, alternatives: left };
}

// A street is written out in one report and abbreviated in the next.
function variantsOf(label: string): string[] {
  const words = label.split(' ');
  const last = (words.at(-1) ?? '').toLowerCase().replace(/\.$/, '');
  const forms = streetTypes.includes(last) ? abbreviations.find((each) => each.includes(last)) : undefined;
  return (forms ?? []).length === 0
    ? [label]
    : (forms ?? []).map((form) => [...words.slice(0, -1), form].join(' '));
}

function countOf(text: string): number | undefined {
  const said = counted.exec(text)?.groups?.n?.toLowerCase();
  if (said !== undefined) return numbers.includes(said) ? numbers.indexOf(said) + 2 : Number(said);
  const one = /^(?:the|an?|one)\s.*\b(?:report|complaint|case|issue|incident|ticket|request)\b/i;
  return one.test(text) && !plural.test(text) ? 1 : undefined;
}
