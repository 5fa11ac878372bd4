// Times seen from now: "now", "tomorrow", "next week", "last Monday", "this summer", "the third night in a row".

import { narrowed } from '../combine.ts';
import { dayMs, isFiner, longestMs, plus, type Stretch, startOf, unitAt } from '../grain.ts';
import { onceTime, type Setting, type Time, type UnitWord } from '../meaning.ts';
import { giving, type Rule } from '../rule.ts';
import { once, weekdaySeries } from '../series.ts';
import { currentUnit, dayAway, monthTime } from './calendar-times.ts';
import { nowTime } from './clocks.ts';
import { firstAfter, trailing } from './distance.ts';

const time = giving('time');

/** A time that nobody dates: "recently". */
function vagueTime(timex: string, { now }: Setting): Time {
  return { ...nowTime({ now } as Setting), timex };
}

function unitAway(word: UnitWord, offset: number, setting: Setting): Time | undefined {
  const { unit, plural, nights, count } = word;
  if (plural || nights || count > 1) return undefined;
  if (isFiner(unit, 'day'))
    return trailing({ amounts: [{ unit, count: 1 }] }, offset < 0 ? -1 : 1, { ...setting, rolling: true });
  return currentUnit(word, setting, offset);
}

/** The one of a yearly or weekly time that is meant by this, next or last. */
function chosen(value: Time, offset: -1 | 0 | 1, setting: Setting): Time | undefined {
  if (value.period === 'always' || value.period === 'day' || value.bound || value.edge || value.latent)
    return undefined;
  if (value.weekday !== undefined && value.period === 'week')
    return weekdayAway(value.weekday, offset, setting);
  const { now } = setting;
  if (value.period === 'week' || value.bare) return undefined;
  const found =
    offset === 0
      ? (runningAt(value, now) ?? onceIn(value, unitAt(now, value.period)))
      : offset > 0
        ? firstAfter(value, now)
        : lastBefore(value, now);
  return found && { ...value, series: once(found), period: 'always', deictic: true };
}

/** The occurrence that holds the moment. */
function runningAt(value: Time, now: number): Stretch | undefined {
  return value.series({ from: now - longestMs(value.grain), to: now + 1 }).find(({ to }) => to > now);
}

function onceIn(value: Time, window: Stretch): Stretch | undefined {
  return value.series(window)[0];
}

function lastBefore(value: Time, now: number): Stretch | undefined {
  return value
    .series({ from: now - 800 * dayMs, to: startOf(now, 'day') })
    .filter(({ to }) => to <= now)
    .at(-1);
}

/** This Monday is this week's, next Monday the coming week's, last Monday the newest that is over. */
function weekdayAway(weekday: number, offset: -1 | 0 | 1, { now }: Setting): Time | undefined {
  const today = startOf(now, 'day');
  const week = unitAt(now, 'week', offset);
  const window = offset < 0 ? { from: today - 7 * dayMs, to: today } : week;
  const [day] = weekdaySeries(weekday)(window);
  return day && { ...onceTime(day, 'day'), deictic: true, weekday };
}

function upcomingWeekday(weekday: number, sign: 1 | -1, { now }: Setting, count = 1): Time | undefined {
  const today = startOf(now, 'day');
  const window =
    sign > 0
      ? { from: today + dayMs, to: today + (7 * count + 1) * dayMs }
      : { from: today - 7 * count * dayMs, to: today };
  const days = weekdaySeries(weekday)(window);
  const day = sign > 0 ? days[count - 1] : days[0];
  return day && { ...onceTime(day, 'day'), deictic: true };
}

const wordRules: readonly Rule[] = [
  ...time('right|just? now', (_, setting) => nowTime(setting)),
  ...time('at the? present time?', (_, setting) => nowTime(setting), 1),
  ...time('at the|this moment|time', (_, setting) => nowTime(setting)),
  ...time('asap', (_, setting) => ({ ...nowTime(setting), bound: 'since' })),
  ...time('as soon as possible', (_, setting) => ({ ...nowTime(setting), bound: 'since' })),
  ...time('today|otd', (_, setting) => dayAway(0, setting)),
  ...time('earlier today', (_, setting) => dayAway(0, setting), 1),
  ...time('todays|tonights', (_, setting) => dayAway(0, setting)),
  ...time('current|this|todays date|day', (_, setting) => dayAway(0, setting)),
  ...time('the same? day', (_, setting) => ({ ...dayAway(0, setting), anaphor: true }), 1),
  ...time('that day|date', (_, setting) => ({ ...dayAway(0, setting), anaphor: true }), 1),
  ...time('by that time', (_, setting) => ({ ...dayAway(0, setting), anaphor: true }), 1),
  ...time('tomorrow|tmrw|tmr|tomorow|tommorow|tommorrow', (_, setting) => dayAway(1, setting)),
  ...time('yesterday|ystdy', (_, setting) => dayAway(-1, setting)),
  ...time('the? day after tomorrow', (_, setting) => dayAway(2, setting), 1),
  ...time('the? day before yesterday', (_, setting) => dayAway(-2, setting), 1),
  ...time('the? day before', (_, setting) => dayAway(-1, setting)),
  ...time('the? previous day', (_, setting) => dayAway(-1, setting)),
  ...time('the? next|following day', (_, setting) => dayAway(1, setting)),
  ...time('recently|lately', (_, setting) => vagueTime('PAST_REF', setting)),
  ...time('recent', (_, setting) => vagueTime('PAST_REF', setting)),
  ...time('soon', (_, setting) => ({ ...vagueTime('FUTURE_REF', setting), latent: true })),
];

