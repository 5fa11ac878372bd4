// How people would rate the feeling of a text, and which feeling they would call it: weighted sums over what its words feel like and over
// words and pairs whose feeling a trained model knows beside the lexicon. Neutral is a class of its own, not just a rating near 0. A
// text that reads like a report is weighed by weights of its own, because reports state bad things without feeling.

import { type Gram, gramsOf } from '../category/grams.ts';
import { isStreetWord } from '../category/ideas.ts';
import { inputsOf, type LinearScorer, scoresOf, sharesOf } from '../category/linear-scorer.ts';
import type { FeelingToken, Valences } from './sentiment-words.ts';

/** What a model weighs for: the rating, then a score for each plain feeling. */
export const sentimentOutputs = ['rating', 'negative', 'neutral', 'positive'] as const;

/** One number for each of `sentimentOutputs`. */
export type Outputs = readonly [number, number, number, number];

/** Weights for one kind of text. */
export interface FeelingWeights {
  /** Weights of each figure of `feelingFigures`, in its order. */
  readonly figures: readonly Outputs[];
  /** Weights of words and pairs by name; a negated word has a name of its own. */
  readonly grams: ReadonlyMap<string, Outputs>;
  /** The outputs for a text that says nothing. */
  readonly biases: Outputs;
}

/** The label of reports in a model's `manner`. */
export const reportLabel = 'report';

/** A trained model. */
export interface SentimentModel {
  readonly valences: Valences;
  /** For texts about anything. */
  readonly general: FeelingWeights;
  /** For reports of what is the matter in a town; a text in between gets its part of both. */
  readonly reports: FeelingWeights;
  /** Tells reports, `reportLabel`, from other texts. */
  readonly manner: LinearScorer;
  /** A second opinion on texts about anything, for negative, neutral and positive, by stems and letters; `feelingFigures` are its further inputs. */
  readonly letters: LinearScorer;
  /** What five-fold cross-validation gave, the mean over several ways to make the folds. */
  readonly crossValidation: { readonly pearson: number; readonly macroF1: number };
}

/** Up to the first share a text is weighed as no report at all, from the second on as nothing else: few texts lie between them. */
const [hardlyReport, surelyReport] = [0.15, 0.4];
const workRequest =
  /\b(?:please|pls|plz|kindly) (?:\w+ )?(?:fix|repair|remove|clean|clear|replace|send|look|come|pick|plow|ticket|tow|install|add|paint|repaint|check|investigate|help)/i;

/** The sums for a text; the rating is about −1..1. */
export function outputsOf(
  text: string,
  tokens: readonly FeelingToken[],
  { general, reports, letters, manner }: Omit<SentimentModel, 'valences' | 'crossValidation'>,
): Outputs {
  const figures = feelingFigures(text, tokens);
  const names = feelingGrams(tokens);
  const grams = gramsOf(text);
  const asReport = sumsOf(figures, names, reports);
  const share = requestsWork(text, tokens) ? 1 : reportShare(grams, manner);
  if (share === 1) return asReport;
  const anywhere = withLetters(sumsOf(figures, names, general), lettersOf(grams, figures, letters));
  const mixed = (at: 0 | 1 | 2 | 3): number => (1 - share) * anywhere[at] + share * asReport[at];
  return [mixed(0), mixed(1), mixed(2), mixed(3)];
}

/** Who asks for something to be done in the street reports, however short the text. */
function requestsWork(text: string, tokens: readonly FeelingToken[]): boolean {
  return workRequest.test(text) && streetShare(tokens) > 0;
}

/** 0..1: how far a text is to be weighed as a report. */
function reportShare(grams: readonly Gram[], manner: LinearScorer): number {
  const shares = sharesOf(scoresOf(manner, inputsOf(grams, manner.table)));
  const likeness = shares[manner.labels.indexOf(reportLabel)] ?? 0;
  return Math.max(0, Math.min(1, (likeness - hardlyReport) / (surelyReport - hardlyReport)));
}

/** The scores of the feelings by stems and letters. */
function lettersOf(
  grams: readonly Gram[],
  figures: readonly number[],
  letters: LinearScorer,
): readonly number[] {
  return scoresOf(letters, inputsOf(grams, letters.table, figures));
}

function withLetters(
  [rating, negative, neutral, positive]: Outputs,
  [alsoNegative = 0, alsoNeutral = 0, alsoPositive = 0]: readonly number[],
): Outputs {
  return [rating, (negative + alsoNegative) / 2, (neutral + alsoNeutral) / 2, (positive + alsoPositive) / 2];
}

function sumsOf(figures: readonly number[], names: readonly string[], weights: FeelingWeights): Outputs {
  const sums: [number, number, number, number] = [...weights.biases];
  const add = (own: Outputs | undefined, times: number): void => {
    for (const [at, weight] of (own ?? []).entries()) sums[at] = (sums[at] ?? 0) + times * weight;
  };
  for (const [at, figure] of figures.entries()) add(weights.figures[at], figure);
  for (const name of names) add(weights.grams.get(name), 1);
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
