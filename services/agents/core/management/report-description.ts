// Reads a description of reports, such as "all open pothole reports on Main Street", into searches. Changing the wrong report is worse than
// changing none: words that cannot be understood narrow, and selections that cannot be made are refused, never left out.
import { streetVariants } from '../geo/street-variants.ts';
import { streetTypes } from '../geo/street-words.ts';
import { isDone } from '../query/case-status.ts';
import { filterOf, narrowed, reportsReadMax, searchesOf } from '../query/search.ts';
import { withoutRange } from '../question/time-range.ts';
import type { Question } from '../question.ts';
import type { FoundReport, ReportFilter, RetrieveRequest } from '../report-data.ts';
import type { JsonObject, JsonValue } from '../skill.ts';
import { reportNouns } from './command-words.ts';
import { type Selection, selectionOf } from './selection.ts';

/** A description as searches. */
export interface DescribedReports {
  /** What one of them finds is meant. */
  readonly searches: readonly ReportFilter[];
  /** Whether finished cases are left out. */
  readonly openOnly: boolean;
  readonly selection: Selection;
  /** The place that they are in; absent where none is named. */
  readonly place?: string;
  /** Whether nothing but their state narrows them, so that it may be most of a domain. */
  readonly isWide: boolean;
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
  /\b(?:either|neither|nor|any\s+of|any\s+one|by|some|few|several|most|half|many|another|others?|rest|first|last|recent|recently|next|top|biggest|worst|except|excluding|without|not|no|none|never|but|unless|similar|more than|less than|fewer than|nearest|closest|assigned|random|same)\b/i;
const everything = new RegExp(`\\b(?:all|every|each)\\b.*\\b(?:${reportNouns})\\b`, 'i');
const streetName = new RegExp(
  `\\b(?<name>(?!(?:the|a|an|this|that|on|in|at|of|near|each|every|all|same|from)\\b)[\\p{L}\\d'-]+)\\s+(?<type>${streetTypes.join('|')})\\b(?!\\s+(?:light|lamp|tree|sign|clean|sweep))`,
  'giu',
);
const directionBefore = /\b(?:west|east|north|south|upper|lower|new)\s+$/i;
const streetBehind = new RegExp(`^\\s+(?:${streetTypes.join('|')})\\b`, 'i');
const urgencies: Readonly<Record<string, readonly string[]>> = {
  urgent: ['urgent', 'immediate'],
  immediate: ['immediate'],
  emergency: ['immediate'],
};
/** What is read with: how a text is taken apart as a question is. */
export type ReadAsQuestion = (text: string) => Question;

/** Reads a description. */
export function readDescription(text: string, readAsQuestion: ReadAsQuestion): DescriptionRead {
  const openOnly = text.search(openWords) >= 0;
  const { referenceMs } = readAsQuestion('');
  const selection = selectionOf(text, referenceMs);
  const plain = selection.plain.replace(openWords, ' ');
  // A name that opens a question proves nothing, so something stands before it.
  const question = readAsQuestion(`Reports: ${plain}`);
  const rest = withoutRange(`Reports: ${plain}`, question.range);
  const selected = selecting.exec(rest)?.[0];
  if (selected)
    return { why: `A selection by "${selected}" is not understood: name the reports that are meant` };
  const source = sourceIn(rest, question.place?.label ?? '');
  if (source !== undefined) return { why: `Who or what "${source}" is cannot be told from the reports` };
  const filters = filtersOf(question, plain).map((filter) => agedBy(filter, selection));
  const narrows = filters.some((filter) => Object.keys(filter).length > 0);
  const selects = openOnly || selection.unassigned || selection.overdue || selection.order !== undefined;
  if (!narrows && !selects && !everything.test(text)) return { why: `No report is described by "${text}"` };
  const isWide = !narrows && selection.order === undefined && !selection.overdue;
  const place = question.place?.label;
  return { searches: filters, openOnly, selection, isWide, ...(place === undefined ? {} : { place }) };
}

// "From Charlestown" is a place; anybody else may be meant by a name that only happens to stand in a text.
function sourceIn(text: string, placeLabel: string): string | undefined {
  const { said, name = '' } = /\b(?<said>from\s+(?:the\s+)?(?<name>\p{L}+))/iu.exec(text)?.groups ?? {};
  return placeLabel.toLowerCase().includes(name.toLowerCase()) ? undefined : said;
}

// An age narrows further what a named time leaves.
function agedBy(filter: ReportFilter, { before, since }: Selection): ReportFilter {
  const earlier = [filter.to, before].filter((each) => each !== undefined).toSorted()[0];
  const later = [filter.from, since]
    .filter((each) => each !== undefined)
    .toSorted()
    .at(-1);
  return {
    ...filter,
    ...(earlier === undefined ? {} : { to: earlier }),
    ...(later === undefined ? {} : { from: later }),
  };
}

/** The request that reads the reports of a search, of one status or of any. */
export function retrieval(search: ReportFilter, status?: string): RetrieveRequest {
  return { ...search, ...(status === undefined ? {} : { status }), limit: reportsReadMax };
}

/** Wider searches for reports that may have been meant where none fits, the nearest first; none keeps nothing of the words. */
export function alikeSearches(text: string, readAsQuestion: ReadAsQuestion): ReportFilter[] {
  const { status: _any, ...question } = readAsQuestion(`Reports: ${text}`);
  const { place, ...placeless } = question;
  const placeAlone = { ...question, subject: { text: '', alternatives: [] } };
  const wider = [
    ...searchesOf(question).slice(1),
    ...(place ? [...searchesOf(placeAlone), ...searchesOf(placeless)] : []),
  ];
  return wider.map(filterOf).filter(({ text: words, bounds }) => words !== undefined || bounds !== undefined);
}

/** Those of the reports that the description means, in their order, or by age where the description orders them. `today` is a date of the tenant's calendar. */
export function meantBy(
  { openOnly, selection, place }: DescribedReports,
  reports: readonly FoundReport[],
  today: string,
): FoundReport[] {
  const once = [...new Map(reports.map((report) => [report.incident_id, report])).values()];
  const fitting = once.filter(
    (report) =>
      (place === undefined || namesItself(report.summary, place)) &&
      !(openOnly && isFinished(report)) &&
      !(selection.unassigned && detailOf(report, 'assignee_id') !== undefined) &&
      !(selection.overdue && !isOverdue(report, today)),
  );
  if (selection.order === undefined) return fitting;
  const byAge = fitting.toSorted((a, b) => b.created_at.localeCompare(a.created_at));
  const ordered = selection.order === 'newest' ? byAge : byAge.toReversed();
  // Reports of the same time as the last one are as much meant as it.
  const last = ordered[(selection.count ?? ordered.length) - 1]?.created_at;
  return ordered.filter(
    ({ created_at: at }, nth) => nth < (selection.count ?? ordered.length) || at === last,
  );
}

// "Hyde Park Avenue" is not in Hyde Park, nor West Roxbury in Roxbury. A text whose beginning does not name the place says nothing here.
function namesItself(text: string, place: string): boolean {
  const name = place.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const named = [...text.matchAll(new RegExp(`\\b${name}\\b`, 'gi'))];
  return named.length === 0 || named.some(({ index }) => !partOfName(text, index, place.length));
}

function partOfName(text: string, start: number, length: number): boolean {
  return directionBefore.test(text.slice(0, start)) || streetBehind.test(text.slice(start + length));
}

/** Whether the case is at its end. */
export function isFinished({ status }: FoundReport): boolean {
  return isDone({ key: status, count: 1 });
}

function isOverdue(report: FoundReport, today: string): boolean {
  const due = detailOf(report, 'due_date');
  return typeof due === 'string' && /^\d{4}-/.test(due) && due.slice(0, 10) < today && !isFinished(report);
}

function detailOf({ management_data: data }: FoundReport, field: string): JsonValue | undefined {
  const details = data?.task_details;
  const value = isObject(details) ? details[field] : undefined;
  return value === null || value === '' ? undefined : value;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function filtersOf(question: Question, text: string): ReportFilter[] {
  const { where, spoken } = conditionsIn(text);
  const unspoken = { ...question, subject: without(question.subject, spoken) };
  const { place, ...placeless } = unspoken;
  const [exact] = searchesOf(placeless);
  if (!exact) return [];
  const labels = [...(place ? [place.label] : []), ...streetsIn(text, place?.label ?? '')];
  const named = labels.reduce((search, label) => narrowed(search, streetVariants(label)), exact);
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

// A question drops words such as "main" and "street"; of a description they are part.
function streetsIn(text: string, placeLabel: string): string[] {
  const known = placeLabel.toLowerCase();
  return [...text.matchAll(streetName)]
    .map(({ groups }) => `${groups?.name} ${groups?.type}`)
    .filter((street) => !known.includes(street.toLowerCase().split(' ')[0] ?? ''));
}
