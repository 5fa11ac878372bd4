// Dates and clocks written in figures, by pattern: 2015-3-3, 2/15, 24.8., 3:15 pm, 0730, 15h30. Words are not read here.

import type { Span } from '../skill.ts';
import { dateMs, dayMs, partsOf } from './grain.ts';
import { type Clock, onceTime, type Setting, type Time } from './meaning.ts';
import type { Meaning } from './rule.ts';
import { dayOfYearSeries, monthSeries, once, within } from './series.ts';

/** A meaning of a stretch of the text. */
export interface Literal extends Span {
  readonly meaning: Meaning;
  readonly weight: number;
}

interface Form {
  readonly pattern: RegExp;
  readonly read: (
    groups: Readonly<Record<string, string | undefined>>,
    setting: Setting,
  ) => Meaning | undefined;
  readonly weight?: number;
}

/** Two figures of a year: up to 39 is this century. */
const centuryTurn = 40;

/** The year that two or four digits say. */
export function fullYear(digits: string): number {
  const value = Number(digits);
  if (digits.length > 2) return value;
  return value < centuryTurn ? 2000 + value : 1900 + value;
}

/** The day of a full date; undefined when the calendar lacks it. */
export function dayTime(year: number, month: number, day: number): Time | undefined {
  const from = dateMs(year, month, day);
  const back = partsOf(from);
  if (month < 1 || month > 12 || back.month !== month || back.day !== day) return undefined;
  return onceTime({ from, to: from + dayMs }, 'day');
}

/** The day of each year; undefined when no year has it. */
export function dayOfYear(month: number, day: number): Time | undefined {
  if (month < 1 || month > 12 || day < 1 || partsOf(dateMs(2000, month, day)).month !== month)
    return undefined;
  return { series: dayOfYearSeries(month, day), grain: 'day', period: 'year' };
}

/** Day and month in the order of the setting, or the other when only that makes a date. */
function ordered<T>(
  a: string,
  b: string,
  setting: Setting,
  make: (month: number, day: number) => T | undefined,
): T | undefined {
  const [first, second] = [Number(a), Number(b)];
  const monthFirst = make(first, second);
  const dayFirst = make(second, first);
  return setting.dayFirst ? (dayFirst ?? monthFirst) : (monthFirst ?? dayFirst);
}

const timeOf = (value: Time | undefined): Meaning | undefined =>
  value === undefined ? undefined : { category: 'time', value };

/** A clock of hours and minutes; undefined beyond 24:00. */
export function clockOf(hour: number, minute?: number, more: Partial<Clock> = {}): Clock | undefined {
  if (hour > 24 || (minute ?? 0) > 59) return undefined;
  const settled = hour === 0 || hour > 12;
  return { hour, ...(minute !== undefined && { minute }), fixed: settled, ...more };
}

/** The clock in the half of the day that is written; 12 am is midnight. */
export function clockWith(clock: Clock, half: 'am' | 'pm'): Clock | undefined {
  if (clock.hour > 12)
    return half === 'pm' ? { ...clock, fixed: true, latent: false, bare: false } : undefined;
  if (clock.hour === 0 && half === 'pm') return undefined;
  const hour = (clock.hour % 12) + (half === 'pm' ? 12 : 0);
  return { ...clock, hour, fixed: true, latent: false, bare: false };
}

function clockMeaning(groups: Readonly<Record<string, string | undefined>>): Meaning | undefined {
  const { h = '', m, s } = groups;
  const read = clockOf(Number(h), m === undefined ? undefined : Number(m));
  if (read === undefined) return undefined;
  const second = s === undefined ? {} : { second: Number(s) };
  const fixed = read.fixed || Number(h) === 12 || (h.length === 2 && h.startsWith('0'));
  return { category: 'clock', value: { ...read, ...second, fixed } };
}

const before = '(?<![\\d.,:/$#-]|\\d )';
const after = '(?![\\d/:]|[.,-]\\d|%)';
const form = (source: string): RegExp => new RegExp(source, 'gi');

