// Finds the times of an English text and resolves them against a reference: tokens, a chart of all readings, the longest plausible ones,
// their place in the calendar. It tells what the words say; which time matters for a report is decided elsewhere.

import { expressionOf } from './expressions.ts';
import type { Setting } from './meaning.ts';
import { bestOf, runsOf } from './runs.ts';
import { commonPartHours, type TimeExpression, type TimeSetting } from './time-expression.ts';
import { plainSigns } from './tokens.ts';
import { asUtc } from './zone-time.ts';

/** Texts are read up to this length. */
const textLengthMax = 20_000;

/** The time expressions of the text in order, none overlapping. */
export function findTimeExpressions(text: string, context: TimeSetting): TimeExpression[] {
  const plain = plainSigns(text.slice(0, textLengthMax));
  const setting = settingOf(context);
  const found = runsOf(plain, setting).flatMap((run) => bestOf(plain, run, setting));
  const expressions: TimeExpression[] = [];
  for (const one of found) {
    const expression = expressionOf(text, plain, one, { context, setting, earlier: expressions });
    if (expression !== undefined) expressions.push(expression);
  }
  return expressions;
}

function settingOf({ referenceMs, zone, dateOrder, lone, partHours, rolling, halves }: TimeSetting): Setting {
  return {
    now: asUtc(zone.wallOf(referenceMs)),
    offsetMinutes: zone.offsetMinutes(referenceMs),
    dayFirst: dateOrder === 'day-first',
    lone: lone === true,
    partHours: partHours ?? commonPartHours,
    rolling: rolling !== false,
    halves: halves === true,
  };
}
