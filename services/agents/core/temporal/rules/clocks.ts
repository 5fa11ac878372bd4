// Times of the clock and parts of the day: "half past three", "at 7", "8 in the evening", "tonight", "9:30 pm GMT".

import { stretched } from '../combine.ts';
import { dayMs, hourMs, minuteMs, type Stretch, unitAt } from '../grain.ts';
import { clockOf, clockWith } from '../literals.ts';
import {
  type Clock,
  clockIn,
  clockTime,
  type NumberWord,
  onceTime,
  type PartName,
  type Setting,
  type Time,
} from '../meaning.ts';
import { giving, type Rule } from '../rule.ts';
import { changed, dailySeries, edgeOf, once, type Series, within } from '../series.ts';

const clock = giving('clock');
const part = giving('part');
const time = giving('time');

/** An hour said as a bare number; only words beside it make it a clock. */
function hourOf({ value, digits, vague }: NumberWord): Clock | undefined {
  if (vague || digits > 2 || value > 24) return undefined;
  return clockOf(value, undefined, { latent: true, bare: true });
}

function said(hour: Clock | undefined): Clock | undefined {
  return hour && { ...hour, latent: false, bare: false };
}

/** Minutes past the hour, or before it when negative. */
function offBy(base: Clock, minutes: number): Clock | undefined {
  if (base.minute !== undefined || Math.abs(minutes) > 59) return undefined;
  const hour = minutes < 0 ? (base.hour + 23) % 24 : base.hour;
  return {
    ...base,
    hour: hour === 0 && !base.fixed ? 12 : hour,
    minute: (minutes + 60) % 60,
    latent: false,
    bare: false,
  };
}

function minuteOf(hour: NumberWord, minute: NumberWord): Clock | undefined {
  const spelledMinute = minute.digits === 0 && minute.value >= 10;
  if (hour.value > 12 || hour.value < 1 || hour.digits > 2 || minute.value > 59) return undefined;
  return spelledMinute || minute.digits === 2
    ? clockOf(hour.value, minute.value, { latent: true })
    : undefined;
}

/** The part of each day; night and evening may end on the next. */
export function partTime(name: PartName, { partHours }: Setting): Time {
  const [from, to] = partHours[name];
  return { series: dailySeries(from * hourMs, to * hourMs), grain: 'part', period: 'day', part: name };
}

/** The early or late half of the part of each day. */
export function edgePart(name: PartName, edge: 'start' | 'end', setting: Setting): Time {
  const base = partTime(name, setting);
  const series = changed(base.series, (stretch) => edgeOf(stretch, 'part', edge), dayMs);
  return { ...base, series, edge };
}

/** The part of the day that is `days` away from today. */
function partOn(days: number, name: PartName, setting: Setting): Time {
  const day = once(unitAt(setting.now, 'day', days));
  const base = partTime(name, setting);
  return { ...base, series: within(day, 'day', base.series), period: 'always', deictic: true };
}

/** A clock of another zone, moved to the reference's. */
function zoned(base: Clock, zoneMinutes: number, { offsetMinutes }: Setting): Time {
  const shift = (offsetMinutes - zoneMinutes) * minuteMs;
  const there = clockTime({ ...base, minute: base.minute ?? 0, fixed: true, latent: false });
  return { ...there, series: movedSeries(there.series, shift), zoneMark: zoneMinutes === 0 ? 'Z' : '' };
}

