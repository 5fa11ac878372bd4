// How two times make a third: a finer one within a coarser, a stretch from one to the other, one side of a time.

import { dayMs, type Grain, grains, isFiner, longestMs, type Stretch, unitAt } from './grain.ts';
import type { Bound, Edge, Length, PartName, Setting, Time } from './meaning.ts';
import {
  changed,
  edgeOf,
  endingWithin,
  once,
  type Series,
  upFrom,
  upTo,
  weekdaySeries,
  weeksWithin,
  within,
} from './series.ts';

/** The finer of the two within the coarser, in whichever order they are said; undefined when they do not go together. */
export function together(a: Time, b: Time): Time | undefined {
  return narrowed(a, b) ?? narrowed(b, a) ?? sameDay(a, b) ?? sameDay(b, a);
}

/** `fine` within `coarse`, which must be the unit that `fine` comes once in, or a part of the day that a clock falls into. */
export function narrowed(coarse: Time, fine: Time): Time | undefined {
  if (coarse.bound !== undefined || coarse.timex !== undefined || fine.period === 'always' || coarse.ends)
    return undefined;
  if (coarse.edge !== undefined && fine.part !== undefined) return undefined;
  const place = placing(coarse, fine);
  if (place === undefined) return undefined;
  const { latent: _latent, bare: _bare, weekday: _weekday, fallback: _fallback, ...rest } = fine;
  return {
    ...rest,
    series: place(coarse.series),
    period: coarse.period,
    ...fallbackOf(coarse, fine, place),
    ...(coarse.deictic && { deictic: true }),
  };
}

/** How occurrences of `fine` are found within those of `coarse`; undefined when they do not go together. */
function placing(coarse: Time, fine: Time): ((series: Series) => Series) | undefined {
  const { grain, part } = coarse;
  const isClock = fine.period === 'day' && isFiner(fine.grain, 'part');
  if (grain === 'part' && part !== undefined && isClock) return (parts) => clocksOf(parts, part, fine.series);
  const dayInWeek = fine.weekday !== undefined && fine.grain === 'day' && grain === 'week';
  if (grain !== fine.period && !dayInWeek) return undefined;
  if (fine.ends && !isFiner(fine.grain, 'day')) return (series) => endingWithin(series, grain, fine.series);
  const placeIn = fine.grain === 'week' ? weeksWithin : within;
  return (series) => placeIn(series, grain, fine.series);
}

/** What is meant when a weekday turns out to be a slip. */
function fallbackOf(coarse: Time, fine: Time, place: (series: Series) => Series): Pick<Time, 'fallback'> {
  if (fine.fallback !== undefined) return { fallback: within(coarse.series, coarse.grain, fine.fallback) };
  return coarse.fallback === undefined ? {} : { fallback: place(coarse.fallback) };
}

/** The clock on the day of each part: the reading inside the part, else the later for an evening and the earlier for a morning. */
function clocksOf(parts: Series, name: PartName, clock: Series): Series {
  return (window) =>
    parts({ from: window.from - 2 * dayMs, to: window.to + dayMs }).flatMap(({ from, to }) => {
      const readings = clock(unitAt(from, 'day'));
      const inside = readings.find((one) => one.from >= from && one.from < to);
      const one = inside ?? readings.at(name === 'morning' ? 0 : -1);
      return one !== undefined && one.from >= window.from && one.from < window.to ? [one] : [];
    });
}

/** A weekday beside a date of the calendar: "Friday, July 18". The date stands where the weekday is a slip. */
function sameDay(weekday: Time, date: Time): Time | undefined {
  if (weekday.weekday === undefined || weekday.grain !== 'day' || weekday.fallback !== undefined)
    return undefined;
  if (date.grain !== 'day' || date.ends || date.bound || date.weekday !== undefined || date.deictic)
    return undefined;
  if (date.period === 'always') return { ...date, latent: false };
  const series = within(date.series, 'day', weekdaySeries(weekday.weekday));
  return { series, grain: 'day', period: 'year', weekday: weekday.weekday, fallback: date.series };
}

/** Whether a stretch can begin or end with it. */
function isEnd({
  bound,
  ends,
  timex,
  part,
  bare,
}: Pick<Time, 'bound' | 'ends' | 'part' | 'bare'> & { timex?: string | undefined }): boolean {
  return bound === undefined && !ends && timex === undefined && part === undefined && !bare;
}

/** From the first to the second; undefined where they are not of one kind. */
export function stretched(a: Time, b: Time): Time | undefined {
  if (b.timex === 'PRESENT_REF' && !isFiner(a.grain, 'day')) return stretched(a, todayOf(b));
  const now = a.timex === 'PRESENT_REF';
  if (!isEnd(now ? { ...a, timex: undefined } : a) || !isEnd(b)) return undefined;
  const clocks = isFiner(a.grain, 'part') && isFiner(b.grain, 'part');
  const dates = !isFiner(a.grain, 'day') && !isFiner(b.grain, 'day');
  if (!clocks && !dates && !now) return undefined;
  const start = now && !isFiner(b.grain, 'day') ? todayOf(a).series : a.series;
  const grain = isFiner(a.grain, b.grain) && !now ? a.grain : b.grain;
  const latent = a.latent === true && b.latent === true;
  return {
    series: joinedSeries({ ...a, series: a.fallback ?? start }, { ...b, series: b.fallback ?? b.series }),
    grain,
    period: longer(a.period, b.period),
    ends: true,
    ...(latent && { latent }),
  };
}

