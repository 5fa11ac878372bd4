// The skill "what": which kinds of reports there are, what they most often name, and how many.

import type { Question } from '../question.ts';
import type { AggregateRequest } from '../report-data.ts';
import { type Group, groupRows, mergeGroups } from './groups.ts';
import { answerOver, type DataRequests, type Matched, type QuerySkill } from './query-skill.ts';
import { filterOf } from './search.ts';
import { counted, listing, repeated, scopeOf, sentenceOf } from './sentence.ts';

interface Aggregate {
  readonly ask: 'aggregate';
  readonly request: AggregateRequest;
}

interface WhatRequests extends DataRequests {
  readonly categories: Aggregate;
  readonly types: Aggregate;
  readonly phrases: Aggregate;
  readonly urgencies: Aggregate;
  readonly sentiments: Aggregate;
  readonly statuses: Aggregate;
}

const groupsMax = 20;
const phrasesMax = 50;
const issuesMax = 10;

/** Output keys: incident_types [{type, count}], common_issues [{issue, count}], summary, answer. */
export const what: QuerySkill<WhatRequests> = {
  requests: (_question, { search }) => {
    const by = (group_by: AggregateRequest['group_by'], limit = groupsMax): Aggregate => ({
      ask: 'aggregate',
      request: { ...filterOf(search), group_by, limit },
    });
    return {
      categories: by('ingestion_data.category'),
      types: by('ingestion_data.complaint_type'),
      phrases: by('ingestion_data.key_phrases', phrasesMax),
      urgencies: by('ingestion_data.urgency'),
      sentiments: by('ingestion_data.sentiment'),
      statuses: by('status'),
    };
  },

  answer: (question, matched, results) => {
    const types = results.categories.groups.length > 0 ? results.categories.groups : results.types.groups;
    const issues = mergeGroups(results.phrases.groups).filter(({ key }) => !isAsked(key, question));
    const breakdown = {
      types,
      issues,
      urgencies: results.urgencies.groups,
      sentiments: results.sentiments.groups,
      statuses: results.statuses.groups,
    };
    const answer = sentence(question, matched, breakdown);
    return answerOver(question, matched, {
      output: {
        incident_types: groupRows(types, 'type', groupsMax),
        common_issues: groupRows(issues, 'issue', issuesMax),
        summary: answer,
        answer,
      },
      why: 'Kinds and issues are counted over the outputs of the ingestion agents; an issue is a phrase that reports share.',
    });
  },

  nothing: (answer) => ({ incident_types: [], common_issues: [], summary: answer, answer }),
};

interface Breakdown {
  readonly types: readonly Group[];
  readonly issues: readonly Group[];
  readonly urgencies: readonly Group[];
  readonly sentiments: readonly Group[];
  readonly statuses: readonly Group[];
}

/** The count first, then what the question asks for, then what else fits. */
function sentence(question: Question, matched: Matched, breakdown: Breakdown): string {
  const scope = scopeOf(question, matched.search);
  const { fields } = question;
  const parts: readonly (readonly [boolean, readonly string[]])[] = [
    [fields.has('urgency'), listing('urgency', breakdown.urgencies, 4)],
    [fields.has('status'), listing('status', breakdown.statuses, 4)],
    [fields.has('sentiment'), listing('sentiment', breakdown.sentiments, 4)],
  ];
  const asked = parts.filter(([wanted]) => wanted).map(([, part]) => part);
  const usual = [listing('kinds', breakdown.types, 3), listing('often', repeated(breakdown.issues), 3)];
  return sentenceOf([
    `${counted(matched.found.total, 'report')}${scope === '' ? '' : ` ${scope}`}`,
    ...asked,
    ...usual,
  ]);
}

/** Whether a phrase only repeats what was searched for. */
function isAsked(phrase: string, question: Question): boolean {
  const words = phrase.toLowerCase().split(' ');
  const asked = new Set(
    question.topics.flatMap((topic) => topic.choices.flatMap((word) => [word, `${word}s`])),
  );
  return (
    words.every((word) => asked.has(word)) || phrase.toLowerCase() === question.place?.label.toLowerCase()
  );
}
