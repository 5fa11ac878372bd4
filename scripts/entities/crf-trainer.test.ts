// The trainer: its slopes are those of the likelihood, it learns what its texts show, and it does the same every time.
import { describe, expect, it } from '@jest/globals';
import { labelCount, labelOf, outside } from '../../services/agents/core/entity/recognizer/name-labels.ts';
import { createLabeller } from '../../services/agents/core/entity/recognizer/sequence-model.ts';
import { createChance } from './chance.ts';
import { gradientOf } from './crf-gradient.ts';
import { trainWeights } from './crf-trainer.ts';

const options = { rounds: 20, rate: 0.2, decay: 0.001, dropout: 0.2, leastCount: 1, eagerness: 0 };
const [person, further] = [labelOf('person', true), labelOf('person', false)];
const [always, mister, capital, other] = [1, 2, 3, 4];
const texts = [
  {
    features: [
      [always, mister],
      [always, capital],
      [always, other],
    ],
    labels: [person, further, outside],
  },
  {
    features: [
      [always, other],
      [always, capital],
    ],
    labels: [outside, outside],
  },
];

/** The unlikelihood of the labels of two tokens, summed over every pair of labels. */
function unlikelihood(weights: Float64Array, transitions: Float64Array): number {
  const score = (first: number, second: number): number =>
    (weights[first] ?? 0) +
    (weights[labelCount + second] ?? 0) +
    (transitions[labelCount * labelCount + first] ?? 0) +
    (transitions[first * labelCount + second] ?? 0);
  let sum = 0;
  for (let first = 0; first < labelCount; first += 1) {
    for (let second = 0; second < labelCount; second += 1) sum += Math.exp(score(first, second));
  }
  return Math.log(sum) - score(person, further);
}

describe('gradientOf', () => {
  const chance = createChance(3);
  const random = (length: number) => Float64Array.from({ length }, () => chance.next() - 0.5);
  const [weights, transitions] = [random(2 * labelCount), random((labelCount + 1) * labelCount)];
  const gradient = gradientOf({ rows: [[0], [1]], labels: [person, further], kept: 1 }, weights, transitions);
  const little = 1e-6;
  const slopeOf = (values: Float64Array, at: number): number => {
    const at0 = values[at] ?? 0;
    values[at] = at0 + little;
    const above = unlikelihood(weights, transitions);
    values[at] = at0 - little;
    const below = unlikelihood(weights, transitions);
    values[at] = at0;
    return (above - below) / (2 * little);
  };

  it('is the slope of the unlikelihood at each score', () => {
    for (const at of weights.keys()) expect(gradient.labels[at]).toBeCloseTo(slopeOf(weights, at), 6);
  });

  it('is the slope of the unlikelihood at each transition', () => {
    for (const at of transitions.keys()) {
      expect(gradient.transitions[at]).toBeCloseTo(slopeOf(transitions, at), 6);
    }
  });
});

describe('trainWeights', () => {
  it('learns to label the texts that it was shown', () => {
    const label = createLabeller(trainWeights(texts, options));
    expect(texts.map(({ features }) => label(features))).toEqual(texts.map(({ labels }) => labels));
  });

  it('finds more when it is to be eager', () => {
    const label = createLabeller(trainWeights(texts, { ...options, eagerness: 30 }));
    expect(label([[always, other]])).not.toEqual([outside]);
  });

  it('leaves features out that too few tokens have', () => {
    expect([...trainWeights(texts, { ...options, leastCount: 2 }).hashes]).not.toContain(mister);
  });

  it('gives the same weights every time', () => {
    expect(trainWeights(texts, options)).toEqual(trainWeights(texts, options));
  });
});
