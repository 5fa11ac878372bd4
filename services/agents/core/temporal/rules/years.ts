// Years and what they are divided into: "2016", "the 1990s", "Q4 2018", "week 12", "summer"; and dates with the year in them.

import { together } from '../combine.ts';
import { dayOfYear, fullYear } from '../literals.ts';
import type { NumberWord, Time } from '../meaning.ts';
import { giving, type Rule } from '../rule.ts';
import {
  decadeTime,
  figureDay,
  halfTime,
  inYear,
  monthTime,
  quarterTime,
  seasonTime,
  shortYear,
  weekendTime,
  weekTime,
  yearOf,
  yearTime,
} from './calendar-times.ts';

const time = giving('time');

const seasonNames = ['spring', 'summer', 'autumn|fall', 'winter'] as const;

/** Rules for years and their parts. */
export const yearRules: readonly Rule[] = [
  ...time('<number>', ([number]) => yearOf(number)),
  ...time('the? calendar? year|cy <number>', ([number]) => yearOf(number), 1),
  ...time('<time> of <number>', ([value, number]) => twoDigitYear(value, number)),
  ...time('<time> <number>', ([value, number]) =>
    number.value > 31 ? twoDigitYear(value, number) : undefined,
  ),
  ...time('<number> -|/ <month> -|/ <number>', ([a, month, b]) => fullDate(a, month, b), 2),
  ...time('<number> <month> <number>', ([day, month, year], { lone }) =>
    lone && year.digits === 2 ? fullDate(day, month, year) : undefined,
  ),
  ...time('<month> -|/ <number> -|/ <number>', ([month, day, year]) => fullDate(day, month, year), 2),
  ...time('<month> / <number>', ([month, year]) =>
    year.digits === 4 ? inYear(monthTime(month), year.value) : undefined,
  ),
  ...time('the? month of <month>', ([month]) => monthTime(month), 1),
  ...time("<time> ' <number>", ([value, { value: year, digits }]) =>
    digits === 2 ? inYear(value, fullYear(String(year).padStart(2, '0'))) : undefined,
  ),
  ...time(
    '<number> <number>',
    ([a, b]) =>
      a.digits === 0 && b.digits === 0 && (a.value === 19 || a.value === 20) && b.value >= 10 && b.value < 100
        ? yearTime(a.value * 100 + b.value)
        : undefined,
    2,
  ),
  ...time(
    "the? <number> '? s",
    ([{ value, digits }]) =>
      digits === 4 ? decadeTime(value) : digits === 2 && value >= 20 ? decadeTime(1900 + value) : undefined,
    1,
  ),
  ...time('the? twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties', () => undefined),
  ...time('the? sixties', () => decadeTime(1960)),
  ...time('the? seventies', () => decadeTime(1970)),
  ...time('the? eighties', () => decadeTime(1980)),
  ...time('the? nineties', () => decadeTime(1990)),
  ...time('q <number>', ([{ value, digits }]) => (digits === 1 ? quarterTime(value) : undefined)),
  ...time('h <number>', ([{ value, digits }]) =>
    digits === 1 && value < 3 ? ({ ...halfTime(value), latent: true } as Time) : undefined,
  ),
  ...time('the? <ordinal> -? quarter|qtr', ([value]) => quarterTime(value)),
  ...time('the? <ordinal> half', ([value]) => halfTime(value), -1),
  ...time(
    'the? <ordinal> half of|in <time>',
    ([value, year]) => {
      const half = halfTime(value);
      return half && year.grain === 'year' ? together(year, half) : undefined;
    },
    2,
  ),
  ...time(
    '<number> -? q <number>',
    ([year, { value, digits }]) => (digits === 1 ? inYear(quarterTime(value), shortYear(year)) : undefined),
    1,
  ),
  ...time(
    '<number> -? h <number>',
    ([year, { value, digits }]) => (digits === 1 ? inYear(halfTime(value), shortYear(year)) : undefined),
    1,
  ),
  ...time(
    '<time> - <number>',
    ([value, number]) =>
      value.grain === 'quarter' || value.grain === 'half' ? inYear(value, shortYear(number)) : undefined,
    1,
  ),
  ...time('the? week|wk number|no|#? <number>', ([number]) => weekTime(number)),
  ...time('w <number>', ([number]) => (number.digits === 2 ? weekTime(number) : undefined)),
  ...time('over|on|during|since|for? the? weekend', () => weekendTime()),
  ...seasonNames.flatMap((names, index) => time(`the? ${names}`, () => seasonTime(index))),
];

/** Year, month and day in either order; the year has four figures when it stands first. */
function fullDate(a: NumberWord, month: number, b: NumberWord): Time | undefined {
  const [day, year] = a.digits === 4 ? [b, a] : [a, b];
  return inYear(dayOfYear(month, figureDay(day)), shortYear(year));
}

/** "15 April of 87", "Jan 87": two figures that no day can be. */
function twoDigitYear(value: Time, { value: year, digits }: NumberWord): Time | undefined {
  if (digits !== 2 || value.period !== 'year' || (value.grain !== 'day' && value.grain !== 'month'))
    return undefined;
  return value.grain === 'month' && year <= 31
    ? undefined
    : inYear(value, fullYear(String(year).padStart(2, '0')));
}
