// The stretch of time that a question is about, from its words and the reference time.

import type { Span } from '../skill.ts';
import { dateOrderOf } from '../temporal/date-order.ts';
import { findTimeExpressions } from '../temporal/find-times.ts';
import type { TimeContext, TimeExpression } from '../temporal/time-expression.ts';
import { fromUtc, plusDays, startOfDay, type WallTime, type Zone } from '../temporal/zone-time.ts';
import { overlaps } from '../text/span.ts';

/** A half-open stretch of time with the words that it comes from. */
export interface TimeRange extends Span {
  /** ISO, UTC; absent when open to the past. */
  readonly from?: string;
  /** ISO, UTC, exclusive; absent when open to the future. */
  readonly to?: string;
  /** The words of the question. */
  readonly text: string;
}

const dayMs = 86_400_000;
const unitDays: Readonly<Record<string, number>> = {
  hour: 1 / 24,
  day: 1,
  night: 1,
  week: 7,
  month: 30,
  year: 365,
};
const numbers: Readonly<Record<string, number>> = {
  a: 1,
  an: 1,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  twelve: 12,
  few: 3,
  couple: 2,
};

const trailingPattern =
  /\b(?:in |over |during |within )?(?:the )?(?:last|past|previous)\s+(?:(?<count>\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|twelve|few|couple of|couple)\s+)?(?<unit>hour|day|night|week|month|year)s?\b/i;
const agedPattern =
  /\b(?<age>older|earlier|newer|younger|more recent)\s+than\s+(?<count>\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve)\s+(?<unit>hour|day|week|month|year)s?\b/i;
const currentPattern = /\b(?:this|the current)\s+(?<unit>day|week|month|year)\b/i;
const dayPattern = /\b(?<day>today|yesterday)\b/i;
const yearPattern = /\b(?:in|during|for)\s+(?<year>(?:19|20)\d{2})\b/i;

/** The range of the question, or undefined when it names no time. "Last week" is the seven days up to now, "last month" thirty, "last year" 365. */
export function timeRangeOf(question: string, context: TimeContext): TimeRange | undefined {
  const spoken =
    agedRange(question, context.referenceMs) ??
    trailingRange(question, context.referenceMs) ??
    currentRange(question, context) ??
    namedDayRange(question, context) ??
    yearRange(question, context.zone);
  if (spoken === undefined) return datedRange(question, context);
  return isPartOfDate(question, spoken) ? (datedRange(question, context) ?? spoken) : spoken;
}

const partWords =
  /\b(?:(?:beginning|start|end|middle|half|quarter|summer|winter|spring|autumn|fall|january|february|march|april|may|june|july|august|september|october|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday|morning|afternoon|evening|night)\s+(?:of\s+)?(?:the\s+)?|(?:since|before|until|after)\s+(?:the\s+)?)$/i;

/** Whether the words are a part of a longer date: "the beginning of last year", "in March this year", "before this month". */
function isPartOfDate(question: string, { start }: TimeRange): boolean {
  return partWords.test(question.slice(0, start));
}

function trailingRange(question: string, referenceMs: number): TimeRange | undefined {
  const match = trailingPattern.exec(question);
  const unit = unitDays[match?.groups?.unit?.toLowerCase() ?? ''];
  // "Last night" is one night, not the day before now.
  if (match === null || unit === undefined || /^.*\blast\s+night$/i.test(match[0])) return undefined;
  const word = (match.groups?.count ?? '1').toLowerCase().replace(' of', '');
  const days = (numbers[word] ?? Number(word)) * unit;
  return rangeOf(match, referenceMs - days * dayMs, referenceMs);
}

/** "Older than two years", "newer than 3 days". */
function agedRange(question: string, referenceMs: number): TimeRange | undefined {
  const match = agedPattern.exec(question);
  const { age = '', count = '1', unit = '' } = match?.groups ?? {};
  const days = (numbers[count.toLowerCase()] ?? Number(count)) * (unitDays[unit.toLowerCase()] ?? 0);
  if (match === null || !(days > 0)) return undefined;
  const limit = iso(referenceMs - days * dayMs);
  return { ...spanOf(match), ...(/^(?:old|earl)/i.test(age) ? { to: limit } : { from: limit }) };
}

