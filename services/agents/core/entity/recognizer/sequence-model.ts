// A linear-chain conditional random field: each token's features speak for and against each label, and each label for and against
// the one that follows. This file finds the best labels; how the weights come about is the trainer's business.

import { createRowOf } from '../../text/hash-rows.ts';
import type { Features } from './features.ts';
import { labelCount, mayFollow, outside } from './name-labels.ts';

/** The weights as they are stored. */
export interface SequenceWeights {
  /** Hashes of the features, ascending. */
  readonly hashes: Uint32Array;
  /** For each feature `labelCount` weights, in units of `unit`. */
  readonly weights: Int8Array;
  readonly unit: number;
  /** For each label `labelCount` weights of the labels behind it; one more row for the first token. */
  readonly transitions: readonly number[];
}

/** From the features of each token to its label. */
export type LabelTokens = (tokens: readonly Features[]) => number[];

/** Transitions with every pair that may not stand together at minus infinity. */
export type Transitions = Float64Array;

/** A labeller with these weights. The labels of a text never continue a name that has not begun. */
export function createLabeller(model: SequenceWeights): LabelTokens {
  const rowOf = createRowOf(model.hashes);
  const transitions = allowedTransitions(model.transitions);
  const scoresOf = (features: Features): Float64Array => {
    const scores = new Float64Array(labelCount);
    for (const hash of features) {
      const row = rowOf(hash);
      if (row >= 0) addWeights(scores, model, row * labelCount);
    }
    return scores;
  };
  return (tokens) => bestLabels(tokens.map(scoresOf), transitions);
}

/** The transitions without those that `mayFollow` forbids; the last row is that of the first token. */
export function allowedTransitions(transitions: readonly number[]): Transitions {
  return Float64Array.from(transitions, (weight, at) => {
    const row = Math.floor(at / labelCount);
    const before = row === labelCount ? outside : row;
    return mayFollow(before, at % labelCount) ? weight : -Infinity;
  });
}

function addWeights(scores: Float64Array, { weights, unit }: SequenceWeights, from: number): void {
  for (let label = 0; label < labelCount; label += 1) {
    scores[label] = (scores[label] ?? 0) + (weights[from + label] ?? 0) * unit;
  }
}

/** The Viterbi path: of all allowed sequences of labels the one with the highest sum of scores and transitions. */
export function bestLabels(scores: readonly Float64Array[], transitions: Transitions): number[] {
  const cameFrom: Uint8Array[] = [];
  let sums = transitions.subarray(labelCount * labelCount);
  for (const [at, own] of scores.entries()) {
    const from = new Uint8Array(labelCount);
    sums = at === 0 ? sums.slice() : nextSums(sums, transitions, from);
    for (let label = 0; label < labelCount; label += 1) sums[label] = (sums[label] ?? 0) + (own[label] ?? 0);
    cameFrom.push(from);
  }
  let label = sums.indexOf(Math.max(...sums));
  const labels: number[] = [];
  for (const from of cameFrom.reverse()) {
    labels.push(label);
    label = from[label] ?? outside;
  }
  return labels.reverse();
}

/** For each label the sum of the best way to it; where that way comes from is written into `from`. */
function nextSums(sums: Float64Array, transitions: Transitions, from: Uint8Array): Float64Array {
  const next = new Float64Array(labelCount).fill(-Infinity);
  for (let before = 0; before < labelCount; before += 1) {
    for (let label = 0; label < labelCount; label += 1) {
      const sum = (sums[before] ?? 0) + (transitions[before * labelCount + label] ?? 0);
      if (sum <= (next[label] ?? 0)) continue;
      next[label] = sum;
      from[label] = before;
    }
  }
  return next;
}
