// What times make together: a finer within a coarser, from one to the other, one side of one, a time with a length.

import { bounded, finestOf, lengthTimex, movedBy, narrowed, stretched, together } from '../combine.ts';
import { dayMs, isFiner, longestMs, plus } from '../grain.ts';
import { dayOfYear } from '../literals.ts';
import { clockTime, type Length, type NumberWord, type Setting, type Time } from '../meaning.ts';
import { giving, type Rule } from '../rule.ts';
import { changed, dayOfMonthSeries } from '../series.ts';
import { currentUnit } from './calendar-times.ts';
import { edgePart, partTime } from './clocks.ts';

const time = giving('time');

function dayNumber({ value, digits }: NumberWord): Time | undefined {
  if (digits > 2 || value < 1 || value > 31) return undefined;
  return { series: dayOfMonthSeries(value), grain: 'day', period: 'month' };
}

/** "From 4 to 22 this month". */
function daysWithin(a: NumberWord, b: NumberWord, month: Time): Time | undefined {
  const [first, last] = [dayNumber(a), dayNumber(b)];
  if (month.grain !== 'month' || first === undefined || last === undefined || a.digits === 0)
    return undefined;
  return daysOf(narrowed(month, first), narrowed(month, last));
}

/** From a day to a day of the same month: "July 13 to 15". */
function daysOf(first: Time | undefined, last: Time | undefined): Time | undefined {
  return first && last && first.grain === 'day' && last.grain === 'day' ? stretched(first, last) : undefined;
}

/** A latent time takes the month or year of the other end: "12 to 16 September", "Nov to Feb 2017". */
function carried(a: Time, b: Time): Time | undefined {
  const clocks =
    a.period === 'day' && b.period === 'day' && isFiner(a.grain, 'part') && b.zoneMark === undefined;
  return clocks ? undefined : stretched(a, b);
}

/** "From Monday" in a sentence can tell where something begins or comes from, so it is Monday itself that is named. */
function begun(value: Time): Time | undefined {
  return value.bound || value.ends || value.latent || value.timex ? undefined : { ...value, begins: true };
}

/** A time that lasts as long as the length. */
function lasting(start: Time, length: Length): Time | undefined {
  if (start.bound || start.ends || start.length || start.timex || length.vague || start.part)
    return undefined;
  if (
    isFiner(start.grain, 'day') !== isFiner(finestOf(length), 'day') &&
    start.grain !== 'hour' &&
    start.grain !== 'minute'
  )
    return undefined;
  const reach = length.amounts.reduce((sum, { unit, count }) => sum + longestMs(unit) * count, dayMs);
  const series = changed(
    start.series,
    ({ from }) => {
      const last = movedBy(from, length, 1, plus);
      return { from, to: plus(last, isFiner(start.grain, 'part') ? 'minute' : 'day', 1), last };
    },
    reach,
  );
  const grain = start.grain === 'hour' ? 'minute' : start.grain;
  return { ...start, series, grain, ends: true, length: lengthTimex(length), latent: false };
}

const ranges: readonly Rule[] = [
  ...time('from? <time> to|till|until|untill|thru|through|- <time>', ([a, b]) => carried(a, b)),
  ...time('from? <time> up? to <time>', ([a, b]) => carried(a, b)),
  ...time('in? <time> through|thru|until|till <time>', ([a, b]) => carried(a, b)),
  ...time('from? <time> / <time>', ([a, b]) =>
    a.period === 'always' && b.period === 'always' ? carried(a, b) : undefined,
  ),
  ...time('between <time> and|to|-|through <time>', ([a, b]) => carried(a, b), 1),
  ...time('starting|beginning on|at|from? <time> to|until|till|through <time>', ([a, b]) => carried(a, b)),
  ...time(
    '<month> .? the? <number> to|-|through|thru|till|until|and the? <number>',
    ([month, a, b]) => daysOf(dayOfYear(month, a.value), dayNumber(b)),
    2,
  ),
  ...time(
    '<month> the? <ordinal> to|-|through|thru|till|until the? <ordinal>',
    ([month, a, b]) => daysOf(dayOfYear(month, a), dayNumber({ value: b, digits: 2 })),
    2,
  ),
  ...time(
    '<month> the? <ordinal> to|-|through|thru|till|until the? <number>',
    ([month, a, b]) => daysOf(dayOfYear(month, a), dayNumber(b)),
    1,
  ),
  ...time(
    'from|between? the? <number> to|-|till|until|and the? <number> of|in? <time>',
    ([a, b, month]) => daysWithin(a, b, month),
    2,
  ),
  ...time('from <time> to|-|till|until|through <time>', ([a, b]) => carried(a, b), 1),
  ...time('from? the? <ordinal> to|-|till|until|through the? <time>', ([a, b]) => sameMonth(a, b), 2),
  ...time('between the? <ordinal> and|to|- the? <time>', ([a, b]) => sameMonth(a, b), 2),
  ...time('from? the? <number> .? to|-|till|until|through the? <time>', ([day, b]) => figuresOf(day, b), 2),
  ...time('between the? <number> and|to|- the? <time>', ([day, b]) => figuresOf(day, b), 2),
];

