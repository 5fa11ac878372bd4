// Chance from a seed: the same seed gives the same numbers, so that a history can be replayed. It is not fit for secrets.

/** Numbers that only look like chance. */
export interface Random {
  /** From 0 to below 1. */
  next(): number;
  /** A whole number from 0 to below `limit`. */
  below(limit: number): number;
  /** A whole number; both ends are possible. */
  between(least: number, most: number): number;
  /** True in so many of 1 cases. */
  chance(probability: number): boolean;
  /** One of a list, which is not empty. */
  pick<T>(list: readonly T[]): T;
}

/** A generator (mulberry32) for a seed, of which the lower 32 bits count. */
export function createRandom(seed: number): Random {
  let state = Math.imul(seed, 0x9e3779b1) ^ 0x5bd1e995;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    next,
    below,
    between: (least, most) => least + below(most - least + 1),
    chance: (probability) => probability > 0 && next() < probability,
    pick: <T>(list: readonly T[]): T => list[below(list.length)] as T,
  };
}
