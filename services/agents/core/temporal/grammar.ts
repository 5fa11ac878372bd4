// All rules about English times, sorted for the chart.

import { type Grammar, grammarOf } from './chart.ts';
import { meaningsOf } from './lexicon.ts';
import { type Rule, vocabularyOf } from './rule.ts';
import { clockAndPartRules } from './rules/clocks.ts';
import { dayRules } from './rules/days.ts';
import { distanceRules } from './rules/distance.ts';
import { holidayRules } from './rules/holidays.ts';
import { lengthRules } from './rules/lengths.ts';
import { nowRules } from './rules/now.ts';
import { partOfRules } from './rules/nth.ts';
import { numberRules } from './rules/numbers.ts';
import { periodEndRules } from './rules/period-ends.ts';
import { setRules } from './rules/sets.ts';
import { spanRules } from './rules/spans.ts';
import { yearRules } from './rules/years.ts';

const rules: readonly Rule[] = [
  ...numberRules,
  ...lengthRules,
  ...clockAndPartRules,
  ...dayRules,
  ...yearRules,
  ...partOfRules,
  ...holidayRules,
  ...nowRules,
  ...distanceRules,
  ...periodEndRules,
  ...setRules,
  ...spanRules,
];

/** The grammar of English times. */
export const english: Grammar = grammarOf(rules);

const vocabulary = vocabularyOf(rules);

/** Whether the lower-case word can be a piece of a time. */
export function isTimeWord(word: string): boolean {
  return vocabulary.has(word) || meaningsOf(word).length > 0;
}
