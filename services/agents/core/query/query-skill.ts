// What the six query skills share: how one is built from requests and an answer, and what is said about the match itself.

import { askingWords } from '../question/asking-words.ts';
import { questionWords } from '../question/question-words.ts';
import type { Alternative } from '../question/topics.ts';
import type { Rival, Understanding } from '../question/understand.ts';
import type {
  AggregateRequest,
  AggregateResult,
  ClusterRequest,
  ClusterResult,
  FoundReport,
  RetrieveRequest,
  RetrieveResult,
  SeriesRequest,
  SeriesResult,
  SpatialRequest,
  SpatialResult,
} from '../report-data.ts';
import { confidenceOf, type JsonObject, referencesMax, type SkillAnswer } from '../skill.ts';
import { wordsOf } from '../text/words.ts';
import { type Attempt, isAllKnown } from './attempts.ts';
import { type Count, comparisonWords } from './comparison.ts';
import type { Group } from './groups.ts';
import type { Order } from './ordered.ts';
import { scopeOf } from './scope.ts';
import type { Breadth, Search } from './search.ts';
import { listing, sentenceOf } from './sentence.ts';

/** One question to the port of reports, as data. */
export type DataRequest =
  | { readonly ask: 'retrieve'; readonly request: RetrieveRequest }
  | { readonly ask: 'aggregate'; readonly request: AggregateRequest }
  | { readonly ask: 'series'; readonly request: SeriesRequest }
  | { readonly ask: 'spatial'; readonly request: SpatialRequest }
  | { readonly ask: 'clusters'; readonly request: ClusterRequest };

/** The result that belongs to each kind of request. */
export interface DataResults {
  readonly retrieve: RetrieveResult;
  readonly aggregate: AggregateResult;
  readonly series: SeriesResult;
  readonly spatial: SpatialResult;
  readonly clusters: ClusterResult;
}

/** Named requests of one skill, the most important first; undefined where there is nothing to ask. */
export type DataRequests = Readonly<Record<string, DataRequest | undefined>>;

/** The result of a request; undefined for none, and where an agent's calls do not suffice for it. */
export type ResultOf<Q extends DataRequest | undefined> = Q extends DataRequest
  ? DataResults[Q['ask']] | undefined
  : undefined;

/** The results under the names of their requests. */
export type ResultsOf<R extends DataRequests> = { readonly [K in keyof R]: ResultOf<R[K]> };

/** The attempt that found something, with what it found. */
export interface Matched {
  readonly breadth: Breadth;
  readonly alternatives: readonly Alternative[];
  /** The search that is asked now; together they find what matches, and none shares a report with another. */
  readonly search: Search;
  readonly found: RetrieveResult;
  /** How many narrower attempts found nothing before. */
  readonly missed: number;
  /** The first matches in the order that the question asks for; empty where it asks for none that the skill tells of. */
  readonly ordered: readonly FoundReport[];
  /** Counts of what the question compares; empty where it compares nothing. */
  readonly counts: readonly Count[];
}

/** A query skill: pure in both steps; the asking in between is done by the runtime. */
export interface QuerySkill<R extends DataRequests> {
  /** What to ask of one search once an attempt has matched. */
  requests(question: Understanding, matched: Matched): R;
  /** The answer from what came back. */
  answer(question: Understanding, matched: Matched, results: ResultsOf<R>): SkillAnswer;
  /** The output for a question that nothing matches, with the sentence to show. */
  nothing(sentence: string): JsonObject;
  /** Which comparisons it counts. */
  readonly compares: readonly Rival['by'][];
  /** Which orders of reports it tells of. */
  readonly orders: readonly Order['by'][];
}

const confidenceOfBreadth = {
  exact: 0.85,
  area: 0.65,
  spelling: 0.65,
  thing: 0.65,
  word: 0.5,
  unsearched: 0.75,
} as const;
const confidenceFew = 0.1;
const fewReports = 3;
/** Every word was understood, so that there is no such report. */
const confidenceNone = 0.6;
const confidenceNothing = 0.2;
const confidenceUnclear = 0.1;
const englishShare = 0.25;

/** An answer over a match: references in the order given, first the most relevant, and a confidence that follows the match. */
export function answerOver(
  question: Understanding,
  matched: Matched,
  answer: { readonly output: JsonObject; readonly why: string; readonly references?: readonly string[] },
): SkillAnswer {
  const urgent = question.fields.has('urgency') ? urgentIds(matched) : [];
  const ordered = matched.ordered.map((report) => report.incident_id);
  const cited = [...ordered, ...urgent, ...(answer.references ?? []), ...idsOf(matched)];
  const most = question.order === undefined ? referencesMax : (question.shownMost ?? referencesMax);
  const references = [...new Set(cited)].slice(0, Math.min(most, referencesMax));
  const few = matched.breadth !== 'unsearched' && matched.found.total < fewReports ? confidenceFew : 0;
  return {
    output: answer.output,
    reasoning: `${matchReason(question, matched)} ${answer.why}`,
    confidence: confidenceOf(confidenceOfBreadth[matched.breadth] - few),
    spans: {},
    references,
  };
}

