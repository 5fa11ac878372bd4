// Chance that is always the same: the same seed draws the same numbers, so that an estimate does not change while its records do not.

/** Draws a number from 0 to below 1. */
export type Chance = () => number;

/** Chance from a text: Mulberry32 seeded by FNV-1a. Good for drawing samples, and for nothing secret. */
export function seededChance(seed: string): Chance {
  let state = 0x811c9dc5;
  for (const byte of Buffer.from(seed)) state = Math.imul(state ^ byte, 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** One of the values. Throws when there are none. */
export function drawOne<T>(values: readonly T[], chance: Chance): T {
  if (values.length === 0) throw new Error('Nothing can be drawn from no values');
  return values[Math.floor(chance() * values.length)] as T;
}

/** As many of the values, each drawn from all of them. */
export function drawMany<T>(values: readonly T[], count: number, chance: Chance): readonly T[] {
  const drawn: T[] = [];
  while (drawn.length < count) drawn.push(drawOne(values, chance));
  return drawn;
}

/** A number of the standard normal distribution (Box and Muller). */
export function drawNormal(chance: Chance): number {
  return Math.sqrt(-2 * Math.log(1 - chance())) * Math.cos(2 * Math.PI * chance());
}
