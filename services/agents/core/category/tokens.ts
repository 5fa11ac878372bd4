// Cuts a text into the tokens that category models count: words without case, accents, endings and the value of their digits. It
// knows no grammar, and its stems are no words.

import type { Span } from '../skill.ts';

/** One word, or a question or exclamation mark, where it stands in the text. */
export interface Token extends Span {
  /** Lower case without accents, every run of digits as one 0, so that house numbers are all alike. */
  readonly plain: string;
  /** `plain` without its English ending. */
  readonly stem: string;
}

const tokenPattern = /[\p{L}\p{N}]+(?:['’]\p{L}+)?|[?!]/gu;

/** The tokens in text order. */
export function tokensOf(text: string): Token[] {
  return [...text.matchAll(tokenPattern)].map((match) => {
    const plain = plainOf(match[0]);
    return { plain, stem: stemOf(plain), start: match.index, end: match.index + match[0].length };
  });
}

/** The stem of a lower-case English word: crude, but the same for most forms of a word. Words of three letters stay. */
export function stemOf(word: string): string {
  if (word.length < 4) return word;
  return word
    .replace(/'s$/, '')
    .replace(/ies$/, 'y')
    .replace(/(?<=..[^s])s$/, '')
    .replace(/(?<=...)(?:ing|ed|er|ers|ly)$/, '')
    .replace(/e$/, '');
}

function plainOf(word: string): string {
  return word
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replaceAll('’', "'")
    .replace(/\p{N}+/gu, '0');
}
