// Sorts a report into the categories of one city by a model trained on that city's reports. A model knows only its own labels: it
// always names one of them, and says with its confidence how much that is worth.

import type { Span } from '../skill.ts';
import { type Gram, gramsOf } from './grams.ts';
import { inputsOf, type LinearScorer, placeOfMax, scoresOf, sharesOf } from './linear-scorer.ts';
import type { SparseVector } from './term-table.ts';

/** Where a model comes from. */
export interface CategoryModelFacts {
  /** Name by which a domain asks for it: lower-case words with hyphens. */
  readonly name: string;
  readonly version: number;
  /** ISO 639-1 code of the language of its texts. */
  readonly language: string;
  /** Who published the training texts, and where. */
  readonly source: string;
  readonly licence: string;
  /** How many texts it was trained on, and the SHA-256 of their file. */
  readonly trainingTexts: number;
  readonly trainingHash: string;
  /** What five-fold cross-validation gave: figures on texts that were not trained on. */
  readonly crossValidation: { readonly macroF1: number; readonly accuracy: number };
}

/** A trained model. */
export interface CategoryModel {
  readonly facts: CategoryModelFacts;
  /** Its inputs beyond the grams are the shares that the auxiliaries give their labels, times `auxiliaryWeight`, in order. */
  readonly main: LinearScorer;
  /** Scorers of other cities' labels, whose opinion helps where the model's own texts are few; often none. */
  readonly auxiliaries: readonly LinearScorer[];
  /** Divides scores so that shares are about as often right as they say. */
  readonly temperature: number;
}

/** What auxiliary shares are multiplied with, so that they count beside grams; a constant of the method, not of a model. */
export const auxiliaryWeight = 1.5;

/** A judgement with the words that it rests on. */
export interface CategoryFinding {
  readonly label: string;
  /** 0..1: about how often such a judgement agrees with what citizens chose. */
  readonly confidence: number;
  /** The words that speak most for the label, in text order, at most five; empty when none does. */
  readonly spans: readonly Span[];
}

const spansMax = 5;

/** The likeliest category. A text without any known word gets the label that the model falls back on, with little confidence. */
export function judgeCategory(text: string, model: CategoryModel): CategoryFinding {
  const { main, temperature } = model;
  const grams = gramsOf(text);
  const inputs = inputsOf(grams, main.table, auxiliaryShares(grams, model.auxiliaries));
  const shares = sharesOf(scoresOf(main, inputs), temperature);
  const label = placeOfMax(shares);
  return {
    label: main.labels[label] ?? '',
    confidence: shares[label] ?? 0,
    spans: reasons(grams, { main, inputs, label }),
  };
}

/** The inputs that a text has beyond its grams. */
export function auxiliaryShares(
  grams: readonly Gram[],
  auxiliaries: readonly LinearScorer[],
): readonly number[] {
  return auxiliaries.flatMap((scorer) =>
    sharesOf(scoresOf(scorer, inputsOf(grams, scorer.table))).map((share) => share * auxiliaryWeight),
  );
}

interface Judged {
  readonly main: LinearScorer;
  readonly inputs: SparseVector;
  /** Place of the label. */
  readonly label: number;
}

/** The places of the single words whose grams weigh most for the label beyond their mean over all labels. */
function reasons(grams: readonly Gram[], { main, inputs, label }: Judged): Span[] {
  const values = new Map(inputs.rows.map((row, at) => [row, inputs.values[at] ?? 0]));
  const weightByStart = new Map<number, { readonly span: Span; weight: number }>();
  for (const { kind, hash, start, end } of grams) {
    const row = main.table.rows.get(hash);
    if (kind !== 0 || row === undefined) continue;
    const weight = (values.get(row) ?? 0) * advantage(main, row, label);
    const known = weightByStart.get(start);
    if (!known) weightByStart.set(start, { span: { start, end }, weight });
    else known.weight += weight;
  }
  return [...weightByStart.values()]
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight || a.span.start - b.span.start)
    .slice(0, spansMax)
    .map(({ span }) => span)
    .sort((a, b) => a.start - b.start);
}

/** How much more a row says for the label than for the average one. */
function advantage({ weights, steps, labels }: LinearScorer, row: number, label: number): number {
  const worth = labels.map((_, at) => (weights[row * labels.length + at] ?? 0) * (steps[at] ?? 0));
  return (worth[label] ?? 0) - worth.reduce((sum, each) => sum + each, 0) / labels.length;
}
