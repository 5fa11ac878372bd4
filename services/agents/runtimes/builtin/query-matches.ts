// Makes the attempts of a question until one finds reports.

import type { Attempt } from '../../core/query/attempts.ts';
import { mergeRetrieved } from '../../core/query/merge.ts';
import type { Matched } from '../../core/query/query-skill.ts';
import { retrievalOf, type Search } from '../../core/query/search.ts';
import type { CountedData } from './query-calls.ts';

/** What an attempt found, with those of its searches that found anything. */
export interface Match extends Omit<Matched, 'ordered' | 'counts'> {
  readonly searches: readonly Search[];
}

/** The first attempt that finds something; undefined when none does. */
export async function readMatches(
  attempts: readonly Attempt[],
  data: CountedData,
): Promise<Match | undefined> {
  for (const [missed, { breadth, alternatives, searches }] of attempts.entries()) {
    if (searches.length > data.callsLeft()) return undefined;
    const results = await Promise.all(searches.map((search) => data.retrieve(retrievalOf(search))));
    const filled = searches.filter((_, at) => (results[at]?.total ?? 0) > 0);
    const [search] = filled;
    if (search === undefined) continue;
    const found = mergeRetrieved(results.filter(({ total }) => total > 0));
    return { breadth, alternatives, searches: filled, search, found, missed };
  }
  return undefined;
}
