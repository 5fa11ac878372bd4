// The skill "when": how the reports spread over time, when most of them come, and whether they become more.

import type { Question } from '../question.ts';
import type { Bucket, SeriesRequest } from '../report-data.ts';
import type { JsonObject } from '../skill.ts';
import { type Group, groupRows } from './groups.ts';
import { answerOver, type DataRequests, type Matched, type QuerySkill } from './query-skill.ts';
import { filterOf } from './search.ts';
import { bucketName, counted, scopeOf, sentenceOf } from './sentence.ts';
import { byDayPart, byWeekday, peakOf, type Trend, trendOf } from './trend.ts';

interface WhenRequests extends DataRequests {
  readonly course: { readonly ask: 'series'; readonly request: SeriesRequest };
  readonly days: { readonly ask: 'series'; readonly request: SeriesRequest };
  readonly hours: { readonly ask: 'series'; readonly request: SeriesRequest };
}

const dayMs = 86_400_000;
/** Weekdays are read from the last this many days where the question names no time; hours from the last quarter of them. */
const weekdayDays = 364;
const hourDays = 91;
/** With fewer reports at both ends the sentence is silent about a direction; the output still has it. */
const trendReportsMin = 5;

/** Output keys: time_pattern {bucket, peak, weekdays, day_parts}, frequency {total, per_day}, trend {direction, change_percent}, answer. */
export const when: QuerySkill<WhenRequests> = {
  requests: (question, { search }) => {
    const event = /\b(?:happen\w*|occur\w*|took place|start(?:ed|s)?)\b/i.test(question.text);
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
    const course = results.course.buckets;
    const weekdays = byWeekday(results.days.buckets, timeZone);
    const dayParts = byDayPart(results.hours.buckets, timeZone);
    const peak = peakOf(course);
    const trend = trendOf(course);
    const bucket = bucketFor(question);
    const perDay = results.course.total / Math.max(1, daysOf(question, course));
    const output = {
      time_pattern: {
        bucket,
        ...(peak !== undefined && { peak: { start: peak.start, count: peak.count } }),
        weekdays: groupRows(weekdays, 'weekday', 7),
        day_parts: groupRows(dayParts, 'day_part', 4),
      },
      frequency: { total: results.course.total, per_day: Math.round(perDay * 100) / 100 },
      trend: trendRow(trend),
      answer: sentence(question, matched, { weekdays, dayParts, trend, bucket, peak }),
    };
    return answerOver(question, matched, {
      output,
      why: `Counted per ${bucket} in ${timeZone}; the trend compares the first with the last buckets, weekdays and parts of the day are those of the newest days.`,
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

function daysOf({ range, referenceMs }: Question, course: readonly { readonly start: string }[]): number {
  const first = range?.from ?? course[0]?.start;
  if (first === undefined) return 1;
  const end = Math.min(range?.to === undefined ? referenceMs : Date.parse(range.to), referenceMs);
  return (end - Date.parse(first)) / dayMs;
}

function trendRow({ direction, changePercent }: Trend): JsonObject {
  return { direction, ...(changePercent !== undefined && { change_percent: changePercent }) };
}

interface Pattern {
  readonly weekdays: readonly Group[];
  readonly dayParts: readonly Group[];
  readonly trend: Trend;
  readonly bucket: Bucket;
  readonly peak: { readonly start: string; readonly count: number } | undefined;
}

function sentence(question: Question, matched: Matched, pattern: Pattern): string {
  const scope = scopeOf(question, matched.search);
  const weekday = top('most on', pattern.weekdays);
  const dayPart = top('mostly', pattern.dayParts);
  const usual = [trendWords(pattern.trend), peakWords(question, pattern), weekday, dayPart];
  const asked = question.fields.has('weekday')
    ? [weekday]
    : question.fields.has('time_of_day')
      ? [dayPart]
      : [];
  return sentenceOf([
    `${counted(matched.found.total, 'report')}${scope === '' ? '' : ` ${scope}`}`,
    ...new Set([...asked, ...usual]),
  ]);
}

/** "rising (12 → 20)"; nothing when there are too few reports to speak of a direction. */
function trendWords({ direction, first, last }: Trend): string {
  if (first === undefined || last === undefined || first + last < trendReportsMin) return '';
  return direction === 'steady' ? 'steady' : `${direction} (${first} → ${last})`;
}

function peakWords({ timeZone }: Question, { peak, bucket }: Pattern): string {
  if (peak === undefined || peak.count < 2) return '';
  return `peak ${bucketName(peak.start, bucket, timeZone)} (${peak.count})`;
}

function top(label: string, groups: readonly Group[]): string {
  const [first] = [...groups].sort((a, b) => b.count - a.count);
  return first === undefined || first.count < 2 ? '' : `${label} ${first.key} (${first.count})`;
}
