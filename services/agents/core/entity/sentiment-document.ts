// The sentiment model as a JSON document, the form in which it is kept.

import { type StoredScorer, scorerOf, storedScorer } from '../category/model-document.ts';
import type { JsonObject, JsonValue } from '../skill.ts';
import type { FeelingWeights, Outputs, SentimentModel } from './sentiment-model.ts';

interface StoredWeights {
  readonly figures: readonly Outputs[];
  /** Weights in thousandths by the name of the gram. */
  readonly grams: Readonly<Record<string, string>>;
  readonly biases: Outputs;
}

interface StoredModel {
  /** Words by their valence in tenths, with blanks between. */
  readonly valences: Readonly<Record<string, string>>;
  readonly general: StoredWeights;
  readonly reports: StoredWeights;
  readonly manner: StoredScorer;
  readonly letters: StoredScorer;
  readonly cross_validation: { readonly pearson: number; readonly macro_f1: number };
}

const valenceSteps = 10;
const weightSteps = 1000;

/** The document of a model; the same model gives the same document. */
export function sentimentDocument(model: SentimentModel): JsonObject {
  const { valences, general, reports, letters, manner, crossValidation } = model;
  const stored: StoredModel = {
    valences: grouped(valences),
    general: storedWeights(general),
    reports: storedWeights(reports),
    manner: storedScorer(manner),
    letters: storedScorer(letters),
    cross_validation: { pearson: crossValidation.pearson, macro_f1: crossValidation.macroF1 },
  };
  return stored as unknown as JsonObject;
}

/** The model in a document that `sentimentDocument` made; a document that lacks a part throws an error that names it. */
export function sentimentModelOf(document: JsonValue): SentimentModel {
  const stored = document as unknown as StoredModel;
  for (const part of ['valences', 'general', 'reports', 'letters', 'manner', 'cross_validation'] as const) {
    if (stored[part] === undefined) throw new Error(`The sentiment model lacks ${part}`);
  }
  const { pearson, macro_f1: macroF1 } = stored.cross_validation;
  return {
    valences: ungrouped(stored.valences),
    general: weightsIn(stored.general),
    reports: weightsIn(stored.reports),
    manner: scorerOf(stored.manner),
    letters: scorerOf(stored.letters),
    crossValidation: { pearson, macroF1 },
  };
}

function storedWeights({ figures, grams, biases }: FeelingWeights): StoredWeights {
  const inSteps = (weights: Outputs): string =>
    weights.map((weight) => Math.round(weight * weightSteps)).join(' ');
  return {
    figures,
    grams: Object.fromEntries([...grams].map(([name, weights]) => [name, inSteps(weights)])),
    biases,
  };
}

function weightsIn({ figures, grams, biases }: StoredWeights): FeelingWeights {
  return {
    figures,
    grams: new Map(Object.entries(grams).map(([name, weights]) => [name, outputsIn(weights)])),
    biases,
  };
}

function outputsIn(text: string): Outputs {
  const [rating = 0, negative = 0, neutral = 0, positive = 0] = text
    .split(' ')
    .map((step) => Number(step) / weightSteps);
  return [rating, negative, neutral, positive];
}

function grouped(values: ReadonlyMap<string, number>): Record<string, string> {
  const groups = Map.groupBy(values, ([, value]) => Math.round(value * valenceSteps));
  groups.delete(0);
  const sorted = [...groups].sort(([a], [b]) => a - b);
  return Object.fromEntries(
    sorted.map(([step, entries]) => [
      `v${step}`,
      entries
        .map(([name]) => name)
        .sort()
        .join(' '),
    ]),
  );
}

function ungrouped(groups: Readonly<Record<string, string>>): ReadonlyMap<string, number> {
  return new Map(
    Object.entries(groups).flatMap(([step, names]) =>
      names.split(' ').map((name) => [name, Number(step.slice(1)) / valenceSteps] as const),
    ),
  );
}
