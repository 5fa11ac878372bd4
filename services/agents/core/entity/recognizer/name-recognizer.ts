// Finds names in English text as people really write it, without reliable capitals: who, where, which bodies, firms, products and
// works. It reads one text at a time and knows no list of names, only how names look and among which words they stand.

import type { Span } from '../../skill.ts';
import type { TaggedWord } from '../tagger.ts';
import { featuresOf } from './features.ts';
import { kindBegunBy, labelOf, type NameKind } from './name-labels.ts';
import { createLabeller, type SequenceWeights } from './sequence-model.ts';
import { factsOf } from './token-facts.ts';
import { type Token, tokensOf } from './tokens.ts';
import { createFindWord, type WordRows } from './word-list.ts';

/** A name in the text. */
export interface RecognizedName extends Span {
  readonly kind: NameKind;
}

/** What the recogniser is made of; a file of the store. */
export interface RecognizerModel {
  readonly words: WordRows;
  readonly sequence: SequenceWeights;
}

/** The names of a text in text order, without overlaps. `sentences` is what the tagger makes of the same text. */
export type RecognizeNames = (
  text: string,
  sentences: readonly (readonly TaggedWord[])[],
) => readonly RecognizedName[];

/** A recogniser with this model. */
export function createNameRecognizer({ words, sequence }: RecognizerModel): RecognizeNames {
  const findWord = createFindWord(words);
  const labelTokens = createLabeller(sequence);
  return (text, sentences) => {
    const tokens = tokensOf(text, sentences);
    return namesOf(tokens, labelTokens(featuresOf(factsOf(tokens, findWord))));
  };
}

/** The names that the labels mark; a label that continues nothing marks none. */
export function namesOf(tokens: readonly Token[], labels: readonly number[]): RecognizedName[] {
  return tokens.flatMap((token, at) => {
    const kind = kindBegunBy(labels[at] ?? 0);
    if (kind === undefined) return [];
    const further = labelOf(kind, false);
    let last = at;
    while (labels[last + 1] === further) last += 1;
    return [{ start: token.start, end: tokens[last]?.end ?? token.end, kind }];
  });
}
