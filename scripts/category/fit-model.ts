// Fits the scorer of a category model to labelled texts: chooses the grams that occur often enough, trains two regressions of different
// bias and keeps their mean, which is again one table of weights, in bytes.

import { auxiliaryShares } from '../../services/agents/core/category/category-model.ts';
import { type Gram, gramKinds, gramsOf } from '../../services/agents/core/category/grams.ts';
import type { LinearScorer } from '../../services/agents/core/category/linear-scorer.ts';
import { inputsOf } from '../../services/agents/core/category/linear-scorer.ts';
import { createTermTable, type TermTable } from '../../services/agents/core/category/term-table.ts';
import { type LogisticOptions, type TrainedWeights, trainLogistic } from './logistic.ts';

/** A text with the label that somebody chose for it. */
export interface LabelledText {
  readonly text: string;
  readonly label: string;
}

/** A regression and its part of the mean. */
export interface Member extends LogisticOptions {
  readonly part: number;
}

/** What of a fit may be chosen. */
export interface FitOptions {
  /** For each kind of gram: in how many texts one must occur to be counted. */
  readonly documentsMin: readonly number[];
  readonly members: readonly Member[];
}

/** The choices that did best in cross-validation over the three cities' sets together. */
export const usualFit: FitOptions = {
  documentsMin: [2, 4, 2],
  members: [
    { cost: 1, stepsMax: 40, bayes: false, balance: 1, part: 1 },
    { cost: 0.2, stepsMax: 30, bayes: true, balance: 1, part: 1 },
  ],
};

/** Fits a scorer; the auxiliaries' shares are inputs beside the grams. The same texts give the same scorer. */
export function fitScorer(
  texts: readonly LabelledText[],
  auxiliaries: readonly LinearScorer[],
  options: FitOptions = usualFit,
): LinearScorer {
  const read = texts.map(({ text, label }) => {
    const grams = gramsOf(text);
    return { grams, label, further: auxiliaryShares(grams, auxiliaries) };
  });
  return fitLinear(read, options);
}

/** A text as a fit sees it. */
export interface ReadText {
  readonly grams: readonly Gram[];
  readonly label: string;
  /** Inputs beside the grams, as many for each text. */
  readonly further: readonly number[];
}

/** Fits a scorer to texts that are read already. */
export function fitLinear(texts: readonly ReadText[], options: FitOptions): LinearScorer {
  const labels = [...new Set(texts.map(({ label }) => label))].sort();
  const table = tableOf(
    texts.map(({ grams }) => grams),
    options.documentsMin,
  );
  const examples = {
    vectors: texts.map(({ grams, further }) => inputsOf(grams, table, further)),
    answers: texts.map(({ label }) => labels.indexOf(label)),
    labelCount: labels.length,
    rowCount: table.hashes.length + (texts[0]?.further.length ?? 0),
  };
  const members = options.members.map((member) => ({
    part: member.part,
    trained: trainLogistic(examples, member),
  }));
  return { table, labels, ...inBytes(meanOf(members), labels.length) };
}

/** The grams that are frequent enough, by hash. */
function tableOf(texts: readonly (readonly Gram[])[], documentsMin: readonly number[]): TermTable {
  const counts = gramKinds.map(() => new Map<number, number>());
  for (const grams of texts) {
    for (const { kind, hash } of distinct(grams)) {
      const ofKind = counts[kind];
      ofKind?.set(hash, (ofKind.get(hash) ?? 0) + 1);
    }
  }
  const known = counts.flatMap((ofKind, kind) =>
    [...ofKind].filter(([, count]) => count >= (documentsMin[kind] ?? 1)),
  );
  const merged = [...new Map(known)].sort(([a], [b]) => a - b);
  return createTermTable({
    hashes: Uint32Array.from(merged, ([hash]) => hash),
    documents: Uint16Array.from(merged, ([, count]) => count),
    documentCount: texts.length,
  });
}

function distinct(grams: readonly Gram[]): Gram[] {
  return [...new Map(grams.map((gram) => [gram.hash, gram])).values()];
}

function meanOf(
  members: readonly { readonly part: number; readonly trained: TrainedWeights }[],
): TrainedWeights {
  const [first] = members;
  if (!first) throw new RangeError('A scorer needs a regression');
  const total = members.reduce((sum, { part }) => sum + part, 0);
  const mean = (of: keyof TrainedWeights): Float64Array =>
    first.trained[of].map((_, at) =>
      members.reduce((sum, { part, trained }) => sum + (part / total) * (trained[of][at] ?? 0), 0),
    );
  return { weights: mean('weights'), biases: mean('biases') };
}

const byteMax = 127;
const digits = 1e6;

function inBytes({ weights, biases }: TrainedWeights, labelCount: number) {
  const largest = Array.from({ length: labelCount }, () => 1e-9);
  for (const [index, weight] of weights.entries()) {
    const label = index % labelCount;
    largest[label] = Math.max(largest[label] ?? 0, Math.abs(weight));
  }
  const steps = largest.map((each) => Math.ceil((each / byteMax) * digits) / digits);
  return {
    steps,
    biases: Array.from(biases, (bias) => Math.round(bias * digits) / digits),
    weights: Int8Array.from(weights, (weight, index) =>
      Math.round(weight / (steps[index % labelCount] ?? 1)),
    ),
  };
}
