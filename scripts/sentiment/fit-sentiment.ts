// Fits the weights of the sentiment model to rated sentences: ridge regression for the rating, logistic regression for the plain feelings,
// both on figures over the lexicon's words, which move easily, and on words and pairs, which say only what the lexicon does not.

import { classFigures } from '../../bench/eval/class-figures.ts';
import { correlation } from '../../bench/eval/correlation.ts';
import { type Gram, gramsOf } from '../../services/agents/core/category/grams.ts';
import { judgeSentiment } from '../../services/agents/core/entity/sentiment.ts';
import {
  type FeelingWeights,
  feelingFigures,
  feelingGrams,
  type Outputs,
  reportLabel,
  type SentimentModel,
} from '../../services/agents/core/entity/sentiment-model.ts';
import { feelingTokens, type Valences } from '../../services/agents/core/entity/sentiment-words.ts';
import { fitLinear, type ReadText } from '../category/fit-model.ts';
import { trainLogistic } from '../category/logistic.ts';
import { createChance } from '../entities/chance.ts';
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

/** Stems and letters count beside the figures; short words and rare ones, too. */
const lettersFit = {
  documentsMin: [2, 3, 2],
  members: [{ cost: 1, stepsMax: 60, bayes: false, balance: 1, part: 1 }],
};
const mannerFit = {
  documentsMin: [3, 8, 3],
  members: [{ cost: 3, stepsMax: 40, bayes: false, balance: 1, part: 1 }],
};
const seeds = [1, 2, 3];

type Fitted = Omit<SentimentModel, 'crossValidation'>;

/** The figures of five parts, each rated by a fit to the other four: the mean over three ways to make the parts, and each of them. */
export function crossValidateSentiment(
  texts: readonly RatedText[],
  reports: readonly string[],
  valences: Valences,
): SentimentModel['crossValidation'] & { readonly each: readonly SentimentModel['crossValidation'][] } {
  const each = seeds.map((seed) => {
    const judged = eachPart(texts, {
      seed,
      learn: (seen) => ({
        ...fitSentiment(seen, reports, valences),
        crossValidation: { pearson: 0, macroF1: 0 },
      }),
      judge: (model, { text, rating }) => {
        const { score, leaning } = judgeSentiment(text, model);
        return { rating, score, answer: leaning, gold: feelingOf(rating) };
      },
    });
    return {
      pearson: correlation(judged.map(({ rating, score }) => [rating, score])),
      macroF1: classFigures(judged).macroF1,
    };
  });
  const mean = (of: 'pearson' | 'macroF1'): number =>
    each.reduce((sum, one) => sum + one[of], 0) / each.length;
  return { pearson: mean('pearson'), macroF1: mean('macroF1'), each };
}

function feelingOf(rating: number): (typeof feelings)[number] {
  if (rating > feelingMin) return 'positive';
  return rating < -feelingMin ? 'negative' : 'neutral';
}

interface Trial<Model, Judged> {
  readonly seed: number;
  readonly learn: (seen: readonly RatedText[]) => Model;
  readonly judge: (model: Model, text: RatedText) => Judged;
}

/** What is judged of each sentence with what was learned from the other parts. */
function eachPart<Model, Judged>(
  texts: readonly RatedText[],
  { seed, learn, judge }: Trial<Model, Judged>,
): Judged[] {
  const documents = createChance(seed).shuffled([...new Set(texts.map(({ document }) => document))]);
  const partOf = new Map(documents.map((document, at) => [document, at % parts]));
  return Array.from({ length: parts }, (_, part) => part).flatMap((part) => {
    const model = learn(texts.filter(({ document }) => partOf.get(document) !== part));
    return texts.filter(({ document }) => partOf.get(document) === part).map((text) => judge(model, text));
  });
}

/**
 * Fits a model; the same texts in the same order give the same model. Nobody rated the reports: they are there so that words of streets and
 * offices do not pass for feelings, as they would among sentences on products alone, and the weights for other texts do not see them.
 */
export function fitSentiment(
  texts: readonly RatedText[],
  reports: readonly string[],
  valences: Valences,
): Fitted {
  const rated = texts.map((one) => readText(one, valences));
  const stated = reports.map((text) => readText({ text, rating: assumedRating(text, valences) }, valences));
  const named = (each: readonly ReadSentence[], label: string): ReadText[] =>
    each.map(({ grams }) => ({ grams, label, further: [] }));
  return {
    valences,
    general: fitWeights(rated, rated.length),
    reports: fitWeights([...rated, ...stated], rated.length),
    letters: fitLinear(
      rated.map(({ grams, figures, rating }) => ({ grams, further: figures, label: feelingOf(rating) })),
      lettersFit,
    ),
    manner: fitLinear([...named(rated, 'other'), ...named(stated, reportLabel)], mannerFit),
  };
}

interface ReadSentence {
  readonly figures: readonly number[];
  readonly names: readonly string[];
  readonly grams: readonly Gram[];
  readonly rating: number;
}

function readText(
  { text, rating }: { readonly text: string; readonly rating: number },
  valences: Valences,
): ReadSentence {
  const tokens = feelingTokens(text, valences);
  return {
    figures: feelingFigures(text, tokens),
    names: feelingGrams(tokens),
    grams: gramsOf(text),
    rating,
  };
}

/** Weights by sentences of which people have rated the first so many. */
function fitWeights(read: readonly ReadSentence[], ratedCount: number): FeelingWeights {
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
  const weightsAt = weigh(examples, { figureCount, count: figureCount + names.length, ratedCount });
  return {
    figures: Array.from({ length: figureCount }, (_, at) => weightsAt(at)),
    grams: new Map(names.map((name, at) => [name, weightsAt(figureCount + at)])),
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
