// The text as the small pieces that the rules speak of: words, runs of digits, single signs. Nothing here knows what they mean.

import type { Span } from '../skill.ts';

/** One piece of the text, in lower case. */
export interface Token extends Span {
  readonly text: string;
  /** Whether no blank stands before it. */
  readonly glued: boolean;
}

const piece = /'s\b|o'clock|\p{L}+|\d+|[^\s]/giu;
const dashes = /[\u2010-\u2015\u2212]/g;
const quotes = /[\u2018\u2019\u02BC\u0060\u00B4]/g;

/** The text with one sign for all dashes and one for all apostrophes; as long as before. */
export function plainSigns(text: string): string {
  return text.replace(dashes, '-').replace(quotes, "'");
}

/** The tokens in order; `text` has plain signs. */
export function tokensOf(text: string): Token[] {
  let end = -1;
  return [...text.matchAll(piece)].map((match) => {
    const start = match.index;
    const glued = start === end;
    end = start + match[0].length;
    return { text: match[0].toLowerCase(), start, end, glued };
  });
}
