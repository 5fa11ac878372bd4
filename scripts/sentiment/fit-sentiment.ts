// Fits the weights of the sentiment model to rated sentences: ridge regression for the rating, logistic regression for the plain feelings,
// both on figures over the lexicon's words, which move easily, and on words and pairs, which say only what the lexicon does not.

import { classFigures } from '../../bench/eval/class-figures.ts';
import { correlation } from '../../bench/eval/correlation.ts';
import { judgeSentiment } from '../../services/agents/core/entity/sentiment.ts';
import {
  feelingFigures,
  feelingGrams,
  type Outputs,
  type SentimentModel,
} from '../../services/agents/core/entity/sentiment-model.ts';
import { feelingTokens, type Valences } from '../../services/agents/core/entity/sentiment-words.ts';
import { trainLogistic } from '../category/logistic.ts';
import { type Example, ridge } from './ridge.ts';

/** A sentence with its rating, −1..1. */
export interface RatedText {
  readonly text: string;
  readonly rating: number;
  /** What it was cut from; its neighbours tell about it, so that they are always in the same part. */
  readonly document: string;
}

/** A rating farther from 0 than this is a feeling: half a step of the raters' scale of −4 to 4. */
const feelingMin = 0.125;
const parts = 5;
/** In how many sentences a word or pair must occur. */
const documentsMin = 3;
const figurePenalty = 0.5;
const gramPenalty = 20;
/** For the logistic regression figures are made longer and grams shorter, which is a penalty by another name. */
const [figureLength, gramLength] = [3, 0.3];
const logistic = { cost: 1, stepsMax: 60, bayes: false, balance: 1 };
/** Sums of valences at which a report is taken for negative or positive, and how strongly. */
const [plainlyBad, plainlyGood] = [-2.5, 3];
const [assumedSpan, strongestAssumed] = [12, 0.6];
const feelings = ['negative', 'neutral', 'positive'] as const;

type Fitted = Omit<SentimentModel, 'crossValidation'>;

/** The figures of five parts, each rated by a fit to the other four. */
export function crossValidateSentiment(
  texts: readonly RatedText[],
  reports: readonly string[],
  valences: Valences,
): SentimentModel['crossValidation'] {
  const judged = eachPart(
    texts,
    (seen) => ({ ...fitSentiment(seen, reports, valences), crossValidation: { pearson: 0, macroF1: 0 } }),
    (model, { text, rating }) => {
      const { score, leaning } = judgeSentiment(text, model);
      return { rating, score, answer: leaning, gold: feelingOf(rating) };
    },
  );
  return {
    pearson: correlation(judged.map(({ rating, score }) => [rating, score])),
    macroF1: classFigures(judged).macroF1,
  };
}

function feelingOf(rating: number): (typeof feelings)[number] {
  if (rating > feelingMin) return 'positive';
  return rating < -feelingMin ? 'negative' : 'neutral';
}

/** What `judge` says of each sentence with what was fitted to the other parts. */
function eachPart<Model, Judged>(
  texts: readonly RatedText[],
  learn: (seen: readonly RatedText[]) => Model,
  judge: (model: Model, text: RatedText) => Judged,
): Judged[] {
  const documents = [...new Set(texts.map(({ document }) => document))];
  const partOf = new Map(documents.map((document, at) => [document, at % parts]));
  return Array.from({ length: parts }, (_, part) => part).flatMap((part) => {
    const model = learn(texts.filter(({ document }) => partOf.get(document) !== part));
    return texts.filter(({ document }) => partOf.get(document) === part).map((text) => judge(model, text));
  });
}

/**
 * Fits a model; the same texts in the same order give the same model. Nobody rated the reports: they are there so that words of streets and
 * offices do not pass for feelings, as they would among sentences on products alone.
 */
export function fitSentiment(
  texts: readonly RatedText[],
  reports: readonly string[],
  valences: Valences,
): Fitted {
  const assumed = reports.map((text) => ({ text, rating: assumedRating(text, valences) }));
  const read = [...texts, ...assumed].map(({ text, rating }) => {
    const tokens = feelingTokens(text, valences);
    return { figures: feelingFigures(text, tokens), names: feelingGrams(tokens), rating };
  });
  const names = frequentNames(read.map((each) => each.names));
  const figureCount = read[0]?.figures.length ?? 0;
  const placeOf = new Map(names.map((name, at) => [name, figureCount + at]));
  const examples = read.map(({ figures, names: own, rating }): Example => {
    const places = own.flatMap((name) => placeOf.get(name) ?? []);
    return {
      places: [...figures.keys(), ...places],
      values: [...figures, ...places.map(() => 1)],
      goal: rating,
    };
  });
  const weightsAt = weigh(examples, {
    figureCount,
    count: figureCount + names.length,
    ratedCount: texts.length,
  });
  return {
    valences,
    figureWeights: Array.from({ length: figureCount }, (_, at) => weightsAt(at)),
    gramWeights: new Map(names.map((name, at) => [name, weightsAt(figureCount + at)])),
    biases: weightsAt(figureCount + names.length),
  };
}

/** What a report is taken to feel like: neutral unless its words are plainly bad or good. */
function assumedRating(text: string, valences: Valences): number {
  const sum = feelingTokens(text, valences).reduce((total, { value }) => total + value, 0);
  if (sum > plainlyBad && sum < plainlyGood) return 0;
  return Math.max(-strongestAssumed, Math.min(strongestAssumed, sum / assumedSpan));
}

interface Inputs {
  readonly figureCount: number;
  /** Figures and grams. */
  readonly count: number;
  /** How many of the first examples people have rated. */
  readonly ratedCount: number;
}

/** The weights of each input by its place, the biases behind the last. */
function weigh(
  examples: readonly Example[],
  { figureCount, count, ratedCount }: Inputs,
): (at: number) => Outputs {
  const penalties = Array.from({ length: count }, (_, at) =>
    at < figureCount ? figurePenalty : gramPenalty,
  );
  const rating = ridge(examples, penalties);
  const lengthOf = (at: number): number => (at < figureCount ? figureLength : gramLength);
  const { weights, biases } = trainLogistic(
    {
      vectors: examples.map(({ places, values }) => ({
        rows: places,
        values: values.map((value, index) => value * lengthOf(places[index] ?? 0)),
      })),
      answers: examples.map(({ goal }) => feelings.indexOf(feelingOf(goal))),
      labelCount: feelings.length,
      rowCount: count,
      countedFirst: ratedCount,
    },
    logistic,
  );
  return (at) => {
    if (at === count) return outputs(rating.bias, biases);
    const own = weights.slice(at * feelings.length, (at + 1) * feelings.length);
    return outputs(
      rating.weights[at] ?? 0,
      own.map((weight) => weight * lengthOf(at)),
    );
  };
}

function outputs(
  rating: number,
  [negative = 0, neutral = 0, positive = 0]: Iterable<number> & Float64Array,
): Outputs {
  return [rounded(rating), rounded(negative), rounded(neutral), rounded(positive)];
}

function frequentNames(lists: readonly (readonly string[])[]): string[] {
  const counts = new Map<string, number>();
  for (const name of lists.flat()) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count >= documentsMin)
    .map(([name]) => name)
    .sort();
}

function rounded(weight: number): number {
  return Math.round(weight * 1000) / 1000;
}
