// The skill "how": how reports come in, what they ask to be done, and how far their handling is.

import type { Question } from '../question.ts';
import type { AggregateRequest } from '../report-data.ts';
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
const doneStatuses = new Set(['resolved', 'closed']);

/** Output keys: methods {reported_by, asked_for}, process {statuses, done, open}, insights, answer. */
export const how: QuerySkill<HowRequests> = {
  requests: (_question, { search }) => ({
    sources: { ask: 'aggregate', request: { ...filterOf(search), group_by: 'source', limit: groupsMax } },
    statuses: { ask: 'aggregate', request: { ...filterOf(search), group_by: 'status', limit: groupsMax } },
  }),

  answer: (question, matched, results) => {
    const statuses = results.statuses.groups;
    const wishes = findWishes(matched.found.reports).slice(0, wishesMax);
    const done = countOf(statuses.filter(({ key }) => doneStatuses.has(key)));
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

/** Statuses that a report has before anyone has taken up the case. */
const untouchedStatuses = new Set(['processing', 'completed', 'failed']);

function sentence(question: Question, matched: Matched, handling: Handling): string {
  const { wishes, sources } = handling;
  const asked = wishes.map(({ text, incident_ids }) => ({ key: text, count: incident_ids.length }));
  return sentenceOf([
    countedScope(matched.found.total, question, matched.search),
    ...handlingWords(handling),
    listing('asked for', asked, 3),
    sourceWords(sources),
  ]);
}

/** How far the cases are. A report that was only read has no case status yet. */
function handlingWords({ statuses, done, total }: Handling): SentencePart[] {
  if (total === 0) return [];
  const untouched = countOf(statuses.filter(({ key }) => untouchedStatuses.has(key)));
  if (untouched === total) return ['no case taken up yet'];
  const cases = statuses.filter(({ key }) => !untouchedStatuses.has(key));
  const rest = untouched === 0 ? [] : [{ key: 'not taken up', count: untouched }];
  return [
    `${done} of ${total} resolved or closed (${percent(done, total)})`,
    listing('status', [...cases, ...rest], 4),
  ];
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
