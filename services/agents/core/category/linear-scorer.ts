// A score for each label as a weighted sum over a text's grams. The weights are bytes with one step size per label.

import type { Gram } from './grams.ts';
import { type SparseVector, type TermTable, vectorOf } from './term-table.ts';

/** Weights of grams for some labels. */
export interface LinearScorer {
  readonly table: TermTable;
  readonly labels: readonly string[];
  /** `weights[row * labels.length + label]`, in steps of the label; after the table's rows come those of further inputs. */
  readonly weights: Int8Array;
  /** For each label: what one step is worth. */
  readonly steps: readonly number[];
  /** For each label: its score of an empty text. */
  readonly biases: readonly number[];
}

/** What a text is to a scorer: its known grams, then the further inputs. */
export function inputsOf(
  grams: readonly Gram[],
  table: TermTable,
  further: readonly number[] = [],
): SparseVector {
  const { rows, values } = vectorOf(grams, table);
  const first = table.hashes.length;
  return { rows: [...rows, ...further.map((_, at) => first + at)], values: [...values, ...further] };
}

/** The score of each label. */
export function scoresOf({ labels, weights, steps, biases }: LinearScorer, inputs: SparseVector): number[] {
  const sums = labels.map(() => 0);
  for (const [at, row] of inputs.rows.entries()) {
    const value = inputs.values[at] ?? 0;
    for (let label = 0; label < sums.length; label += 1) {
      sums[label] = (sums[label] ?? 0) + value * (weights[row * sums.length + label] ?? 0);
    }
  }
  return sums.map((sum, label) => sum * (steps[label] ?? 0) + (biases[label] ?? 0));
}

/** Scores as shares of 1; a lower temperature sharpens them. */
export function sharesOf(scores: readonly number[], temperature = 1): number[] {
  const top = Math.max(...scores);
  const powers = scores.map((score) => Math.exp((score - top) / temperature));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** The place of the highest value; of equals the first. */
export function placeOfMax(values: readonly number[]): number {
  return values.reduce((best, value, at) => (value > (values[best] ?? value) ? at : best), 0);
}
