// The best sequence of labels, against all sequences tried one by one.

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { labelCount, mayFollow, outside } from './name-labels.ts';
import { allowedTransitions, bestLabels, createLabeller } from './sequence-model.ts';

const numbers = (length: number) =>
  fc.array(fc.integer({ min: -50, max: 50 }), { minLength: length, maxLength: length });

function sumOf(
  labels: readonly number[],
  scores: readonly Float64Array[],
  transitions: readonly number[],
): number {
  return labels.reduce((sum, label, at) => {
    const row = at === 0 ? labelCount : (labels[at - 1] ?? 0);
    return sum + (scores[at]?.[label] ?? 0) + (transitions[row * labelCount + label] ?? 0);
  }, 0);
}

function everySequence(length: number): number[][] {
  if (length === 0) return [[]];
  return everySequence(length - 1).flatMap((labels) =>
    Array.from({ length: labelCount }, (_, label) => label)
      .filter((label) => mayFollow(labels.at(-1) ?? outside, label))
      .map((label) => [...labels, label]),
  );
}

describe('bestLabels', () => {
  it('finds the sequence with the highest sum among all that are allowed', () => {
    const transitions = numbers((labelCount + 1) * labelCount);
    fc.assert(
      fc.property(fc.array(numbers(labelCount), { maxLength: 3 }), transitions, (rows, weights) => {
        const scores = rows.map((row) => Float64Array.from(row));
        const sums = everySequence(rows.length).map((labels) => sumOf(labels, scores, weights));
        const best = bestLabels(scores, allowedTransitions(weights));
        expect(best).toHaveLength(rows.length);
        expect(sumOf(best, scores, weights)).toBe(Math.max(...sums));
      }),
      { seed: 5, numRuns: 50 },
    );
  });
});

describe('a labeller', () => {
  it('weighs the features that it knows and overlooks the others', () => {
    const weights = new Int8Array(2 * labelCount);
    weights[labelCount + 3] = 100;
    const label = createLabeller({
      hashes: Uint32Array.of(7, 4_000_000_000),
      weights,
      unit: 0.01,
      transitions: Array.from({ length: (labelCount + 1) * labelCount }, () => 0),
    });
    expect(label([[4_000_000_000], [7], [8]])).toEqual([3, outside, outside]);
  });
});
