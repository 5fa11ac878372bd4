// Chance that repeats itself, so that training is the same every time.

/** A stream of chance. */
export interface Chance {
  /** A number from 0 up to but not including 1. */
  next(): number;
  /** The same things in another order, as a new list. */
  shuffled<T>(things: readonly T[]): T[];
}

/** The stream of a seed (mulberry32). */
export function createChance(seed: number): Chance {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const shuffled = <T>(things: readonly T[]): T[] =>
    things
      .map((thing) => ({ thing, lot: next() }))
      .sort((a, b) => a.lot - b.lot)
      .map(({ thing }) => thing);
  return { next, shuffled };
}