/** Where urgency is asked for, the urgent reports among those read come first. */
function urgentIds({ found }: Matched): string[] {
  return ['immediate', 'urgent'].flatMap((level) =>
    found.reports
      .filter(({ ingestion_data }) => ingestion_data.urgency === level)
      .map((report) => report.incident_id),
  );
}

/** The ids of the reports read, best first. */
export function idsOf({ found }: Matched): string[] {
  return found.reports.map((report) => report.incident_id);
}

/** What was tried for nothing, and what is known beside it. */
export interface Missed {
  readonly attempts: readonly Attempt[];
  readonly counts: readonly Count[];
  /** How many reports have single words of the question; empty where that was not asked. */
  readonly words: readonly Group[];
}

/** The answer when no attempt finds anything: no references, and much confidence only where every word was understood. */
export function nothingFound(
  question: Understanding,
  { attempts, counts, words }: Missed,
  nothing: QuerySkill<DataRequests>['nothing'],
): SkillAnswer {
  const first = attempts.find(({ breadth }) => breadth === 'spelling') ?? attempts[0];
  const scope = first === undefined ? '' : scopeOf(question, first);
  const foreign = isEnglish(question) ? '' : 'questions are read in English';
  const none = scope === '' ? 'There are no reports yet' : `No report ${scope}`;
  const single = listing('single words', words, 4);
  const sentence = sentenceOf([none, comparisonWords(counts, 0), foreign, single]);
  const tried = attempts.length === 1 ? 'One attempt' : `${attempts.length} attempts, the narrowest first,`;
  return {
    output: nothing(sentence),
    reasoning: `${tried} found no report.${notesOf(question)}`,
    confidence: isAllKnown(question) && scope !== '' ? confidenceNone : confidenceNothing,
    spans: {},
    references: [],
  };
}

/** The answer to a question that cannot be followed: why, and nothing else. */
export function notUnderstood(why: string, nothing: QuerySkill<DataRequests>['nothing']): SkillAnswer {
  return {
    output: nothing(sentenceOf([why])),
    reasoning: `${why}. Nothing was counted, so that no other question is answered in its place.`,
    confidence: confidenceUnclear,
    spans: {},
    references: [],
  };
}

/** Whether enough of the words are those by which people ask in English; a few of them are words of other languages too. */
function isEnglish({ text }: Understanding): boolean {
  const words = wordsOf(text.toLowerCase());
  const english = words.filter(({ text: word }) => questionWords.has(word) || askingWords.has(word));
  return words.length < 3 || english.length >= words.length * englishShare;
}

function matchReason(question: Understanding, matched: Matched): string {
  const { search, found, missed, breadth } = matched;
  const scope = scopeOf(question, matched);
  const text =
    search.clauses.length === 0
      ? ''
      : ` Text searched: ${search.clauses.slice(0, 3).join(' or ')}${search.clauses.length > 3 ? ' …' : ''}.`;
  const wider =
    missed === 0 ? '' : ` Nothing matched the narrower search, so it was widened${widening[breadth]}.`;
  const one = found.total === 1;
  return `${found.total} report${one ? ' matches' : 's match'}${scope === '' ? '' : ` (${scope})`}.${text}${wider}${placesReason(question)}${notesOf(question)}`;
}

function placesReason({ areas }: Understanding): string {
  const inside = areas.filter(({ point, radiusKm }) => point !== undefined && radiusKm === undefined);
  return inside.length === 0
    ? ''
    : ` In ${inside.map(({ label }) => label).join(' or ')} are reports that name it, and those that name no place of the list and lie nearest to it.`;
}

function notesOf({ notes }: Understanding): string {
  return notes.map((note) => ` Note: ${note}.`).join('');
}

const widening = {
  exact: '',
  area: ' to the surroundings of the place',
  spelling: ' to words with slips of the pen mended',
  thing: ' to the thing in any condition',
  word: ' to single words',
  unsearched: '',
} as const;

/** Whether every matching report was read, so that nothing more need be asked to count over them. */
export function isReadWhole({ total, reports }: RetrieveResult): boolean {
  return total === reports.length;
}
