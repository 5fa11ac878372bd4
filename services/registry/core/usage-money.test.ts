// Money and its text.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { currencyProblem, decimalOf, moneyProblem, nanosOf } from './usage-money.ts';

describe('nanosOf', () => {
  it.each([
    ['0', 0n],
    ['12.5', 12_500_000_000n],
    ['0.000000001', 1n],
    ['00.10', 100_000_000n],
    ['1000', 1_000_000_000_000n],
  ])('reads %j exactly', (text, nanos) => {
    expect(nanosOf(text, 1_000)).toBe(nanos);
    expect(moneyProblem(text, 1_000)).toBeUndefined();
  });

  it.each([
    '',
    ' 1',
    '-1',
    '+1',
    '1.',
    '.5',
    '1e3',
    '1,5',
    '0.0000000001',
    '1000.000000001',
    '9'.repeat(40),
    'NaN',
  ])('refuses %j, and says what is allowed', (text) => {
    expect(nanosOf(text, 1_000)).toBeUndefined();
    expect(moneyProblem(text, 1_000)).toMatch(/from 0 to 1000 with at most 9 digits/);
  });
});

describe('decimalOf', () => {
  it('is the shortest text that reads as the same money', () => {
    const anyMoney = fc.bigInt({ min: 0n, max: 10n ** 18n });
    fc.assert(fc.property(anyMoney, (nanos) => nanosOf(decimalOf(nanos), 1_000_000_000) === nanos));
    expect([0n, 1n, -1n, 12_500_000_000n, -2_000_000_000n].map(decimalOf)).toEqual([
      '0',
      '0.000000001',
      '-0.000000001',
      '12.5',
      '-2',
    ]);
  });
});

describe('currencyProblem', () => {
  it('knows currencies by their codes alone', () => {
    expect(['EUR', 'USD', 'JPY', 'XOF'].map(currencyProblem)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    for (const wrong of ['', 'eur', 'EURO', 'ABQ', '€', '978'])
      expect(currencyProblem(wrong)).toMatch(/ISO 4217/);
  });
});
