// Turns a question into searches, the narrowest first. It only writes them; which one is answered depends on what the index finds.

import { type Bounds, boundsAround } from '../geo/distance.ts';
import type { Question, Topic } from '../question.ts';
import type { ReportFilter, RetrieveRequest } from '../report-data.ts';

/** How near a search is to the question: every word asked for, the place as an area, any of the words, or nothing to search for. */
export type Breadth = 'exact' | 'area' | 'any_word' | 'unsearched';

/** One search. */
export interface Search {
  readonly breadth: Breadth;
  /** The alternatives of the text query; each one's words are all required. Empty: the text does not narrow. */
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

/** The searches to try in turn until one finds something; at least one. */
export function searchesOf(question: Question): Search[] {
  const { topics, place, range, status } = question;
  const frame = {
    ...(range?.from !== undefined && { from: range.from }),
    ...(range?.to !== undefined && { to: range.to }),
    ...(status !== undefined && { status }),
  };
  if (topics.length === 0 && place === undefined) return [{ breadth: 'unsearched', clauses: [], ...frame }];
  const wanted = clausesOf(topics);
  const any = topics.flatMap((topic) => topic.choices).map(quoted);
  const searches: Search[] = [
    { breadth: 'exact', clauses: combine(wanted, placeClause(place?.label)), ...frame },
  ];
  if (place?.point !== undefined) {
    searches.push({
      breadth: 'area',
      clauses: wanted,
      bounds: boundsAround(place.point, placeRadiusKm),
      ...frame,
    });
  }
  if (topics.length > 1) {
    searches.push({ breadth: 'any_word', clauses: combine(any, placeClause(place?.label)), ...frame });
  }
  if (topics.length > 1 && place !== undefined)
    searches.push({ breadth: 'any_word', clauses: any.slice(0, clausesMax), ...frame });
  return searches;
}

/** The filter of a search, without area and status. */
export function filterOf(search: Search): ReportFilter {
  return {
    ...(search.clauses.length > 0 && { text: search.clauses.join(' or ') }),
    ...(search.from !== undefined && { from: search.from }),
    ...(search.to !== undefined && { to: search.to }),
  };
}

/** The request that reads the reports of a search, best first. */
export function retrievalOf(search: Search): RetrieveRequest {
  return {
    ...filterOf(search),
    ...(search.bounds !== undefined && { bounds: search.bounds }),
    ...(search.status !== undefined && { status: search.status }),
    limit: reportsReadMax,
  };
}

/** The same search with one more required thing, any of whose words will do. */
export function narrowed(search: Search, words: readonly string[]): Search {
  return { ...search, clauses: combine(search.clauses, words.map(quoted)) };
}

/** Whether the index's own counts apply; area and status narrow the retrieval only, so their counts come from the reports read. */
export function isCounted(search: Search): boolean {
  return search.bounds === undefined && search.status === undefined;
}

/** All topics required: every way to take one word of each, synonyms given up where there would be too many. */
function clausesOf(topics: readonly Topic[]): string[] {
  const lists = topics.map((topic) => [...topic.choices]);
  const product = (): number => lists.reduce((all, list) => all * list.length, 1);
  while (product() > clausesMax) {
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

function placeClause(label: string | undefined): string[] {
  return label === undefined ? [] : [quoted(label)];
}

/** A word as it stands, anything with other signs in quotes; a quote inside would end the phrase and is dropped. */
function quoted(word: string): string {
  const lower = word.toLowerCase().replaceAll('"', ' ').trim();
  return /^[\p{L}\p{N}]+$/u.test(lower) && lower !== 'or' ? lower : `"${lower}"`;
}