function figuresOf({ value, digits }: NumberWord, last: Time): Time | undefined {
  return digits > 0 && digits < 3 ? sameMonth(value, last) : undefined;
}

/** A bare day before a dated one: the day of the same month. */
function sameMonth(first: number, last: Time): Time | undefined {
  if (
    last.grain !== 'day' ||
    last.ends ||
    last.bound ||
    last.deictic ||
    last.weekday ||
    last.latent ||
    first < 1 ||
    first > 31
  )
    return undefined;
  const series = changed(
    last.series,
    ({ from, to }) => {
      const start = plus(from, 'day', first - new Date(from).getUTCDate());
      return { from: start, to, last: from };
    },
    31 * dayMs,
  );
  return last.period === 'month' ? undefined : { ...last, series, ends: true, latent: false };
}

const byJoining = ([a, b]: readonly [Time, Time], setting: Setting): Time | undefined =>
  joined(a, b, setting);

/** Two times that go together; in running text a bare number only after a weekday or a word such as "at". */
function joined(a: Time, b: Time, { lone }: Setting): Time | undefined {
  if (!lone && isFiner(a.grain, 'part') && b.part !== undefined && b.period === 'day') return undefined;
  if (!lone && a.latent && b.latent) return undefined;
  const bare = [a, b].filter((one) => one.bare === true);
  const numbered = bare.every((one) => one.period === 'month') && a.weekday !== undefined;
  return lone || bare.length === 0 || numbered ? together(a, b) : undefined;
}

