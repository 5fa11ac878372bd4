// Small numbers as English words. Lists only; the grammar of times has longer ones of its own, with what they mean there.

/** From one to ten, at the place of the number less one. */
export const numberWords: readonly string[] = [
  ...['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'],
];

/** From first to tenth, at the place of the number less one. */
export const ordinalWords: readonly string[] = [
  ...['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth'],
];
