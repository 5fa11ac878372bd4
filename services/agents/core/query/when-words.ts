// What the skill "when" says: what the question asks for by name first, then what the row of counts shows by itself.

import { choiceOf } from '../question/topics.ts';
import type { Understanding } from '../question/understand.ts';
import { comparisonWords } from './comparison.ts';
import type { Group } from './groups.ts';
import { orderedTime } from './ordered.ts';
import type { Matched } from './query-skill.ts';
import { countedScope } from './scope.ts';
import { type SentencePart, sentenceOf } from './sentence.ts';
import { type Course, courseWords, spanWords, type TimeSpan } from './time-span.ts';
import { dayPartNames, peakOf, type Trend, weekdayNames } from './trend.ts';
import { bucketName } from './words.ts';

/** With fewer reports at both ends, or fewer buckets, the sentence is silent about a direction; the output still has it. */
const trendReportsMin = 10;
const trendBucketsMin = 4;
/** Words for several days of the week. */
const daysOfWords: readonly (readonly [RegExp, readonly string[]])[] = [
  [/\bweekends?\b/i, ['Saturday', 'Sunday']],
  [/\b(?:weekdays|working days)\b/i, ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday']],
];
/** Fewer reports together show neither a peak nor a habit. */
const patternReportsMin = 3;
/** Over fewer days the sentence is silent about parts of the day and weekdays, which then say nothing. */
const dayPartDaysMin = 3;
const weekdayDaysMin = 14;

/** Whether the question asks when things happened, not when they were reported. */
export function asksForEvents({ text }: Understanding): boolean {
  return /\bwhen\b.*\b(?:happen\w*|occur\w*|took place|take place|start(?:ed|s)?)\b/i.test(text);
}

/** What was counted over time. */
export interface Pattern {
  readonly course: Course;
  readonly span: TimeSpan | undefined;
  /** Between the first and the last report. */
  readonly days: number;
  readonly weekdays: readonly Group[];
  readonly dayParts: readonly Group[];
  readonly hours: readonly Group[];
  /** Reports that weekdays and hours were counted over. */
  readonly daysCounted: number;
  readonly hoursCounted: number;
  readonly trend: Trend;
}

/** The sentence of the answer, within the length of a bullet. */
export function whenSentence(question: Understanding, matched: Matched, pattern: Pattern): string {
  const { timeZone } = question;
  const { course, span, days } = pattern;
  const reach = span === undefined ? courseWords(course, timeZone) : spanWords(span, timeZone);
  const all = days >= 1 || course.total < 2 ? '' : course.total === 2 ? 'both ' : 'all ';
  const verb = `${all}${asksForEvents(question) ? 'happened' : 'reported'}`;
  const asked = askedWords(question, matched, pattern);
  return sentenceOf([
    countedScope(matched.found.total, question, matched),
    ...asked,
    reach === '' ? '' : `${verb} ${reach}`,
    ...usualWords(question, pattern).filter((part) => !asked.includes(part)),
  ]);
}

/** What the question asks for by name. */
function askedWords(question: Understanding, matched: Matched, pattern: Pattern): SentencePart[] {
  const { fields } = question;
  return [
    comparisonWords(matched.counts, matched.found.total),
    orderedTime(question, matched.ordered),
    fields.has('hour') ? hourWords(pattern) : '',
    fields.has('month') || fields.has('week') || fields.has('day') ? peakWords(question, pattern, 1) : '',
    ...daysNamed(question, pattern),
    ...partsNamed(question, pattern),
    fields.has('weekday') ? weekdayWords(pattern, 1) : '',
    fields.has('time_of_day') ? dayPartWords(pattern, 1) : '',
    fields.has('trend') ? trendWords(pattern) : '',
  ];
}

function usualWords(question: Understanding, pattern: Pattern): SentencePart[] {
  return [
    trendWords(pattern),
    peakWords(question, pattern, patternReportsMin),
    pattern.days >= weekdayDaysMin ? weekdayWords(pattern, patternReportsMin) : '',
    pattern.days >= dayPartDaysMin ? dayPartWords(pattern, patternReportsMin) : '',
  ];
}

/** "90 of 418 on Saturday or Sunday", where the question names days of the week. */
function daysNamed({ text }: Understanding, { weekdays, daysCounted, course }: Pattern): string[] {
  const names =
    daysOfWords.find(([pattern]) => pattern.test(text))?.[1] ??
    weekdayNames.filter((name) => new RegExp(`\\b${name}s\\b`, 'i').test(text));
  if (names.length === 0) return [];
  const total = weekdays
    .filter(({ key }) => names.some((name) => name === key))
    .reduce((sum, { count }) => sum + count, 0);
  return [
    `${total} of ${daysCounted < course.total ? 'the newest ' : ''}${daysCounted} on ${names.length === 5 ? 'Monday to Friday' : choiceOf(names)}`,
  ];
}

/** "20 of 295 at night (0-6)", where the question names a part of the day. */
function partsNamed({ text, asides }: Understanding, { dayParts, hoursCounted, course }: Pattern): string[] {
  if (!asides.includes('at all hours')) return [];
  const name = /night|midnight|dark/i.test(text)
    ? 'night'
    : (/morning|afternoon|evening/i.exec(text)?.[0].toLowerCase() ?? '');
  const part = dayPartNames.find((key) => key.startsWith(name));
  if (name === '' || part === undefined || hoursCounted === 0) return [];
  const count = dayParts.find(({ key }) => key === part)?.count ?? 0;
  return [`${count} of ${hoursCounted < course.total ? 'the newest ' : ''}${hoursCounted} in the ${part}`];
}

/** Weekdays are those of the newest reports where they go back too far to count them all. */
function weekdayWords({ course, daysCounted, weekdays }: Pattern, least: number): string {
  const words = top('most on', weekdays, least);
  return words === '' || daysCounted >= course.total ? words : `${words} of the newest ${daysCounted}`;
}

/** Hours are those of the newest reports where there are too many to count them all. */
function isOfAll({ course, hoursCounted }: Pattern): boolean {
  return hoursCounted >= course.total;
}

function hourWords(pattern: Pattern): string {
  const words = top('busiest hour', pattern.hours, 1);
  return words === '' || isOfAll(pattern) ? words : `${words} of the newest ${pattern.hoursCounted}`;
}

function dayPartWords(pattern: Pattern, least: number): string {
  const words = top('mostly', pattern.dayParts, least);
  return words === '' || isOfAll(pattern) ? words : `${words} of the newest ${pattern.hoursCounted}`;
}

/** "rising (12 → 20)"; nothing when there is too little to speak of a direction. */
function trendWords({ trend: { direction, first, last }, course }: Pattern): string {
  if (first === undefined || last === undefined || first + last < trendReportsMin) return '';
  if (course.buckets.length < trendBucketsMin) return '';
  return direction === 'steady' ? 'steady' : `${direction} (${first} → ${last})`;
}

/** The fullest bucket, where there are several to compare. */
function peakWords({ timeZone }: Understanding, { course, days }: Pattern, least: number): string {
  const peak = peakOf(course.buckets);
  const filled = course.buckets.filter(({ count }) => count > 0);
  if (peak === undefined || peak.count < least || filled.length < 2 || days < 1) return '';
  return `peak ${bucketName(peak.start, course.bucket, timeZone)} (${peak.count})`;
}

function top(label: string, groups: readonly Group[], least: number): string {
  const [first] = [...groups].sort((a, b) => b.count - a.count);
  return first === undefined || first.count < least ? '' : `${label} ${first.key} (${first.count})`;
}