const forms: readonly Form[] = [
  {
    pattern: form(
      `(?<![\\d.:$])(?<y>\\d{4})(?<sep>[-/. ])(?<m>\\d{1,2})\\k<sep>(?<d>\\d{1,2})(?=t\\d|(?!\\d|[/:]\\d))`,
    ),
    read: ({ y, m, d }) => timeOf(dayTime(Number(y), Number(m), Number(d))),
    weight: 3,
  },
  {
    pattern: form(`${before}(?<y>(?:19|20)\\d{2})(?<m>0[1-9]|1[0-2])(?<d>[0-3]\\d)${after}`),
    read: ({ y, m, d }) => timeOf(dayTime(Number(y), Number(m), Number(d))),
    weight: 1,
  },
  {
    pattern: form(
      `(?<![\\d.,:/$#]|\\d )(?<a>\\d{1,2})\\s?(?<sep>[-/.])\\s?(?<b>\\d{1,2})\\s?\\k<sep>\\s?(?<y>\\d{4}|\\d{2})(?!\\d|[/:]\\d)`,
    ),
    read: ({ a = '', b = '', y = '' }, setting) =>
      timeOf(ordered(a, b, setting, (month, day) => dayTime(fullYear(y), month, day))),
    weight: 3,
  },
  {
    pattern: form(`(?<![\\d.,:$#/])(?<a>\\d{1,2})\\s?/\\s?(?<b>\\d{1,2})(?![\\d/:]|[.,]\\d|%)`),
    read: ({ a = '', b = '' }, setting) => timeOf(ordered(a, b, setting, dayOfYear)),
  },
  {
    pattern: form(`(?<![\\d.,:$#/-])(?<a>\\d{1,2})\\s?-\\s?(?<b>\\d{1,2})(?![\\d/:-]|[.,]\\d|%)`),
    read: ({ a = '', b = '' }, setting) =>
      setting.lone ? timeOf(ordered(a, b, setting, dayOfYear)) : undefined,
  },
  {
    pattern: form(
      `${before}(?<a>\\d{1,2})\\.(?<b>\\d{1,2})(?<stop>\\.(?=\\s+\\S))?${after}(?!\\s*(?:percent|per cent|points|million|billion|inch|feet|km|m\\b))`,
    ),
    read: ({ a = '', b = '', stop }, setting) => {
      const day = ordered(a, b, setting, dayOfYear);
      return timeOf(day && { ...day, latent: stop === undefined });
    },
  },
  {
    pattern: form(`${before}(?<m>\\d{1,2})[/-](?<y>(?:19|20)\\d{2})${after}`),
    read: ({ m, y }) => monthOfYear(Number(y), Number(m)),
  },
  {
    pattern: form(`${before}(?<y>(?:19|20)\\d{2})[-/](?<m>\\d{1,2})${after}`),
    read: ({ m, y }) => monthOfYear(Number(y), Number(m)),
  },
  {
    pattern: form(`(?<![\\d.,:/$])(?<h>\\d{1,2}):(?<m>\\d{2})(?::(?<s>\\d{2})(?:\\.\\d+)?)?(?![\\d:])`),
    read: clockMeaning,
    weight: 1,
  },
  {
    pattern: form(`(?<![\\d.,:/$])(?<h>\\d{1,2})h(?<m>\\d{2})?(?![\\d])(?!\\w*\\s*(?:ago|long))`),
    read: ({ h = '', m = '00' }) => {
      const clock = clockOf(Number(h), Number(m), { fixed: true });
      return clock && { category: 'clock', value: clock };
    },
  },
  {
    pattern: form(
      `(?<![\\d.,:/$])(?<h>\\d{1,2})\\.(?<m>\\d{2})(?![\\d]|[.,/]\\d|%)(?!\\s*(?:percent|per cent|points|million|billion))`,
    ),
    read: clockMeaning,
    weight: -1.5,
  },
  {
    pattern: form(
      `(?<![\\d.,:/$#])(?<h>[01]?\\d|2[0-4])(?<m>[0-5]\\d)(?![\\d]|[.,/]\\d|%)(?:(?<=\\d{4})|(?=\\s*[ap]\\.?m))`,
    ),
    read: ({ h = '', m = '' }) => {
      const clock = clockOf(Number(h), Number(m), { latent: true, bare: true });
      const fixed = clock && (clock.fixed || h.startsWith('0'));
      return clock && { category: 'clock', value: { ...clock, fixed: fixed === true } };
    },
    weight: -0.5,
  },
  {
    pattern: form('(?<=\\d\\s?|\\b[a-z]+\\s)(?<half>[ap])(?:m\\b|\\s?\\.\\s?m\\b(?:\\s?\\.)?)'),
    read: ({ half }) => ({ category: 'meridiem', value: half?.toLowerCase() === 'a' ? 'am' : 'pm' }),
  },
  {
    pattern: form('(?<=\\d)(?<half>[ap])\\b'),
    read: ({ half }) => ({ category: 'meridiem', value: half?.toLowerCase() === 'a' ? 'am' : 'pm' }),
  },
  {
    pattern: form('(?<![\\d.,:/$])(?<value>\\d{1,3}\\.\\d{1,2})(?!\\d|[.,:/]\\d)'),
    read: ({ value }) => ({ category: 'fraction', value: Number(value) }),
  },
  {
    pattern: form('(?<![\\d.,:/])(?<a>[1-3])/(?<b>[2-4])(?![\\d/])'),
    read: ({ a, b }) => ({ category: 'fraction', value: Number(a) / Number(b) }),
  },
  {
    pattern: form('(?<value>[½¼¾])'),
    read: ({ value }) => ({ category: 'fraction', value: value === '½' ? 0.5 : value === '¼' ? 0.25 : 0.75 }),
  },
  {
    pattern: form(`(?<![\\d$#]|\\d[.,:/])(?<value>\\d{1,4})(?!\\d|[.,]\\d|%)`),
    read: ({ value = '' }) => ({ category: 'number', value: { value: Number(value), digits: value.length } }),
  },
];

function monthOfYear(year: number, month: number): Meaning | undefined {
  if (month < 1 || month > 12) return undefined;
  const from = dateMs(year, month, 1);
  const series = within(
    once({ from: dateMs(year, 1, 1), to: dateMs(year + 1, 1, 1) }),
    'year',
    monthSeries(month),
  );
  return { category: 'time', value: { ...onceTime({ from, to: from + dayMs }, 'month'), series } };
}

/** All that the figures of the text can mean; readings of the same figures stand beside each other. */
export function literalsOf(text: string, setting: Setting): Literal[] {
  return forms.flatMap(({ pattern, read, weight = 0 }) =>
    [...text.matchAll(pattern)].flatMap((match) => {
      const meaning = read(match.groups ?? {}, setting);
      return meaning === undefined
        ? []
        : [{ start: match.index, end: match.index + match[0].length, meaning, weight }];
    }),
  );
}
