// The skill "how": how reports come in, what they ask to be done, and how far their handling is.

import type { Question } from '../question.ts';
import type { AggregateRequest } from '../report-data.ts';
import { caseStatuses, isDone, notTakenUp } from './case-status.ts';
import { findWishes, type Statement } from './cause-finder.ts';
import { type Group, groupRows } from './groups.ts';
import { answerOver, type DataRequests, type Matched, type QuerySkill } from './query-skill.ts';
import { countedScope } from './scope.ts';
import { filterOf } from './search.ts';
import { listing, type SentencePart, sentenceOf } from './sentence.ts';
import { counted, percent } from './words.ts';

interface HowRequests extends DataRequests {
  readonly sources: { readonly ask: 'aggregate'; readonly request: AggregateRequest };
  readonly statuses: { readonly ask: 'aggregate'; readonly request: AggregateRequest };
}

const groupsMax = 20;
const wishesMax = 8;

/** Output keys: methods {reported_by, asked_for}, process {statuses, done, open}, insights, answer. */
export const how: QuerySkill<HowRequests> = {
  requests: (_question, { search }) => ({
    sources: { ask: 'aggregate', request: { ...filterOf(search), group_by: 'source', limit: groupsMax } },
    statuses: { ask: 'aggregate', request: { ...filterOf(search), group_by: 'status', limit: groupsMax } },
  }),

  answer: (question, matched, results) => {
    const statuses = results.statuses.groups;
    const wishes = findWishes(matched.found.reports).slice(0, wishesMax);
    const done = countOf(statuses.filter(isDone));
    const total = countOf(statuses);
    const answer = sentence(question, matched, {
      wishes,
      statuses,
      sources: results.sources.groups,
      done,
      total,
    });
    return answerOver(question, matched, {
      output: {
        methods: {
          reported_by: groupRows(results.sources.groups, 'source', groupsMax),
          asked_for: wishes.map(({ text, incident_ids }) => ({ action: text, count: incident_ids.length })),
        },
        process: { statuses: groupRows(statuses, 'status', groupsMax), done, open: total - done },
        insights: answer,
        answer,
      },
      references: wishes.slice(0, 3).flatMap(({ incident_ids }) => incident_ids),
      why: `Handling is read from the case status; what is asked for, from the ${counted(matched.found.reports.length, 'report')} read.`,
    });
  },

  nothing: (answer) => ({ methods: {}, process: {}, insights: answer, answer }),
};

interface Handling {
  readonly wishes: readonly Statement[];
  readonly statuses: readonly Group[];
  readonly sources: readonly Group[];
  readonly done: number;
  readonly total: number;
}

function sentence(question: Question, matched: Matched, handling: Handling): string {
  const { wishes, sources } = handling;
  const asked = wishes.map(({ text, incident_ids }) => ({ key: text, count: incident_ids.length }));
  return sentenceOf([
    countedScope(matched.found.total, question, matched.search),
    ...handlingWords(question, handling),
    listing('asked for', asked, 3),
    sourceWords(sources),
  ]);
}

/** How far the cases are. */
function handlingWords({ status }: Question, { statuses, done, total }: Handling): SentencePart[] {
  if (total === 0 || status !== undefined) return [];
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
