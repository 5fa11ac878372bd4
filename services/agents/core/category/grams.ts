// What category models count in a text: single words and pairs, letters in a row within a word, and ideas in a row. Each is told by the
// hash of its name, so that a model needs no list of names.

import type { Span } from '../skill.ts';
import { ideaOf } from './ideas.ts';
import { type Token, tokensOf } from './tokens.ts';

/** The kinds of things counted. A model weighs each kind as a whole, however many of it a text has. */
export const gramKinds = ['word', 'letters', 'idea'] as const;

/** One thing counted, at one place. */
export interface Gram extends Span {
  /** Place in `gramKinds`. */
  readonly kind: number;
  /** Unsigned, 32 bits; two different grams share one so seldom that nothing is done about it. */
  readonly hash: number;
}

const wordsMax = 2;
const lettersMin = 2;
const lettersMax = 4;
const ideasMax = 3;

/** All grams of the text, repetitions included. */
export function gramsOf(text: string): Gram[] {
  const tokens = tokensOf(text);
  const ideas = tokens.flatMap((token) => {
    const stem = ideaOf(token.stem);
    return stem === undefined ? [] : [{ ...token, stem }];
  });
  return [...runs(tokens, 0, wordsMax), ...tokens.flatMap(lettersIn), ...runs(ideas, 2, ideasMax)];
}

/** All runs of up to `lengthMax` neighbours. */
function runs(tokens: readonly Token[], kind: number, lengthMax: number): Gram[] {
  return tokens.flatMap(({ start }, at) => {
    let hash = startHash(kind);
    return tokens.slice(at, at + lengthMax).map(({ stem, end }) => {
      hash = hashOn(hashOn(hash, stem), ' ');
      return { kind, hash, start, end };
    });
  });
}

/** All runs of letters of the word with a blank at either end. */
function lettersIn({ plain, start, end }: Token): Gram[] {
  const padded = ` ${plain} `;
  const grams: Gram[] = [];
  for (let at = 0; at + lettersMin <= padded.length; at += 1) {
    let hash = startHash(1);
    for (let length = 1; length <= lettersMax && at + length <= padded.length; length += 1) {
      hash = hashOn(hash, padded.charAt(at + length - 1));
      if (length >= lettersMin) grams.push({ kind: 1, hash, start, end });
    }
  }
  return grams;
}

/** FNV-1a over UTF-16 code units, begun with the kind. */
function startHash(kind: number): number {
  return Math.imul(0x811c9dc5 ^ (kind + 1), 0x01000193) >>> 0;
}

function hashOn(hash: number, text: string): number {
  let next = hash;
  for (let at = 0; at < text.length; at += 1) next = Math.imul(next ^ text.charCodeAt(at), 0x01000193);
  return next >>> 0;
}
