// Trains the weights of the recogniser's conditional random field: stochastic gradients of the likelihood with steps of AdaGrad's
// length, and dropout, which keeps few rows from being learned by heart. The same rows and options always give the same weights.
import type { Features } from '../../services/agents/core/entity/recognizer/features.ts';
import { labelCount, outside } from '../../services/agents/core/entity/recognizer/name-labels.ts';
import type { SequenceWeights } from '../../services/agents/core/entity/recognizer/sequence-model.ts';
import { createChance } from './chance.ts';
import { gradientOf } from './crf-gradient.ts';

/** A text with the labels that it is to get. The first feature of each token is the one that every token has. */
export interface LabelledText {
  readonly features: readonly Features[];
  readonly labels: readonly number[];
}

/** How to train. */
export interface TrainingOptions {
  /** How often each text is seen. */
  readonly rounds: number;
  readonly rate: number;
  /** Pull of each weight towards 0. */
  readonly decay: number;
  /** Share of the features that a text loses each time it is seen. */
  readonly dropout: number;
  /** How many tokens must have a feature for it to count. */
  readonly leastCount: number;
  /** Taken from the label "outside" at last: more finds more names, and more wrong ones. */
  readonly eagerness: number;
}

interface Weights {
  readonly values: Float64Array;
  readonly squares: Float64Array;
}

interface Text {
  readonly rows: readonly (readonly number[])[];
  readonly labels: readonly number[];
}

const firstSquare = 0.01;
/** A flatter slope teaches nothing. */
const slopeMin = 1e-4;
/** A weight below this many units is nothing. */
const weightMin = 2;

/** The weights that fit the texts, rounded to 8 bits; features without telling weights are left out. */
export function trainWeights(texts: readonly LabelledText[], options: TrainingOptions): SequenceWeights {
  const hashes = hashesOf(texts, options.leastCount);
  const rowOf = new Map(Array.from(hashes, (hash, row) => [hash, row]));
  const rows = texts.map(({ features, labels }) => ({
    rows: features.map((token) => token.flatMap((hash) => rowOf.get(hash) ?? [])),
    labels,
  }));
  const weights = createWeights(hashes.length * labelCount);
  const transitions = createWeights((labelCount + 1) * labelCount);
  const sum = new Float64Array(weights.values.length);
  const transitionSum = new Float64Array(transitions.values.length);
  const chance = createChance(1);
  const averaged = Math.ceil(options.rounds / 2);
  for (let round = 0; round < options.rounds; round += 1) {
    for (const text of chance.shuffled(rows))
      learn(thinned(text, options.dropout, chance), { weights, transitions }, options);
    if (round < options.rounds - averaged) continue;
    for (const [at, value] of weights.values.entries()) sum[at] = (sum[at] ?? 0) + value / averaged;
    for (const [at, value] of transitions.values.entries()) {
      transitionSum[at] = (transitionSum[at] ?? 0) + value / averaged;
    }
  }
  const always = rowOf.get(texts[0]?.features[0]?.[0] ?? -1) ?? 0;
  sum[always * labelCount + outside] = (sum[always * labelCount + outside] ?? 0) - options.eagerness;
  return rounded(hashes, sum, transitionSum);
}

function createWeights(length: number): Weights {
  return { values: new Float64Array(length), squares: new Float64Array(length).fill(firstSquare) };
}

/** The hashes of all features that enough tokens have, ascending. */
function hashesOf(texts: readonly LabelledText[], leastCount: number): Uint32Array {
  const counts = new Map<number, number>();
  for (const hash of texts.flatMap(({ features }) => features.flat())) {
    counts.set(hash, (counts.get(hash) ?? 0) + 1);
  }
  return Uint32Array.from(
    [...counts].filter(([, count]) => count >= leastCount).map(([hash]) => hash),
  ).sort();
}

/** The text without a share of its features; the first of each token stays. */
function thinned({ rows, labels }: Text, dropout: number, { next }: { next(): number }): Text {
  return { rows: rows.map((token) => token.filter((_, at) => at === 0 || next() >= dropout)), labels };
}

/** One step for one text. What was dropped is made up for by the weight of what stayed. */
function learn(
  { rows, labels }: Text,
  { weights, transitions }: { readonly weights: Weights; readonly transitions: Weights },
  { rate, decay, dropout }: TrainingOptions,
): void {
  if (rows.length === 0) return;
  const kept = 1 / (1 - dropout);
  const gradient = gradientOf({ rows, labels, kept }, weights.values, transitions.values);
  const step = ({ values, squares }: Weights, at: number, slope: number): void => {
    const whole = slope + decay * (values[at] ?? 0);
    const square = (squares[at] ?? 0) + whole * whole;
    squares[at] = square;
    values[at] = (values[at] ?? 0) - (rate * whole) / Math.sqrt(square);
  };
  for (const [at, token] of rows.entries()) {
    for (const [nth, row] of token.entries()) {
      for (let label = 0; label < labelCount; label += 1) {
        const slope = gradient.labels[at * labelCount + label] ?? 0;
        if (Math.abs(slope) > slopeMin)
          step(weights, row * labelCount + label, slope * (nth === 0 ? 1 : kept));
      }
    }
  }
  for (const [at, slope] of gradient.transitions.entries()) if (slope !== 0) step(transitions, at, slope);
}

function rounded(hashes: Uint32Array, values: Float64Array, transitions: Float64Array): SequenceWeights {
  const unit = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9) / 127;
  const bytes = Int8Array.from(values, (value) => Math.round(value / unit));
  const rowAt = (row: number): Int8Array => bytes.subarray(row * labelCount, (row + 1) * labelCount);
  const telling = [...hashes.keys()].filter((row) =>
    rowAt(row).some((weight) => Math.abs(weight) >= weightMin),
  );
  return {
    hashes: Uint32Array.from(telling, (row) => hashes[row] ?? 0),
    weights: Int8Array.from(telling.flatMap((row) => [...rowAt(row)])),
    unit: Number(unit.toPrecision(6)),
    transitions: Array.from(transitions, (value) => Number(value.toFixed(4))),
  };
}
