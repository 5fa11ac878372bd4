// Scores terse requests: exactly the labelled fields of a time, of both ends of a stretch, or number and unit of a duration.

import { findTimeExpressions } from '../../services/agents/core/temporal/find-times.ts';
import type { TimeExpression } from '../../services/agents/core/temporal/time-expression.ts';
import { fraction, later, longestOf, objectField, textField, utc } from './score-time-rows.ts';
import type { Metric, Row } from './scorer.ts';

/** Metric `exact`: the fraction of rows in which every labelled field is right and none is added. */
export async function scoreCtparse(rows: readonly Row[]): Promise<readonly Metric[]> {
  return [fraction('exact', rows.filter(isRight).length, rows.length)];
}

/** Whether the row is answered as labelled. */
export function isRight(row: Row): boolean {
  return canonical(answerOf(row)) === canonical(objectField(row, 'gold'));
}

/** The answer to the row's text in the form of the labels; undefined when no time is found. */
export function answerOf(row: Row): Row | undefined {
  const found = findTimeExpressions(textField(row, 'text'), {
    referenceMs: Date.parse(`${textField(row, 'ref_time')}Z`),
    zone: utc,
    direction: 'future',
    dateOrder: 'day-first',
    lone: true,
  });
  const longest = longestOf(found);
  return longest && asLabelled(longest);
}

/** Keys in order, so that equal answers are equal texts. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}

function asLabelled(found: TimeExpression): Row | undefined {
  const { named, bound, type, grain } = found;
  if (type === 'duration') return durationOf(found);
  if (named === undefined) return undefined;
  const side = (wall: string): Row => fieldsOf(wall, found);
  if (bound === 'since' || bound === 'after') return { kind: 'interval', start: side(named.from), end: null };
  if (bound === 'before' || bound === 'until')
    return { kind: 'interval', start: null, end: side(named.from) };
  if (named.last !== undefined) return { kind: 'interval', start: side(named.from), end: side(named.last) };
  if (grain === 'week' || grain === 'weekend') {
    return { kind: 'interval', start: side(named.from), end: side(later(named.to, -86_400_000)) };
  }
  return { kind: 'time', time: timeOf(named.from, found) };
}

/** The date as far as it is told, and the clock where it is. */
function fieldsOf(wall: string, { dated, grain }: TimeExpression): Row {
  const date = new Date(`${wall}Z`);
  const day = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
  const clock = { hour: date.getUTCHours(), minute: date.getUTCMinutes() };
  const hasClock = ['second', 'minute', 'hour'].includes(grain);
  const told =
    grain === 'month' ? { year: day.year, month: day.month } : grain === 'year' ? { year: day.year } : day;
  return { ...(dated && told), ...(hasClock && clock) };
}

function timeOf(wall: string, found: TimeExpression): Row {
  const fields = fieldsOf(wall, found);
  if (found.part === undefined || found.grain !== 'part') return fields;
  const edge = { start: 'early', middle: '', end: 'late' }[found.edge ?? 'middle'];
  return { ...fields, part_of_day: `${edge}${found.part}` };
}

const units: Readonly<Record<string, string>> = {
  D: 'days',
  W: 'weeks',
  M: 'months',
  Y: 'years',
  TH: 'hours',
  TM: 'minutes',
};

function durationOf({ value, text }: TimeExpression): Row | undefined {
  const parts = /^P(?<clock>T?)(?<n>\d+)(?<letter>[A-Z])$/.exec(value)?.groups;
  if (parts === undefined) return undefined;
  const unit = /\bnights?\b/i.test(text) ? 'nights' : units[`${parts.clock}${parts.letter}`];
  return { kind: 'duration', n: Number(parts.n), unit };
}
