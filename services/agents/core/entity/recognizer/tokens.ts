// The words and signs of a text, one by one, each with what the tagger says of it. Chatter is written without rules, so a sign is a
// token of its own wherever it stands.

import type { Span } from '../../skill.ts';
import type { TaggedWord } from '../tagger.ts';

/** One word or one sign. */
export interface Token extends Span {
  readonly text: string;
  /** The classes that the tagger gives the word it stands in; empty for signs and words that the tagger left out. */
  readonly tags: ReadonlySet<string>;
}

/** A possessive `'s` is two tokens; other apostrophes, hyphens and `&` inside a word belong to it, a full stop before small letters too. */
const tokenPattern =
  /[\p{L}\p{N}\p{M}]+(?:(?:['’](?![sS](?![\p{L}\p{N}]))|[-&]|\.(?=[\p{Ll}\p{N}]))[\p{L}\p{N}\p{M}]+)*|[^\p{L}\p{N}\s]/gu;
const noTags: ReadonlySet<string> = new Set();

/** The tokens in text order. */
export function tokensOf(text: string, sentences: readonly (readonly TaggedWord[])[]): Token[] {
  const tagged = sentences.flat();
  let next = 0;
  return [...text.matchAll(tokenPattern)].map((match) => {
    const start = match.index;
    const end = start + match[0].length;
    while ((tagged[next]?.end ?? Infinity) <= start) next += 1;
    const word = tagged[next];
    return { text: match[0], start, end, tags: word !== undefined && word.start < end ? word.tags : noTags };
  });
}
