// The figures of the category and sentiment scorers on made-up rows.
import { describe, expect, it } from '@jest/globals';
import { loadCategoryModels } from '../../services/agents/store/category-models.ts';
import { loadSentimentModel } from '../../services/agents/store/sentiment-model.ts';
import { classFigures } from './class-figures.ts';
import { correlation } from './correlation.ts';
import { scoreCategory } from './score-category.ts';
import { scoreSentiment } from './score-sentiment.ts';

describe('figures of classes', () => {
  it('give every gold label the same weight and count answers of no label as wrong', () => {
    const cases = [
      { gold: 'a', answer: 'a' },
      { gold: 'a', answer: 'a' },
      { gold: 'a', answer: 'b' },
      { gold: 'b', answer: '' },
    ];
    const { macroF1, accuracy, f1 } = classFigures(cases);
    expect(accuracy).toBe(0.5);
    expect([f1.get('a'), f1.get('b')]).toEqual([0.8, 0]);
    expect(macroF1).toBeCloseTo(0.4);
    expect(classFigures([]).macroF1).toBe(0);
  });
});

describe('the correlation', () => {
  it.each<[string, [number, number][], number]>([
    [
      'of what grows together',
      [
        [1, 10],
        [2, 20],
        [3, 30],
      ],
      1,
    ],
    [
      'of what falls as the other grows',
      [
        [1, 3],
        [2, 2],
        [3, 1],
      ],
      -1,
    ],
    [
      'of what never changes',
      [
        [1, 1],
        [2, 1],
      ],
      0,
    ],
    ['of nothing', [], 0],
  ])('%s', (_, pairs, expected) => expect(correlation(pairs)).toBeCloseTo(expected));
});

describe('the scorer of categories', () => {
  const rows = [
    { text: 'The sidewalk was never shoveled, all ice', label: 'sidewalk_not_shoveled' },
    { text: 'Car parked illegally in a fire lane', label: 'abandoned_vehicle' },
  ];

  it('judges by the model of the set that the file is named by, and tells its cross-validated figure', async () => {
    const metrics = await scoreCategory(rows, 'category_boston311.dev.jsonl');
    const model = loadCategoryModels().get('boston311');
    expect(metrics).toEqual([
      { metric: 'macro_f1', value: 0.5, n: 2 },
      { metric: 'accuracy', value: 0.5, n: 2 },
      { metric: 'macro_f1_cv', value: model?.facts.crossValidation.macroF1, n: model?.facts.trainingTexts },
    ]);
  });

  it('refuses a set without a model, and names those that there are', async () => {
    await expect(scoreCategory(rows, 'category_atlantis.jsonl')).rejects.toThrow('boston-vz');
  });

  it('refuses a row without a label', async () => {
    await expect(scoreCategory([{ text: 'x' }], 'category_dc_vz.jsonl')).rejects.toThrow('row 1 lacks label');
  });
});

describe('the scorer of feelings', () => {
  it('sees classes beyond half a step of the scale', async () => {
    const rows = [
      { text: 'This is excellent, I love it', score: 3 },
      { text: 'Terrible, it is broken and useless', score: -3 },
      { text: 'It has a door', score: 0.5 },
    ];
    const figures = new Map(
      (await scoreSentiment(rows, 'sentiment_x.jsonl')).map((each) => [each.metric, each]),
    );
    expect(figures.get('macro_f1')).toEqual({ metric: 'macro_f1', value: 1, n: 3 });
    expect(figures.get('pearson')?.value).toBeGreaterThan(0.9);
    expect(figures.get('macro_f1_cv')?.value).toBe(loadSentimentModel().crossValidation.macroF1);
  });

  it('refuses a row without a rating', async () => {
    await expect(scoreSentiment([{ text: 'x' }], 'sentiment_x.jsonl')).rejects.toThrow('row 1 lacks score');
  });
});
