// Judges a way of fitting on texts that it did not see: five parts with the same mix of labels, each judged by a fit to the other four.

import { type ClassFigures, classFigures } from '../../bench/eval/class-figures.ts';
import { auxiliaryShares } from '../../services/agents/core/category/category-model.ts';
import { gramsOf } from '../../services/agents/core/category/grams.ts';
import {
  inputsOf,
  type LinearScorer,
  placeOfMax,
  scoresOf,
  sharesOf,
} from '../../services/agents/core/category/linear-scorer.ts';
import { type FitOptions, fitScorer, type LabelledText } from './fit-model.ts';

/** What the parts came to together. */
export interface CrossValidation extends ClassFigures {
  /** With it the shares of labels agree best with how often they are right. */
  readonly temperature: number;
  /** Mean confidence at that temperature, to be held against the accuracy. */
  readonly confidence: number;
}

interface Judged {
  readonly label: string;
  readonly labels: readonly string[];
  readonly scores: readonly number[];
}

const parts = 5;
const temperatures = Array.from({ length: 25 }, (_, at) => 0.3 * 1.08 ** at);

/** Judges every text once. Texts that are equal but for case and signs are in the same part. The seed decides the parts. */
export function crossValidate(
  texts: readonly LabelledText[],
  auxiliaries: readonly LinearScorer[],
  { seed = 1, options }: { readonly seed?: number; readonly options?: FitOptions } = {},
): CrossValidation {
  const partOf = partsOf(texts, seed);
  const judged = Array.from({ length: parts }, (_, part) => part).flatMap((part) => {
    const seen = texts.filter((_, at) => partOf[at] !== part);
    const scorer = fitScorer(seen, auxiliaries, options);
    return texts
      .filter((_, at) => partOf[at] === part)
      .map(({ text, label }) => ({
        label,
        labels: scorer.labels,
        scores: scoresWith(text, scorer, auxiliaries),
      }));
  });
  const temperature = best(temperatures, (each) => -surprise(judged, each));
  const confidences = judged.map(({ scores }) => Math.max(...sharesOf(scores, temperature)));
  return {
    ...classFigures(
      judged.map((each) => ({ gold: each.label, answer: each.labels[placeOfMax(each.scores)] ?? '' })),
    ),
    temperature: Math.round(temperature * 1000) / 1000,
    confidence: confidences.reduce((sum, each) => sum + each, 0) / confidences.length,
  };
}

function scoresWith(text: string, scorer: LinearScorer, auxiliaries: readonly LinearScorer[]): number[] {
  const grams = gramsOf(text);
  return scoresOf(scorer, inputsOf(grams, scorer.table, auxiliaryShares(grams, auxiliaries)));
}

/** The mean logarithmic loss. */
function surprise(judged: readonly Judged[], temperature: number): number {
  const losses = judged.map(({ label, labels, scores }) => {
    const share = sharesOf(scores, temperature)[labels.indexOf(label)] ?? 0;
    return -Math.log(Math.max(share, 1e-9));
  });
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

function best(values: readonly number[], worth: (value: number) => number): number {
  const worths = values.map(worth);
  return values[placeOfMax(worths)] ?? 1;
}

/** The part of each text: within each label, groups of equal texts in an order drawn by the seed, dealt out in turn. */
function partsOf(texts: readonly LabelledText[], seed: number): number[] {
  const groups = Map.groupBy(texts.keys(), (at) =>
    (texts[at]?.text ?? '').toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' '),
  );
  const byLabel = Map.groupBy(groups.values(), ([at = 0]) => texts[at]?.label ?? '');
  const partOf: number[] = [];
  const draw = drawFrom(seed);
  for (const label of [...byLabel.keys()].sort()) {
    const drawn = (byLabel.get(label) ?? []).map((group) => ({ group, key: draw() }));
    for (const [turn, { group }] of drawn.sort((a, b) => a.key - b.key).entries()) {
      for (const at of group) partOf[at] = turn % parts;
    }
  }
  return partOf;
}

/** Numbers 0..1 by the generator mulberry32, so that a seed gives the same parts everywhere. */
function drawFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
