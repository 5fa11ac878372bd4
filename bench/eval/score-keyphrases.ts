// Scores the entity agent's key phrases against phrases marked for this project.

import { findKeyPhrases } from '../../services/agents/core/entity/key-phrases.ts';
import { findEntityMentions } from '../../services/agents/core/entity/named-entities.ts';
import type { RecognizeNames } from '../../services/agents/core/entity/recognizer/name-recognizer.ts';
import { tagText } from '../../services/agents/core/entity/tagger.ts';
import { loadNameRecognizer } from '../../services/agents/store/entity-model.ts';
import type { Metric, Row } from './scorer.ts';

interface Place {
  readonly start: number;
  readonly end: number;
}

interface ReadRow {
  readonly text: string;
  readonly marked: readonly Place[];
  readonly found: readonly Place[];
}

/** Of the words that two phrases have together, the share that both have, from which they count as the same. */
const sameMin = 0.5;

/**
 * precision, recall and f1: a found and a marked phrase are the same when at least half of the words that they have together are in both, at
 * the same places. f1_exact asks for the same ends. astray is the share of found phrases that touch no marked one.
 */
export async function scoreKeyphrases(rows: readonly Row[]): Promise<readonly Metric[]> {
  const recognizeNames = loadNameRecognizer();
  const read = rows.map((row, at) => readRow(row, at, recognizeNames));
  const n = read.reduce((sum, { marked }) => sum + marked.length, 0);
  const near = figures(read, ({ text }, a, b) => overlapOf(text, a, b) >= sameMin);
  const exact = figures(read, (_, a, b) => a.start === b.start && a.end === b.end);
  const touching = figures(read, (_, a, b) => a.start < b.end && b.start < a.end);
  return [
    { metric: 'f1', value: near.f1, n },
    { metric: 'precision', value: near.precision, n },
    { metric: 'recall', value: near.recall, n },
    { metric: 'f1_exact', value: exact.f1, n },
    { metric: 'astray', value: 1 - touching.precision, n },
  ];
}

function figures(rows: readonly ReadRow[], same: (row: ReadRow, a: Place, b: Place) => boolean) {
  const count = (of: (row: ReadRow) => readonly Place[]): number =>
    rows.reduce((sum, row) => sum + of(row).length, 0);
  const right = count((row) => row.found.filter((a) => row.marked.some((b) => same(row, a, b))));
  const met = count((row) => row.marked.filter((b) => row.found.some((a) => same(row, a, b))));
  const precision =
    right /
    Math.max(
      1,
      count(({ found }) => found),
    );
  const recall =
    met /
    Math.max(
      1,
      count(({ marked }) => marked),
    );
  return { precision, recall, f1: (2 * precision * recall) / Math.max(1e-9, precision + recall) };
}

/** Words in both over words in either. */
function overlapOf(text: string, a: Place, b: Place): number {
  const both = wordsIn(text, { start: Math.max(a.start, b.start), end: Math.min(a.end, b.end) });
  return both / (wordsIn(text, a) + wordsIn(text, b) - both);
}

function wordsIn(text: string, { start, end }: Place): number {
  return text.slice(start, Math.max(start, end)).match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
}

function readRow(row: Row, at: number, recognizeNames: RecognizeNames): ReadRow {
  const { id = `row ${at + 1}`, text, phrases } = row;
  if (typeof text !== 'string') throw new Error(`${id}: text is not a string`);
  if (!Array.isArray(phrases) || !phrases.every(isPlace)) {
    throw new Error(`${id}: phrases is not a list of {start, end}`);
  }
  const sentences = tagText(text);
  const names = findEntityMentions({ text, sentences, places: [], recognizeNames });
  return { text, marked: phrases, found: findKeyPhrases({ text, sentences, names }) };
}

function isPlace(value: unknown): value is Place {
  if (typeof value !== 'object' || value === null) return false;
  const { start, end } = value as Partial<Record<keyof Place, unknown>>;
  return Number.isInteger(start) && Number.isInteger(end);
}