/** The day of a moment that comes once. */
function todayOf(now: Time): Time {
  const day = unitAt(now.series(allTime)[0]?.from ?? 0, 'day');
  return { series: once(day), grain: 'day', period: 'always', deictic: true };
}

/** Wide enough for any time that comes once. */
export const allTime: Stretch = { from: -7e13, to: 2e14 };

/** A first time without its year or day takes those of the second: "Nov to Feb 2017". */
function joinedSeries(a: Time, b: Time): Series {
  if (b.period === 'always' || (a.period !== 'always' && isFiner(a.period, b.period))) {
    if (a.period !== 'always') return upFrom(a.series, lastOf(b), longestMs(a.period));
  }
  const reach = longestMs(b.period === 'always' ? 'decade' : b.period) * (b.period === 'always' ? 8 : 1);
  const first =
    a.edge === 'end'
      ? changed(a.series, ({ to }) => ({ from: to, to: to + dayMs }), longestMs(a.grain))
      : a.series;
  return upTo(first, lastOf(b), Math.max(reach, dayMs) + longestMs(b.grain));
}

/** Where the stretch ends: the end of June is its last moment. */
function lastOf(b: Time): Series {
  return b.edge === 'end' ? changed(b.series, ({ to }) => ({ from: to, to }), longestMs(b.grain)) : b.series;
}

function longer(a: Time['period'], b: Time['period']): Time['period'] {
  if (a === 'always' || b === 'always') return 'always';
  return isFiner(a, b) ? b : a;
}

/** One side of the time. */
export function bounded(time: Time, bound: Bound): Time | undefined {
  if (time.bound !== undefined || time.ends) return undefined;
  if (time.timex !== undefined && bound !== 'until' && bound !== 'since') return undefined;
  return { ...time, bound: ofEdge(bound, time.edge), latent: time.bare === true };
}

/** Before the end is until it is over, and after the beginning is since then. */
function ofEdge(bound: Bound, edge: Edge | undefined): Bound {
  if (bound === 'before' && edge === 'end') return 'until';
  return bound === 'after' && edge === 'start' ? 'since' : bound;
}

/** The beginning, middle or end of the time. */
export function edged(time: Time, edge: Edge, { halves: wholeHalves }: Setting): Time | undefined {
  if (time.bound || time.ends || time.edge || isFiner(time.grain, 'part') || time.timex) return undefined;
  const halves = wholeHalves && isFiner('day', time.grain);
  const change = (stretch: Stretch): Stretch =>
    edgeOf(stretch, halves && edge !== 'middle' ? 'part' : time.grain, edge);
  return { ...time, series: changed(time.series, change, longestMs(time.grain)), edge, latent: false };
}

/** The moment moved by the length, in its own grain or the finest of the length. */
export function movedBy(
  ms: number,
  length: Length,
  sign: 1 | -1,
  plusUnit: (ms: number, unit: Grain, count: number) => number,
): number {
  return length.amounts.reduce((at, { unit, count }) => plusUnit(at, unit, sign * count), ms);
}

/** The finest unit of the length. */
export function finestOf(length: Length): Grain {
  return (
    length.amounts.map(({ unit }) => unit).sort((a, b) => grains.indexOf(a) - grains.indexOf(b))[0] ?? 'day'
  );
}

/** The length as TIMEX: P3W, PT1H30M, PXY for an untold number of years. */
export function lengthTimex({ amounts, vague }: Length): string {
  const told = (unit: Grain, count: number): string => {
    const [letter, factor] = letters[unit] ?? ['D', 1];
    return `${vague ? 'X' : trimmed(count * factor)}${letter}`;
  };
  const isClock = ({ unit }: { unit: Grain }): boolean => isFiner(unit, 'part');
  const dates = amounts.filter((amount) => !isClock(amount)).map(({ unit, count }) => told(unit, count));
  const clocks = amounts.filter(isClock).map(({ unit, count }) => told(unit, count));
  return `P${dates.join('')}${clocks.length > 0 ? `T${clocks.join('')}` : ''}`;
}

const letters: Readonly<Partial<Record<Grain, readonly [string, number]>>> = {
  second: ['S', 1],
  minute: ['M', 1],
  hour: ['H', 1],
  day: ['D', 1],
  weekend: ['WE', 1],
  week: ['W', 1],
  month: ['M', 1],
  quarter: ['M', 3],
  year: ['Y', 1],
  decade: ['Y', 10],
  century: ['Y', 100],
};

function trimmed(count: number): string {
  return String(Math.round(count * 1000) / 1000);
}
