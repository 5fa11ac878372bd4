// The skill "how": how reports come in, what they ask to be done, and how far their handling is.

import type { Understanding } from '../question/understand.ts';
import type { AggregateRequest, FoundReport, RetrieveRequest } from '../report-data.ts';
import { caseStatuses, isDone, notTakenUp } from './case-status.ts';
import { findWishes, type Statement } from './cause-finder.ts';
import { type Durations, durationRow, durationsOf, durationWords } from './durations.ts';
import { type Group, groupRows } from './groups.ts';
import {
  answerOver,
  type DataRequests,
  isReadWhole,
  type Matched,
  type QuerySkill,
  type ResultsOf,
} from './query-skill.ts';
import { countedScope } from './scope.ts';
import { filterOf, retrievalOf, type Search } from './search.ts';
import { listing, type SentencePart, sentenceOf } from './sentence.ts';
import { counted, percent } from './words.ts';

interface Reading {
  readonly ask: 'retrieve';
  readonly request: RetrieveRequest;
}

interface HowRequests extends DataRequests {
  readonly statuses: { readonly ask: 'aggregate'; readonly request: AggregateRequest };
  /** Asked for where the question asks how long things take. */
  readonly resolved: Reading | undefined;
  readonly closed: Reading | undefined;
  readonly sources: { readonly ask: 'aggregate'; readonly request: AggregateRequest };
}

const groupsMax = 20;
const wishesMax = 8;

/** Output keys: methods {reported_by, asked_for}, process {statuses, done, open}, insights, answer. */
export const how: QuerySkill<HowRequests> = {
  compares: [],
  orders: [],

  requests: ({ fields }, { search }) => ({
    statuses: { ask: 'aggregate', request: { ...filterOf(search), group_by: 'status', limit: groupsMax } },
    ...doneRequests(fields.has('duration') ? search : undefined),
    sources: { ask: 'aggregate', request: { ...filterOf(search), group_by: 'source', limit: groupsMax } },
  }),

  answer: (question, matched, results) => {
    const statuses = results.statuses?.groups ?? [];
    const sources = results.sources?.groups ?? [];
    const durations = question.fields.has('duration')
      ? durationsOf(doneReports(matched, results))
      : undefined;
    const wishes = findWishes(matched.found.reports).slice(0, wishesMax);
    const done = countOf(statuses.filter(isDone));
    const total = countOf(statuses);
    const answer = sentence(question, matched, {
      wishes,
      statuses,
      sources,
      durations,
      done,
      total,
    });
    return answerOver(question, matched, {
      output: {
        methods: {
          reported_by: groupRows(sources, 'source', groupsMax),
          asked_for: wishes.map(({ text, incident_ids }) => ({ action: text, count: incident_ids.length })),
        },
        process: {
          statuses: groupRows(statuses, 'status', groupsMax),
          done,
          open: total - done,
          ...(durations !== undefined && { durations: durationRow(durations) }),
        },
        insights: answer,
        answer,
      },
      references: wishes.slice(0, 3).flatMap(({ incident_ids }) => incident_ids),
      why: `Handling is read from the case status; what is asked for, from the ${counted(matched.found.reports.length, 'report')} read.`,
    });
  },

  nothing: (answer) => ({ methods: {}, process: {}, insights: answer, answer }),
};

/** Reports whose case is at its end; none where nobody asks for them or where the search means another state. */
function doneRequests(search: Search | undefined): Pick<HowRequests, 'resolved' | 'closed'> {
  const of = (status: string): Reading | undefined =>
    search === undefined || (search.status !== undefined && search.status !== status)
      ? undefined
      : { ask: 'retrieve', request: { ...retrievalOf(search), status } };
  return { resolved: of('resolved'), closed: of('closed') };
}

function doneReports(
  { found }: Matched,
  { resolved, closed }: ResultsOf<HowRequests>,
): readonly FoundReport[] {
  return isReadWhole(found) ? found.reports : [...(resolved?.reports ?? []), ...(closed?.reports ?? [])];
}

interface Handling {
  readonly wishes: readonly Statement[];
  readonly statuses: readonly Group[];
  readonly sources: readonly Group[];
  /** Absent where the question does not ask for them. */
  readonly durations: Durations | undefined;
  readonly done: number;
  readonly total: number;
}

function sentence(question: Understanding, matched: Matched, handling: Handling): string {
  const { wishes, sources } = handling;
  const asked = wishes.map(({ text, incident_ids }) => ({ key: text, count: incident_ids.length }));
  return sentenceOf([
    countedScope(matched.found.total, question, matched),
    handling.durations === undefined ? '' : durationWords(handling.durations),
    ...handlingWords(question, handling),
    listing('asked for', asked, 3),
    sourceWords(sources),
  ]);
}

/** How far the cases are. */
function handlingWords({ conditions }: Understanding, { statuses, done, total }: Handling): SentencePart[] {
  if (total === 0 || conditions.some(({ field }) => field === 'status')) return [];
  const states = caseStatuses(statuses);
  if (states.every(({ key }) => key === notTakenUp)) return ['no case taken up yet'];
  const end = done === 0 ? 'none' : `${done} of ${total} (${percent(done, total)})`;
  return [`${end} resolved or closed`, listing('status', states, 4)];
}

function sourceWords(sources: readonly Group[]): SentencePart {
  const [first] = sources;
  if (first !== undefined && sources.length === 1)
    return `${first.count === 1 ? '' : 'all '}sent by ${first.key}`;
  return listing('sent by', sources, 2);
}

function countOf(groups: readonly Group[]): number {
  return groups.reduce((sum, { count }) => sum + count, 0);
}
