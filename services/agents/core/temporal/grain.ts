// Units of the calendar and steps along it, on wall clocks written as milliseconds as if they were UTC. No zone, no language.

/** How exactly a time is told, finest first. A part is a part of a day such as an evening. */
export const grains = [
  'second',
  'minute',
  'hour',
  'part',
  'day',
  'weekend',
  'week',
  'month',
  'season',
  'quarter',
  'half',
  'year',
  'decade',
  'century',
] as const;

/** One unit of the calendar. */
export type Grain = (typeof grains)[number];

/** A stretch of wall time, half-open. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  /** Where the last named unit begins, in a stretch named by its two ends ("from Monday to Friday": the start of Friday). */
  readonly last?: number;
}

const secondMs = 1000;
/** Milliseconds of a minute. */
export const minuteMs = 60 * secondMs;
/** Milliseconds of an hour. */
export const hourMs = 60 * minuteMs;
/** Milliseconds of a day. */
export const dayMs = 24 * hourMs;

const fixedMs: Readonly<Partial<Record<Grain, number>>> = {
  second: secondMs,
  minute: minuteMs,
  hour: hourMs,
  part: hourMs,
  day: dayMs,
  weekend: 7 * dayMs,
  week: 7 * dayMs,
};
const monthsOf: Readonly<Partial<Record<Grain, number>>> = {
  month: 1,
  season: 3,
  quarter: 3,
  half: 6,
  year: 12,
  decade: 120,
  century: 1200,
};

/** Whether `a` is the finer of the two. */
export function isFiner(a: Grain, b: Grain): boolean {
  return grains.indexOf(a) < grains.indexOf(b);
}

/** About how long the unit is at most, in milliseconds. */
export function longestMs(grain: Grain): number {
  return fixedMs[grain] ?? (monthsOf[grain] ?? 12) * 31 * dayMs;
}

/** The wall time of a day; months and days out of range carry over. */
export function dateMs(year: number, month: number, day: number): number {
  const date = new Date(Date.UTC(2000, month - 1, day));
  date.setUTCFullYear(year, month - 1, day);
  return date.getTime();
}

/** Year, month (1..12), day, and weekday (1 is Monday, 7 Sunday). */
export function partsOf(ms: number): { year: number; month: number; day: number; weekday: number } {
  const date = new Date(ms);
  const weekday = date.getUTCDay() === 0 ? 7 : date.getUTCDay();
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(), weekday };
}

/** Where the unit that holds the moment begins. Weeks begin on Monday, and so does the week whose weekend is meant. */
export function startOf(ms: number, grain: Grain): number {
  if (grain === 'week' || grain === 'weekend') {
    return Math.floor(ms / dayMs) * dayMs - (partsOf(ms).weekday - 1) * dayMs;
  }
  const fixed = fixedMs[grain];
  if (fixed !== undefined) return Math.floor(ms / fixed) * fixed;
  const months = monthsOf[grain] ?? 1;
  const { year, month } = partsOf(ms);
  return dateMs(0, Math.floor((year * 12 + month - 1) / months) * months + 1, 1);
}

/** The moment `count` units later; a day that the month lacks becomes its last. A fraction of a month or year counts in days. */
export function plus(ms: number, grain: Grain, count: number): number {
  const fixed = fixedMs[grain];
  if (fixed !== undefined) return ms + count * fixed;
  const months = (monthsOf[grain] ?? 1) * count;
  const whole = Math.trunc(months);
  const { year, month, day } = partsOf(ms);
  const first = dateMs(year, month + whole, 1);
  const lastDay = partsOf(dateMs(partsOf(first).year, partsOf(first).month + 1, 0)).day;
  const shifted = first + (Math.min(day, lastDay) - 1) * dayMs + (ms - Math.floor(ms / dayMs) * dayMs);
  return shifted + Math.round((months - whole) * 30) * dayMs;
}

/** The unit that holds the moment, `offset` units away. */
export function unitAt(ms: number, grain: Grain, offset = 0): Stretch {
  const from = plus(startOf(ms, grain), grain, offset);
  if (grain === 'weekend') return { from: from + 5 * dayMs, to: from + 7 * dayMs };
  return { from, to: plus(from, grain, 1) };
}

/** ISO 8601 week: its year and number; a week belongs to the year of its Thursday. */
export function isoWeekOf(ms: number): { year: number; week: number } {
  const thursday = startOf(ms, 'week') + 3 * dayMs;
  const { year } = partsOf(thursday);
  return { year, week: 1 + Math.floor((thursday - dateMs(year, 1, 1)) / (7 * dayMs)) };
}
