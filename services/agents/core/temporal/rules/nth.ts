// Parts of a longer time: "first Monday of May", "the last 3 days of March", "the week of May 5", "late June", "the rest of the week".

import { edged, finestOf, lengthTimex, movedBy, together } from '../combine.ts';
import { dayMs, type Grain, isFiner, longestMs, plus, type Stretch, startOf, unitAt } from '../grain.ts';
import { type Length, onceTime, type Setting, type Time, type UnitWord } from '../meaning.ts';
import { giving, type Rule } from '../rule.ts';
import { changed, edgeOf, every, nthWithin, type Series, weekdaySeries, weeksByThursday } from '../series.ts';
import { currentUnit, weekdayTime } from './calendar-times.ts';

const time = giving('time');

/** What a unit counts inside a larger one. */
function innerSeries({ unit }: UnitWord): Series {
  return unit === 'week' ? weeksByThursday : every(unit);
}

function nth(index: number, inner: Series, grain: Grain, container: Time): Time | undefined {
  if (container.bound || container.edge || container.timex || longestMs(grain) >= longestMs(container.grain))
    return undefined;
  const series = nthWithin(index, inner, container.series, container.grain);
  const { deictic } = container;
  return {
    series,
    grain,
    period: container.period,
    ...(deictic && { deictic }),
    ...(container.ends && { ends: false }),
  };
}

function nthUnit(index: number, unit: UnitWord, container: Time): Time | undefined {
  if (unit.nights || unit.unit === 'hour' || unit.unit === 'minute') return undefined;
  return nth(index, innerSeries(unit), unit.unit, container);
}

/** "The first two weeks of June": the beginning or end of the container, as long as told. */
function sliceOf(container: Time, length: Length, edge: 'start' | 'end'): Time | undefined {
  const grain = finestOf(length);
  if (
    container.bound ||
    container.ends ||
    container.edge ||
    isFiner(container.grain, 'day') ||
    !isFiner(grain, container.grain)
  )
    return undefined;
  const slice = ({ from, to }: Stretch): Stretch =>
    edge === 'start'
      ? { from, to: movedBy(from, length, 1, plus) }
      : { from: movedBy(to, length, -1, plus), to };
  return {
    ...container,
    series: changed(container.series, slice, longestMs(container.grain)),
    grain,
    length: lengthTimex(length),
  };
}

/** The unit after or before the one that holds the named time: "the week after Easter". */
function unitBeside({ unit, plural }: UnitWord, time: Time, offset: 1 | -1): Time | undefined {
  if (plural || time.bound || time.ends || time.timex || isFiner(time.grain, 'day') || isFiner(unit, 'day'))
    return undefined;
  const beside = ({ from }: Stretch): Stretch => unitAt(from, unit, offset);
  const { weekday: _weekday, fallback: _fallback, ...rest } = time;
  return {
    ...rest,
    series: changed(time.series, beside, 2 * longestMs(unit) + longestMs(time.grain)),
    grain: unit,
    latent: false,
  };
}

/** The week or weekend around a day. */
function around(unit: Grain, day: Time): Time | undefined {
  if (day.grain !== 'day' || day.bound || day.ends) return undefined;
  const series = changed(day.series, ({ from }) => unitAt(from, unit), 7 * dayMs);
  return { ...day, series, grain: unit === 'weekend' ? 'weekend' : 'week', latent: false };
}

function withoutWeekday(value: Time | undefined): Time | undefined {
  if (value === undefined) return undefined;
  const { weekday: _weekday, ...rest } = value;
  return rest;
}

