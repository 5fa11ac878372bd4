// Days and months as the tenant's clocks show them, and the stretch of time that a question about usage means.
import type { Violation } from '../../../foundation/fault/fault.ts';

/** The longest stretch of time of one question, in days. */
export const usageDaysMax = 400;

const dayMs = 86_400_000;

/** The day of a moment as YYYY-MM-DD in a time zone; an empty zone is UTC. */
export function dayIn(timeZone: string, ms: number): string {
  return localTime(timeZone, ms).slice(0, 10);
}

/** The month of a day, as YYYY-MM. */
export function monthOf(day: string): string {
  return day.slice(0, 7);
}

/** The first moment of the month that a moment lies in, in a time zone. */
export function monthStart(timeZone: string, ms: number): number {
  const wanted = `${monthOf(dayIn(timeZone, ms))}-01T00:00:00Z`;
  const asUtc = Date.parse(wanted);
  const offsetAt = (at: number): number => Date.parse(`${localTime(timeZone, at)}Z`) - at;
  // The offset of the moment itself, which one step may miss where clocks are changed near it.
  const near = asUtc - offsetAt(asUtc);
  return asUtc - offsetAt(near);
}

/** YYYY-MM-DDTHH:MM:SS as clocks show it. */
function localTime(timeZone: string, ms: number): string {
  const format = new Intl.DateTimeFormat('en', {
    timeZone: timeZone || 'UTC',
    hourCycle: 'h23',
    ...{
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    },
  });
  const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, value]));
  const [year, month, day] = ['year', 'month', 'day'].map((type) => parts.get(type as 'year') ?? '');
  const [hour, minute, second] = ['hour', 'minute', 'second'].map((type) => parts.get(type as 'hour') ?? '');
  return `${year?.padStart(4, '0')}-${month}-${day}T${hour}:${minute}:${second}`;
}

/** A stretch of time, its end not included, in milliseconds. */
export interface UsageRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The stretch that is meant: absent ends are the beginning of the month of `toMs`, and now. Problems are those of its two fields. */
export function usageRange(
  sent: Partial<UsageRange>,
  { nowMs, timeZone }: { readonly nowMs: number; readonly timeZone: string },
): { readonly range: UsageRange; readonly problems: readonly Violation[] } {
  const problems: Violation[] = [];
  for (const [field, ms] of [
    ['from', sent.fromMs],
    ['to', sent.toMs],
  ] as const) {
    if (Number.isNaN(ms)) problems.push({ field, reason: 'must be a time in the years 1 to 9999' });
  }
  const toMs = sent.toMs ?? nowMs + 1; // what was reserved in this millisecond counts
  const fromMs = problems.length > 0 ? toMs : (sent.fromMs ?? monthStart(timeZone, toMs - 1));
  const range = { fromMs, toMs };
  if (problems.length > 0) return { range, problems };
  if (fromMs >= toMs) problems.push({ field: 'to', reason: 'must be later than from' });
  if (toMs - fromMs > usageDaysMax * dayMs) {
    problems.push({ field: 'from', reason: `must be at most ${usageDaysMax} days before to` });
  }
  return { range, problems };
}
