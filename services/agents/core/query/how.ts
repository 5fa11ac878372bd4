// The skill "how": how reports come in, what they ask to be done, and how far their handling is.

import type { Question } from '../question.ts';
import type { AggregateRequest } from '../report-data.ts';
import { findWishes, type Statement } from './cause-finder.ts';
import { type Group, groupRows } from './groups.ts';
import { answerOver, type DataRequests, type Matched, type QuerySkill } from './query-skill.ts';
import { filterOf } from './search.ts';
import { counted, listing, percent, scopeOf, sentenceOf } from './sentence.ts';

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
      why: `Handling is read from the case status; what is asked for, from the ${matched.found.reports.length} reports read.`,
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
  const scope = scopeOf(question, matched.search);
  const { done, total, wishes, statuses, sources } = handling;
  const asked = wishes.map(({ text, incident_ids }) => ({ key: text, count: incident_ids.length }));
  return sentenceOf([
    `${counted(matched.found.total, 'report')}${scope === '' ? '' : ` ${scope}`}`,
    total === 0 ? '' : `${done} done (${percent(done, total)})`,
    listing('asked for', asked, 3),
    listing('status', statuses, 3),
    listing('by', sources, 2),
  ]);
}

function countOf(groups: readonly Group[]): number {
  return groups.reduce((sum, { count }) => sum + count, 0);
}
