// Word classes of an English text, from compromise. The rest of the skill sees only what stands here, so that another tagger can
// take its place.

import nlp from 'compromise/two';
import type { Span } from '../skill.ts';

/** One word with its classes as compromise names them (`Noun`, `ProperNoun`, `Person`, `Organization`, `Place` ...). */
export interface TaggedWord extends Span {
  readonly text: string;
  readonly tags: ReadonlySet<string>;
  /** Whether a comma, bracket or other sign stands between this word and the one before it. */
  readonly apart: boolean;
}

interface Term {
  readonly text: string;
  readonly tags: ReadonlySet<string>;
  readonly pre?: string;
  readonly post?: string;
}

/** The part of a term before signs that the writer glued on: "wrong" of "wrong....I". */
const unglued = /^.+?(?=\.{2,}|[?!(,]|$)/u;

/** The tagger's time grows with the cube of a sentence's length, so longer texts are tagged in pieces of at most so many characters. */
const pieceLengthMax = 600;

/** Sentences of tagged words in text order. Words that the tagger changed beyond recognition are left out. */
export function tagText(text: string): TaggedWord[][] {
  return piecesOf(text).flatMap((piece) => tagPiece(text, piece));
}

/** The text cut at the last sentence end that fits, else at the last blank, else anywhere. */
function piecesOf(text: string): Span[] {
  const pieces: Span[] = [];
  for (let start = 0; start < text.length; ) {
    const window = text.slice(start, start + pieceLengthMax);
    const whole = start + pieceLengthMax >= text.length;
    const sentence = Math.max(...['. ', '! ', '? ', '\n'].map((mark) => window.lastIndexOf(mark) + 1));
    const cut = whole ? window.length : sentence || window.lastIndexOf(' ') + 1 || window.length;
    pieces.push({ start, end: start + cut });
    start += cut;
  }
  return pieces;
}

function tagPiece(text: string, { start: pieceStart, end: pieceEnd }: Span): TaggedWord[][] {
  const sentences = nlp(text.slice(pieceStart, pieceEnd)).docs as unknown as readonly (readonly Term[])[];
  let from = pieceStart;
  return sentences.map((terms) => {
    const words: TaggedWord[] = [];
    let apart = false;
    for (const term of terms) {
      const start = term.text === '' ? -1 : text.indexOf(term.text, from);
      if (start < 0 || start + term.text.length > pieceEnd) continue;
      from = start + term.text.length;
      const [word = ''] = unglued.exec(term.text) ?? [];
      const end = start + word.length;
      words.push({ text: word, start, end, tags: term.tags, apart: apart || /\S/.test(term.pre ?? '') });
      apart = end < from || /[^\s.'’]/.test(term.post ?? '');
    }
    return words;
  });
}
