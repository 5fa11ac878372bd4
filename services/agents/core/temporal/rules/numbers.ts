// Numbers and ordinals, in words and figures.

import { giving, type Rule } from '../rule.ts';

const number = giving('number');
const ordinal = giving('ordinal');
const fraction = giving('fraction');

const spelled = (value: number, vague = false) => ({ value, digits: 0, ...(vague && { vague }) });
/** What "a few" and "several" stand for where a count is needed. */
const few = 3;
const several = 4;

/** Rules for numbers, fractions and ordinals. */
export const numberRules: readonly Rule[] = [
  ...number('<ones>', ([ones]) => spelled(ones)),
  ...number('<tens>', ([tens]) => spelled(tens)),
  ...number('<tens> -? <ones>', ([tens, ones]) => spelled(tens + ones), 1),
  ...number('a|an? couple of?', () => spelled(2)),
  ...number('a|the? pair of', () => spelled(2)),
  ...number('a|the? few', () => spelled(few, true)),
  ...number('several', () => spelled(several, true)),
  ...number('some', () => spelled(few, true)),
  ...number('a? dozen', () => spelled(12)),
  ...number('<number> dozen', ([{ value }]) => spelled(value * 12)),
  ...number('<number> hundred', ([{ value, digits }]) =>
    digits === 0 && value < 30 ? spelled(value * 100) : undefined,
  ),
  ...number('<number> hundred and? <number>', ([{ value, digits }, rest]) =>
    digits === 0 && value < 30 && rest.value < 100 ? spelled(value * 100 + rest.value) : undefined,
  ),
  ...number('<number> thousand', ([{ value, digits }]) =>
    digits === 0 && value < 10 ? spelled(value * 1000) : undefined,
  ),
  ...number('<number> thousand and? <number>', ([{ value, digits }, rest]) =>
    digits === 0 && value < 10 && rest.digits === 0 && rest.value < 1000
      ? spelled(value * 1000 + rest.value)
      : undefined,
  ),
  ...ordinal('<tens> -? <ordinal>', ([tens, one]) => (one < 10 ? tens + one : undefined), 1),
  ...ordinal('<number> st|nd|rd|th', ([{ value, digits }]) =>
    digits > 0 && value > 0 && value < 100 ? value : undefined,
  ),
  ...fraction('half', () => 0.5),
  ...fraction('one|a quarter', () => 0.25),
  ...fraction('three -? quarters|quarter', () => 0.75),
  ...fraction('<number> and a|an? half', ([{ value }]) => value + 0.5),
  ...fraction('<number> and a|one quarter', ([{ value }]) => value + 0.25, 1),
  ...fraction('<number> and <fraction>', ([{ value }, part]) => (part < 1 ? value + part : undefined)),
];
