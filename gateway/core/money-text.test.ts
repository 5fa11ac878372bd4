// Amounts of money between JSON and decimal text.
import { describe, expect, it } from '@jest/globals';
import { moneyJson, moneyText } from './money-text.ts';

describe('moneyText', () => {
  it.each([
    [0, '0'],
    [12.5, '12.5'],
    [1_000_000_000, '1000000000'],
    [0.000000001, '0.000000001'],
    [1.25e-7, '0.000000125'],
    [12.500000001, '12.500000001'],
    [1e-7, '0.0000001'],
    [-1, '-1'],
    [1e21, '1e+21'],
    [null, ''],
    [undefined, ''],
  ])('of %j is %j, so that nothing that is wrong becomes right', (amount, text) => {
    expect(moneyText(amount)).toBe(text);
  });
});

describe('moneyJson', () => {
  it('is the number, and null for none', () => {
    expect(['12.5', '0', '0.000000001', ''].map(moneyJson)).toEqual([12.5, 0, 1e-9, null]);
  });
});
