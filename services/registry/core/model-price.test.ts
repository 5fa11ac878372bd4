// Prices and what calls cost by them.
import { describe, expect, it } from '@jest/globals';
import type { Violation } from '../../../foundation/fault/fault.ts';
import { costOf, greatestCost, type ModelPriceSent, readModelPrice } from './model-price.ts';

const sent: ModelPriceSent = {
  version: '2026-11',
  currency: 'USD',
  inputPerMillion: '3',
  outputPerMillion: '15.5',
  cachedInputPerMillion: '0.3',
};

function read(changes: Partial<ModelPriceSent> = {}) {
  const problems: Violation[] = [];
  return {
    price: readModelPrice({ ...sent, ...changes }, problems),
    fields: problems.map(({ field }) => field),
  };
}

describe('readModelPrice', () => {
  it('reads money for a million tokens, and takes cached input for other input unless it has a price', () => {
    expect(read()).toEqual({
      price: {
        version: '2026-11',
        currency: 'USD',
        input: 3_000_000_000n,
        output: 15_500_000_000n,
        cachedInput: 300_000_000n,
      },
      fields: [],
    });
    expect(read({ cachedInputPerMillion: '' }).price.cachedInput).toBe(3_000_000_000n);
    expect(read({ cachedInputPerMillion: '0' }).price.cachedInput).toBe(0n);
  });

  it('names everything that is wrong', () => {
    const wrong = {
      version: ' ',
      currency: 'usd',
      inputPerMillion: '',
      outputPerMillion: '-1',
      cachedInputPerMillion: 'x',
    };
    expect(read(wrong).fields).toEqual([
      'price.version',
      'price.currency',
      'price.input_per_million',
      'price.output_per_million',
      'price.cached_input_per_million',
    ]);
    expect(read({ inputPerMillion: '1000000.1' }).fields).toEqual(['price.input_per_million']);
  });
});

describe('costOf', () => {
  const { price } = read();

  it('is exact, and rounded up where it cannot be', () => {
    expect(costOf(price, { input: 1_000_000, output: 0, cachedInput: 0 })).toBe(3_000_000_000n);
    expect(costOf(price, { input: 1_000, output: 100, cachedInput: 400 })).toBe(
      1_800_000n + 120_000n + 1_550_000n,
    );
    const cheap = { ...price, input: 1n };
    expect(costOf(cheap, { input: 1, output: 0, cachedInput: 0 })).toBe(1n);
    expect(costOf(price, { input: 0, output: 0, cachedInput: 0 })).toBe(0n);
  });

  it('is never more than the greatest cost of as many tokens, also where cached input is dearer', () => {
    for (const cachedInput of [0n, 300_000_000n, 9_000_000_000n]) {
      for (const cached of [0, 500, 1_000]) {
        const dear = { ...price, cachedInput };
        const cost = costOf(dear, { input: 1_000, output: 200, cachedInput: cached });
        expect(cost <= greatestCost(dear, { input: 1_000, output: 200 })).toBe(true);
      }
    }
  });
});