const clockRules: readonly Rule[] = [
  ...clock('<number>', ([number]) => hourOf(number), -1),
  ...clock('<number> <meridiem>', ([number, half]) => {
    const hour = hourOf(number);
    return hour && hour.hour <= 12 ? clockWith(hour, half) : undefined;
  }),
  ...clock('<number> in the <meridiem>', ([number, half]) =>
    clockWith(hourOf(number) ?? { hour: 25, fixed: true }, half),
  ),
  ...clock('<number> am pm', ([number]) => said(hourOf(number))),
  ...clock('<number> ampm', ([number]) => said(hourOf(number))),
  ...clock(
    '<clock> <meridiem>',
    ([base, half]) => (base.minute === undefined ? undefined : clockWith(base, half)),
    1,
  ),
  ...clock("<number> o'clock|oclock", ([number]) => said(hourOf(number))),
  ...clock(
    '<clock> hours|hrs',
    ([base]) =>
      base.minute === undefined || !base.latent
        ? undefined
        : { ...base, latent: false, bare: false, fixed: true },
    1,
  ),
  ...clock("<clock> o'clock|oclock", ([base]) => (base.latent ? undefined : base)),
  ...clock('<number> ish', ([number]) =>
    number.digits > 0 ? said(clockOf(number.value, undefined, { fixed: true })) : undefined,
  ),
  ...clock('<clock> ish|sharp|approximately|approx|exactly', ([base]) => (base.latent ? undefined : base)),
  ...clock('<number> <number> minutes?', ([hour, minute]) => minuteOf(hour, minute), -1),
  ...clock('<number> oh|o <ones>', ([hour, minute]) => minuteOf(hour, { value: minute, digits: 2 })),
  ...clock('half past <clock>', ([base]) => offBy(base, 30)),
  ...clock('half <clock>', ([base]) => (base.latent ? undefined : offBy(base, 30)), -1),
  ...clock('a? quarter past|after <clock>', ([base]) => offBy(base, 15)),
  ...clock('a? quarter to|till|before|of <clock>', ([base]) => offBy(base, -15)),
  ...clock('<number> past|after <clock>', ([{ value }, base]) => offBy(base, value)),
  ...clock(
    '<number> to|till|before|of <clock>',
    ([{ value, digits }, base]) => (digits === 0 || !base.latent ? offBy(base, -value) : undefined),
    -4,
  ),
  ...clock('<number> minutes|min|mins past|after <clock>', ([{ value }, base]) => offBy(base, value), 1),
  ...clock(
    '<number> minutes|min|mins to|till|before|of <clock>',
    ([{ value }, base]) => offBy(base, -value),
    1,
  ),
  ...clock('noon', () => ({ hour: 12, fixed: true })),
  ...clock('midnight', () => ({ hour: 0, fixed: true })),
  ...clock('mid night', () => ({ hour: 0, fixed: true })),
  ...clock('<clock> noon|midday', ([base]) =>
    base.hour === 12 ? { ...base, fixed: true, latent: false } : undefined,
  ),
  ...clock('at|@ around|about|approximately|exactly? <clock>', ([base]) => ({
    ...base,
    latent: false,
    bare: false,
  })),
  ...clock('around|about|for <clock>', ([base]) => (base.latent ? { ...base, bare: false } : base)),
  ...clock(
    '<clock> in|at the? <part>',
    ([base, { name, plural }]) => (plural || base.hour > 12 ? undefined : clockIn(base, name)),
    1,
  ),
  ...clock(
    '<clock> in the early|late <part>',
    ([base, { name }]) => (base.hour > 12 ? undefined : clockIn(base, name)),
    1,
  ),
  ...clock('<clock> at night', ([base]) => (base.hour > 12 ? undefined : clockIn(base, 'night')), 2),
  ...clock(
    'in? the? early? <part> at|around|@ <clock>',
    ([{ name, plural }, base]) => (plural ? undefined : clockIn(base, name)),
    1,
  ),
];

const partRules: readonly Rule[] = [
  ...part('mid day', () => ({ name: 'noon', plural: false })),
  ...part('lunch time', () => ({ name: 'lunch', plural: false })),
  ...part('<part> time|ish|hours', ([value]) => value),
  ...part('afternoonish', () => ({ name: 'afternoon', plural: false })),
];

