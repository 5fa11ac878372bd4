// The skill "what": which kinds of reports there are, what they most often name, and how many.

import type { ConditionField } from '../question/conditions.ts';
import type { Understanding } from '../question/understand.ts';
import type { AggregateRequest } from '../report-data.ts';
import type { JsonValue } from '../skill.ts';
import { caseStatuses } from './case-status.ts';
import { comparisonWords } from './comparison.ts';
import { type Group, groupRows, mergeGroups } from './groups.ts';
import { orderedWords } from './ordered.ts';
import { placeNamesOf } from './place-names.ts';
import { answerOver, type DataRequests, type Matched, type QuerySkill } from './query-skill.ts';
import { countedScope } from './scope.ts';
import { filterOf } from './search.ts';
import { listing, repeated, type SentencePart, sentenceOf } from './sentence.ts';
import { shortened } from './words.ts';

interface Aggregate {
  readonly ask: 'aggregate';
  readonly request: AggregateRequest;
}

interface WhatRequests extends DataRequests {
  readonly kinds: Aggregate;
  readonly phrases: Aggregate;
  /** Asked for where the question asks for them. */
  readonly urgencies: Aggregate | undefined;
  readonly sentiments: Aggregate | undefined;
  readonly statuses: Aggregate | undefined;
}

const groupsMax = 20;
const phrasesMax = 50;
const issuesMax = 10;
const examplesMax = 3;

/** Output keys: incident_types [{type, count}], common_issues [{issue, count}], summary, answer. */
export const what: QuerySkill<WhatRequests> = {
  compares: ['thing', 'place', 'time', 'whole'],
  orders: ['newest', 'oldest'],

  requests: ({ fields, conditions }, { search, found }) => {
    const by = (group_by: AggregateRequest['group_by'], limit = groupsMax): Aggregate => ({
      ask: 'aggregate',
      request: { ...filterOf(search), group_by, limit },
    });
    // Whoever asks for one value of a field knows how they are distributed.
    const isFree = (field: ConditionField): boolean =>
      conditions.every((one) => one.field !== field || one.negated);
    const categorised = found.reports.some(({ ingestion_data }) => 'category' in ingestion_data);
    return {
      kinds: by(categorised ? 'ingestion_data.category' : 'ingestion_data.complaint_type'),
      urgencies: fields.has('urgency') && isFree('urgency') ? by('ingestion_data.urgency') : undefined,
      sentiments: fields.has('sentiment') && isFree('sentiment') ? by('ingestion_data.sentiment') : undefined,
      statuses: fields.has('status') && isFree('status') ? by('status') : undefined,
      phrases: by('ingestion_data.key_phrases', phrasesMax),
    };
  },

  answer: (question, matched, results) => {
    const kinds = results.kinds?.groups ?? [];
    const isPlace = placeNamesOf(question.places, matched.found.reports);
    const issues = mergeGroups(results.phrases?.groups ?? []).filter(
      ({ key }) => !isAsked(key, question) && !isPlace(key),
    );
    const asked = [
      listing('urgency', results.urgencies?.groups ?? [], 4),
      listing('status', caseStatuses(results.statuses?.groups ?? []), 4),
      listing('sentiment', results.sentiments?.groups ?? [], 4),
    ];
    const answer = sentenceOf([
      countedScope(matched.found.total, question, matched),
      comparisonWords(matched.counts, matched.found.total),
      orderedWords(question, matched.ordered),
      question.shownReport === undefined ? '' : quoteOf(matched),
      ...asked,
      kindWords(kinds, matched.found.total),
      issueWords(
        issues,
        examplesOf(matched, (phrase) => isAsked(phrase, question) || isPlace(phrase)),
      ),
    ]);
    return answerOver(question, matched, {
      output: {
        incident_types: groupRows(kinds, 'type', groupsMax),
        common_issues: groupRows(repeated(issues), 'issue', issuesMax),
        summary: answer,
        answer,
      },
      why: 'Kinds and issues are counted over the outputs of the ingestion agents; an issue is a phrase that reports share.',
    });
  },

  nothing: (answer) => ({ incident_types: [], common_issues: [], summary: answer, answer }),
};

/** The one report in its own words. */
function quoteOf({ found }: Matched): SentencePart {
  const [report] = found.reports;
  if (report === undefined) return '';
  const state = report.status.replaceAll('_', ' ');
  return [70, 40, 20].map((most) => `“${shortened(report.summary, most)}”, status ${state}`);
}

/** "all infrastructure", or the largest kinds with their counts. */
function kindWords(kinds: readonly Group[], total: number): SentencePart {
  const [first] = kinds;
  if (first !== undefined && first.count === total && total > 1) return `all ${shortened(first.key)}`;
  return listing('kinds', kinds, 3);
}

/** What reports share, or where they share nothing a few of the things that they name. */
function issueWords(issues: readonly Group[], examples: readonly string[]): string[] {
  const shared = repeated(issues);
  if (shared.length > 0) return listing('often named', shared, 3);
  return examples.map((_, at) => `such as ${examples.slice(0, examples.length - at).join(', ')}`);
}

/**
 * A telling phrase of each of the best reports, one of several words where there is one; names begin with a capital and tell nothing of
 * a matter.
 */
function examplesOf({ found }: Matched, isPointless: (phrase: string) => boolean): string[] {
  const examples: string[] = [];
  for (const { ingestion_data } of found.reports) {
    const phrases = textsIn(ingestion_data.key_phrases).filter(
      (phrase) => !/\p{Lu}/u.test(phrase) && !isPointless(phrase),
    );
    const phrase = phrases.find((one) => one.includes(' ')) ?? phrases[0];
    const isNew = phrase !== undefined && !examples.some((known) => known.includes(phrase));
    if (isNew) examples.push(phrase);
    if (examples.length === examplesMax) break;
  }
  return examples;
}

function textsIn(value: JsonValue | undefined): string[] {
  const list: readonly JsonValue[] = Array.isArray(value) ? value : [];
  return list.filter((one) => typeof one === 'string');
}

/** Whether a phrase only repeats what was searched for. */
function isAsked(phrase: string, { subject, place }: Understanding): boolean {
  const choices = subject.alternatives.flatMap((topics) => topics.flatMap((topic) => topic.choices));
  const singular = (word: string): string => word.replace(/s$/, '');
  const asked = new Set(choices.flatMap((choice) => choice.split(' ').map(singular)));
  const words = phrase.toLowerCase().split(' ').map(singular);
  return words.every((word) => asked.has(word)) || phrase.toLowerCase() === place?.label.toLowerCase();
}