const bounds: readonly Rule[] = [
  ...time(
    '<time> t <clock>',
    ([day, clock]) => together(day, clockTime({ ...clock, fixed: true, latent: false })),
    1,
  ),
  ...time('not before|earlier than? <time>', ([value]) => bounded(value, 'since'), 1),
  ...time('on or after <time>', ([value]) => bounded(value, 'since'), 1),
  ...time('on or before <time>', ([value]) => bounded(value, 'until'), 1),
  ...time('ending|ended on|in? <time>', ([value]) => bounded(value, 'until')),
  ...time('since|starting|beginning around|about|on|at|in|from? <time>', ([value]) =>
    bounded(value, 'since'),
  ),
  ...time('from <time> on|onward|onwards', ([value]) => bounded(value, 'since')),
  ...time('from <time>', ([value], { lone }) => (lone ? bounded(value, 'since') : begun(value)), -1),
  ...time('any time from <time>', ([value]) => bounded(value, 'since'), 1),
  ...time('anytime from <time>', ([value]) => bounded(value, 'since'), 1),
  ...time('<time> or after', ([value]) => bounded(value, 'since'), -2),
  ...time('<time> or before', ([value]) => bounded(value, 'until'), -2),
  ...time('<time> at the latest', ([value]) => bounded(value, 'until')),
  ...time('<time> or|and later|newer|onward|onwards', ([value]) => bounded(value, 'since')),
  ...time('<time> the? earliest|onward|onwards', ([value]) => bounded(value, 'since')),
  ...time('as early as <time>', ([value]) => bounded(value, 'since')),
  ...time('> = <time>', ([value]) => bounded(value, 'since'), 1),
  ...time('sometime|sometimes|anytime? after|past around|about? <time>', ([value]) =>
    bounded(value, 'after'),
  ),
  ...time('later|greater|more|newer than around|about? <time>', ([value]) => bounded(value, 'after')),
  ...time('> <time>', ([value]) => bounded(value, 'after')),
  ...time('sometime|sometimes|anytime? before|prior around|about|to? <time>', ([value]) =>
    bounded(value, 'before'),
  ),
  ...time('earlier|less than <time>', ([value]) => bounded(value, 'before')),
  ...time('no|not later than <time>', ([value]) => bounded(value, 'before'), 1),
  ...time('< <time>', ([value]) => bounded(value, 'before')),
  ...time('< = <time>', ([value]) => bounded(value, 'until'), 1),
  ...time('<time> or|and earlier|older', ([value]) => bounded(value, 'until')),
  ...time('until|till|til|through|thru around|about? <time>', ([value]) => bounded(value, 'until')),
  ...time('up to|until|till <time>', ([value]) => bounded(value, 'until')),
  ...time('by around|about|the? <time>', ([value]) => bounded(value, 'by')),
  ...time('from? <time> to|till|until date', ([value], { now }) => stretched(value, currentDay(now)), 1),
  ...time(
    'the? <unit> to date',
    ([unit], setting) => stretched(currentUnit(unit, setting), currentDay(setting.now)),
    2,
  ),
  ...time('<time> early', ([value], setting) =>
    value.grain === 'day' && !value.bare ? together(value, partTime('morning', setting)) : undefined,
  ),
  ...time('<time> late', ([value], setting) =>
    value.grain === 'day' && !value.bare ? together(value, edgePart('night', 'end', setting)) : undefined,
  ),
  ...time('till|until date', (_, { now }) => ({ ...currentDay(now), bound: 'before' as const })),
];

function currentDay(now: number): Time {
  const from = Math.floor(now / dayMs) * dayMs;
  return {
    series: (window) => (from >= window.from && from < window.to ? [{ from, to: from + dayMs }] : []),
    grain: 'day',
    period: 'always',
    deictic: true,
  };
}

const fillers: readonly Rule[] = [
  ...time('on|@ <time>', ([value]) => ({
    ...value,
    latent: value.latent === true && (value.grain !== 'day' || value.bare === true),
  })),
  ...time('around|about|approximately|approx|roughly|circa <time>', ([value]) =>
    value.bound ? undefined : value,
  ),
  ...time('<time> approximately|approx|sharp|exactly', ([value]) => value),
  ...time('in|the|during|over|of <time>', ([value]) =>
    value.bound || value.running || isFiner(value.grain, 'day') ? undefined : value,
  ),
  ...time('in|during|over the <time>', ([value]) =>
    value.bound || value.running || isFiner(value.grain, 'day') ? undefined : value,
  ),
];

const lengths: readonly Rule[] = [
  ...time('from|starting|at? <time> for <length>', ([start, length]) => lasting(start, length), 1),
  ...time(
    'for <length> ,? starting|beginning? from|at|on <time>',
    ([length, start]) => lasting(start, length),
    2,
  ),
  ...time('for <length> ,? starting|beginning <time>', ([length, start]) => lasting(start, length), 2),
  ...time('<length> starting|beginning from|at|on? <time>', ([length, start]) => lasting(start, length), 2),
];

/** Rules for joined times. */
export const spanRules: readonly Rule[] = [
  ...time('<time> <time>', byJoining, 0.6),
  ...time('<time> , <time>', byJoining, 0.5),
  ...time('<time> ,? at|on|of|in|@|during|around|about|by|- the|around? <time>', byJoining, 0.5),
  ...time('<time> ( <time> )', byJoining, 0.5),
  ...time('<time> between|from <time>', byJoining, 0.5),
  ...time('<time> for <time>', ([a, b], setting) =>
    isFiner(b.grain, 'part') && !b.latent ? joined(a, b, setting) : undefined,
  ),
  ...ranges,
  ...bounds,
  ...fillers,
  ...lengths,
];
