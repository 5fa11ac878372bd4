// Scores single expressions against start, end where labelled, and grain. The labels' ends are exclusive and count the last named unit.

import { findTimeExpressions } from '../../services/agents/core/temporal/find-times.ts';
import type { TimeExpression } from '../../services/agents/core/temporal/time-expression.ts';
import { createZone } from '../../services/agents/core/temporal/zone-time.ts';
import { ducklingHours, fraction, later, longestOf, objectField, textField } from './score-time-rows.ts';
import type { Metric, Row } from './scorer.ts';

/** An answer in the terms of the labels. */
interface Answer {
  readonly kind: string;
  readonly start: string;
  readonly end?: string;
  readonly grain: string;
  readonly direction?: string;
}

/** Metric `exact`: the fraction of rows whose kind, start, end, direction and grain are all as labelled. */
export async function scoreDuckling(rows: readonly Row[]): Promise<readonly Metric[]> {
  return [fraction('exact', rows.filter(isRight).length, rows.length)];
}

/** Whether the row is answered as labelled. */
export function isRight(row: Row): boolean {
  const gold = objectField(row, 'gold');
  const answer = answerOf(row);
  if (answer === undefined) return false;
  return (
    answer.kind === gold.kind &&
    answer.start === gold.start &&
    answer.grain === gold.grain &&
    answer.end === gold.end_exclusive &&
    answer.direction === gold.direction
  );
}

/** The answer to the row's text; undefined when no moment is found in it. */
export function answerOf(row: Row): Answer | undefined {
  const reference = textField(row, 'ref_time');
  const found = findTimeExpressions(textField(row, 'text'), {
    referenceMs: Date.parse(reference),
    zone: createZone(zoneName(reference)),
    direction: 'future',
    lone: true,
    partHours: ducklingHours,
    rolling: false,
  });
  const longest = longestOf(found);
  return longest && asLabelled(longest, reference.slice(0, 19));
}

/** The fixed zone of an ISO time's offset; only whole hours occur. */
function zoneName(reference: string): string {
  const hours = Number(reference.slice(19, 22));
  return hours === 0 ? 'UTC' : `Etc/GMT${hours < 0 ? '+' : '-'}${Math.abs(hours)}`;
}

function asLabelled(found: TimeExpression, now: string): Answer | undefined {
  const { named, bound } = found;
  if (named === undefined) return undefined;
  const grain = labelGrain(found);
  if (bound === 'by') {
    const end = isClock(found) && found.part === undefined ? named.from : named.to;
    return { kind: 'interval', start: now, end, grain: 'second' };
  }
  if (bound !== undefined) {
    const direction = bound === 'since' || bound === 'after' ? 'after' : 'before';
    return { kind: 'open_interval', start: named.from, grain, direction };
  }
  if (!isInterval(found)) return { kind: 'time', start: named.from, grain };
  return { kind: 'interval', start: named.from, end: endOf(found, named, grain), grain };
}

function isClock({ grain }: TimeExpression): boolean {
  return ['second', 'minute', 'hour'].includes(grain);
}

/** The end of the named stretch; between clocks one finest unit after the last. */
function endOf(
  found: TimeExpression,
  named: { readonly to: string; readonly last?: string },
  grain: string,
): string {
  return named.last !== undefined && isClock(found) ? later(named.last, unitMs[grain] ?? 0) : named.to;
}

const unitMs: Readonly<Record<string, number>> = { second: 1000, minute: 60_000, hour: 3_600_000 };

/** Stretches that are more than one unit of their grain. */
function isInterval({ named, part, edge, grain, text, value }: TimeExpression): boolean {
  if (named === undefined) return false;
  const days = (Date.parse(`${named.to}Z`) - Date.parse(`${named.from}Z`)) / 86_400_000;
  if (part !== undefined || edge !== undefined || named.last !== undefined) return true;
  if (grain === 'weekend' || grain === 'season') return true;
  return (grain === 'day' && days > 1.1) || /^P(?:T)?\d+[A-Z]$/.test(value) || /^within\b/i.test(text);
}

/** A part of the day is told in hours, a part of a month in days, a part of a year in months. */
function labelGrain({ grain, edge }: TimeExpression): string {
  if (grain === 'part' || grain === 'weekend') return 'hour';
  if (grain === 'season') return 'day';
  if (edge === undefined) return grain;
  return (
    { day: 'hour', week: 'day', month: 'day', quarter: 'month', year: 'month', decade: 'year' }[
      grain as string
    ] ?? grain
  );
}
