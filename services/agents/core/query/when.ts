// The skill "when": how the reports spread over time, when most of them come, and whether they become more.

import type { Question } from '../question.ts';
import type { Bucket, SeriesRequest } from '../report-data.ts';
import type { JsonObject } from '../skill.ts';
import { type Group, groupRows } from './groups.ts';
import { timeOf } from './local-series.ts';
import {
  answerOver,
  type DataRequests,
  isReadWhole,
  type Matched,
  type QuerySkill,
  type ResultsOf,
} from './query-skill.ts';
import { countedScope } from './scope.ts';
import { filterOf } from './search.ts';
import { sentenceOf } from './sentence.ts';
import { type Course, courseWords, finestOf, spanOf, spanWords, type TimeSpan } from './time-span.ts';
import { byDayPart, byWeekday, peakOf, type Trend, trendOf } from './trend.ts';
import { bucketName } from './words.ts';

interface WhenRequests extends DataRequests {
  readonly course: { readonly ask: 'series'; readonly request: SeriesRequest };
  readonly days: { readonly ask: 'series'; readonly request: SeriesRequest };
  readonly hours: { readonly ask: 'series'; readonly request: SeriesRequest };
}

const dayMs = 86_400_000;
/** Weekdays are read from the last this many days where the question names no time; hours from the last quarter of them. */
const weekdayDays = 364;
const hourDays = 91;
/** With fewer reports at both ends, or fewer buckets, the sentence is silent about a direction; the output still has it. */
const trendReportsMin = 10;
const trendBucketsMin = 4;
/** Fewer reports together show neither a peak nor a habit. */
const patternReportsMin = 3;
/** Over fewer days the sentence is silent about parts of the day and weekdays, which then say nothing. */
const dayPartDaysMin = 3;
const weekdayDaysMin = 14;

/** Output keys: time_pattern {bucket, peak, weekdays, day_parts}, frequency {total, per_day}, trend {direction, change_percent}, answer. */
export const when: QuerySkill<WhenRequests> = {
  requests: (question, { search }) => {
    const event = asksForEvents(question);
    const series = (
      bucket: Bucket,
      from?: string,
    ): { readonly ask: 'series'; readonly request: SeriesRequest } => ({
      ask: 'series',
      request: {
        ...filterOf(search),
        ...(from !== undefined && { from }),
        bucket,
        time_zone: question.timeZone,
        event,
      },
    });
    return {
      course: series(bucketFor(question)),
      days: series('day', later(search.from, question, weekdayDays)),
      hours: series('hour', later(search.from, question, hourDays)),
    };
  },

  answer: (question, matched, results) => {
    const { timeZone } = question;
    const course = courseOf(question, results);
    const span = wholeSpan(question, matched);
    const days = span === undefined ? courseDays(course) : (span.toMs - span.fromMs) / dayMs;
    const weekdays = byWeekday(results.days.buckets, timeZone);
    const dayParts = byDayPart(results.hours.buckets, timeZone);
    const peak = peakOf(course.buckets);
    const trend = trendOf(course.buckets);
    const perDay =
      course.total / Math.max(1, question.range === undefined ? days : daysAsked(question, days));
    const output = {
      time_pattern: {
        bucket: course.bucket,
        ...(peak !== undefined && { peak: { start: peak.start, count: peak.count } }),
        weekdays: groupRows(weekdays, 'weekday', 7),
        day_parts: groupRows(dayParts, 'day_part', 4),
      },
      frequency: { total: course.total, per_day: Math.round(perDay * 100) / 100 },
      trend: trendRow(trend),
      answer: sentence(question, matched, { course, span, days, weekdays, dayParts, trend }),
    };
    return answerOver(question, matched, {
      output,
      why: `Counted per ${course.bucket} in ${timeZone}, by when they ${asksForEvents(question) ? 'happened' : 'were reported'}; the trend compares the first with the last buckets, weekdays and parts of the day are those of the newest days.`,
    });
  },

  nothing: (answer) => ({
    time_pattern: {},
    frequency: { total: 0, per_day: 0 },
    trend: { direction: 'unknown' },
    answer,
  }),
};

/** A width that gives some ten to sixty buckets for the period asked about. */
function bucketFor({ range, referenceMs }: Question): Bucket {
  if (range?.from === undefined) return 'month';
  const days =
    ((range.to === undefined ? referenceMs : Date.parse(range.to)) - Date.parse(range.from)) / dayMs;
  if (days <= 2) return 'hour';
  if (days <= 60) return 'day';
  return days <= 400 ? 'week' : 'month';
}

