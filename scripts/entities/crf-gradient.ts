// The slope of a labelled text's unlikelihood under a linear-chain conditional random field, by the forward-backward algorithm.
import { labelCount } from '../../services/agents/core/entity/recognizer/name-labels.ts';

/** A text as the trainer holds it. */
export interface WeighedText {
  /** For each token the rows of its features. */
  readonly rows: readonly (readonly number[])[];
  readonly labels: readonly number[];
  /** What each feature but the first counts. */
  readonly kept: number;
}

/** How the unlikelihood changes with each score. */
export interface Gradient {
  /** For each token `labelCount` slopes. */
  readonly labels: Float64Array;
  /** Laid out as the transitions. */
  readonly transitions: Float64Array;
}

const first = labelCount * labelCount;

/** The gradient of the negative log-likelihood of the text's labels. The text has at least one token. */
export function gradientOf(text: WeighedText, weights: Float64Array, transitions: Float64Array): Gradient {
  const scores = scoresOf(text, weights);
  const forward = forwardOf(scores, transitions);
  const backward = backwardOf(scores, transitions);
  const count = text.rows.length;
  const total = logSum(forward.subarray((count - 1) * labelCount));
  const labels = forward.map((value, at) => Math.exp(value + (backward[at] ?? 0) - total));
  const slopes = new Float64Array(transitions.length);
  for (let at = 1; at < count; at += 1)
    addPairs(slopes, { at, scores, forward, backward, total }, transitions);
  for (const [at, label] of text.labels.entries()) {
    add(labels, at * labelCount + label, -1);
    if (at > 0) add(slopes, (text.labels[at - 1] ?? 0) * labelCount + label, -1);
  }
  for (let label = 0; label < labelCount; label += 1) slopes[first + label] = labels[label] ?? 0;
  return { labels, transitions: slopes };
}

interface Lattice {
  readonly at: number;
  readonly scores: Float64Array;
  readonly forward: Float64Array;
  readonly backward: Float64Array;
  readonly total: number;
}

/** Adds how likely each pair of labels is at this token and the one before. */
function addPairs(slopes: Float64Array, lattice: Lattice, transitions: Float64Array): void {
  const { at, scores, forward, backward, total } = lattice;
  for (let from = 0; from < labelCount; from += 1) {
    const before = (forward[(at - 1) * labelCount + from] ?? 0) - total;
    for (let label = 0; label < labelCount; label += 1) {
      const own = (scores[at * labelCount + label] ?? 0) + (backward[at * labelCount + label] ?? 0);
      add(
        slopes,
        from * labelCount + label,
        Math.exp(before + (transitions[from * labelCount + label] ?? 0) + own),
      );
    }
  }
}

function scoresOf({ rows, kept }: WeighedText, weights: Float64Array): Float64Array {
  const scores = new Float64Array(rows.length * labelCount);
  for (const [at, token] of rows.entries()) {
    for (const [nth, row] of token.entries()) {
      for (let label = 0; label < labelCount; label += 1) {
        add(
          scores,
          at * labelCount + label,
          (weights[row * labelCount + label] ?? 0) * (nth === 0 ? 1 : kept),
        );
      }
    }
  }
  return scores;
}

/** For each token and label the log-sum of all ways that lead to it, itself included. */
function forwardOf(scores: Float64Array, transitions: Float64Array): Float64Array {
  const forward = new Float64Array(scores.length);
  const ways = new Float64Array(labelCount);
  for (let at = 0; at < scores.length; at += labelCount) {
    for (let label = 0; label < labelCount; label += 1) {
      for (let from = 0; from < labelCount; from += 1) {
        ways[from] = (forward[at - labelCount + from] ?? 0) + (transitions[from * labelCount + label] ?? 0);
      }
      const before = at === 0 ? (transitions[first + label] ?? 0) : logSum(ways);
      forward[at + label] = before + (scores[at + label] ?? 0);
    }
  }
  return forward;
}

/** For each token and label the log-sum of all ways that lead on from it, itself left out. */
function backwardOf(scores: Float64Array, transitions: Float64Array): Float64Array {
  const backward = new Float64Array(scores.length);
  const ways = new Float64Array(labelCount);
  for (let at = scores.length - 2 * labelCount; at >= 0; at -= labelCount) {
    for (let label = 0; label < labelCount; label += 1) {
      for (let to = 0; to < labelCount; to += 1) {
        const behind = at + labelCount + to;
        ways[to] =
          (transitions[label * labelCount + to] ?? 0) + (scores[behind] ?? 0) + (backward[behind] ?? 0);
      }
      backward[at + label] = logSum(ways);
    }
  }
  return backward;
}

function logSum(values: Float64Array): number {
  let most = -Infinity;
  for (let at = 0; at < values.length; at += 1) most = Math.max(most, values[at] ?? 0);
  let sum = 0;
  for (let at = 0; at < values.length; at += 1) sum += Math.exp((values[at] ?? 0) - most);
  return most + Math.log(sum);
}

function add(target: Float64Array, at: number, value: number): void {
  target[at] = (target[at] ?? 0) + value;
}
