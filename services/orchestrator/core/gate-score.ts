// Precision and recall of the answers of one side, by field and altogether, and where they differ from what was expected.
import type { JsonValue } from '../../../foundation/json/json.ts';
import type { GateRow, ShadowAnswer } from './gate.ts';
import { countValue, type ValueCounts } from './gate-values.ts';

/** Counts with what follows from them. */
export interface Score extends ValueCounts {
  /** correct / answered; null when nothing was answered. */
  readonly precision: number | null;
  /** correct / expected; null when nothing was expected. */
  readonly recall: number | null;
}

/** One expected value that was not answered as it should be. */
export interface Difference {
  /** From 0. */
  readonly row: number;
  readonly path: string;
  readonly expected: JsonValue;
  /** Null for no answer. */
  readonly got: JsonValue;
}

/** How a side did. */
export interface SideScore {
  /** By path, in the order in which rows name them. */
  readonly fields: ReadonlyMap<string, Score>;
  readonly overall: Score;
  /** By row, then path. */
  readonly differences: readonly Difference[];
}

const nothing: ValueCounts = { expected: 0, answered: 0, correct: 0 };

/** The score of a side; `answers` by row. A run that failed has answered nothing, and has not shown that it says nothing where it should not. */
export function scoreSide(
  rows: readonly GateRow[],
  answers: ReadonlyMap<number, ShadowAnswer>,
  distanceKm: number,
): SideScore {
  const fields = new Map<string, ValueCounts>();
  const differences: Difference[] = [];
  for (const [row, { expected }] of rows.entries()) {
    const answer = answers.get(row);
    for (const [path, wanted] of Object.entries(expected)) {
      const got = answer?.values[path];
      const isUnshown = wanted === null && !answer?.succeeded;
      const counts = isUnshown ? { ...nothing, answered: 1 } : countValue(wanted, got, distanceKm);
      fields.set(path, sum(fields.get(path) ?? nothing, counts));
      if (isWrong(counts)) differences.push({ row, path, expected: wanted, got: got ?? null });
    }
  }
  const overall = [...fields.values()].reduce(sum, nothing);
  return {
    fields: new Map([...fields].map(([path, counts]) => [path, scored(counts)])),
    overall: scored(overall),
    differences,
  };
}

function isWrong({ expected, answered, correct }: ValueCounts): boolean {
  return correct < expected || correct < answered;
}

function sum(one: ValueCounts, other: ValueCounts): ValueCounts {
  return {
    expected: one.expected + other.expected,
    answered: one.answered + other.answered,
    correct: one.correct + other.correct,
  };
}

function scored(counts: ValueCounts): Score {
  const { expected, answered, correct } = counts;
  return {
    ...counts,
    precision: answered === 0 ? null : correct / answered,
    recall: expected === 0 ? null : correct / expected,
  };
}