/** The later of the search's beginning and so many days before the reference time or the period's end. */
function later(from: string | undefined, { range, referenceMs }: Question, days: number): string {
  const end = range?.to === undefined ? referenceMs : Math.min(referenceMs, Date.parse(range.to));
  const start = end - days * dayMs;
  return new Date(from === undefined ? start : Math.max(start, Date.parse(from))).toISOString();
}

function asksForEvents({ text }: Question): boolean {
  return /\b(?:happen\w*|occur\w*|took place|start(?:ed|s)?)\b/i.test(text);
}

/** The row that shows the course best: as fine as it can be without leaving reports out or growing long. */
function courseOf(question: Question, { course, days, hours }: ResultsOf<WhenRequests>): Course {
  return finestOf({ ...course, bucket: bucketFor(question) }, [
    { ...days, bucket: 'day' },
    { ...hours, bucket: 'hour' },
  ]);
}

/** From the first to the last report; undefined unless all of them were read. */
function wholeSpan(question: Question, { found }: Matched): TimeSpan | undefined {
  if (!isReadWhole(found)) return undefined;
  const event = asksForEvents(question);
  return spanOf(found.reports.flatMap((report) => timeOf(report, event) ?? []));
}

function courseDays({ buckets }: Course): number {
  const [first, last] = [buckets[0], buckets.at(-1)];
  return first === undefined || last === undefined
    ? 0
    : (Date.parse(last.start) - Date.parse(first.start)) / dayMs;
}

/** Days of the period asked about, as far as it lies in the past. */
function daysAsked({ range, referenceMs }: Question, otherwise: number): number {
  if (range?.from === undefined) return otherwise;
  const end = Math.min(range.to === undefined ? referenceMs : Date.parse(range.to), referenceMs);
  return (end - Date.parse(range.from)) / dayMs;
}

function trendRow({ direction, changePercent }: Trend): JsonObject {
  return { direction, ...(changePercent !== undefined && { change_percent: changePercent }) };
}

interface Pattern {
  readonly course: Course;
  readonly span: TimeSpan | undefined;
  /** Between the first and the last report. */
  readonly days: number;
  readonly weekdays: readonly Group[];
  readonly dayParts: readonly Group[];
  readonly trend: Trend;
}

function sentence(question: Question, matched: Matched, pattern: Pattern): string {
  const { fields, timeZone } = question;
  const { course, span, days } = pattern;
  const weekday = days >= weekdayDaysMin ? top('most on', pattern.weekdays) : '';
  const dayPart = days >= dayPartDaysMin ? top('mostly', pattern.dayParts) : '';
  const usual = [trendWords(pattern), peakWords(question, pattern), weekday, dayPart];
  const asked = fields.has('weekday') ? [weekday] : fields.has('time_of_day') ? [dayPart] : [];
  const reach = span === undefined ? courseWords(course, timeZone) : spanWords(span, timeZone);
  const all = days >= 1 || course.total < 2 ? '' : course.total === 2 ? 'both ' : 'all ';
  const verb = `${all}${asksForEvents(question) ? 'happened' : 'reported'}`;
  return sentenceOf([
    countedScope(matched.found.total, question, matched.search),
    ...asked,
    reach === '' ? '' : `${verb} ${reach}`,
    ...usual.filter((part) => !asked.includes(part)),
  ]);
}

/** "rising (12 → 20)"; nothing when there is too little to speak of a direction. */
function trendWords({ trend: { direction, first, last }, course }: Pattern): string {
  if (first === undefined || last === undefined || first + last < trendReportsMin) return '';
  if (course.buckets.length < trendBucketsMin) return '';
  return direction === 'steady' ? 'steady' : `${direction} (${first} → ${last})`;
}

/** The fullest bucket, where there are several to compare. */
function peakWords({ timeZone }: Question, { course, days }: Pattern): string {
  const peak = peakOf(course.buckets);
  const filled = course.buckets.filter(({ count }) => count > 0);
  if (peak === undefined || peak.count < patternReportsMin || filled.length < 2 || days < 1) return '';
  return `peak ${bucketName(peak.start, course.bucket, timeZone)} (${peak.count})`;
}

function top(label: string, groups: readonly Group[]): string {
  const [first] = [...groups].sort((a, b) => b.count - a.count);
  return first === undefined || first.count < patternReportsMin
    ? ''
    : `${label} ${first.key} (${first.count})`;
}
