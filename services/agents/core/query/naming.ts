// Which of several things the reports read name, by words in their summaries: enough to choose what to count, not to count it.

import type { FoundReport } from '../report-data.ts';

/** The things that reports name, those of most reports first, of equals in the order given. */
export function countNaming<T>(
  reports: readonly FoundReport[],
  things: readonly T[],
  wordsOf: (thing: T) => readonly string[],
): T[] {
  return things
    .map((thing) => ({ thing, count: countOf(reports, wordsOf(thing)) }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count)
    .map(({ thing }) => thing);
}

/** A word counts with any ending of up to three letters, as the index takes words of one stem for one. */
function countOf(reports: readonly FoundReport[], words: readonly string[]): number {
  const pattern = new RegExp(`\\b(?:${words.join('|')})\\p{L}{0,3}(?!\\p{L})`, 'iu');
  return reports.filter(({ summary }) => pattern.test(summary)).length;
}
