// Makers of the times that the calendar names: weekdays, days of a month, months, quarters, seasons, years. Which words name them is in
// the rules.

import { together } from '../combine.ts';
import { dateMs, startOf, unitAt } from '../grain.ts';
import { fullYear } from '../literals.ts';
import { type NumberWord, onceTime, type Setting, type Time, type UnitWord } from '../meaning.ts';
import {
  dayOfMonthSeries,
  every,
  monthSeries,
  nthWithin,
  weekdaySeries,
  weeksByThursday,
  yearly,
} from '../series.ts';

/** The weekday of each week. */
export function weekdayTime(weekday: number): Time {
  return { series: weekdaySeries(weekday), grain: 'day', period: 'week', weekday };
}

/** The month of each year. */
export function monthTime(month: number): Time {
  return { series: monthSeries(month), grain: 'month', period: 'year' };
}

/** The day of each month; undefined for numbers that no month has. */
export function dayTime(day: number, latent: boolean): Time | undefined {
  if (day < 1 || day > 31) return undefined;
  return { series: dayOfMonthSeries(day), grain: 'day', period: 'month', ...(latent && { latent }) };
}

/** The number as a day of a month, 0 when it is none. */
export function figureDay({ value, digits }: NumberWord): number {
  return digits > 2 || value > 31 ? 0 : value;
}

/** A day that the month never has. */
export function noSuchDay(month: number, day: number): Time {
  const impossible = `XXXX-${String(month).padStart(2, '0')}-${day}`;
  return { series: () => [], grain: 'day', period: 'year', impossible };
}

/** The day as a bare number, which only a word beside it makes a time. */
export function bareOf(day: Time | undefined): Time | undefined {
  return day && { ...day, bare: true };
}

/** A bare number as a day of the month. */
export function bareDay(number: NumberWord): Time | undefined {
  return number.digits > 0 ? bareOf(dayTime(figureDay(number), true)) : undefined;
}

/** The year; undefined for numbers that are hardly years. */
export function yearTime(year: number, latent = false): Time | undefined {
  if (year < 1000 || year > 2999) return undefined;
  const stretch = unitAt(dateMs(year, 1, 1), 'year');
  return { ...onceTime(stretch, 'year'), ...(latent && { latent }) };
}

/** The number as a year near our time. */
export function yearOf({ value, digits }: NumberWord): Time | undefined {
  return (digits === 4 || digits === 0) && value >= 1800 && value <= 2200 ? yearTime(value) : undefined;
}

/** The ten years from that one on; undefined when it begins no decade. */
export function decadeTime(year: number): Time | undefined {
  const from = dateMs(year, 1, 1);
  return year % 10 === 0 && year >= 1000
    ? onceTime({ from, to: dateMs(year + 10, 1, 1) }, 'decade')
    : undefined;
}

/** The quarter of each year, 1 to 4. */
export function quarterTime(quarter: number): Time | undefined {
  if (quarter < 1 || quarter > 4) return undefined;
  const series = yearly((year) => [unitAt(dateMs(year, quarter * 3 - 2, 1), 'quarter')]);
  return { series, grain: 'quarter', period: 'year' };
}

/** The half of each year, 1 or 2. */
export function halfTime(half: number): Time | undefined {
  if (half < 1 || half > 2) return undefined;
  return {
    series: yearly((year) => [unitAt(dateMs(year, half * 6 - 5, 1), 'half')]),
    grain: 'half',
    period: 'year',
  };
}

/** The ISO week of each year. */
export function weekTime({ value, digits }: NumberWord): Time | undefined {
  if (value < 1 || value > 53 || digits === 0) return undefined;
  const years = every('year');
  return { series: nthWithin(value, weeksByThursday, years, 'year'), grain: 'week', period: 'year' };
}

/** When each season begins, from spring on: month and day. */
const seasonStarts = [
  [3, 20],
  [6, 21],
  [9, 23],
  [12, 21],
] as const;

/** The season of each year, spring being 0. */
export function seasonTime(index: number): Time {
  const [month, day] = seasonStarts[index] ?? seasonStarts[0];
  const [nextMonth, nextDay] = seasonStarts[(index + 1) % 4] ?? seasonStarts[0];
  const series = yearly((year) => [
    { from: dateMs(year, month, day), to: dateMs(year + (index === 3 ? 1 : 0), nextMonth, nextDay) },
  ]);
  return { series, grain: 'season', period: 'year' };
}

/** The weekend of each week, Saturday and Sunday. */
export function weekendTime(): Time {
  return { series: every('weekend'), grain: 'weekend', period: 'week' };
}

/** The year of two or four figures; 0 for other numbers. */
export function shortYear({ value, digits }: NumberWord): number {
  return digits === 2 || digits === 4 ? fullYear(String(value).padStart(digits, '0')) : 0;
}

/** The one of that year. */
export function inYear(value: Time | undefined, year: number): Time | undefined {
  const container = yearTime(year);
  return value && container && together(container, value);
}

/** The unit that holds the reference. */
export function currentUnit({ unit }: UnitWord, { now }: Setting, offset = 0): Time {
  const at = unit === 'weekend' ? startOf(now, 'week') : now;
  return { ...onceTime(unitAt(at, unit, offset), unit), deictic: true };
}

/** The time, marked as reckoned from now. */
export const deictic = (value: Time): Time => ({ ...value, deictic: true });

/** The day so many days from today. */
export function dayAway(days: number, { now }: Setting): Time {
  return deictic(onceTime(unitAt(now, 'day', days), 'day'));
}
