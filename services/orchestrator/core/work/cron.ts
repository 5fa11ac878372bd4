// Schedules of five cron fields, in UTC: read from their text, and the firings before and after a moment. Days and weekdays go together as
// crontab(5) has it: where both are restricted one of them is enough.

/** A schedule. */
export interface CronSchedule {
  /** Minutes of a day at which it fires, 0 to 1439, ascending. */
  readonly minutesOfDay: readonly number[];
  /** Days of the month, 1 to 31. */
  readonly days: ReadonlySet<number>;
  /** 1 to 12. */
  readonly months: ReadonlySet<number>;
  /** 0 for Sunday to 6. */
  readonly weekdays: ReadonlySet<number>;
  /** True when a day that fits by its number or by its weekday fits. */
  readonly eitherDay: boolean;
}

/** The schedule of a text, or what is wrong with it as a sentence. */
export type CronReading = { readonly schedule: CronSchedule } | { readonly problem: string };

interface FieldRules {
  readonly noun: string;
  readonly min: number;
  readonly max: number;
  /** Words for numbers, the first for `min`. */
  readonly words?: readonly string[];
}

const fieldRules = [
  { noun: 'minutes', min: 0, max: 59 },
  { noun: 'hours', min: 0, max: 23 },
  { noun: 'days', min: 1, max: 31 },
  {
    noun: 'months',
    ...{ min: 1, max: 12 },
    words: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  },
  {
    noun: 'weekdays',
    ...{ min: 0, max: 7 },
    words: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'],
  },
] as const satisfies readonly FieldRules[];

/** Characters of a schedule: every minute and every hour by its number. */
export const scheduleCharactersMax = 256;

const minuteMs = 60_000;
const dayMinutes = 1_440;
/** A 29 February of one weekday comes back after 40 years at the latest. */
const searchedDaysMax = 41 * 366;
/** A leap day that is a Saturday: whatever fires at all does within the searched days of it. */
const referenceMs = Date.UTC(2020, 1, 29);

/** Reads five fields: numbers, words of months and weekdays, ranges, steps and lists of them. What never fires is a problem too. */
export function readCron(text: string): CronReading {
  const fields = text.trim().split(/\s+/);
  if (text.length > scheduleCharactersMax)
    return { problem: `must have at most ${scheduleCharactersMax} characters` };
  if (fields.length !== fieldRules.length) {
    return { problem: 'must have 5 fields: minutes, hours, days, months and weekdays' };
  }
  const sets: number[][] = [];
  for (const [at, rules] of fieldRules.entries()) {
    const values = fieldValues(fields[at] ?? '', rules);
    if (typeof values === 'string') return { problem: `${values} among its ${rules.noun}` };
    sets.push(values);
  }
  const [minutes = [], hours = [], days, months, weekdays = []] = sets;
  const schedule: CronSchedule = {
    minutesOfDay: hours.flatMap((hour) => minutes.map((minute) => 60 * hour + minute)),
    days: new Set(days),
    months: new Set(months),
    weekdays: new Set(weekdays.map((weekday) => weekday % 7)),
    eitherDay: !fields[2]?.startsWith('*') && !fields[4]?.startsWith('*'),
  };
  return nextFiringMs(schedule, referenceMs) === undefined ? { problem: 'never fires' } : { schedule };
}

/** The values of a field in ascending order, or what it has that it may not have. */
function fieldValues(field: string, rules: FieldRules): number[] | string {
  const values = new Set<number>();
  for (const item of field.split(',')) {
    const steps = itemSteps(item, rules);
    if (!steps) return `has ${JSON.stringify(item)}`;
    for (let value = steps.from; value <= steps.to; value += steps.by) values.add(value);
  }
  return [...values].sort((a, b) => a - b);
}

const itemForm = /^(?:(?<star>\*)|(?<from>[a-z0-9]+)(?:-(?<to>[a-z0-9]+))?)(?:\/(?<by>\d{1,2}))?$/i;

function itemSteps(item: string, rules: FieldRules) {
  const { star, from: first, to: last, by: step } = itemForm.exec(item)?.groups ?? {};
  const { min, max } = rules;
  const from = star ? min : numberOf(first, rules);
  const by = step === undefined ? 1 : Number(step);
  // A first value with steps alone goes on to the end of the field. Sunday has two numbers, of which a star means one.
  const open = star || (last === undefined && step !== undefined);
  const end = rules.noun === 'weekdays' ? 6 : max;
  const to = open ? Math.max(end, from ?? end) : last === undefined ? from : numberOf(last, rules);
  if (from === undefined || to === undefined || from > to || by < 1 || by > max) return undefined;
  return { from, to, by };
}

function numberOf(text: string | undefined, { min, max, words = [] }: FieldRules): number | undefined {
  if (text === undefined) return undefined;
  const place = words.indexOf(text.toLowerCase());
  const value = place >= 0 ? min + place : /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  return value >= min && value <= max ? value : undefined;
}

/** The first firing after a moment; both in milliseconds since the Unix epoch. Undefined when none comes within 41 years. */
export function nextFiringMs(schedule: CronSchedule, afterMs: number): number | undefined {
  return search(schedule, Math.floor(afterMs / minuteMs) + 1, 1);
}

/** The last firing up to a moment, that one included. Undefined when there was none within 41 years. */
export function lastFiringMs(schedule: CronSchedule, untilMs: number): number | undefined {
  return search(schedule, Math.floor(untilMs / minuteMs), -1);
}

/** The nearest firing from a minute on, that one included, forward or back. */
function search(schedule: CronSchedule, minute: number, step: 1 | -1): number | undefined {
  const { minutesOfDay } = schedule;
  const firstDay = Math.floor(minute / dayMinutes);
  for (let passed = 0; passed <= searchedDaysMax; passed += 1) {
    const day = firstDay + step * passed;
    if (!firesOn(schedule, day)) continue;
    const at = minute - day * dayMinutes;
    const found =
      step === 1 ? minutesOfDay.find((each) => each >= at) : minutesOfDay.findLast((each) => each <= at);
    if (found !== undefined) return (day * dayMinutes + found) * minuteMs;
  }
  return undefined;
}

/** `day` is the number of days since the Unix epoch. */
function firesOn({ days, months, weekdays, eitherDay }: CronSchedule, day: number): boolean {
  const date = new Date(day * dayMinutes * minuteMs);
  if (!months.has(date.getUTCMonth() + 1)) return false;
  const byDay = days.has(date.getUTCDate());
  const byWeekday = weekdays.has(date.getUTCDay());
  return eitherDay ? byDay || byWeekday : byDay && byWeekday;
}
