// Turns a question into searches, the narrowest first. It only writes them; which one is answered depends on what the index finds.

import { type Bounds, boundsAround } from '../geo/distance.ts';
import { conditionWords } from '../question/question-words.ts';
import type { Alternative } from '../question/topics.ts';
import type { Question } from '../question.ts';
import type { ReportFilter, RetrieveRequest } from '../report-data.ts';

/**
 * How near a search is to the question: every word of one alternative, the place as an area, things without words for their condition,
 * single words, or nothing to search for.
 */
export type Breadth = 'exact' | 'area' | 'thing' | 'word' | 'unsearched';

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
}

/** How far around a named place its surroundings reach, in kilometres. */
export const placeRadiusKm = 2;

/** The most alternatives of one text query. */
export const clausesMax = 24;

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
export function filterOf({ clauses, from, to, bounds, status }: Search): ReportFilter {
  return {
    ...(clauses.length > 0 && { text: clauses.join(' or ') }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(bounds !== undefined && { bounds }),
    ...(status !== undefined && { status }),
  };
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
function thingsOf(topics: Alternative): Alternative {
  const things = topics.filter(({ word }) => !conditionWords.has(word));
  return things.length === 0 ? topics : things;
}

function sizeOf(alternatives: readonly Alternative[]): number {
  return alternatives.reduce((size, topics) => size + topics.length, 0);
}

/** For each alternative every way to take one word of each topic, synonyms given up where there would be too many. */
function clausesOf(alternatives: readonly Alternative[]): string[] {
  const share = Math.floor(clausesMax / Math.max(1, alternatives.length));
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
  const lower = word.toLowerCase().replaceAll('"', ' ').trim();
  return /^[\p{L}\p{N}]+$/u.test(lower) && lower !== 'or' ? lower : `"${lower}"`;
}
