// The skill "when": how the reports spread over time, when most of them come, and whether they become more.

import type { Understanding } from '../question/understand.ts';
import type { Bucket, RetrieveResult, SeriesRequest, SeriesResult } from '../report-data.ts';
import type { JsonObject } from '../skill.ts';
import { groupRows } from './groups.ts';
import { timeOf } from './local-series.ts';
import { answerOver, type DataRequests, isReadWhole, type Matched, type QuerySkill } from './query-skill.ts';
import { filterOf, type Search } from './search.ts';
import { type Course, finestOf, spanOf, type TimeSpan } from './time-span.ts';
import { byDayPart, byHour, byWeekday, peakOf, type Trend, trendOf } from './trend.ts';
import { asksForEvents, whenSentence } from './when-words.ts';
import { counted } from './words.ts';

interface WhenRequests extends DataRequests {
  readonly course: { readonly ask: 'series'; readonly request: SeriesRequest };
  readonly days: { readonly ask: 'series'; readonly request: SeriesRequest };
  readonly hours: { readonly ask: 'series'; readonly request: SeriesRequest };
}

const dayMs = 86_400_000;
/** Weekdays are read from so many days before the newest report, and more of them where the question asks for days. */
const weekdayDays = 364;
const weekdayDaysAsked = 1_820;
/** Hours likewise, and more of them where the question asks for hours: the index gives at most 10,000 at once. */
const hourDays = 91;
const hourDaysAsked = 400;

/** Output keys: time_pattern {bucket, peak, weekdays, day_parts}, frequency {total, per_day}, trend {direction, change_percent}, answer. */
export const when: QuerySkill<WhenRequests> = {
  compares: ['time'],
  orders: ['newest', 'oldest'],

  requests: (question, { search, found }) => {
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
      days: series('day', later(search, endOf(question, found), daysRead(question))),
      hours: series('hour', later(search, endOf(question, found), hoursRead(question))),
    };
  },

  answer: (question, matched, results) => {
    const { timeZone } = question;
    const none = { total: 0, buckets: [] };
    const { course: whole = none, days: daily = none, hours: hourly = none } = results;
    const course = courseOf(question, { course: whole, days: daily, hours: hourly });
    const span = wholeSpan(question, matched);
    const days = span === undefined ? courseDays(course) : (span.toMs - span.fromMs) / dayMs;
    const weekdays = byWeekday(daily.buckets, timeZone);
    const dayParts = byDayPart(hourly.buckets, timeZone);
    const hours = byHour(hourly.buckets, timeZone);
    const peak = peakOf(course.buckets);
    const trend = trendOf(course.buckets);
    const perDay =
      course.total / Math.max(1, question.moreRanges.length > 0 ? days : daysAsked(question, days));
    const output = {
      time_pattern: {
        bucket: course.bucket,
        ...(peak !== undefined && { peak: { start: peak.start, count: peak.count } }),
        weekdays: groupRows(weekdays, 'weekday', 7),
        day_parts: groupRows(dayParts, 'day_part', 4),
        ...(question.fields.has('hour') && { hours: groupRows(hours, 'hour', 24) }),
      },
      frequency: { total: course.total, per_day: Math.round(perDay * 100) / 100 },
      trend: trendRow(trend),
      answer: whenSentence(question, matched, {
        ...{ course, span, days, weekdays, dayParts, hours, trend },
        ...{ daysCounted: daily.total, hoursCounted: hourly.total },
      }),
    };
    return answerOver(question, matched, {
      output,
      why: `Counted per ${course.bucket} in ${timeZone}, by when they ${asksForEvents(question) ? 'happened' : 'were reported'}; the trend compares the first with the last buckets, weekdays are those of ${counted(daily.total, 'report')}, hours those of ${counted(hourly.total, 'report')} of the last ${hoursRead(question)} days.`,
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
function bucketFor({ range, referenceMs, fields }: Understanding): Bucket {
  if (fields.has('month')) return 'month';
  if (fields.has('week')) return 'week';
  if (range?.from === undefined) return 'month';
  const days =
    ((range.to === undefined ? referenceMs : Date.parse(range.to)) - Date.parse(range.from)) / dayMs;
  if (days <= 2) return 'hour';
  if (days <= 60) return 'day';
  return days <= 400 ? 'week' : 'month';
}

/** The later of the search's beginning and so many days before the reference time or the period's end. */
function later({ from, to }: Search, endMs: number, days: number): string {
  const end = to === undefined ? endMs : Math.min(endMs, Date.parse(to));
  const start = end - days * dayMs;
  return new Date(from === undefined ? start : Math.max(start, Date.parse(from))).toISOString();
}

/** The newest report read, from which older ones are counted back: where nothing was reported for long, the last days show no habit. */
function endOf({ referenceMs }: Understanding, { reports }: RetrieveResult): number {
  const newest = Math.max(...reports.map(({ created_at }) => Date.parse(created_at)));
  return Math.min(referenceMs, newest + dayMs);
}

function daysRead({ fields, asides }: Understanding): number {
  return fields.has('weekday') || fields.has('day') || asides.includes('on all days')
    ? weekdayDaysAsked
    : weekdayDays;
}

function hoursRead({ fields }: Understanding): number {
  return fields.has('hour') || fields.has('time_of_day') ? hourDaysAsked : hourDays;
}

/** The row that shows the course best: as fine as it can be without leaving reports out or growing long. */
function courseOf(
  question: Understanding,
  { course, days, hours }: Readonly<Record<'course' | 'days' | 'hours', SeriesResult>>,
): Course {
  const { fields } = question;
  if (fields.has('month') || fields.has('week')) return { ...course, bucket: bucketFor(question) };
  if (fields.has('day') && days.total === course.total) return { ...days, bucket: 'day' };
  return finestOf({ ...course, bucket: bucketFor(question) }, [
    { ...days, bucket: 'day' },
    { ...hours, bucket: 'hour' },
  ]);
}

/** From the first to the last report; undefined unless all of them were read. */
function wholeSpan(question: Understanding, { found }: Matched): TimeSpan | undefined {
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
function daysAsked({ range, referenceMs }: Understanding, otherwise: number): number {
  if (range?.from === undefined) return otherwise;
  const end = Math.min(range.to === undefined ? referenceMs : Date.parse(range.to), referenceMs);
  return (end - Date.parse(range.from)) / dayMs;
}

function trendRow({ direction, changePercent }: Trend): JsonObject {
  return { direction, ...(changePercent !== undefined && { change_percent: changePercent }) };
}
