// Turns a reading that was chosen into what is handed out: its stretch of the calendar, its TIMEX value, how sure it is.

import { finestOf, lengthTimex } from './combine.ts';
import { type Grain, isFiner, unitAt } from './grain.ts';
import type { Length, Recurrence, Setting, Time } from './meaning.ts';
import { type Direction, type Resolved, resolve } from './resolve.ts';
import type { Found } from './runs.ts';
import { once, within } from './series.ts';
import type { TimeExpression, TimeSetting } from './time-expression.ts';
import { timexOf } from './timex.ts';

/** What is needed to place a reading in the calendar. */
export interface Surroundings {
  readonly context: TimeSetting;
  readonly setting: Setting;
  readonly earlier: readonly TimeExpression[];
}

/** The expression of the reading; undefined for a meaning that is no time. */
export function expressionOf(
  text: string,
  plain: string,
  found: Found,
  around: Surroundings,
): TimeExpression | undefined {
  const { start, end, item } = found;
  const words = { start, end, text: text.slice(start, end) };
  const { meaning } = item;
  if (meaning.category === 'length') return lengthExpression(words, meaning.value);
  if (meaning.category === 'set') return setExpression(words, meaning.value);
  if (meaning.category !== 'time') return undefined;
  return timeExpression(words, plain, meaning.value, around);
}

type Words = Pick<TimeExpression, 'start' | 'end' | 'text'>;

function lengthExpression(words: Words, length: Length): TimeExpression {
  const vague = length.vague === true;
  return {
    ...words,
    type: 'duration',
    value: lengthTimex(length),
    grain: finestOf(length),
    dated: false,
    relative: false,
    begins: false,
    lasting: length.lasting === true,
    vague,
    ...(vague && { guess: lengthTimex({ ...length, vague: false }) }),
    readings: [],
    confidence: vague ? 0.5 : 0.8,
  };
}

function setExpression(words: Words, { timex }: Recurrence): TimeExpression {
  const grain: Grain = timex.includes('T') ? 'hour' : timex.startsWith('XXXX') ? 'day' : 'week';
  return {
    ...words,
    type: 'set',
    value: timex,
    grain,
    dated: false,
    relative: false,
    begins: false,
    lasting: false,
    vague: false,
    readings: [],
    confidence: 0.8,
  };
}

function timeExpression(words: Words, plain: string, time: Time, around: Surroundings): TimeExpression {
  const { setting, context, earlier } = around;
  if (isLookBack(plain, words) && time.distance !== undefined) {
    return { ...lengthExpression(words, { amounts: [] }), value: time.distance };
  }
  const direction = time.bound === 'by' ? 'future' : directionOf(plain, words, context.direction ?? 'past');
  const anchored = anchoredTo(time, words, plain, earlier);
  const resolved = resolve(anchored, setting.now, direction);
  const dated = time.period !== 'day';
  const base = {
    ...words,
    type: isFiner(time.grain, 'day') ? ('time' as const) : ('date' as const),
    grain: time.grain,
    dated,
    relative: time.deictic === true,
    begins: time.begins === true || time.bound === 'since',
    lasting: false,
    ...(time.distance && { distance: time.distance }),
    ...(time.running !== undefined && { running: time.running }),
    vague: time.timex === 'PAST_REF' || time.timex === 'FUTURE_REF',
    ...(time.bound && { bound: time.bound }),
    ...(time.part && { part: time.part }),
    ...(time.edge && { edge: time.edge }),
  };
  if (resolved === undefined)
    return { ...base, value: time.impossible ?? 'XXXX-XX-XX', readings: [], confidence: 0.2 };
  return {
    ...base,
    value: timexOf(anchored, resolved.stretch),
    ...wallOf(time, resolved),
    confidence: confidenceOf(time, dated),
  };
}

function wallOf(
  time: Time,
  { stretch, others }: Resolved,
): Pick<TimeExpression, 'from' | 'to' | 'named' | 'readings'> {
  const named = {
    from: iso(stretch.from),
    to: iso(stretch.to),
    ...(stretch.last !== undefined && { last: iso(stretch.last) }),
  };
  const sides = {
    since: { from: named.from },
    after: { from: named.to },
    before: { to: named.from },
    until: { to: named.to },
    by: { to: named.to },
  };
  const readings = others.map(({ from, to }) => ({ from: iso(from), to: iso(to) }));
  return { ...(time.bound ? sides[time.bound] : { from: named.from, to: named.to }), named, readings };
}

/** Wall time as ISO 8601 without a zone, to the second. */
function iso(ms: number): string {
  return new Date(Math.round(ms)).toISOString().slice(0, 19);
}

const futureBefore =
  /\b(?:(?:will|shall|won't|'ll|going to|gonna|to be|is to|are to|expected|due|deadline|scheduled|plans?|planned)\b[^.!?;]{0,60}|(?:by|until|till|upcoming|coming|next|within)\s+(?:the\s+)?)$/i;
const futureAfter = /^\s*(?:deadline|hearing)\b/i;

/** Where the words send the reader: "will" and its like into the future. */
function directionOf(text: string, { start, end }: Words, usual: Direction): Direction {
  if (usual === 'future') return 'future';
  const before = text.slice(Math.max(0, start - 80), start);
  return futureBefore.test(before.slice(before.lastIndexOf('\n') + 1)) ||
    futureAfter.test(text.slice(end, end + 20))
    ? 'future'
    : 'past';
}

const superlative = /\b(?:first|only|worst|best|most|least|lowest|highest|[a-z]{3,}est)\b[^.!?\n]{0,40}$/i;

/** "The lowest level in six years" counts years and tells no day. */
function isLookBack(text: string, { start, text: words }: Words): boolean {
  const before = text.slice(Math.max(0, start - 60), start);
  return (/^in\s/i.test(words) || /\bin\s+$/i.test(before)) && superlative.test(before);
}

/** An hour without a day falls on the day that was named last, in the same line and not far before. */
function anchoredTo(time: Time, { start }: Words, text: string, earlier: readonly TimeExpression[]): Time {
  if (time.period !== 'day' && !time.anaphor) return time;
  const day = earlier.findLast(
    ({ grain, named, text: words }) =>
      grain === 'day' &&
      named !== undefined &&
      named.last === undefined &&
      !/\b(?:ago|from now)$/.test(words),
  );
  if (day?.named === undefined) return time;
  const stretch = unitAt(Date.parse(`${day.named.from}Z`), 'day');
  if (time.anaphor) return { ...time, series: once(stretch) };
  if (text.slice(day.end, start).includes('\n') || start - day.end > 120) return time;
  return { ...time, series: within(once(stretch), 'day', time.series), period: 'always' };
}

const confidenceOfGrain: Readonly<Partial<Record<Grain, number>>> = {
  second: 0.9,
  minute: 0.9,
  hour: 0.85,
  part: 0.65,
  day: 0.85,
  weekend: 0.65,
  week: 0.6,
  month: 0.55,
  season: 0.45,
  quarter: 0.5,
  half: 0.5,
  year: 0.5,
};

/** Surer the finer it is told, less sure when the year, week or day is only presumed. */
function confidenceOf(time: Time, dated: boolean): number {
  const base = confidenceOfGrain[time.grain] ?? 0.4;
  if (time.timex !== undefined) return time.timex === 'PRESENT_REF' ? 0.6 : 0.3;
  if (!dated) return base - 0.25;
  return time.period === 'always' ? base : time.period === 'week' ? base - 0.1 : base - 0.05;
}
