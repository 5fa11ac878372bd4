// Tries regular expressions that someone else wrote, and stops trying when that has taken enough: what a schema asks of each text may be
// harmless, and of thousands of texts not.
import { patternTextMax, patternWays, patternWaysMax } from './pattern-cost.ts';

/** Expressions that share a budget. */
export interface PatternBudget {
  /** The budget is whole again: a new check begins. */
  renew(): void;
  /** An expression that matches no text over 500 code units, and none at all when its trying would pass what is left. */
  expression(pattern: string, flags: string): { test(text: string): boolean; toString(): string };
}

/** A whole budget. */
export function createPatternBudget(): PatternBudget {
  let left = patternWaysMax;
  return {
    renew: () => {
      left = patternWaysMax;
    },
    expression: (pattern, flags) => {
      const expression = new RegExp(pattern, flags);
      const waysOf = new Map<number, number>(); // by length of text
      const spend = ({ length }: string): boolean => {
        const ways = waysOf.get(length) ?? patternWays(pattern, length);
        waysOf.set(length, ways);
        if (ways > left) return false;
        left -= ways;
        return true;
      };
      return {
        test: (text) => text.length <= patternTextMax && spend(text) && expression.test(text),
        toString: () => String(expression), // schemas tell expressions apart by it
      };
    },
  };
}
