// What a row of counts over time shows: its direction, its peak and its weekday and hour patterns.

import { createZone } from '../temporal/zone-time.ts';

/** Counts over time, in order. */
export type Buckets = readonly { readonly start: string; readonly count: number }[];

/** The direction of a series: rising or falling when the last buckets differ from the first by more than a tenth. */
export interface Trend {
  readonly direction: 'rising' | 'falling' | 'steady' | 'unknown';
  /** Change from the first to the last buckets in whole percent; absent when there are too few buckets or the first are empty. */
  readonly changePercent?: number;
  /** Reports in the first buckets; absent when there are too few buckets. */
  readonly first?: number;
  /** Reports in the last buckets; absent when there are too few buckets. */
  readonly last?: number;
}

const endBuckets = 5;
const thresholdShare = 0.1;

/** Compares the sum of the first five buckets with that of the last five; with fewer than ten, halves, and with one, unknown. */
export function trendOf(buckets: Buckets): Trend {
  const width = Math.min(endBuckets, Math.floor(buckets.length / 2));
  if (width === 0) return { direction: 'unknown' };
  const first = sum(buckets.slice(0, width));
  const last = sum(buckets.slice(-width));
  if (first === 0) return { direction: last === 0 ? 'steady' : 'rising', first, last };
  const change = (last - first) / first;
  const direction = change > thresholdShare ? 'rising' : change < -thresholdShare ? 'falling' : 'steady';
  return { direction, changePercent: Math.round(change * 100), first, last };
}

/** The fullest bucket, the first of equals; undefined when there is none or all are empty. */
export function peakOf(buckets: Buckets): { readonly start: string; readonly count: number } | undefined {
  const peak = buckets.reduce<Buckets[number] | undefined>(
    (best, one) => (best === undefined || one.count > best.count ? one : best),
    undefined,
  );
  return peak === undefined || peak.count === 0 ? undefined : peak;
}

/** From Monday. */
export const weekdayNames = [
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
  'Sunday',
] as const;

/** Counts of day buckets by weekday of the zone, Monday first, those without a report left out. */
export function byWeekday(
  days: Buckets,
  timeZone: string,
): { readonly key: string; readonly count: number }[] {
  const zone = createZone(timeZone);
  const counts = weekdayNames.map(() => 0);
  for (const { start, count } of days.filter((one) => one.count > 0)) {
    const { year, month, day } = zone.wallOf(Date.parse(start));
    const index = (new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7;
    counts[index] = (counts[index] ?? 0) + count;
  }
  return weekdayNames
    .map((key, index) => ({ key, count: counts[index] ?? 0 }))
    .filter(({ count }) => count > 0);
}

const dayParts = [
  { key: 'night (0-6)', before: 6 },
  { key: 'morning (6-12)', before: 12 },
  { key: 'afternoon (12-18)', before: 18 },
  { key: 'evening (18-24)', before: 24 },
] as const;

/** The parts of the day, from midnight. */
export const dayPartNames: readonly string[] = dayParts.map(({ key }) => key);

/** Counts of hour buckets by part of the day of the zone, those without a report left out. */
export function byDayPart(
  hours: Buckets,
  timeZone: string,
): { readonly key: string; readonly count: number }[] {
  const zone = createZone(timeZone);
  const counts = new Map<string, number>();
  for (const { start, count } of hours.filter((one) => one.count > 0)) {
    const { hour } = zone.wallOf(Date.parse(start));
    const part = dayParts.find(({ before }) => hour < before) ?? dayParts[0];
    counts.set(part.key, (counts.get(part.key) ?? 0) + count);
  }
  return dayParts.map(({ key }) => ({ key, count: counts.get(key) ?? 0 })).filter(({ count }) => count > 0);
}

/** Counts of hour buckets by hour of the zone's day, "9:00-10:00", those without a report left out. */
export function byHour(hours: Buckets, timeZone: string): { readonly key: string; readonly count: number }[] {
  const zone = createZone(timeZone);
  const counts = Array.from({ length: 24 }, () => 0);
  for (const { start, count } of hours.filter((one) => one.count > 0)) {
    const { hour } = zone.wallOf(Date.parse(start));
    counts[hour] = (counts[hour] ?? 0) + count;
  }
  return counts
    .map((count, hour) => ({ key: `${hour}:00-${hour + 1}:00`, count }))
    .filter(({ count }) => count > 0);
}

function sum(buckets: Buckets): number {
  return buckets.reduce((total, { count }) => total + count, 0);
}