function currentRange(question: string, { referenceMs, zone }: TimeContext): TimeRange | undefined {
  const match = currentPattern.exec(question);
  if (match === null) return undefined;
  const today = startOfDay(zone.wallOf(referenceMs));
  return rangeOf(
    match,
    zone.instantOf(startOf(match.groups?.unit?.toLowerCase() ?? 'day', today)),
    referenceMs,
  );
}

/** Weeks begin on Monday. */
function startOf(unit: string, today: WallTime): WallTime {
  if (unit === 'year') return { ...today, month: 1, day: 1 };
  if (unit === 'month') return { ...today, day: 1 };
  const weekday = new Date(Date.UTC(today.year, today.month - 1, today.day)).getUTCDay();
  return unit === 'week' ? plusDays(today, -((weekday + 6) % 7)) : today;
}

function namedDayRange(question: string, { referenceMs, zone }: TimeContext): TimeRange | undefined {
  const match = dayPattern.exec(question);
  if (match === null) return undefined;
  const today = startOfDay(zone.wallOf(referenceMs));
  const day = match.groups?.day?.toLowerCase() === 'yesterday' ? plusDays(today, -1) : today;
  return rangeOf(match, zone.instantOf(day), zone.instantOf(plusDays(day, 1)));
}

function yearRange(question: string, zone: Zone): TimeRange | undefined {
  const match = yearPattern.exec(question);
  if (match === null) return undefined;
  const first = { year: Number(match.groups?.year), month: 1, day: 1, hour: 0, minute: 0, second: 0 };
  return rangeOf(match, zone.instantOf(first), zone.instantOf({ ...first, year: first.year + 1 }));
}

/** A date, a pair of dates, or "since" and "before" a date, as the time finder reads them. */
function datedRange(question: string, { referenceMs, zone }: TimeContext): TimeRange | undefined {
  const [first, second] = findTimeExpressions(question, {
    referenceMs,
    zone,
    dateOrder: dateOrderOf(zone.name),
  }).filter(isDated);
  if (first === undefined) return undefined;
  const last = second ?? first;
  const words = { index: first.start, 0: question.slice(first.start, last.end) };
  if (first.bound !== undefined && second === undefined) return { ...spanOf(words), ...sidesOf(first, zone) };
  const from = instantOf(first.named?.from, zone);
  const to = instantOf(last.named?.to, zone);
  return from === undefined || to === undefined ? undefined : rangeOf(words, from, to);
}

/** Times that tell at least a day; hours of the day and lengths bound nothing. */
function isDated({ named, dated, type }: TimeExpression): boolean {
  return named !== undefined && dated && (type === 'date' || type === 'time');
}

function sidesOf({ from, to }: TimeExpression, zone: Zone): Pick<TimeRange, 'from' | 'to'> {
  const [fromMs, toMs] = [instantOf(from, zone), instantOf(to, zone)];
  return { ...(fromMs !== undefined && { from: iso(fromMs) }), ...(toMs !== undefined && { to: iso(toMs) }) };
}

/** The instant of a wall time in ISO form. */
function instantOf(wall: string | undefined, zone: Zone): number | undefined {
  return wall === undefined ? undefined : zone.instantOf(fromUtc(Date.parse(`${wall}Z`)));
}

function rangeOf(
  match: { readonly index: number; readonly 0: string },
  fromMs: number,
  toMs: number,
): TimeRange {
  return { ...spanOf(match), from: iso(fromMs), to: iso(toMs) };
}

function spanOf(match: { readonly index: number; readonly 0: string }): Span & { readonly text: string } {
  return { start: match.index, end: match.index + match[0].length, text: match[0] };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** The question without the words of the range, so that they are not searched for. */
export function withoutRange(question: string, range: TimeRange | undefined): string {
  if (range === undefined) return question;
  return [...question]
    .map((letter, index) => (overlaps(range, { start: index, end: index + 1 }) ? ' ' : letter))
    .join('');
}
