// Which occurrence of a time is meant, seen from the reference: the coming one, the past one, or the one that the words settle.

import { allTime } from './combine.ts';
import { dayMs, hourMs, isFiner, type Stretch, startOf } from './grain.ts';
import type { Time } from './meaning.ts';

/** Where a time without a year or day is looked for. */
export type Direction = 'past' | 'future';

/** An occurrence, and the next best ones. */
export interface Resolved {
  readonly stretch: Stretch;
  readonly others: readonly Stretch[];
}

/** Widths of the windows in days that are searched one after the other; leap days and Fridays the 13th need the widest. */
const windowDays = [9, 62, 400, 3000, 14_600] as const;
/** A day of the year at most this many days ahead is taken as coming although the text speaks of the past. */
const announcedDays = 31;
/** How far a date may lie so that its weekday can be believed. */
const believedDays = 550;

/** The occurrence that is meant, or undefined when there is none in the decades around (a 30 February). */
export function resolve(time: Time, now: number, direction: Direction): Resolved | undefined {
  if (time.period === 'always') {
    const meant = time.series(allTime);
    const [stretch, ...others] = meant.length > 0 ? meant : (time.fallback?.(allTime) ?? []);
    return stretch && awake(time, { stretch, others: others.slice(0, 1) }, now, direction);
  }
  if (time.fallback !== undefined) return byWeekday(time, time.fallback, now, direction);
  const past = lastUpTo(time, now);
  const future = firstFrom(time, now);
  const order = chosenOrder(time, now, direction, past, future);
  const [stretch, ...others] = order.filter((one) => one !== undefined);
  return stretch && { stretch, others };
}

/** Hours of the day in which people are up, for a clock that tells neither am nor pm. */
const wakingHours = [7, 19] as const;

/** "Yesterday at 5" is the afternoon, unless that has not come yet. */
function awake({ grain }: Time, resolved: Resolved, now: number, direction: Direction): Resolved {
  const { stretch } = resolved;
  const [later] = resolved.others;
  const halfDay = later !== undefined && later.from - stretch.from === 12 * hourMs;
  if (direction === 'future' || !halfDay || !isFiner(grain, 'part') || later.from > now) return resolved;
  const hour = (stretch.from - startOf(stretch.from, 'day')) / hourMs;
  return hour >= wakingHours[0] && hour < wakingHours[1] ? resolved : { stretch: later, others: [stretch] };
}

function chosenOrder(
  time: Time,
  now: number,
  direction: Direction,
  past: Stretch | undefined,
  future: Stretch | undefined,
): readonly (Stretch | undefined)[] {
  if (
    time.grain === 'quarter' ||
    time.grain === 'half' ||
    (time.period === 'year' && time.grain === 'week')
  ) {
    return sameYearFirst(now, past, future);
  }
  if (direction === 'future') return [future, past];
  const announced =
    time.period === 'year' &&
    future !== undefined &&
    !isFiner('day', time.grain) &&
    future.from - now < announcedDays * dayMs;
  return announced ? [future, past] : [past, future];
}

function sameYearFirst(
  now: number,
  ...stretches: readonly (Stretch | undefined)[]
): readonly (Stretch | undefined)[] {
  const year = startOf(now, 'year');
  const same = stretches.filter(
    (one) => one !== undefined && startOf((one.from + one.to) / 2, 'year') === year,
  );
  return [...same, ...stretches.filter((one) => !same.includes(one))];
}

/** The date on that weekday when one lies near; else the weekday is taken as a slip. */
function byWeekday(
  time: Time,
  fallback: Time['series'],
  now: number,
  direction: Direction,
): Resolved | undefined {
  const near = time.series({ from: now - believedDays * dayMs, to: now + believedDays * dayMs });
  const distance = ({ from }: Stretch): number =>
    Math.abs(from - now) - (direction === 'future' && from > now ? dayMs : 0);
  const [stretch, ...others] = [...near].sort((a, b) => distance(a) - distance(b));
  if (stretch !== undefined) return { stretch, others };
  const days = fallback({ from: now - 200 * dayMs, to: now + 200 * dayMs });
  const [day] = [...days].sort((a, b) => Math.abs(a.from - now) - Math.abs(b.from - now));
  return day && { stretch: day, others: [] };
}

/** The newest occurrence that has begun; a day counts when it is today. */
function lastUpTo(time: Time, now: number): Stretch | undefined {
  const to = (isFiner(time.grain, 'day') ? now : startOf(now, 'day') + dayMs - 1) + 1;
  for (const days of windowDays) {
    const found = time.series({ from: now - days * dayMs, to }).at(-1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The first stretch between two days or months that is not over. */
function running(time: Time, now: number): Stretch | undefined {
  return time.series({ from: now - 400 * dayMs, to: now + 800 * dayMs }).find(({ to }) => to > now);
}

/** The first occurrence from now on; the unit that holds now counts, a weekday of today does not. */
function firstFrom(time: Time, now: number): Stretch | undefined {
  const today = startOf(now, 'day');
  if (time.ends && !isFiner(time.grain, 'day')) return running(time, now);
  const from = isFiner(time.grain, 'part')
    ? now
    : time.weekday !== undefined && time.period === 'week'
      ? today + dayMs
      : time.grain === 'part'
        ? today
        : startOf(now, time.grain);
  for (const days of windowDays) {
    const found = time.series({ from, to: from + days * dayMs })[0];
    if (found !== undefined) return found;
  }
  return undefined;
}
