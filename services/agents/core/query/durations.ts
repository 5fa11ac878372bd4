// How long cases take from report to end, by the history that the platform keeps of each. Only reports that were read are measured.

import type { FoundReport } from '../report-data.ts';
import type { JsonObject, JsonValue } from '../skill.ts';
import { counted } from './words.ts';

/** How long the cases took, in days. */
export interface Durations {
  /** Cases at their end whose history tells when. */
  readonly measured: number;
  /** 0 where nothing was measured. */
  readonly medianDays: number;
  readonly shortestDays: number;
  readonly longestDays: number;
}

const dayMs = 86_400_000;
const ends: ReadonlySet<JsonValue | undefined> = new Set(['resolved', 'closed']);

/** Measures each case that is at its end, from the report to the first entry that ended it. */
export function durationsOf(reports: readonly FoundReport[]): Durations {
  const days = reports
    .filter(({ status }) => ends.has(status))
    .flatMap((report) => daysOf(report) ?? [])
    .sort((a, b) => a - b);
  const middle = days.length / 2;
  const median = ((days[Math.ceil(middle) - 1] ?? 0) + (days[Math.floor(middle)] ?? 0)) / 2;
  return {
    measured: days.length,
    medianDays: rounded(days.length % 2 === 1 ? (days[Math.floor(middle)] ?? 0) : median),
    shortestDays: rounded(days[0] ?? 0),
    longestDays: rounded(days.at(-1) ?? 0),
  };
}

/** "median 4.5 days from report to end (1 to 20 days, 34 cases)". */
export function durationWords({ measured, medianDays, shortestDays, longestDays }: Durations): string {
  if (measured === 0) return 'the reports do not say how long they took';
  const range = measured === 1 ? '' : `${shortestDays} to ${longestDays} days, `;
  return `median ${medianDays} days from report to end (${range}${counted(measured, 'case')})`;
}

/** As output. */
export function durationRow({ measured, medianDays, shortestDays, longestDays }: Durations): JsonObject {
  return measured === 0
    ? { measured }
    : { measured, median_days: medianDays, shortest_days: shortestDays, longest_days: longestDays };
}

function daysOf({ created_at, management_data: { history } = {} }: FoundReport): number | undefined {
  const list: readonly JsonValue[] = Array.isArray(history) ? history : [];
  const times = list.flatMap((entry) => {
    if (typeof entry !== 'object' || entry === null || !('status' in entry) || !ends.has(entry.status))
      return [];
    const time = typeof entry.timestamp === 'string' ? Date.parse(entry.timestamp) : Number.NaN;
    return Number.isNaN(time) ? [] : [time];
  });
  if (times.length === 0) return undefined;
  const days = (Math.min(...times) - Date.parse(created_at)) / dayMs;
  return days >= 0 ? days : undefined;
}

function rounded(days: number): number {
  return Math.round(days * 10) / 10;
}
