// Finds dates and times with chrono-node and keeps those that say when something happened: no opening hours, no fractions, no
// recurring days. Dates without a year lie in the past unless the words say otherwise.

import { casual, type ParsedComponents, type ParsedResult } from 'chrono-node';
import type { Span } from '../skill.ts';
import { plusDays, type WallTime, type Zone } from './zone-time.ts';

/** How exactly the words fix the time. */
export type DateGrain = 'minute' | 'day' | 'weekday' | 'week' | 'month' | 'year' | 'part_of_day';

/** A date or time named in the text. */
export interface FoundDate extends Span {
  readonly text: string;
  readonly instantMs: number;
  /** The end, where the text names one ("from Monday to Friday"). */
  readonly endMs?: number;
  readonly grain: DateGrain;
  /** Whether "since" or "from" stands before it, so that it is a beginning. */
  readonly begins: boolean;
}

/** The time that relative words refer to, and the zone of the wall clocks. */
export interface TimeContext {
  readonly referenceMs: number;
  readonly zone: Zone;
}

const dayMs = 86_400_000;
/** A day without a year that lies at most this far ahead is taken as coming and not as last year's. */
const announcedMs = 14 * dayMs;
const everyBefore =
  /\b(?:every|each|per|most|any)\s+(?:(?:single|other|week|day|night|weekday)\s+)*(?:on\s+)?$/i;
