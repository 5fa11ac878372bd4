// What a category model answers, shown on models of a few words whose weights are written by hand.
import { describe, expect, it } from '@jest/globals';
import { auxiliaryWeight, type CategoryModel, judgeCategory } from './category-model.ts';
import { gramsOf } from './grams.ts';
import type { LinearScorer } from './linear-scorer.ts';
import { modelDocument, modelOf } from './model-document.ts';
import { createTermTable } from './term-table.ts';

const facts = {
  name: 'two-words',
  version: 1,
  language: 'en',
  source: 'made up',
  licence: 'CC0-1.0',
  trainingTexts: 2,
  trainingHash: '',
  crossValidation: { macroF1: 0.5, accuracy: 0.6 },
};

/** The hash of a single word. */
function hashOf(word: string): number {
  return gramsOf(word).find(({ kind }) => kind === 0)?.hash ?? 0;
}

/** For each word its weight for every label; further rows of inputs beyond words follow. */
function scorerOf(
  labels: readonly string[],
  words: Readonly<Record<string, readonly number[]>>,
  further: readonly (readonly number[])[] = [],
): LinearScorer {
  const names = Object.keys(words);
  return {
    table: createTermTable({
      hashes: Uint32Array.from(names, hashOf),
      documents: Uint16Array.from(names, () => 1),
      documentCount: 2,
    }),
    labels,
    steps: labels.map(() => 0.1),
    biases: labels.map((_, at) => (at === 0 ? 0.01 : 0)),
    weights: Int8Array.from([...Object.values(words), ...further].flat()),
  };
}

const labels = ['snow', 'traffic'];
const main = scorerOf(labels, { ice: [40, -40], car: [-40, 40] });
const model: CategoryModel = { facts, main, auxiliaries: [], temperature: 1 };

describe('a category model', () => {
  it('names the label that the words of the text weigh most for, in any form, and the words that did', () => {
    const text = 'Ice on the walk. So icy! Cars slide';
    const { label, spans } = judgeCategory('Many CARS here, another car', model);
    expect(label).toBe('traffic');
    expect(spans.map(({ start, end }) => 'Many CARS here, another car'.slice(start, end))).toEqual([
      'CARS',
      'car',
    ]);
    expect(judgeCategory(text, model).spans.every(({ end }) => end <= text.length)).toBe(true);
  });

  it('is surer the more one label leads', () => {
    const sure = judgeCategory('ice', model).confidence;
    const torn = judgeCategory('ice car', model).confidence;
    expect(sure).toBeGreaterThan(torn);
    expect(torn).toBeGreaterThanOrEqual(0.5);
    expect(judgeCategory('ice', { ...model, temperature: 4 }).confidence).toBeLessThan(sure);
  });

  it('falls back on its bias, without a reason, for a text without a word that it knows', () => {
    for (const text of ['', '...', 'zzz']) {
      const { label, confidence, spans } = judgeCategory(text, model);
      expect({ label, spans }).toEqual({ label: 'snow', spans: [] });
      expect(confidence).toBeCloseTo(0.5, 1);
    }
  });

  it('hears what scorers of other labels say', () => {
    const other = scorerOf(['parking', 'weather'], { truck: [60, -60] });
    const helped = {
      ...model,
      main: scorerOf(labels, { ice: [40, -40] }, [
        [0, 90],
        [90, 0],
      ]),
      auxiliaries: [other],
    };
    expect(auxiliaryWeight).toBeGreaterThan(0);
    expect(judgeCategory('truck', helped).label).toBe('traffic');
    expect(judgeCategory('zzz', { ...helped, auxiliaries: [] }).label).toBe('snow');
  });

  it('is the same after it was written down and read', () => {
    const read = modelOf(JSON.parse(JSON.stringify(modelDocument(model))));
    expect(read).toEqual(model);
    expect(modelDocument(read)).toEqual(modelDocument(model));
  });

  it('whose document lacks a part is refused by the name of the part', () => {
    const { main: _, ...rest } = modelDocument(model);
    expect(() => modelOf(rest)).toThrow('lacks main');
  });
});
