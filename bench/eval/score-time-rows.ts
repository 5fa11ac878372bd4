// What the labelled sets of times have in common: fields of a row, which found expression answers which labelled one, and F1.

import type { PartHours } from '../../services/agents/core/temporal/meaning.ts';
import type { TimeExpression } from '../../services/agents/core/temporal/time-expression.ts';
import { createZone, type Zone } from '../../services/agents/core/temporal/zone-time.ts';
import type { Metric, Row } from './scorer.ts';

/** The zone of texts that tell none. */
export const utc: Zone = createZone('UTC');

/** A part of a text, half-open. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** The field's text; throws an error that names row and field where it is none. */
export function textField(row: Row, field: string): string {
  const value = row[field];
  if (typeof value !== 'string') throw new Error(`row ${String(row.id)} lacks the text "${field}"`);
  return value;
}

/** The field's object; throws as `textField`. */
export function objectField(row: Row, field: string): Row {
  const value = row[field];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(`row ${String(row.id)} lacks the object "${field}"`);
  }
  return value as Row;
}

/** The field's list of objects; throws as `textField`. */
export function listField(row: Row, field: string): readonly Row[] {
  const value = row[field];
  if (!Array.isArray(value)) throw new Error(`row ${String(row.id)} lacks the list "${field}"`);
  return value as readonly Row[];
}

/** Where a labelled expression stands. */
export function placeOf(label: Row): Place {
  const { start, end } = label;
  if (typeof start !== 'number' || typeof end !== 'number')
    throw new Error('an expression lacks "start" or "end"');
  return { start, end };
}

/** For each label the first found expression that overlaps it and answers no earlier label. */
export function answersOf(
  labels: readonly Place[],
  found: readonly TimeExpression[],
): (TimeExpression | undefined)[] {
  const used = new Set<TimeExpression>();
  return labels.map((label) => {
    const answer = found.find((one) => !used.has(one) && one.start < label.end && label.start < one.end);
    if (answer !== undefined) used.add(answer);
    return answer;
  });
}

/** Whether both stand at the same place exactly. */
export function samePlace(a: Place, b: Place | undefined): boolean {
  return b !== undefined && a.start === b.start && a.end === b.end;
}

/** F1 of `right` hits among so many labels and answers; its n is the labels. */
export function f1(metric: string, right: number, labels: number, answers: number): Metric {
  return { metric, value: labels + answers === 0 ? 0 : (2 * right) / (labels + answers), n: labels };
}

/** The fraction; its n is the whole. */
export function fraction(metric: string, part: number, whole: number): Metric {
  return { metric, value: whole === 0 ? 0 : part / whole, n: whole };
}

/** The longest of the found expressions, the answer to a text that is one expression. */
export function longestOf(found: readonly TimeExpression[]): TimeExpression | undefined {
  return [...found].sort((a, b) => b.end - b.start - (a.end - a.start))[0];
}

/** The wall time `ms` later. */
export function later(wall: string, ms: number): string {
  return new Date(Date.parse(`${wall}Z`) + ms).toISOString().slice(0, 19);
}

/** The hours that the makers of the Duckling corpus mean by the parts of the day. */
export const ducklingHours: PartHours = {
  morning: [0, 12],
  forenoon: [9, 12],
  noon: [12, 13],
  lunch: [12, 14],
  afternoon: [12, 19],
  evening: [18, 24],
  night: [18, 24],
  day: [8, 18],
};

/** The hours that the makers of the Recognizers corpus mean; their nights end a second before midnight. */
export const recognizersHours: PartHours = {
  morning: [8, 12],
  forenoon: [8, 12],
  noon: [12, 12],
  lunch: [11, 13],
  afternoon: [12, 16],
  evening: [16, 20],
  night: [20, 24 - 1 / 3600],
  day: [8, 18],
};
