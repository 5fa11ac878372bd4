// Scores the feeling that the entity agent reads in a text against the mean rating of people.

import { judgeSentiment } from '../../services/agents/core/entity/sentiment.ts';
import type { SentimentModel } from '../../services/agents/core/entity/sentiment-model.ts';
import { loadSentimentModel } from '../../services/agents/store/sentiment-model.ts';
import { classFigures } from './class-figures.ts';
import { correlation } from './correlation.ts';
import type { Metric, Row, Scorer } from './scorer.ts';

/** Beyond this rating, on the scale of −4 to 4, a text is positive or negative. */
const feelingMin = 0.5;

/**
 * pearson of rating and score; macro_f1 and accuracy over negative, neutral and positive. An answer of `mixed`, which raters could not
 * give, counts as the plain feeling that is likeliest. pearson_cv and macro_f1_cv are the cross-validated figures in the model's file, which are the
 * ones to read when the rows are those that the model was trained on.
 */
export const scoreSentiment: Scorer = async (rows) => scoreWith(loadSentimentModel(), rows);

/** The same with a given model. */
export function scoreWith(model: SentimentModel, rows: readonly Row[]): readonly Metric[] {
  const judged = rows.map(({ text, score: rating }, at) => {
    if (typeof text !== 'string') throw new Error(`row ${at + 1} lacks text`);
    if (typeof rating !== 'number') throw new Error(`row ${at + 1} lacks score`);
    const { score, leaning } = judgeSentiment(text, model);
    return { rating, score, gold: classOf(rating), answer: leaning };
  });
  const { macroF1, accuracy } = classFigures(judged);
  const { crossValidation } = model;
  const n = judged.length;
  return [
    { metric: 'pearson', value: correlation(judged.map(({ rating, score }) => [rating, score])), n },
    { metric: 'macro_f1', value: macroF1, n },
    { metric: 'accuracy', value: accuracy, n },
    { metric: 'pearson_cv', value: crossValidation.pearson, n },
    { metric: 'macro_f1_cv', value: crossValidation.macroF1, n },
  ];
}

function classOf(rating: number): string {
  if (rating > feelingMin) return 'positive';
  return rating < -feelingMin ? 'negative' : 'neutral';
}
