// Turns a question into searches, the narrowest first. It only writes them; which one is answered depends on what the index finds.

import { type Bounds, boundsAround } from '../geo/distance.ts';
import { conditionWords } from '../question/question-words.ts';
import type { Alternative } from '../question/topics.ts';
import type { Question } from '../question.ts';
import type { ReportFilter, RetrieveRequest } from '../report-data.ts';

/**
 * How near a search is to the question: every word of one alternative, the place as an area, words with slips of the pen mended, things
 * without words for their condition, single words, or nothing to search for.
 */
export type Breadth = 'exact' | 'area' | 'spelling' | 'thing' | 'word' | 'unsearched';

/** One search. */
export interface Search {
  readonly breadth: Breadth;
  /** What it looks for, one of them being enough; empty when no words narrow. */
  readonly alternatives: readonly Alternative[];
  /** Whether a report must name the place asked about. */
  readonly namesPlace: boolean;
  /** The alternatives of the text query, synonyms spelt out; each one's words are all required. Empty: the text does not narrow. */
  readonly clauses: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly bounds?: Bounds;
  readonly status?: string;
  /** Phrases one of which a report must hold, beside the clauses; absent for none. */
  readonly required?: readonly string[];
  /** Phrases none of which a report may hold, the most important first: the last are left out where the query grows too long; absent for none. */
  readonly excluded?: readonly string[];
  readonly near?: NonNullable<ReportFilter['near']>;
  readonly radius_km?: number;
  readonly polygon?: NonNullable<ReportFilter['polygon']>;
  readonly where?: NonNullable<ReportFilter['where']>;
}

/** No search: reports that the answer before named. */
export const shownSearch: Search = { breadth: 'exact', alternatives: [], namesPlace: false, clauses: [] };

/** How far around a named place its surroundings reach, in kilometres. */
export const placeRadiusKm = 2;

/** The most alternatives of one text query. */
export const clausesMax = 24;

/** The longest text query that the index takes, in UTF-16 code units. */
export const textLengthMax = 2_000;
/** Longer words stand in no text as one. */
const wordLengthMax = 60;

/** The most reports that a skill reads for one question. */
export const reportsReadMax = 100;

/** The searches to try in turn until one finds something; at least one. None lets go of the place, time or status asked about. */
export function searchesOf(question: Question): Search[] {
  const { subject, place, range, status } = question;
  const { alternatives } = subject;
  const frame = {
    ...(range?.from !== undefined && { from: range.from }),
    ...(range?.to !== undefined && { to: range.to }),
    ...(status !== undefined && { status }),
  };
  const search = (breadth: Breadth, wanted: readonly Alternative[], placeName?: string): Search => ({
    breadth,
    alternatives: wanted,
    namesPlace: placeName !== undefined,
    clauses: combine(clausesOf(wanted), placeName === undefined ? [] : [quoted(placeName)]),
    ...frame,
  });
  if (alternatives.length === 0 && place === undefined) return [search('unsearched', [])];
  const things = alternatives.map(thingsOf);
  const words = alternatives.flatMap((topics) => topics.map((topic) => [topic]));
  const around = (breadth: Breadth, wanted: readonly Alternative[]): Search[] =>
    place?.point === undefined
      ? []
      : [{ ...search(breadth, wanted), bounds: boundsAround(place.point, placeRadiusKm) }];
  const hasConditions = sizeOf(things) < sizeOf(alternatives);
  return [
    search('exact', alternatives, place?.label),
    ...around('area', alternatives),
    ...(hasConditions ? [search('thing', things, place?.label), ...around('thing', things)] : []),
    ...(words.length > alternatives.length ? [search('word', words, place?.label)] : []),
  ];
}

/** The filter of a search. */
export function filterOf(search: Search): ReportFilter {
  const { from, to, bounds, status, near, radius_km, polygon, where } = search;
  const text = textOf(search);
  return {
    ...(text !== '' && { text }),
    ...(near !== undefined && { near }),
    ...(radius_km !== undefined && { radius_km }),
    ...(polygon !== undefined && { polygon }),
    ...(where !== undefined && { where }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(bounds !== undefined && { bounds }),
    ...(status !== undefined && { status }),
  };
}

/** The text query: each clause with what is required, and without what is excluded. */
function textOf({ clauses, required = [], excluded = [] }: Search): string {
  const wanted = withinLength(combine(clauses, required.map(quoted)), textLengthMax - clausesMax * 4);
  const used = wanted.join(' or ').length;
  const many = Math.max(1, wanted.length);
  const unwanted = withinLength(
    excluded.map((phrase) => `-${quoted(phrase)}`),
    (textLengthMax - used) / many - 1,
  ).join(' ');
  if (unwanted === '') return wanted.join(' or ');
  return wanted.length === 0 ? unwanted : wanted.map((clause) => `${clause} ${unwanted}`).join(' or ');
}

/** As many of the texts, from the first, as have room with a blank between; the rest is left out. */
function withinLength(texts: readonly string[], most: number): string[] {
  let left = most;
  return texts.filter((text) => {
    left -= text.length + 1;
    return left >= 0;
  });
}

/** The request that reads the reports of a search, best first. */
export function retrievalOf(search: Search): RetrieveRequest {
  return { ...filterOf(search), limit: reportsReadMax };
}

/** The same search with one more required thing, any of whose words will do. */
export function narrowed(search: Search, words: readonly string[]): Search {
  return { ...search, clauses: combine(search.clauses, words.map(quoted)) };
}

/** An alternative without the words for its condition, unless nothing else is left. */
export function thingsOf(topics: Alternative): Alternative {
  const things = topics.filter(({ word }) => !conditionWords.has(word));
  return things.length === 0 ? topics : things;
}

/** How many topics the alternatives have together. */
export function sizeOf(alternatives: readonly Alternative[]): number {
  return alternatives.reduce((size, topics) => size + topics.length, 0);
}

/** For each alternative every way to take one word of each topic, synonyms given up where there would be more than `most`. */
export function clausesOf(alternatives: readonly Alternative[], most: number = clausesMax): string[] {
  const share = Math.max(1, Math.floor(most / Math.max(1, alternatives.length)));
  return [...new Set(alternatives.flatMap((topics) => clausesOfOne(topics, share)))];
}

function clausesOfOne(topics: Alternative, most: number): string[] {
  const lists = topics.map((topic) => [...topic.choices]);
  const product = (): number => lists.reduce((all, list) => all * list.length, 1);
  while (product() > most) {
    const longest = lists.reduce((a, b) => (b.length > a.length ? b : a));
    longest.pop();
  }
  return lists.reduce<string[]>((clauses, list) => combine(clauses, list.map(quoted)), []);
}

function combine(clauses: readonly string[], words: readonly string[]): string[] {
  if (clauses.length === 0) return [...words].slice(0, clausesMax);
  if (words.length === 0) return [...clauses];
  return clauses.flatMap((clause) => words.map((word) => `${clause} ${word}`)).slice(0, clausesMax);
}

/** A word as it stands, anything with other signs in quotes; a quote inside would end the phrase and is dropped. */
function quoted(word: string): string {
  const lower = word.toLowerCase().replaceAll('"', ' ').trim().slice(0, wordLengthMax).toWellFormed();
  return /^[\p{L}\p{N}]+$/u.test(lower) && lower !== 'or' ? lower : `"${lower}"`;
}
