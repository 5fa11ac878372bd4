// Scores times of short sentences: where they stand, whether any labelled reading is met, and what is found where nothing is.

import { findTimeExpressions } from '../../services/agents/core/temporal/find-times.ts';
import type { TimeExpression } from '../../services/agents/core/temporal/time-expression.ts';
import {
  answersOf,
  f1,
  fraction,
  listField,
  placeOf,
  recognizersHours,
  samePlace,
  textField,
  utc,
} from './score-time-rows.ts';
import type { Metric, Row } from './scorer.ts';

/** Metrics `value_accuracy` (of labelled expressions), `false_alarms` (of rows without any), `relaxed_f1`, `strict_f1`. */
export async function scoreRecognizers(rows: readonly Row[]): Promise<readonly Metric[]> {
  const answered = rows.map((row) => ({ labels: listField(row, 'expressions'), found: foundIn(row) }));
  const labels = answered.flatMap((one) => one.labels).length;
  const found = answered.flatMap((one) => one.found).length;
  const pairs = answered.flatMap((one) => {
    const answers = answersOf(one.labels.map(placeOf), one.found);
    return one.labels.map((label, index) => ({ label, answer: answers[index] }));
  });
  const empty = answered.filter((one) => one.labels.length === 0);
  const alarms = empty.filter((one) => one.found.length > 0).length;
  const strict = answered.flatMap((one) =>
    one.labels.filter((label) => one.found.some((each) => samePlace(placeOf(label), each))),
  );
  return [
    fraction('value_accuracy', pairs.filter(({ label, answer }) => hasValue(label, answer)).length, labels),
    fraction('false_alarms', alarms, empty.length),
    f1('relaxed_f1', pairs.filter(({ answer }) => answer !== undefined).length, labels, found),
    f1('strict_f1', strict.length, labels, found),
  ];
}

/** What is found in the row's text. */
export function foundIn(row: Row): TimeExpression[] {
  return findTimeExpressions(textField(row, 'text'), {
    referenceMs: Date.parse(`${textField(row, 'ref_time')}Z`),
    zone: utc,
    partHours: recognizersHours,
    halves: true,
  });
}

/** Whether the answer is one of the labelled readings. */
export function hasValue(label: Row, answer: TimeExpression | undefined): boolean {
  if (answer === undefined) return false;
  const type = textField(label, 'type');
  return listField(label, 'values').some((value) => isReading(type, value, answer));
}

function isReading(type: string, gold: Row, answer: TimeExpression): boolean {
  if (type === 'set' || type === 'duration' || gold.value === 'not resolved') {
    return gold.timex === (answer.guess ?? answer.value);
  }
  if (answer.named === undefined || answer.type === 'duration' || answer.type === 'set') return false;
  if (type === 'date')
    return isMoment(answer) && answer.grain === 'day' && gold.value === answer.named.from.slice(0, 10);
  if (type === 'datetime')
    return isMoment(answer) && answer.dated && gold.value === answer.named.from.replace('T', ' ');
  if (type === 'time') return isMoment(answer) && !answer.dated && gold.value === answer.named.from.slice(11);
  return isRange(type, gold, answer);
}

function isMoment({ bound, named }: TimeExpression): boolean {
  return bound === undefined && named?.last === undefined;
}

function isRange(type: string, gold: Row, answer: TimeExpression): boolean {
  const { start, end } = sidesOf(answer);
  if (answer.dated !== (type !== 'timerange')) return false;
  const form = formOf[type] ?? ((wall: string) => wall);
  const told = (wall: string | undefined): string | undefined =>
    wall === undefined ? undefined : form(wall);
  return (gold.start ?? undefined) === told(start) && (gold.end ?? undefined) === told(end);
}

const formOf: Readonly<Record<string, (wall: string) => string>> = {
  daterange: (wall) => wall.slice(0, 10),
  datetimerange: (wall) => wall.replace('T', ' '),
  timerange: (wall) => wall.slice(11),
};

/** The labels' ends are where the last named unit begins; after and before a day or an hour they tell that day or hour itself. */
function sidesOf({ named, bound, grain }: TimeExpression): { start?: string; end?: string } {
  if (named === undefined) return {};
  const point = ['second', 'minute', 'hour', 'day'].includes(grain);
  if (bound === 'since') return { start: named.from };
  if (bound === 'after') return { start: point ? named.from : named.to };
  if (bound === 'before') return { end: named.from };
  if (bound !== undefined) return { end: point ? named.from : named.to };
  return { start: named.from, end: named.last ?? named.to };
}
