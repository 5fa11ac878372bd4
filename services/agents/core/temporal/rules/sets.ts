// Times that come regularly: "every Tuesday", "daily", "each monday at 4 pm", "Friday mornings".

import { lengthTimex } from '../combine.ts';
import { isFiner } from '../grain.ts';
import type { Clock, PartName, Recurrence, UnitWord } from '../meaning.ts';
import { giving, type Rule } from '../rule.ts';

const set = giving('set');

const weekdayTimex = (day: number): Recurrence => ({ timex: `XXXX-WXX-${day}`, weekdays: [day] });

function period(count: number, { unit, count: times }: UnitWord): Recurrence | undefined {
  if (unit === 'weekend') return { timex: 'XXXX-WXX-WE', weekdays: [6, 7] };
  return { timex: lengthTimex({ amounts: [{ unit, count: count * times }] }), weekdays: [] };
}

const partLetters: Readonly<Partial<Record<PartName, string>>> = {
  morning: 'TMO',
  forenoon: 'TMO',
  noon: 'TMI',
  lunch: 'TMEL',
  afternoon: 'TAF',
  evening: 'TEV',
  night: 'TNI',
};

const two = (value: number): string => String(value).padStart(2, '0');

/** The clock as TIMEX: T09, T19:13. */
export function clockTimex({ hour, minute, second }: Clock): string {
  const told = [minute, second].flatMap((value) => (value === undefined ? [] : [`:${two(value)}`]));
  return `T${two(hour % 24)}${told.join('')}`;
}

/** A day's recurrence that the clock makes more exact; the clock alone where it comes every day. */
function withClock(recurrence: Recurrence, clock: string): Recurrence | undefined {
  if (recurrence.timex.includes('T')) return recurrence;
  if (recurrence.timex === 'P1D') return { ...recurrence, timex: clock };
  return recurrence.timex.startsWith('XXXX')
    ? { ...recurrence, timex: `${recurrence.timex}${clock}` }
    : undefined;
}

const adverbs: readonly (readonly [string, string])[] = [
  ['hourly', 'PT1H'],
  ['daily|everyday', 'P1D'],
  ['nightly', 'P1D'],
  ['weekly', 'P1W'],
  ['biweekly|fortnightly', 'P2W'],
  ['monthly', 'P1M'],
  ['bimonthly', 'P2M'],
  ['quarterly', 'P3M'],
  ['semiannual|semiannually|biannual|biannually', 'P0.5Y'],
  ['annual|annually|yearly', 'P1Y'],

  ['biennial|biennially', 'P2Y'],
];

/** Rules for recurrences. */
export const setRules: readonly Rule[] = [
  ...adverbs.flatMap(([words, timex]) => set(words, () => ({ timex, weekdays: [] }))),
  ...set('bi - weekly', () => ({ timex: 'P2W', weekdays: [] })),
  ...set('semi - annual|annually', () => ({ timex: 'P0.5Y', weekdays: [] })),
  ...set('every|each|per single? <unit>', ([unit]) => period(1, unit), 1),
  ...set(
    'a <unit>',
    ([unit]) =>
      unit.plural || isFiner(unit.unit, 'day') || unit.unit === 'quarter' ? undefined : period(1, unit),
    -2,
  ),
  ...set('every|each other|second <unit>', ([unit]) => period(2, unit), 1),
  ...set('every|each <number> <unit>', ([{ value }, unit]) => period(value, unit), 1),
  ...set('every|each <ordinal> <unit>', ([value, unit]) => period(value, unit)),
  ...set(
    'every|each <ordinal> <weekday> of|in every|each|the month',
    () => ({ timex: 'P1M', weekdays: [] }),
    2,
  ),
  ...set('once|twice a|per|every <unit>', ([unit]) => period(1, unit), 1),
  ...set('any|all <unit>', ([unit]) =>
    unit.unit === 'weekend' ? { timex: 'P1WE', weekdays: [6, 7] } : undefined,
  ),
  ...set('on? weekends', () => ({ timex: 'XXXX-WXX-WE', weekdays: [6, 7] })),
  ...set('on|every|each? weekdays|weekday', () => ({ timex: 'XXXX-WXX-WD', weekdays: [1, 2, 3, 4, 5] })),
  ...set('every|each other|single? <weekday>', ([{ day }]) => weekdayTimex(day), 1),
  ...set(
    'every|each <weekday> and|or|,|& <weekday>',
    ([a, b]) => ({ timex: `XXXX-WXX-${a.day}`, weekdays: [a.day, b.day] }),
    -1,
  ),
  ...set('on? <weekday>', ([{ day, plural }]) => (plural ? weekdayTimex(day) : undefined)),
  ...set('every|each|most <part>', ([{ name }]) => ({ timex: partLetters[name] ?? 'P1D', weekdays: [] }), 1),
  ...set('in? the? <part>', ([{ name, plural }]) =>
    plural ? { timex: partLetters[name] ?? 'P1D', weekdays: [] } : undefined,
  ),
  ...set(
    '<weekday> <part>',
    ([{ day }, { name, plural }]) =>
      plural ? { timex: `XXXX-WXX-${day}${partLetters[name] ?? ''}`, weekdays: [day] } : undefined,
    1,
  ),
  ...set('<set> at|around|@|by? <clock>', ([recurrence, clock]) =>
    clock.latent ? undefined : timed(recurrence, clock),
  ),
  ...set('<clock> on? <set>', ([clock, recurrence]) => (clock.latent ? undefined : timed(recurrence, clock))),
  ...set('<set> <set>', ([a, b]) =>
    b.timex.startsWith('T') && !a.timex.includes('T') ? withClock(a, b.timex) : undefined,
  ),
];

function timed(recurrence: Recurrence, clock: Clock): Recurrence | undefined {
  const plain = recurrence.timex.replace(/T[A-Z]+$/, '');
  return withClock({ ...recurrence, timex: plain === '' ? 'P1D' : plain }, clockTimex(clock));
}
