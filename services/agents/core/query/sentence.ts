// The short sentences of answers, put together from parts within the length of a bullet.

import type { Group } from './groups.ts';
import { shortened } from './words.ts';

/** The most characters of an answer's sentence. */
export const answerLengthMax = 150;

/** One thing to say, or several ways to say it, the longest first; an empty one says nothing. */
export type SentencePart = string | readonly string[];

/** As many of the parts as fit, in order, joined by "; " and ended with a full stop; the first is cut if it alone is too long. */
export function sentenceOf(parts: readonly SentencePart[]): string {
  const [first = '', ...rest] = parts.map(waysOf).filter((ways) => ways.length > 0);
  const [opening = ''] = first;
  let sentence = shortened(opening, answerLengthMax - 1);
  for (const ways of rest) {
    const fitting = ways.find((way) => sentence.length + way.length + 2 < answerLengthMax);
    if (fitting !== undefined) sentence = `${sentence}; ${fitting}`;
  }
  return `${sentence}.`;
}

function waysOf(part: SentencePart): readonly string[] {
  return (typeof part === 'string' ? [part] : part).filter((way) => way !== '');
}

/**
 * "label: Centre St (5), Beacon St (3)" with `most` groups and ever fewer; nothing for no groups. Where each occurs once, the counts are
 * left out: "label: Centre St, Beacon St". Underscores become blanks, long names are cut.
 */
export function listing(label: string, groups: readonly Group[], most: number): string[] {
  const single = groups.every(({ count }) => count === 1);
  const names = groups
    .slice(0, most)
    .map(({ key, count }) => (single ? shortened(key) : `${shortened(key)} (${count})`));
  return names.map((_, at) => `${label}: ${names.slice(0, names.length - at).join(', ')}`);
}

/** Groups of more than one report; a single one shows no pattern. */
export function repeated(groups: readonly Group[]): Group[] {
  return groups.filter(({ count }) => count > 1);
}
