// Trains multinomial logistic regression with a quadratic penalty. Rare labels count as much as frequent ones, since it is their F1 that
// is averaged. A scale for each weight says how far it may move at the same penalty: with the log-count ratios of naive Bayes as scales
// (Wang and Manning, ACL 2012) grams that tell labels apart move first.

import type { SparseVector } from '../../services/agents/core/category/term-table.ts';
import { minimise } from './minimise.ts';

/** Labelled vectors. */
export interface Examples {
  readonly vectors: readonly SparseVector[];
  /** Place of each one's label. */
  readonly answers: readonly number[];
  readonly labelCount: number;
  /** Rows that vectors may have. */
  readonly rowCount: number;
  /** How many of the first examples tell how frequent labels are; absent for all. */
  readonly countedFirst?: number;
}

/** How a scorer is trained. */
export interface LogisticOptions {
  /** What an error costs against the penalty of weights. */
  readonly cost: number;
  readonly stepsMax: number;
  /** Whether naive Bayes scales the weights. */
  readonly bayes: boolean;
  /** 0: examples count alike; 1: labels count alike. */
  readonly balance: number;
}

/** Weights as `row * labelCount + label`, and a bias for each label. */
export interface TrainedWeights {
  readonly weights: Float64Array;
  readonly biases: Float64Array;
}

/** Trains on the examples; the same examples give the same weights. */
export function trainLogistic(examples: Examples, options: LogisticOptions): TrainedWeights {
  const { labelCount, rowCount } = examples;
  const scales = options.bayes ? bayesScales(examples) : new Float64Array(rowCount * labelCount).fill(1);
  const scaled = rowCount * labelCount;
  const objective = objectiveOf(examples, scales, options);
  const found = minimise(objective, scaled + labelCount, options.stepsMax);
  return {
    weights: scales.map((scale, at) => scale * (found[at] ?? 0)),
    biases: found.slice(scaled),
  };
}

function objectiveOf(examples: Examples, scales: Float64Array, { cost, balance }: LogisticOptions) {
  const { vectors, answers, labelCount } = examples;
  const scaled = scales.length;
  const costs = labelWeights(examples, balance).map((weight) => weight * cost);
  const scores = new Float64Array(labelCount);
  return (at: Float64Array, gradient: Float64Array): number => {
    gradient.fill(0);
    let loss = 0;
    for (const [place, vector] of vectors.entries()) {
      const answer = answers[place] ?? 0;
      scores.set(at.subarray(scaled));
      addScores(scores, vector, { at, scales });
      loss += errorInto(scores, answer, costs[answer] ?? 0);
      addGradient(gradient, vector, { scores, scales });
    }
    for (let index = 0; index < scaled; index += 1) {
      const weight = at[index] ?? 0;
      loss += 0.5 * weight * weight;
      gradient[index] = (gradient[index] ?? 0) + weight;
    }
    return loss;
  };
}

interface Weighed {
  readonly at: Float64Array;
  readonly scales: Float64Array;
}

function addScores(scores: Float64Array, { rows, values }: SparseVector, { at, scales }: Weighed): void {
  const count = scores.length;
  for (let place = 0; place < rows.length; place += 1) {
    const first = (rows[place] ?? 0) * count;
    const value = values[place] ?? 0;
    for (let label = 0; label < count; label += 1) {
      scores[label] = (scores[label] ?? 0) + value * (scales[first + label] ?? 0) * (at[first + label] ?? 0);
    }
  }
}

/** Turns scores into how the loss changes with each of them, and answers the loss. */
function errorInto(scores: Float64Array, answer: number, cost: number): number {
  const top = scores.reduce((max, score) => Math.max(max, score), Number.NEGATIVE_INFINITY);
  const right = scores[answer] ?? 0;
  let sum = 0;
  for (const score of scores) sum += Math.exp(score - top);
  for (let label = 0; label < scores.length; label += 1) {
    const share = Math.exp((scores[label] ?? 0) - top) / sum;
    scores[label] = cost * (share - (label === answer ? 1 : 0));
  }
  return cost * (top + Math.log(sum) - right);
}

interface Pull {
  /** The pull of one example on the score of each label. */
  readonly scores: Float64Array;
  readonly scales: Float64Array;
}

function addGradient(gradient: Float64Array, { rows, values }: SparseVector, { scores, scales }: Pull): void {
  const count = scores.length;
  const scaled = scales.length;
  for (let label = 0; label < count; label += 1) {
    gradient[scaled + label] = (gradient[scaled + label] ?? 0) + (scores[label] ?? 0);
  }
  for (let place = 0; place < rows.length; place += 1) {
    const first = (rows[place] ?? 0) * count;
    const value = values[place] ?? 0;
    for (let label = 0; label < count; label += 1) {
      const index = first + label;
      gradient[index] = (gradient[index] ?? 0) + value * (scales[index] ?? 0) * (scores[label] ?? 0);
    }
  }
}

/** How much an example of each label counts, so that the examples together count as many as they are. */
function labelWeights({ answers, labelCount, countedFirst }: Examples, balance: number): number[] {
  const counted = answers.slice(0, countedFirst);
  const counts = countsOf(counted, labelCount);
  return counts.map((count) => (count === 0 ? 0 : (counted.length / labelCount / count) ** balance));
}

function countsOf(answers: readonly number[], labelCount: number): number[] {
  const counts = Array.from({ length: labelCount }, () => 0);
  for (const answer of answers) counts[answer] = (counts[answer] ?? 0) + 1;
  return counts;
}

/**
 * For each weight: the logarithm of how much more frequent its row is in texts of its label than in others. A row that every text has
 * says nothing by being there; its weights move freely.
 */
function bayesScales({ vectors, answers, labelCount, rowCount }: Examples): Float64Array {
  const inLabel = new Float64Array(rowCount * labelCount);
  const inAll = new Float64Array(rowCount);
  for (const [place, { rows }] of vectors.entries()) {
    for (const row of rows) {
      const index = row * labelCount + (answers[place] ?? 0);
      inLabel[index] = (inLabel[index] ?? 0) + 1;
      inAll[row] = (inAll[row] ?? 0) + 1;
    }
  }
  const counts = countsOf(answers, labelCount);
  return inLabel.map((count, index) => {
    const all = inAll[Math.floor(index / labelCount)] ?? 0;
    if (all === vectors.length) return 1;
    const own = counts[index % labelCount] ?? 0;
    const others = all - count;
    return Math.log((count + 0.5) / (own + 1) / ((others + 0.5) / (answers.length - own + 1)));
  });
}
