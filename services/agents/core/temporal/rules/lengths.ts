// Lengths of time: "three weeks", "half an hour", "a 12-year", "1 hour and 30 minutes", "for weeks".

import { isFiner } from '../grain.ts';
import type { Length, NumberWord, UnitWord } from '../meaning.ts';
import { giving, type Rule } from '../rule.ts';

const length = giving('length');

/** Weekends and quarters are counted as parts of the calendar, not as lengths. */
const isLength = ({ unit }: UnitWord): boolean => unit !== 'weekend';

function counted(count: number, unit: UnitWord, vague = false): Length | undefined {
  if (!isLength(unit)) return undefined;
  return {
    amounts: [{ unit: unit.unit, count: count * unit.count }],
    ...(vague && { vague }),
    ...(unit.nights && { nights: true }),
  };
}

function numbered(number: NumberWord, unit: UnitWord): Length | undefined {
  return number.digits < 4 ? counted(number.value, unit, number.vague) : undefined;
}

function uncounted(unit: UnitWord): Length | undefined {
  return unit.plural ? counted(3, unit, true) : undefined;
}

/** Rules for lengths. */
export const lengthRules: readonly Rule[] = [
  ...length('<number> -? <unit>', ([number, unit]) => numbered(number, unit)),
  ...length("<number> '", ([{ value, digits }]) => (digits > 0 ? counted(value, minutes) : undefined)),
  ...length('<number> "', ([{ value, digits }]) => (digits > 0 ? counted(value, seconds) : undefined)),
  ...length(
    '<number> more|full|whole|straight|consecutive|long|solid|calendar|business|working <unit>',
    ([number, unit]) => numbered(number, unit),
  ),
  ...length('a|an <number> - <unit>', ([number, unit]) => numbered(number, unit)),
  ...length('a|an <number> <unit>', ([number, unit]) => numbered(number, unit)),
  ...length('a|an <unit>', ([unit]) =>
    unit.plural || unit.unit === 'second' || unit.unit === 'quarter' ? undefined : counted(1, unit),
  ),
  ...length('one <unit>', ([unit]) => (unit.plural ? undefined : counted(1, unit))),
  ...length('the whole|full|entire <unit>', ([unit]) => (unit.plural ? undefined : counted(1, unit))),
  ...length(
    'all <unit>',
    ([unit]) =>
      unit.plural || isFiner(unit.unit, 'day') || unit.unit === 'weekend' ? undefined : counted(1, unit),
    1,
  ),
  ...length('a|an whole|full|entire|good|long <unit>', ([unit]) =>
    unit.plural ? undefined : counted(1, unit),
  ),
  ...length('quarter <unit>', ([unit]) =>
    unit.unit === 'hour' && !unit.plural ? counted(0.25, unit) : undefined,
  ),
  ...length('<fraction> of? a|an? <unit>', ([value, unit]) => counted(value, unit)),
  ...length('<number> <unit> and a|an? half', ([{ value }, unit]) => counted(value + 0.5, unit), 1),
  ...length('<unit> and a half', ([unit]) =>
    unit.plural
      ? undefined
      : { ...counted(1.5, unit), amounts: counted(1.5, unit)?.amounts ?? [], latent: true },
  ),
  ...length('a|an <unit> and a|an? half', ([unit]) => counted(1.5, unit), 1),
  ...length('a|an|one half <unit>', ([unit]) => counted(0.5, unit)),
  ...length('<length> and|,? <length>', ([a, b]) => {
    const [last] = a.amounts.slice(-1);
    const [first] = b.amounts;
    if (!last || !first || a.vague || b.vague || a.latent || b.latent) return undefined;
    return isFiner(first.unit, last.unit) ? { amounts: [...a.amounts, ...b.amounts] } : undefined;
  }),
  ...length(
    'over|about|almost|nearly|around|approximately|roughly|only|just|exactly <length>',
    ([value]) => value,
    0,
  ),
  ...length('more|less|longer than <length>', ([value]) => value),
  ...length('at least|most <length>', ([value]) => value),
  ...length('not? more|less|longer than <length>', ([value]) => value),
  ...length(
    'for|in|after|within|over|take|took|taken|takes many|several|some|just|about|only? <unit>',
    ([unit]) => uncounted(unit),
  ),
  ...length('over|through|in|for the|recent|many <unit>', ([unit]) => uncounted(unit)),
  ...length('recent|countless|many <unit>', ([unit]) => uncounted(unit)),
  ...length('for <length>', ([value]) => ({ ...value, lasting: true })),
];

const minutes: UnitWord = { unit: 'minute', plural: true, nights: false, count: 1 };
const seconds: UnitWord = { unit: 'second', plural: true, nights: false, count: 1 };
