// The value of a detail as it is kept: dates of date fields by the calendar of the tenant's zone, amounts as numbers, yes and no as booleans.
import { casual } from 'chrono-node';
import type { Zone } from '../temporal/zone-time.ts';

/** What relative dates refer to. */
export interface ValueContext {
  readonly referenceMs: number;
  readonly zone: Zone;
}

const dateField = /(?:^|_)(?:date|eta|due|deadline|until|at|by|on)$/;
const amount = /^-?\d{1,12}(?:\.\d{1,6})?$/;

/** The value. A date that is not understood as a whole stays as it was said; dates without a year lie ahead. */
export function detailValue(field: string, said: string, context: ValueContext): string | number | boolean {
  if (field === 'note') return said;
  if (dateField.test(field)) return dateOf(said, context) ?? said;
  if (amount.test(said)) return Number(said);
  if (/^(?:yes|true)$/i.test(said)) return true;
  if (/^(?:no|false)$/i.test(said)) return false;
  return /^(?:highest|high|medium|normal|lowest|low|urgent|critical|major|minor)$/i.test(said)
    ? said.toLowerCase()
    : said;
}

function dateOf(said: string, { referenceMs, zone }: ValueContext): string | undefined {
  const text = said.replace(/^(?:by|on|until|before|the)\s+/i, '');
  const instant = { instant: new Date(referenceMs), timezone: zone.offsetMinutes(referenceMs) };
  const [result, more] = casual.parse(text, instant, { forwardDate: true });
  if (!result || more || result.text.length < text.replace(/^(?:the|end of)\s+/i, '').length)
    return undefined;
  const { start } = result;
  const [year, month, day] = [start.get('year'), start.get('month'), start.get('day')];
  if (year === null || month === null || day === null) return undefined;
  if (!start.isCertain('hour')) return `${digits(year, 4)}-${digits(month)}-${digits(day)}`;
  const time = { hour: start.get('hour') ?? 0, minute: start.get('minute') ?? 0, second: 0 };
  return new Date(zone.instantOf({ year, month, day, ...time })).toISOString();
}

function digits(value: number, length = 2): string {
  return String(value).padStart(length, '0');
}
