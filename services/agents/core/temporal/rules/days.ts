// Days by their weekday, number and month: "Monday", "the 3rd of March", "May 5".

import { together } from '../combine.ts';
import { dayOfYear } from '../literals.ts';
import { giving, type Rule } from '../rule.ts';
import { bareDay, bareOf, dayTime, figureDay, monthTime, noSuchDay, weekdayTime } from './calendar-times.ts';

const time = giving('time');

/** Rules for days and months. */
export const dayRules: readonly Rule[] = [
  ...time('<weekday> .?', ([{ day, plural }]) => (plural ? undefined : weekdayTime(day))),
  ...time('<month> .?', ([month]) => monthTime(month)),
  ...time('<month> the? <ordinal>', ([month, day]) => dayOfYear(month, day), 1),
  ...time('<month> . <number>', ([month, number]) => dayOfYear(month, figureDay(number)), 1),
  ...time('<month> <number>', ([month, { value, digits }]) =>
    digits === 2 && value > 28 && value <= 31 && dayOfYear(month, value) === undefined
      ? noSuchDay(month, value)
      : undefined,
  ),
  ...time('<month> -|/? <number>', ([month, number]) => dayOfYear(month, figureDay(number)), 1),
  ...time('<ordinal> day? of? <month>', ([day, month]) => dayOfYear(month, day), 1),
  ...time('<ordinal> <month>', ([day, month]) => dayOfYear(month, day), 1),
  ...time('<number> -|/|.|of? <month>', ([number, month]) => dayOfYear(month, figureDay(number)), 1),
  ...time('the <number> of? <month>', ([number, month]) => dayOfYear(month, figureDay(number)), 1),
  ...time('<ordinal>', ([day]) => bareOf(dayTime(day, true))),
  ...time('the <ordinal>', ([day]) => dayTime(day, true)),
  ...time('on the <ordinal>', ([day]) => dayTime(day, false)),
  ...time('the|on? <number>', ([number]) => bareDay(number), -1),
  ...time('<number> .', ([number], { dayFirst }) =>
    dayFirst ? dayTime(figureDay(number), true) : undefined,
  ),
  ...time(
    '<ordinal> day? of <time>',
    ([day, value]) => (value.grain === 'month' ? together(value, dayTime(day, false) ?? value) : undefined),
    1,
  ),
  ...time(
    '<number> of <time>',
    ([number, value]) =>
      value.grain === 'month' ? together(value, dayTime(figureDay(number), false) ?? value) : undefined,
    1,
  ),
];
