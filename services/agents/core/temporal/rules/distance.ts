// Times told by their distance from now or from another time: "two weeks ago", "in 2 hours", "the last 5 days", "3 days after Easter".

import { finestOf, lengthTimex, movedBy } from '../combine.ts';
import { dayMs, type Grain, isFiner, longestMs, plus, type Stretch, startOf } from '../grain.ts';
import { type Length, onceTime, type Setting, type Time, type UnitWord } from '../meaning.ts';
import { giving, type Rule } from '../rule.ts';
import { changed, once } from '../series.ts';
import { currentUnit, deictic } from './calendar-times.ts';

const time = giving('time');

/** The next finer unit in which a distance is exact: "in two weeks" is a day, "in two hours" a minute. */
const exactness: Readonly<Partial<Record<Grain, Grain>>> = {
  second: 'second',
  minute: 'second',
  hour: 'minute',
};

function grainAway(length: Length): Grain {
  const fraction = length.amounts.some(({ count }) => !Number.isInteger(count));
  const grain = exactness[finestOf(length)] ?? 'day';
  return fraction && isFiner(grain, 'day') ? 'second' : grain;
}

/** The moment at that distance from the base. */
function away(base: number, length: Length, sign: 1 | -1): Time {
  const grain = grainAway(length);
  const moment = movedBy(base, length, sign, plus);
  const from = startOf(moment, grain === 'second' || grain === 'minute' ? 'second' : grain);
  return { ...deictic(onceTime({ from, to: plus(from, grain, 1) }, grain)), distance: lengthTimex(length) };
}

/** The distance counted from each occurrence of a day. */
function shifted(base: Time, length: Length, sign: 1 | -1): Time | undefined {
  if (base.bound || base.edge || base.timex || base.part) return undefined;
  const clock = isFiner(base.grain, 'part');
  if (clock !== isFiner(finestOf(length), 'day') || base.latent) return undefined;
  const reach = length.amounts.reduce((sum, { unit, count }) => sum + longestMs(unit) * count, dayMs);
  const move = ({ from }: Stretch): Stretch => {
    const start = movedBy(from, length, sign, plus);
    return { from: start, to: start + (clock ? 60_000 : dayMs) };
  };
  const { weekday: _weekday, fallback: _fallback, ...rest } = base;
  return { ...rest, series: changed(base.series, move, reach), grain: clock ? 'minute' : 'day' };
}

/** The stretch of that length before or after now: whole units of the calendar, or to the day and second where it rolls. */
export function trailing(length: Length, sign: 1 | -1, { now, rolling }: Setting): Time | undefined {
  const [amount, more] = length.amounts;
  if (amount === undefined || more !== undefined || length.lasting) return undefined;
  const { unit, count } = amount;
  const told = { deictic: true, length: lengthTimex(length) };
  if (!rolling || unit === 'quarter' || unit === 'decade' || unit === 'weekend') {
    const current = startOf(now, unit);
    const from = sign < 0 ? plus(current, unit, -count) : plus(current, unit, 1);
    return { ...onceTime({ from, to: plus(from, unit, count) }, unit), ...told };
  }
  const base = isFiner(unit, 'day') ? now : startOf(now, 'day') + (sign > 0 ? dayMs : 0);
  const other = movedBy(base, length, sign, plus);
  const grain = isFiner(unit, 'day') ? 'second' : 'day';
  return { ...onceTime({ from: Math.min(base, other), to: Math.max(base, other) }, grain), ...told };
}

/** The first occurrence after the one of now. */
export function firstAfter(value: Time, now: number): Stretch | undefined {
  const from = startOf(now, value.grain === 'part' ? 'day' : value.grain) + 1;
  return value.series({ from, to: from + 800 * dayMs })[0];
}

