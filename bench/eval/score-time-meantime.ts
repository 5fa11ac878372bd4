// Scores times of news texts as TempEval-3 did: labelled and found expressions that overlap, and of those the ones with the labelled value.

import { findTimeExpressions } from '../../services/agents/core/temporal/find-times.ts';
import { answersOf, f1, listField, placeOf, samePlace, textField, utc } from './score-time-rows.ts';
import type { Metric, Row } from './scorer.ts';

interface Tally {
  readonly labels: number;
  readonly found: number;
  readonly relaxed: number;
  readonly strict: number;
  readonly values: number;
}

/** Metrics `value_f1`, `relaxed_f1`, `strict_f1`, each on all expressions of the texts. */
export async function scoreMeantime(rows: readonly Row[]): Promise<readonly Metric[]> {
  const tallies = rows.map(tallyOf);
  const sum = (key: keyof Tally): number => tallies.reduce((total, tally) => total + tally[key], 0);
  const metric = (name: string, key: keyof Tally): Metric => f1(name, sum(key), sum('labels'), sum('found'));
  return [metric('value_f1', 'values'), metric('relaxed_f1', 'relaxed'), metric('strict_f1', 'strict')];
}

function tallyOf(row: Row): Tally {
  const labels = listField(row, 'timexes');
  const referenceMs = Date.parse(`${textField(row, 'dct')}T23:59:59Z`);
  const found = findTimeExpressions(textField(row, 'text'), { referenceMs, zone: utc });
  const places = labels.map(placeOf);
  const answers = answersOf(places, found);
  return {
    labels: labels.length,
    found: found.length,
    relaxed: answers.filter((answer) => answer !== undefined).length,
    strict: places.filter((place) => found.some((one) => samePlace(place, one))).length,
    values: labels.filter((label, index) => answers[index]?.value === textField(label, 'value')).length,
  };
}
