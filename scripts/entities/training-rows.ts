// Texts with marked names, as the recogniser's trainer takes them.
import { readFileSync } from 'node:fs';
import { featuresOf } from '../../services/agents/core/entity/recognizer/features.ts';
import {
  labelOf,
  type NameKind,
  nameKinds,
  outside,
} from '../../services/agents/core/entity/recognizer/name-labels.ts';
import { factsOf } from '../../services/agents/core/entity/recognizer/token-facts.ts';
import { type Token, tokensOf } from '../../services/agents/core/entity/recognizer/tokens.ts';
import type { FindWord } from '../../services/agents/core/entity/recognizer/word-list.ts';
import { tagText } from '../../services/agents/core/entity/tagger.ts';
import type { LabelledText } from './crf-trainer.ts';

/** A row of a labelled set. */
export interface MarkedText {
  readonly id: string;
  readonly text: string;
  readonly entities: readonly { readonly start: number; readonly end: number; readonly type: NameKind }[];
}

/** The rows of JSON Lines files; a kind of name that is not known throws an error. */
export function readMarkedTexts(paths: readonly string[]): MarkedText[] {
  const lines = paths.flatMap((path) => readFileSync(path, 'utf8').split('\n'));
  const rows: MarkedText[] = lines.filter((line) => line.trim() !== '').map((line) => JSON.parse(line));
  for (const { id, entities } of rows) {
    for (const { type } of entities) {
      if (!nameKinds.includes(type)) throw new Error(`${id}: ${type} is no kind of name`);
    }
  }
  return rows;
}

/** The text with features and labels. A name whose ends are no ends of tokens is marked as far as whole tokens go. */
export function labelledText({ text, entities }: MarkedText, findWord: FindWord): LabelledText {
  const tokens = tokensOf(text, tagText(text));
  const labels = tokens.map(() => outside);
  for (const entity of entities) {
    const inside = [...tokens.keys()].filter((at) => isInside(tokens[at], entity));
    for (const [nth, at] of inside.entries()) labels[at] = labelOf(entity.type, nth === 0);
  }
  return { features: featuresOf(factsOf(tokens, findWord)), labels };
}

function isInside(
  token: Token | undefined,
  { start, end }: { readonly start: number; readonly end: number },
): boolean {
  return token !== undefined && token.start >= start && token.end <= end;
}
