// When holidays fall, by the kind of rule that sets them: a fixed date, a weekday of a month, Easter, another calendar. Names are not here.

import { dateMs, dayMs, partsOf, type Stretch } from './grain.ts';

/** What sets the day of a holiday in a year; `days` is how long it lasts, one where it is not told. */
export type HolidayDay =
  | { readonly month: number; readonly day: number; readonly days?: number }
  | {
      readonly month: number;
      readonly weekday: number;
      readonly nth: number;
      readonly plusDays?: number;
      readonly days?: number;
    }
  | { readonly easter: number; readonly days?: number }
  | { readonly orthodoxEaster: number; readonly days?: number }
  | {
      readonly calendar: Calendar;
      readonly month: number;
      readonly day: number;
      readonly eve?: boolean;
      readonly days?: number;
    };

/** Calendars that the runtime knows by the Unicode locale data. */
export type Calendar = 'hebrew' | 'islamic-umalqura' | 'chinese';

/** The stretches of the holiday that begin in the year; a year of the Islamic calendar may begin twice in it. */
export function holidayIn(year: number, rule: HolidayDay): readonly Stretch[] {
  return firstDays(year, rule).map((from) => ({ from, to: from + (rule.days ?? 1) * dayMs }));
}

function firstDays(year: number, rule: HolidayDay): readonly number[] {
  if ('easter' in rule) return [easter(year) + rule.easter * dayMs];
  if ('orthodoxEaster' in rule) return [orthodoxEaster(year) + rule.orthodoxEaster * dayMs];
  if ('calendar' in rule) return calendarDays(year, rule).map((day) => day - (rule.eve ? dayMs : 0));
  if ('nth' in rule)
    return [nthWeekday(year, rule.month, rule.weekday, rule.nth) + (rule.plusDays ?? 0) * dayMs];
  return [dateMs(year, rule.month, rule.day)];
}

/** The nth weekday of the month, from its end when negative. */
function nthWeekday(year: number, month: number, weekday: number, nth: number): number {
  if (nth < 0) {
    const last = dateMs(year, month + 1, 0);
    return last - (((partsOf(last).weekday - weekday + 7) % 7) + 7 * (-nth - 1)) * dayMs;
  }
  const first = dateMs(year, month, 1);
  return first + (((weekday - partsOf(first).weekday + 7) % 7) + 7 * (nth - 1)) * dayMs;
}

/** Western Easter by the anonymous Gregorian computus (Meeus, Astronomical Algorithms, chapter 8). */
function easter(year: number): number {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = Math.floor((8 * b + 13) / 25);
  const e = (19 * a + b - Math.floor(b / 4) - d + 15) % 30;
  const f = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - e - (c % 4)) % 7;
  const g = Math.floor((a + 11 * e + 22 * f) / 451);
  const month = Math.floor((e + f - 7 * g + 114) / 31);
  return dateMs(year, month, ((e + f - 7 * g + 114) % 31) + 1);
}

/** Orthodox Easter by the Julian computus (the same source), on the Gregorian calendar. */
function orthodoxEaster(year: number): number {
  const d = (19 * (year % 19) + 15) % 30;
  const e = (2 * (year % 4) + 4 * (year % 7) - d + 34) % 7;
  const julian = dateMs(year, Math.floor((d + e + 114) / 31), ((d + e + 114) % 31) + 1);
  return julian + (Math.floor(year / 100) - Math.floor(year / 400) - 2) * dayMs;
}

/** Days of the year that another calendar calls by this month and day. */
function calendarDays(
  year: number,
  rule: { calendar: Calendar; month: number; day: number },
): readonly number[] {
  const format = new Intl.DateTimeFormat(`en-u-ca-${rule.calendar}`, {
    timeZone: 'UTC',
    month: 'numeric',
    day: 'numeric',
    ...hebrewNames(rule.calendar),
  });
  const name = rule.calendar === 'hebrew' ? hebrewMonths[rule.month - 1] : String(rule.month);
  const found: number[] = [];
  for (let day = dateMs(year, 1, 1); day < dateMs(year + 1, 1, 1); day += dayMs) {
    const parts = format.formatToParts(day);
    const at = (type: string): string | undefined => parts.find((part) => part.type === type)?.value;
    if (at('month') === name && at('day') === String(rule.day)) found.push(day);
  }
  return found;
}

/** Hebrew months are called by name, because their numbers shift in leap years. Months count from Nisan. */
const hebrewMonths = [
  'Nisan',
  'Iyar',
  'Sivan',
  'Tamuz',
  'Av',
  'Elul',
  'Tishri',
  'Heshvan',
  'Kislev',
  'Tevet',
  'Shevat',
  'Adar',
];

function hebrewNames(calendar: Calendar): Intl.DateTimeFormatOptions {
  return calendar === 'hebrew' ? { month: 'long' } : {};
}