const timeRules: readonly Rule[] = [
  ...time('<clock>', ([value]) => clockTime(value)),
  ...time(
    '<clock> <zone>',
    ([value, zone], setting) => (value.latent ? undefined : zoned(value, zone, setting)),
    1,
  ),
  ...time('<part>', ([{ name, plural }], setting) => (plural ? undefined : partTime(name, setting))),
  ...time('in|during|at|by the? <part>', ([{ name, plural }], setting) =>
    plural ? undefined : partTime(name, setting),
  ),
  ...time('in|during|at|by? the? early <part>', ([{ name }], setting) => edgePart(name, 'start', setting), 1),
  ...time(
    'in|during|at|by? the? late|later <part>',
    ([{ name }], setting) => edgePart(name, 'end', setting),
    1,
  ),
  ...time('later|late in the <part>', ([{ name }], setting) => edgePart(name, 'end', setting), 1),
  ...time('earlier|early in the <part>', ([{ name }], setting) => edgePart(name, 'start', setting), 1),
  ...time(
    'the? next|following <part>',
    ([{ name, plural }], setting) => (plural || name === 'night' ? undefined : partOn(1, name, setting)),
    1,
  ),
  ...time('this <part>', ([{ name }], setting) => partOn(0, name, setting)),
  ...time('tonight|tonite', (_, setting) => partOn(0, 'night', setting)),
  ...time('the? night before last', (_, setting) => partOn(-2, 'night', setting), 2),
  ...time('last night', (_, setting) => partOn(-1, 'night', setting), 1),
  ...time('late|later tonight|tonite', (_, setting) => late(partOn(0, 'night', setting)), 1),
  ...time('late last night', (_, setting) => late(partOn(-1, 'night', setting)), 2),
  ...time(
    'early this <part>',
    ([{ name }], setting) => within0(edgePart(name, 'start', setting), setting),
    1,
  ),
  ...time(
    'late|later this <part>',
    ([{ name }], setting) => within0(edgePart(name, 'end', setting), setting),
    1,
  ),
  ...time('from? <clock> to|-|until|till|untill|thru|through <clock>', ([a, b]) => clockRange(a, b), 1),
  ...time('from|between <clock> to|-|and|or|until|till <clock>', ([a, b]) => surely(clockRange(a, b)), 1),
  ...time('around? <clock> or <clock>', ([a, b]) => clockRange(a, b)),
  ...time(
    'from|between? <clock> to|-|and|until|till <clock> <zone>',
    ([a, b, zone], setting) => zonedRange(clockRange(a, b), zone, setting),
    2,
  ),
  ...time('later than <clock> but before <clock>', ([a, b]) => clockRange(a, b), 1),
];

function late(base: Time): Time {
  return {
    ...base,
    series: changed(base.series, (stretch) => edgeOf(stretch, 'part', 'end'), dayMs),
    edge: 'end',
  };
}

function within0(base: Time, { now }: Setting): Time {
  return {
    ...base,
    series: within(once(unitAt(now, 'day')), 'day', base.series),
    period: 'always',
    deictic: true,
  };
}

/** From clock to clock, the first in the half of the day that the second tells ("5 to 6 pm") and the second after the first. */
export function clockRange(a: Clock, b: Clock): Time | undefined {
  const first = alignedTo(a, b);
  const second = nearestAfter(first, b);
  const built = stretched(plainClock(first), plainClock(second));
  return built && { ...built, latent: a.latent === true && b.latent === true, bare: false };
}

function plainClock(clock: Clock): Time {
  return clockTime({ ...clock, latent: false, bare: false });
}

function zonedRange(
  range: Time | undefined,
  zoneMinutes: number,
  { offsetMinutes }: Setting,
): Time | undefined {
  return (
    range && {
      ...range,
      series: movedSeries(range.series, (offsetMinutes - zoneMinutes) * minuteMs),
      latent: false,
    }
  );
}

/** Every occurrence, and the start of its last unit, so much later. */
function movedSeries(series: Series, ms: number): Series {
  const move = ({ from, to, last }: Stretch): Stretch => ({
    from: from + ms,
    to: to + ms,
    ...(last !== undefined && { last: last + ms }),
  });
  return changed(series, move, dayMs);
}

/** "Between 2 and 4" says a time also without more; "20-24" alone does not. */
function surely(range: Time | undefined): Time | undefined {
  return range && { ...range, latent: false };
}

function alignedTo(a: Clock, b: Clock): Clock {
  if (a.fixed || !b.fixed) return a;
  const hour = a.hour % 12;
  const afternoon = hour + 12 + (a.minute ?? 0) / 60 < b.hour + (b.minute ?? 0) / 60;
  return { ...a, hour: afternoon && b.hour >= 12 ? hour + 12 : hour, fixed: true };
}

function nearestAfter(a: Clock, b: Clock): Clock {
  if (b.fixed || !a.fixed) return b;
  const hour = b.hour % 12;
  return {
    ...b,
    hour: hour > a.hour % 24 || (hour === a.hour && (b.minute ?? 0) > (a.minute ?? 0)) ? hour : hour + 12,
    fixed: true,
  };
}

/** Rules for clocks and parts of the day. */
export const clockAndPartRules: readonly Rule[] = [...clockRules, ...partRules, ...timeRules];
/** Now, as a time of its own. */
export function nowTime({ now }: Setting): Time {
  return { ...onceTime({ from: now, to: now + 1000 }, 'second'), timex: 'PRESENT_REF', deictic: true };
}
