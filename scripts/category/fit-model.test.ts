// Training shown on made-up reports: what a fit learns, and what cross-validation must not see.
import { describe, expect, it } from '@jest/globals';
import type { CategoryModel } from '../../services/agents/core/category/category-model.ts';
import { judgeCategory } from '../../services/agents/core/category/category-model.ts';
import { modelDocument } from '../../services/agents/core/category/model-document.ts';
import { crossValidate } from './cross-validate.ts';
import { fitScorer, type LabelledText } from './fit-model.ts';
import { minimise } from './minimise.ts';

const facts = {
  name: 'made-up',
  version: 1,
  language: 'en',
  source: '',
  licence: '',
  trainingTexts: 0,
  trainingHash: '',
  crossValidation: { macroF1: 0, accuracy: 0 },
};

/** Reports on snow, and one in five on rats. */
const reports: readonly LabelledText[] = Array.from({ length: 50 }, (_, at) =>
  at % 5 === 0
    ? { text: `A rat was in the yard on day ${'abcdefghij'.charAt(at / 5)}`, label: 'rats' }
    : { text: `Snow lies on the walk on day ${'abcdefghij'.charAt(at % 10)}`, label: 'snow' },
);

function modelOf(texts: readonly LabelledText[]): CategoryModel {
  return { facts, main: fitScorer(texts, []), auxiliaries: [], temperature: 1 };
}

describe('the least value of a function', () => {
  it('is found where its gradient is none', () => {
    const goal = [3, -2, 0.5];
    const found = minimise(
      (at, gradient) =>
        goal.reduce((sum, each, place) => {
          const off = (at[place] ?? 0) - each;
          gradient[place] = (place + 1) * 2 * off;
          return sum + (place + 1) * off * off;
        }, 0),
      goal.length,
      100,
    );
    for (const [place, each] of goal.entries()) expect(found[place]).toBeCloseTo(each, 2);
  });
});

describe('a fit', () => {
  it('tells labels apart in words that it has not met together, the rare one too', () => {
    const model = modelOf(reports);
    expect(judgeCategory('The walk is full of snow', model).label).toBe('snow');
    expect(judgeCategory('Rats again', model).label).toBe('rats');
  });

  it('gives the same bytes for the same reports', () => {
    const write = () => JSON.stringify(modelDocument(modelOf(reports)));
    expect(write()).toBe(write());
  });
});

describe('cross-validation', () => {
  it('finds what can be learned', () => {
    const { macroF1, accuracy } = crossValidate(reports, []);
    expect(macroF1).toBe(1);
    expect(accuracy).toBe(1);
  });

  it('does not learn from a text that differs from the judged one in case and signs alone', () => {
    // Every text has a word of its own, so that only its twin tells anything about its label.
    const twins = Array.from({ length: 40 }, (_, at) => {
      const word = String.fromCodePoint(0x4e00 + 7 * at).repeat(3);
      const label = at % 2 === 0 ? 'even' : 'odd';
      return [
        { text: word, label },
        { text: `${word}!`, label },
      ];
    }).flat();
    expect(crossValidate(twins, []).accuracy).toBeLessThanOrEqual(0.5);
  });

  it('gives every text to a part, whatever the seed', () => {
    expect(crossValidate(reports, [], { seed: 7 }).accuracy).toBe(1);
  });
});
