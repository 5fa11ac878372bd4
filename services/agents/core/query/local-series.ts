// Time series over reports that were read, by the same rules as the index; for searches all of whose reports were read.

import type { Bucket, FoundReport, SeriesRequest, SeriesResult } from '../report-data.ts';
import { createZone, plusDays, startOfDay, type WallTime, type Zone } from '../temporal/zone-time.ts';

const hourMs = 3_600_000;
/** The most buckets of one series; later ones are left out. */
export const bucketsMax = 20_000;

/** Counts the reports per bucket of the zone, empty buckets in between included; reports outside `from` and `to` are left out. */
export function seriesOf(reports: readonly FoundReport[], request: SeriesRequest): SeriesResult {
  const zone = createZone(request.time_zone);
  const times = reports
    .flatMap((report) => timeOf(report, request.event === true) ?? [])
    .filter((time) => time >= limitOf(request.from, -Infinity) && time < limitOf(request.to, Infinity));
  const counts = new Map<number, number>();
  for (const time of times) {
    const start = startOf(time, request.bucket, zone);
    counts.set(start, (counts.get(start) ?? 0) + 1);
  }
  const counted = [...counts].map(([start, count]) => ({ start: new Date(start).toISOString(), count }));
  return { total: times.length, buckets: withEmptyBuckets(counted, request) };
}

/** The counted buckets in time order with the empty ones between the first and the last put in; at most `bucketsMax`. */
export function withEmptyBuckets(
  counted: SeriesResult['buckets'],
  request: Pick<SeriesRequest, 'bucket' | 'time_zone'>,
): SeriesResult['buckets'] {
  const counts = new Map(counted.map(({ start, count }) => [Date.parse(start), count]));
  const starts = startsBetween([...counts.keys()], request.bucket, createZone(request.time_zone));
  return starts.map((start) => ({ start: new Date(start).toISOString(), count: counts.get(start) ?? 0 }));
}

/** When it happened or was reported, in milliseconds since the epoch; undefined when that is not known. */
export function timeOf(report: FoundReport, event: boolean): number | undefined {
  const { timestamp } = report.ingestion_data;
  const iso = event ? timestamp : report.created_at;
  const time = typeof iso === 'string' ? Date.parse(iso) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

function limitOf(iso: string | undefined, open: number): number {
  return iso === undefined ? open : Date.parse(iso);
}

function startsBetween(used: readonly number[], bucket: Bucket, zone: Zone): number[] {
  const starts: number[] = [];
  const last = Math.max(...used);
  for (
    let start = Math.min(...used);
    start <= last && starts.length < bucketsMax;
    start = next(start, bucket, zone)
  ) {
    starts.push(start);
  }
  return starts;
}

function startOf(time: number, bucket: Bucket, zone: Zone): number {
  const wall = zone.wallOf(time);
  if (bucket === 'hour') return Math.floor(time / 1000) * 1000 - (wall.minute * 60 + wall.second) * 1000;
  const day = startOfDay(wall);
  if (bucket === 'month') return zone.instantOf({ ...day, day: 1 });
  return zone.instantOf(bucket === 'week' ? plusDays(day, -weekdayOf(day)) : day);
}

/** Adding the bucket's length and a little, then rounding down, steps over changes of summer time. */
function next(start: number, bucket: Bucket, zone: Zone): number {
  if (bucket === 'hour') return start + hourMs;
  const days = bucket === 'day' ? 1 : bucket === 'week' ? 7 : 32;
  return startOf(zone.instantOf(plusDays(zone.wallOf(start), days)), bucket, zone);
}

/** 0 for Monday. */
function weekdayOf({ year, month, day }: WallTime): number {
  return (new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7;
}
