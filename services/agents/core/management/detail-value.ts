// The value of a detail as it is kept: dates of date fields by the calendar of the tenant's zone, amounts as numbers, yes and no as booleans.
import { dateOrderOf } from '../temporal/date-order.ts';
import { findTimeExpressions } from '../temporal/find-times.ts';
import type { TimeExpression } from '../temporal/time-expression.ts';
import { asUtc, fromUtc, plusDays, type WallTime, type Zone } from '../temporal/zone-time.ts';

/** What relative dates refer to. */
export interface ValueContext {
  readonly referenceMs: number;
  readonly zone: Zone;
}

const dateField = /(?:^|_)(?:date|eta|due|deadline|until|at|by|on)$/;
const amount = /^-?\d{1,12}(?:\.\d{1,6})?$/;
const leading = /^(?:by|on|until|before|for|within|no later than|not later than)\s+/i;
const endOf =
  /^(?:the\s+)?(?:by\s+)?(?:the\s+)?(?:end|close)\s+of\s+(?:the\s+)?(?:business\s+)?(?<rest>.+)$/i;
const currentUnit = /^(?:day|week|month|quarter|year)$/i;
const soon = /^(?:asap|now|right now|immediately|as soon as possible)$/i;

/** The value. A date that is not understood as a whole stays as it was said; dates without a year lie ahead. */
export function detailValue(field: string, said: string, context: ValueContext): string | number | boolean {
  if (field === 'note') return said;
  if (isDateField(field)) return dateOf(said, context) ?? said;
  if (amount.test(said)) return Number(said);
  if (/^(?:yes|true)$/i.test(said)) return true;
  if (/^(?:no|false)$/i.test(said)) return false;
  return /^(?:highest|high|medium|normal|lowest|low|urgent|critical|major|minor)$/i.test(said)
    ? said.toLowerCase()
    : said;
}

/** Whether values of the field are dates. */
export function isDateField(field: string): boolean {
  return dateField.test(field);
}

/** Whether a kept date lies before today by the calendar, or before now where it tells an hour. */
export function isPast(value: string, { referenceMs, zone }: ValueContext): boolean {
  if (/^\d{4}-\d\d-\d\d$/.test(value)) return value < dayOf(zone.wallOf(referenceMs));
  return /^\d{4}-\d\d-\d\dT/.test(value) && Date.parse(value) < referenceMs;
}

/** The date of a wall time, ISO 8601. */
export function dayOf({ year, month, day }: WallTime): string {
  return `${digits(year, 4)}-${digits(month)}-${digits(day)}`;
}

function dateOf(said: string, context: ValueContext): string | undefined {
  const text = said
    .replace(leading, '')
    .replace(/[.!]+$/, '')
    .trim();
  if (soon.test(text)) return undefined;
  const end = endOf.exec(text)?.groups?.rest;
  if (end !== undefined)
    return lastDayOf(timeIn(end.replace(currentUnit, 'this $&').replace(/^this day$/i, 'today'), context));
  const time = timeIn(text, context);
  if (!time?.named || (!time.dated && time.type !== 'time')) return lengthAhead(text, context);
  // "Next week" tells no day; its last one is when something is due.
  if (time.type === 'date' && time.grain !== 'day') return lastDayOf(time);
  if (time.type === 'date') return time.named.from.slice(0, 10);
  if (time.part !== undefined && !/\d|noon|midnight/i.test(time.text)) return time.named.from.slice(0, 10);
  return new Date(context.zone.instantOf(fromUtc(Date.parse(`${time.named.from}Z`)))).toISOString();
}

/** The one time that the whole text tells. */
function timeIn(text: string, { referenceMs, zone }: ValueContext): TimeExpression | undefined {
  const setting = { referenceMs, zone, dateOrder: dateOrderOf(zone.name) };
  const found = findTimeExpressions(text, { ...setting, direction: 'future', lone: true });
  const [time, more] = found;
  const rest = time
    ? `${text.slice(0, time.start)}${text.slice(time.end)}`.replace(/\b(?:the|on|at|by|in)\b|[\s,]/gi, '')
    : '';
  return more || rest !== '' ? undefined : time;
}

function lastDayOf(time: TimeExpression | undefined): string | undefined {
  if (!time?.named || !time.dated) return undefined;
  const last = plusDays(fromUtc(Date.parse(`${time.named.to}Z`)), 0);
  return dayOf(fromUtc(asUtc(last) - 1));
}

// "Within 3 days" and "3 days" are a length from now.
function lengthAhead(text: string, context: ValueContext): string | undefined {
  if (!/^(?:an?|\d{1,3}|[a-z]+)\s+(?:day|week|month|year|hour)s?(?:\s+from\s+(?:now|today))?$/i.test(text))
    return undefined;
  const time = timeIn(`in ${text.replace(/\s+from\s+(?:now|today)$/i, '')}`, context);
  return time?.named && time.type === 'date' ? time.named.from.slice(0, 10) : undefined;
}

function digits(value: number, length = 2): string {
  return String(value).padStart(length, '0');
}
