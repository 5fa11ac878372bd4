// What is tried of foreign patterns, and when no more is.
import { describe, expect, it } from '@jest/globals';
import { createPatternBudget } from './pattern-budget.ts';
import { patternTextMax, patternWays, patternWaysMax } from './pattern-cost.ts';

describe('a budget', () => {
  it('is shared by its expressions, spent by every try and whole again when it is renewed', () => {
    const budget = createPatternBudget();
    const [one, other] = [budget.expression('^a*a*$', 'u'), budget.expression('^b?$', 'u')];
    const text = 'a'.repeat(patternTextMax);
    const tries = Math.floor(patternWaysMax / patternWays('^a*a*$', text.length));
    for (let taken = 0; taken < tries; taken += 1) expect(one.test(text)).toBe(true);
    expect(one.test(text)).toBe(false);
    expect(other.test('b')).toBe(true);
    budget.renew();
    expect(one.test(text)).toBe(true);
  });

  it('is enough for thousands of texts that are as long as addresses are', () => {
    const budget = createPatternBudget();
    const address = budget.expression('^[^@\\s]+@[^@\\s]+$', 'u');
    const all = Array.from({ length: 5_000 }, (_, at) => address.test(`someone.${at}@example.org`));
    expect(all.every(Boolean)).toBe(true);
  });

  it('reads no text over 500 code units', () => {
    const expression = createPatternBudget().expression('^a*$', 'u');
    expect(expression.test('a'.repeat(patternTextMax))).toBe(true);
    expect(expression.test('a'.repeat(patternTextMax + 1))).toBe(false);
  });
});
