// What the six query skills share: how one is built from requests and an answer, and what is said about the match itself.

import type { Question } from '../question.ts';
import type {
  AggregateRequest,
  AggregateResult,
  RetrieveRequest,
  RetrieveResult,
  SeriesRequest,
  SeriesResult,
  SpatialRequest,
  SpatialResult,
} from '../report-data.ts';
import { confidenceOf, type JsonObject, referencesMax, type SkillAnswer } from '../skill.ts';
import { scopeOf } from './scope.ts';
import type { Search } from './search.ts';
import { sentenceOf } from './sentence.ts';

/** One question to the port of reports, as data. */
export type DataRequest =
  | { readonly ask: 'retrieve'; readonly request: RetrieveRequest }
  | { readonly ask: 'aggregate'; readonly request: AggregateRequest }
  | { readonly ask: 'series'; readonly request: SeriesRequest }
  | { readonly ask: 'spatial'; readonly request: SpatialRequest };

/** The result that belongs to each kind of request. */
export interface DataResults {
  readonly retrieve: RetrieveResult;
  readonly aggregate: AggregateResult;
  readonly series: SeriesResult;
  readonly spatial: SpatialResult;
}

/** Named requests of one skill; undefined where there is nothing to ask. */
export type DataRequests = Readonly<Record<string, DataRequest | undefined>>;

/** The result of a request; undefined for none. */
export type ResultOf<Q extends DataRequest | undefined> = Q extends DataRequest
  ? DataResults[Q['ask']]
  : undefined;

/** The results under the names of their requests. */
export type ResultsOf<R extends DataRequests> = { readonly [K in keyof R]: ResultOf<R[K]> };

/** The search that found something, with what it found. */
export interface Matched {
  readonly search: Search;
  readonly found: RetrieveResult;
  /** How many narrower searches found nothing before. */
  readonly missed: number;
}

/** A query skill: pure in both steps; the asking in between is done by the runtime. */
export interface QuerySkill<R extends DataRequests> {
  /** What to ask once a search has matched. */
  requests(question: Question, matched: Matched): R;
  /** The answer from what came back. */
  answer(question: Question, matched: Matched, results: ResultsOf<R>): SkillAnswer;
  /** The output for a question that nothing matches, with the sentence to show. */
  nothing(sentence: string): JsonObject;
}

const confidenceOfBreadth = { exact: 0.85, area: 0.65, thing: 0.65, word: 0.5, unsearched: 0.75 } as const;
const confidenceFew = 0.15;
const fewReports = 5;
const confidenceNothing = 0.2;

/** An answer over a match: references in the order given, first the most relevant, and a confidence that follows the match. */
export function answerOver(
  question: Question,
  matched: Matched,
  answer: { readonly output: JsonObject; readonly why: string; readonly references?: readonly string[] },
): SkillAnswer {
  const urgent = question.fields.has('urgency') ? urgentIds(matched) : [];
  const cited = [...urgent, ...(answer.references ?? []), ...idsOf(matched)];
  const references = [...new Set(cited)].slice(0, referencesMax);
  const few = matched.found.total < fewReports ? confidenceFew : 0;
  return {
    output: answer.output,
    reasoning: `${matchReason(question, matched)} ${answer.why}`,
    confidence: confidenceOf(confidenceOfBreadth[matched.search.breadth] - few),
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

/** The honest answer when no search finds anything: no references and little confidence. */
export function nothingFound(
  question: Question,
  searches: readonly Search[],
  nothing: QuerySkill<DataRequests>['nothing'],
): SkillAnswer {
  const [first] = searches;
  const scope = first === undefined ? '' : scopeOf(question, first);
  const sentence = sentenceOf([scope === '' ? 'There are no reports yet' : `No report ${scope}`]);
  return {
    output: nothing(sentence),
    reasoning: `${searches.length} searches, from the narrowest to the widest, found no report.`,
    confidence: confidenceNothing,
    spans: {},
    references: [],
  };
}

function matchReason(question: Question, { search, found, missed }: Matched): string {
  const scope = scopeOf(question, search);
  const text =
    search.clauses.length === 0
      ? ''
      : ` Text searched: ${search.clauses.slice(0, 3).join(' or ')}${search.clauses.length > 3 ? ' …' : ''}.`;
  const wider =
    missed === 0 ? '' : ` Nothing matched the narrower search, so it was widened${widening[search.breadth]}.`;
  const one = found.total === 1;
  return `${found.total} report${one ? ' matches' : 's match'}${scope === '' ? '' : ` (${scope})`}.${text}${wider}`;
}

const widening = {
  exact: '',
  area: ' to the surroundings of the place',
  thing: ' to the thing in any condition',
  word: ' to single words',
  unsearched: '',
} as const;

/** Whether every matching report was read, so that nothing more need be asked to count over them. */
export function isReadWhole({ total, reports }: RetrieveResult): boolean {
  return total === reports.length;
}
