// Words of a text with their places in it. It knows letters and sentence ends, no grammar.

import type { Span } from '../skill.ts';

/** One word as it stands in the text. */
export interface Word extends Span {
  readonly text: string;
  /** Whether nothing but the text's start or a sentence end stands before it. */
  readonly opensSentence: boolean;
}

const wordPattern = /[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}]|['’&-](?=[\p{L}\p{N}]))*/gu;

/** The words in text order. An apostrophe or hyphen inside a word belongs to it; a full stop never does. */
export function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  let previousEnd = 0;
  for (const match of text.matchAll(wordPattern)) {
    const start = match.index;
    const gap = text.slice(previousEnd, start);
    const opensSentence = previousEnd === 0 || /[.!?:\n]\s*["'“(]?$/.test(gap);
    words.push({ text: match[0], start, end: start + match[0].length, opensSentence });
    previousEnd = start + match[0].length;
  }
  return words;
}

/** Whether the word begins with an upper-case letter. */
export function isCapitalised(word: string): boolean {
  return /^\p{Lu}/u.test(word);
}

/** Whether so much of the text is upper case that capitals say nothing about names; false for texts under 12 letters. */
export function isShouted(text: string): boolean {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const upper = text.match(/\p{Lu}/gu)?.length ?? 0;
  return letters >= 12 && upper / letters > 0.6;
}

/** Lower case, without accents, and every run of other signs as one blank: the form in which names are compared. */
export function normaliseName(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .replace(/ß/g, 'ss')
    .replace(/ø/gi, 'o')
    .replace(/ł/gi, 'l')
    .toLowerCase()
    .replace(/['’.]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** The comparable form without any blank, so that `HydePark`, `Hyde-Park` and `hyde park` are one. */
export function squashName(name: string): string {
  return normaliseName(name).replaceAll(' ', '');
}