const datePreposition =
  /(?:\b(?:on|since|from|by|until|till|through|thru|between|before|after|dated|of|to|and|mon|tue|tues|wed|thu|thurs|fri|sat|sun)\w*[.,]?\s*|[-:(]\s*|^)$/i;
const future =
  /\b(?:next|tomorrow|will|going to|by|until|till|upcoming|coming|scheduled|before)\s+(?:\w+\s+){0,2}$/i;
const lowerWeekday = /^(?:sun|sat|wed|mon|mar|may|dec|jan|second|march)$/;
const bareSlash = /^\d{1,2}[/.-]\d{1,2}$/;
const ownClock = /\b(?:this|last|yesterday|today|tonight|tomorrow)\b/i;
const yearPattern =
  /\b(?:in|since|of|early|late|back in|year)\s+(?<year>(?:19|20)\d{2})\b(?!\s*(?:block|[A-Z]\w+ (?:St|Ave|Rd)))/gi;

/** The dates in text order; times that belong to habits, signs or quantities are left out. */
export function findDates(text: string, context: TimeContext): FoundDate[] {
  const offset = context.zone.offsetMinutes(context.referenceMs);
  const results = casual.parse(text, { instant: new Date(context.referenceMs), timezone: offset });
  const dates = results
    .filter((result) => saysWhen(text, result, context))
    .map((result) => foundOf(text, result, context));
  const years = [...text.matchAll(yearPattern)].flatMap((match) => yearOf(text, match, context));
  return [
    ...dates,
    ...years.filter((year) => !dates.some((date) => date.start < year.end && year.start < date.end)),
  ].sort((a, b) => a.start - b.start);
}

function saysWhen(text: string, result: ParsedResult, context: TimeContext): boolean {
  const before = text.slice(0, result.index);
  const after = text.slice(result.index + result.text.length);
  if ((everyBefore.test(before) && !ownClock.test(result.text)) || /^(?:every|each)\b/i.test(result.text))
    return false;
  if (lowerWeekday.test(result.text) || /^'s\s/.test(after)) return false;
  if (bareSlash.test(result.text))
    return datePreposition.test(before) && !/^\s*(?:inch|of|lane|mile|th|")/.test(after);
  if (isNoMoment(result, before, after) || isHabit(result, before)) return false;
  const ahead =
    /^(?:in|within|for)\b/i.test(result.text) && result.start.date().getTime() > context.referenceMs;
  return !ahead;
}

/** "now" says nothing more than the reference time; "2 days after" hangs on an event; "20 miles" is no hour. */
function isNoMoment({ text }: ParsedResult, before: string, after: string): boolean {
  if (/^now$/i.test(text) || /\b(?:after|later|before)$/i.test(text)) return true;
  return (
    /\ban?\s+$/i.test(before) ||
    /^\s*(?:miles?|mph|feet|ft|cars|people|percent|%|inch|yards?|times)/i.test(after)
  );
}

/** A part of the day, an hour without a day or a run of weekdays: "at night", "at 7 am", "Friday through Monday". "11:35 pm" and "since 11pm" are moments. */
function isHabit({ start, end, text }: ParsedResult, before: string): boolean {
  if (ownClock.test(text)) return false;
  const grain = grainOf(start, text);
  if (end && (grain === 'weekday' || grain === 'part_of_day')) return true;
  if (grain !== 'part_of_day') return false;
  const moment = /\d:\d\d\s*[ap]\.?m/i.test(text) || (/\bsince\s+$/i.test(before) && start.isCertain('hour'));
  return !moment || /\b(?:before|until|till|after|by)\s+$/i.test(before);
}

function foundOf(text: string, result: ParsedResult, context: TimeContext): FoundDate {
  const before = text.slice(0, result.index);
  const grain = grainOf(result.start, result.text);
  const shift = pastShift(before, result, context);
  const instantMs = instantOf(result.start, context.zone, shift);
  const base = {
    start: result.index,
    end: result.index + result.text.length,
    text: result.text,
    instantMs,
    grain,
  };
  const begins = /\b(?:since|from|starting)\s+(?:around\s+|about\s+|at least\s+)?$/i.test(before);
  return !result.end
    ? { ...base, begins }
    : { ...base, begins, endMs: instantOf(result.end, context.zone, shift) };
}

/** How far to move a date that the parser put into the future although nothing speaks of the future. */
function pastShift(
  before: string,
  result: ParsedResult,
  { referenceMs }: TimeContext,
): { days: number; years: number } {
  const none = { days: 0, years: 0 };
  if (future.test(before) || /\b(?:next|tomorrow|tonight|coming)\b/i.test(result.text)) return none;
  const ahead = result.start.date().getTime() - referenceMs;
  const { start } = result;
  if (ahead <= 0 || start.isCertain('year')) return none;
  const announced = start.isCertain('day') && ahead <= announcedMs;
  if (start.isCertain('month')) return announced ? none : { days: 0, years: -1 };
  if (start.isCertain('weekday')) return ahead > dayMs / 2 ? { days: -7, years: 0 } : none;
  return start.isCertain('hour') && !start.isCertain('day') ? { days: -1, years: 0 } : none;
}

/** Reads the wall clock of the zone at that date, so that a change of summer time in between does not move it. */
function instantOf(parsed: ParsedComponents, zone: Zone, shift: { days: number; years: number }): number {
  if (parsed.isCertain('timezoneOffset') || isCounted(parsed)) return parsed.date().getTime();
  const wall: WallTime = {
    year: (parsed.get('year') ?? 0) + shift.years,
    month: parsed.get('month') ?? 1,
    day: parsed.get('day') ?? 1,
    hour: parsed.get('hour') ?? 12,
    minute: parsed.get('minute') ?? 0,
    second: parsed.get('second') ?? 0,
  };
  return zone.instantOf(plusDays(wall, shift.days));
}

/** "45 minutes ago" is an exact distance and not a reading of a clock. */
function isCounted(parsed: ParsedComponents): boolean {
  return parsed.tags().has('result/relativeDateAndTime');
}

function grainOf(parsed: ParsedComponents, text: string): DateGrain {
  if (/\bweek\b/i.test(text)) return 'week';
  if (parsed.isCertain('day')) return parsed.isCertain('hour') ? 'minute' : 'day';
  if (parsed.isCertain('weekday')) return 'weekday';
  if (parsed.isCertain('hour')) return ownClock.test(text) ? 'minute' : 'part_of_day';
  if (parsed.isCertain('month')) return 'month';
  return parsed.isCertain('year') ? 'year' : 'part_of_day';
}

/** A year on its own ("in 2019"), placed on its first day. */
function yearOf(text: string, match: RegExpExecArray, { zone, referenceMs }: TimeContext): FoundDate[] {
  const year = Number(match.groups?.year);
  const end = match.index + match[0].length;
  const instantMs = zone.instantOf({ year, month: 1, day: 1, hour: 0, minute: 0, second: 0 });
  if (instantMs > referenceMs) return [];
  const begins = /^since/i.test(match[0]);
  const start = end - 4;
  return [{ start, end, text: text.slice(start, end), instantMs, grain: 'year', begins }];
}