/** The nth such unit running, this one being the last: from the first of them until this one ends. */
function inARow(nth: number, { unit, nights }: UnitWord, setting: Setting): Time | undefined {
  if (nth < 2 || isFiner(unit, 'day')) return undefined;
  const current = unitAt(setting.now, unit);
  const from = plus(current.from, unit, 1 - nth);
  const time: Time = {
    ...onceTime({ from, to: current.to }, nights ? 'day' : unit),
    deictic: true,
    running: nth - 1,
  };
  return time;
}

const yearWord: UnitWord = { unit: 'year', plural: false, nights: false, count: 1 };

const unitRules: readonly Rule[] = [
  ...time('the <unit> before', ([unit], setting) =>
    isFiner(unit.unit, 'day') ? undefined : unitAway(unit, -1, setting),
  ),
  ...time('the other day|night|week', (_, setting) => vagueTime('PAST_REF', setting), 1),
  ...time('some time ago|back', (_, setting) => vagueTime('PAST_REF', setting), 1),
  ...time('a while ago|back', (_, setting) => vagueTime('PAST_REF', setting), 1),
  ...time('<ordinal> <unit> in a row', ([nth, unit], setting) => inARow(nth, unit, setting), 2),
  ...time(
    '<ordinal> straight|consecutive|successive <unit>',
    ([nth, unit], setting) => inARow(nth, unit, setting),
    2,
  ),
  ...time('this|current|the current|calendar? <unit>', ([unit], setting) =>
    isFiner(unit.unit, 'day') ? undefined : unitAway(unit, 0, setting),
  ),
  ...time('the? present <unit>', ([unit], setting) => unitAway(unit, 0, setting)),
  ...time('ytd', (_, setting) => ({ ...currentUnit(yearWord, setting), bound: 'since' as const })),
  ...time('this current|calendar|past? <unit>', ([unit], setting) =>
    isFiner(unit.unit, 'day') ? undefined : unitAway(unit, 0, setting),
  ),
  ...time(
    'the same? <unit>',
    ([unit], setting) =>
      isFiner(unit.unit, 'day') || unit.unit === 'quarter' || unit.unit === 'weekend'
        ? undefined
        : unitAway(unit, 0, setting),
    -1,
  ),
  ...time(
    'same <unit>',
    ([unit], setting) => (isFiner(unit.unit, 'day') ? undefined : unitAway(unit, 0, setting)),
    -1,
  ),
  ...time('the? next|coming|following|upcoming around? <unit>', ([unit], setting) =>
    unitAway(unit, 1, setting),
  ),
  ...time('this? coming|upcoming <unit>', ([unit], setting) => unitAway(unit, 1, setting)),
  ...time('the|this? last|past|previous|preceding|prior <unit>', ([unit], setting) =>
    unitAway(unit, -1, setting),
  ),
  ...time('the? <unit> after next', ([unit], setting) => unitAway(unit, 2, setting), 1),
  ...time('the? <unit> before last', ([unit], setting) => unitAway(unit, -2, setting), 1),
  ...time('this week - end', (_, setting) =>
    currentUnit({ unit: 'weekend', plural: false, nights: false, count: 1 }, setting),
  ),
  ...time(
    'the? <ordinal> month of? <time>',
    ([month, year]) => (year.grain === 'year' ? narrowed(year, monthTime(month)) : undefined),
    2,
  ),
  ...time('this <time>', ([value], setting) => chosen(value, 0, setting)),
  ...time('the? next|following <time>', ([value], setting) => chosen(value, 1, setting)),
  ...time('last|past|previous <time>', ([value], setting) => chosen(value, -1, setting)),
  ...time('this|the? coming|upcoming <weekday>', ([{ day }], setting) => upcomingWeekday(day, 1, setting), 1),
  ...time('this past <weekday>', ([{ day }], setting) => upcomingWeekday(day, -1, setting), 1),
  ...time('<time> after next', ([value], setting) => afterNext(value, setting)),
  ...time('<number> <weekday> from now', ([{ value }, { day }], setting) =>
    upcomingWeekday(day, 1, setting, value),
  ),
  ...time('<number> <weekday> ago|back', ([{ value }, { day }], setting) =>
    upcomingWeekday(day, -1, setting, value),
  ),
  ...time('<weekday> week', ([{ day }], setting) => upcomingWeekday(day, 1, setting, 2)),
];

function afterNext(value: Time, setting: Setting): Time | undefined {
  const next = chosen(value, 1, setting);
  const [stretch] = next?.series({ from: 0, to: 8e12 }) ?? [];
  return stretch && value.weekday === undefined
    ? chosen(value, 1, { ...setting, now: stretch.from })
    : undefined;
}

/** Rules for times seen from now. */
export const nowRules: readonly Rule[] = [...wordRules, ...unitRules];
