// How people would rate the feeling of a text, and which feeling they would call it: weighted sums over what its words feel like and over
// words and pairs whose feeling a trained model knows beside the lexicon. Neutral is a class of its own, not just a rating near 0.

import { isStreetWord } from '../category/ideas.ts';
import type { FeelingToken, Valences } from './sentiment-words.ts';

/** What a model weighs for: the rating, then a score for each plain feeling. */
export const sentimentOutputs = ['rating', 'negative', 'neutral', 'positive'] as const;

/** One number for each of `sentimentOutputs`. */
export type Outputs = readonly [number, number, number, number];

/** A trained model. */
export interface SentimentModel {
  readonly valences: Valences;
  /** Weights of each figure of `feelingFigures`, in its order. */
  readonly figureWeights: readonly Outputs[];
  /** Weights of words and pairs by name; a negated word has a name of its own. */
  readonly gramWeights: ReadonlyMap<string, Outputs>;
  /** The outputs for a text that says nothing. */
  readonly biases: Outputs;
  /** What five-fold cross-validation gave. */
  readonly crossValidation: { readonly pearson: number; readonly macroF1: number };
}

/** The sums for a text; the rating is about −1..1. */
export function outputsOf(
  text: string,
  tokens: readonly FeelingToken[],
  model: Pick<SentimentModel, 'figureWeights' | 'gramWeights' | 'biases'>,
): Outputs {
  const sums: [number, number, number, number] = [...model.biases];
  const add = (weights: Outputs | undefined, times: number): void => {
    for (const [at, weight] of (weights ?? []).entries()) sums[at] = (sums[at] ?? 0) + times * weight;
  };
  for (const [at, figure] of feelingFigures(text, tokens).entries()) add(model.figureWeights[at], figure);
  for (const gram of feelingGrams(tokens)) add(model.gramWeights.get(gram), 1);
  return sums;
}

/**
 * Figures of the text as a whole, each about −1..1: the balance, both sides, the mean, the last word, exclamation marks, negation,
 * questions; then the same without their signs, by which a text without feeling is known; then how much it is about streets.
 */
export function feelingFigures(text: string, tokens: readonly FeelingToken[]): readonly number[] {
  const values = tokens.map(({ value }) => value).filter((value) => value !== 0);
  const positive = sumOf(values.filter((value) => value > 0));
  const negative = sumOf(values.filter((value) => value < 0));
  const marks = Math.min(4, text.match(/!/g)?.length ?? 0);
  const sum = positive + negative;
  const figures = [
    bounded(sum),
    bounded(positive),
    bounded(negative),
    bounded((2 * sum) / Math.sqrt(Math.max(1, tokens.length))),
    (values.at(-1) ?? 0) / 4,
    (Math.sign(sum) * marks) / 4,
    Math.min(1, tokens.filter(({ negated }) => negated).length / 3),
    text.includes('?') ? 1 : 0,
  ];
  return [...figures, ...figures.map(Math.abs), streetShare(tokens)];
}

/** 0..1, and 1 already where every fourth word is one of streets: reports state bad things without feeling. */
function streetShare(tokens: readonly FeelingToken[]): number {
  const count = tokens.filter(({ word }) => isStreetWord(word)).length;
  return Math.min(1, (4 * count) / Math.max(1, tokens.length));
}

/** The distinct words and pairs of the text by the names that `gramWeights` has. */
export function feelingGrams(tokens: readonly FeelingToken[]): readonly string[] {
  const names = tokens.map(({ word, negated }) => (negated ? `not:${word}` : word));
  const pairs = tokens.slice(1).map(({ word }, at) => `${tokens[at]?.word ?? ''} ${word}`);
  return [...new Set([...names, ...pairs])];
}

/** VADER's way to bring a sum into −1..1. */
function bounded(sum: number): number {
  return sum / Math.sqrt(sum * sum + 15);
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