const nthRules: readonly Rule[] = [
  ...time(
    'the? <ordinal> <weekday> of|in|on <time>',
    ([index, { day }, container]) => nth(index, weekdaySeries(day), 'day', container),
    1,
  ),
  ...time(
    'the? last <weekday> of|in <time>',
    ([{ day }, container]) => nth(-1, weekdaySeries(day), 'day', container),
    1,
  ),
  ...time(
    'the? <ordinal> last <weekday> of|in <time>',
    ([index, { day }, container]) => nth(-index, weekdaySeries(day), 'day', container),
    1,
  ),
  ...time(
    'the? <ordinal> <unit> of|in <time>',
    ([index, unit, container]) => nthUnit(index, unit, container),
    1,
  ),
  ...time('the? last|final <unit> of|in <time>', ([unit, container]) => nthUnit(-1, unit, container), 1),
  ...time(
    'the? <ordinal> last|to-last <unit> of|in <time>',
    ([index, unit, container]) => nthUnit(-index, unit, container),
    1,
  ),
  ...time('the? <ordinal> <unit> <time>', ([index, unit, container]) =>
    container.grain === 'year' ? nthUnit(index, unit, container) : undefined,
  ),
  ...time(
    'the? first <length> of|in <time>',
    ([length, container]) => sliceOf(container, length, 'start'),
    2,
  ),
  ...time(
    'the? last|final <length> of|in <time>',
    ([length, container]) => sliceOf(container, length, 'end'),
    2,
  ),
  ...time('the <unit> after|following <time>', ([unit, value]) => unitBeside(unit, value, 1), 1),
  ...time('the <unit> before|preceding <time>', ([unit, value]) => unitBeside(unit, value, -1), 1),
  ...time(
    'the? week of|commencing|beginning|starting|from on? <time>',
    ([day]) => withoutWeekday(around('week', day)),
    1,
  ),
  ...time('the? weekend of|on? <time>', ([day]) => withoutWeekday(around('weekend', day)), 1),
  ...time("<time> 's <time>", ([coarse, fine]) => together(coarse, fine)),
  ...time(
    'on? <weekday> of <time>',
    ([{ day }, week]) => (week.grain === 'week' ? together(week, weekdayTime(day)) : undefined),
    1,
  ),
  ...time('the? <ordinal> <weekday> <time> of|in <time>', ([index, { day }, clock, container]) => {
    const picked = nth(index, weekdaySeries(day), 'day', container);
    return picked && together(picked, clock);
  }),
];

const edgeWords: readonly (readonly [string, 'start' | 'middle' | 'end'])[] = [
  ['beginning|start', 'start'],
  ['middle', 'middle'],
  ['end', 'end'],
];

const edgeRules: readonly Rule[] = [
  ...time(
    'the? first half of|in <time>',
    ([value], setting) => edged(value, 'start', { ...setting, halves: true }),
    1,
  ),
  ...time(
    'the? second|last half of|in <time>',
    ([value], setting) => edged(value, 'end', { ...setting, halves: true }),
    1,
  ),
  ...edgeWords.flatMap(([words, edge]) => [
    ...time(`at|in? the? ${words} of around? <time>`, ([value], setting) => edged(value, edge, setting), 1),
    ...time(
      `at|in? the? ${words} of the? <unit>`,
      ([unit], setting) => edged(currentUnit(unit, setting), edge, setting),
      1,
    ),
  ]),
  ...time('early|earlier in|on? <time>', ([value], setting) => edged(value, 'start', setting)),
  ...time('mid -? <time>', ([value], setting) => edged(value, 'middle', setting)),
  ...time('late|later in|on? <time>', ([value], setting) => edged(value, 'end', setting)),
  ...time('the? rest|remainder of <time>', ([value], setting) => restOf(value, setting), 2),
  ...time(
    'the? rest|remainder of the? <unit>',
    ([unit], setting) => restOf(currentUnit(unit, setting), setting),
    2,
  ),
  ...time('later this <unit>', ([unit], setting) => restOf(currentUnit(unit, setting), setting), 2),
];

/** From today, or now, to the end of the unit that holds it. */
function restOf(value: Time, { now, halves }: Setting): Time | undefined {
  const [current] =
    value.period === 'always' ? value.series({ from: now - longestMs(value.grain), to: now + 1 }) : [];
  if (current === undefined || current.to <= now || isFiner(value.grain, 'day') || value.bound || value.ends)
    return undefined;
  const today = value.grain === 'day' ? now : startOf(now, 'day');
  const from = halves ? Math.max(today, edgeOf(current, 'part', 'end').from) : today;
  return { ...onceTime({ from, to: current.to }, value.grain), deictic: true, edge: 'end' };
}

/** Rules for parts of a longer time. */
export const partOfRules: readonly Rule[] = [...nthRules, ...edgeRules];