/** Rules for distances. */
export const distanceRules: readonly Rule[] = [
  ...time(
    '<length> ago|back',
    ([length], { now }) => (length.vague && length.latent ? undefined : away(now, length, -1)),
    1,
  ),
  ...time('<length> earlier', ([length], { now }) => away(now, length, -1)),
  ...time('<length> later|hence', ([length], { now }) => away(now, length, 1)),
  ...time('in <length>', ([length], { now }) =>
    length.nights || length.lasting ? undefined : away(now, length, 1),
  ),
  ...time("in <length> ' time", ([length], { now }) => away(now, length, 1)),
  ...time("in <length> 's? time", ([length], { now }) => away(now, length, 1)),
  ...time('in? <length> from right? now', ([length], { now }) => away(now, length, 1), 1),
  ...time('<time> in <length>', ([value, length], setting) => yearsAway(value, length, setting), 1),
  ...time('<time> <length> from now', ([value, length], setting) => yearsAway(value, length, setting), 1),
  ...time(
    'in <length> since <time>',
    ([length, base], setting) => shifted(coming(base, setting), length, 1),
    1,
  ),
  ...time(
    'in? <length> after <time>',
    ([length, base], setting) => shifted(coming(base, setting), length, 1),
    1,
  ),
  ...time(
    'in? <length> from <time>',
    ([length, base], setting) => shifted(coming(base, setting), length, 1),
    1,
  ),
  ...time(
    'more than <length> ago',
    ([length], { now }) => ({ ...away(now, length, -1), bound: 'before' as const }),
    3,
  ),
  ...time(
    'less than <length> ago',
    ([length], { now }) => ({ ...away(now, length, -1), bound: 'since' as const }),
    3,
  ),
  ...time('in|within less|under than? <length>', ([length], setting) => withinLength(length, setting), 3),
  ...time('<length> before <time>', ([length, base]) => shifted(base, length, -1), 1),
  ...time('within the? next? <length>', ([length], setting) => withinLength(length, setting), 2),
  ...time('the? last|past|previous|prior <length>', ([length], setting) => counted(length, -1, setting), 1),
  ...time(
    'for|over|during|in the last|past|previous|prior <length>',
    ([length], setting) => counted(length, -1, setting),
    1,
  ),
  ...time('the? next|following|coming <length>', ([length], setting) => counted(length, 1, setting), 1),
  ...time(
    'over|during|in the next|following|coming <length>',
    ([length], setting) => counted(length, 1, setting),
    1,
  ),
  ...time('upcoming <number> <unit>', ([{ value }, unit], setting) => unitsAhead(value, unit, setting), 1),
  ...time(
    'the? <number> upcoming|coming|next <unit>',
    ([{ value }, unit], setting) => unitsAhead(value, unit, setting),
    1,
  ),
  ...time(
    'the? <number> past|last|previous <unit>',
    ([{ value }, { unit, plural }], setting) =>
      plural ? trailing({ amounts: [{ unit, count: value }] }, -1, setting) : undefined,
    1,
  ),
  ...time('the? <number> past|last|previous|next|upcoming <weekday>', () => undefined),
];

/** From now until the length is over; days count as whole. */
function withinLength(length: Length, { now }: Setting): Time {
  const end = movedBy(now, length, 1, plus);
  const to = isFiner(finestOf(length), 'day') ? end : startOf(end, 'day');
  return { ...onceTime({ from: now, to }, 'second'), deictic: true, ends: true, length: lengthTimex(length) };
}

/** "A week from Friday" speaks of the coming Friday. */
function coming(base: Time, { now }: Setting): Time {
  const next = base.period === 'week' ? firstAfter(base, now) : undefined;
  return next === undefined ? base : { ...base, series: once(next), period: 'always', deictic: true };
}

/** "The last three weeks"; one unit alone is a unit of the calendar. */
function counted(length: Length, sign: 1 | -1, setting: Setting): Time | undefined {
  return trailing(length, sign, setting);
}

/** So many units of the calendar after the current one; where time does not roll, the last of them. */
function unitsAhead(count: number, word: UnitWord, setting: Setting): Time | undefined {
  return setting.rolling
    ? trailing({ amounts: [{ unit: word.unit, count }] }, 1, setting)
    : currentUnit(word, setting, count);
}

/** "March in one year", "Easter in 9 months": the occurrence nearest after that distance, less a part of it. */
function yearsAway(value: Time, length: Length, { now }: Setting): Time | undefined {
  if (value.period !== 'year' || finestOf(length) === 'hour') return undefined;
  const at = startOf(movedBy(now, length, 1, plus), value.grain === 'day' ? 'month' : value.grain);
  const [found] = value.series({ from: at, to: at + 800 * dayMs });
  return found && { ...value, series: once(found), period: 'always', deictic: true };
}
