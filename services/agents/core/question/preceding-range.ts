// The time that a period is compared with when the question only says that it is the one before: "than last month", "than the week before".

import { createZone, fromUtc, plusDays, startOfDay, type WallTime } from '../temporal/zone-time.ts';
import { precedingPattern } from './asking-words.ts';
import type { TimeRange } from './time-range.ts';

/** A period and the one before it. */
export interface PrecedingRange {
  readonly range: TimeRange;
  readonly before: TimeRange;
}

type Unit = 'day' | 'week' | 'month' | 'year';

/**
 * The period asked about, the calendar unit so far where none is named, and the one before: the calendar unit before one that began with a unit,
 * else as long a stretch before it. Undefined where the words name no period before.
 */
export function precedingRange(
  words: string,
  range: TimeRange | undefined,
  { referenceMs, timeZone }: { readonly referenceMs: number; readonly timeZone: string },
): PrecedingRange | undefined {
  const match = precedingPattern.exec(words);
  // "than in March last year" names more than the period before.
  if (match === null || words.replace(precedingPattern, '').match(/[\p{L}\p{N}]{3,}/u)) return undefined;
  const unit = (match.groups?.unit ?? match.groups?.before)?.toLowerCase() as Unit | undefined;
  if (range?.from === undefined)
    return range === undefined ? currentUnit(unit ?? 'month', referenceMs, timeZone) : undefined;
  const { from } = range;
  const zone = createZone(timeZone);
  const start = zone.wallOf(Date.parse(from));
  const begins = unit !== undefined && isSame(start, startOfUnit(unit, start));
  const length = Date.parse(range.to ?? new Date(referenceMs).toISOString()) - Date.parse(from);
  const beforeMs = begins ? zone.instantOf(unitBefore(unit, start)) : Date.parse(from) - length;
  return { range, before: rangeOf(beforeMs, Date.parse(from), match[0]) };
}

function currentUnit(unit: Unit, referenceMs: number, timeZone: string): PrecedingRange {
  const zone = createZone(timeZone);
  const start = startOfUnit(unit, zone.wallOf(referenceMs));
  const [fromMs, beforeMs] = [zone.instantOf(start), zone.instantOf(unitBefore(unit, start))];
  return {
    range: rangeOf(fromMs, referenceMs, `this ${unit}`),
    before: rangeOf(beforeMs, fromMs, `last ${unit}`),
  };
}

/** Weeks begin on Monday. */
function startOfUnit(unit: Unit, wall: WallTime): WallTime {
  const day = startOfDay(wall);
  if (unit === 'year') return { ...day, month: 1, day: 1 };
  if (unit === 'month') return { ...day, day: 1 };
  const weekday = new Date(Date.UTC(day.year, day.month - 1, day.day)).getUTCDay();
  return unit === 'week' ? plusDays(day, -((weekday + 6) % 7)) : day;
}

function unitBefore(unit: Unit, start: WallTime): WallTime {
  if (unit === 'day') return plusDays(start, -1);
  if (unit === 'week') return plusDays(start, -7);
  if (unit === 'year') return { ...start, year: start.year - 1 };
  return fromUtc(Date.UTC(start.year, start.month - 2, 1));
}

function isSame(a: WallTime, b: WallTime): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function rangeOf(fromMs: number, toMs: number, text: string): TimeRange {
  const [from, to] = [fromMs, toMs].map((ms) => new Date(ms).toISOString());
  return { start: 0, end: 0, text, ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}
