// From when to when reports reach, in words, and how fine a row of counts must be to show something.

import type { Bucket } from '../report-data.ts';
import { bucketName, clockOf, dateOf } from './words.ts';

/** A stretch of time in milliseconds since the epoch, both ends included. */
export interface TimeSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A row of counts with the width of its buckets. */
export interface Course {
  readonly bucket: Bucket;
  /** In order of time. */
  readonly buckets: readonly { readonly start: string; readonly count: number }[];
  readonly total: number;
}

const coursesBucketsMax = 60;

/** The finest row, given from the coarsest to the finest, that counts every report in at most sixty buckets; else the coarsest. */
export function finestOf(coarsest: Course, finer: readonly Course[]): Course {
  const whole = finer.filter(
    ({ total, buckets }) => total === coarsest.total && buckets.length <= coursesBucketsMax,
  );
  return whole.at(-1) ?? coarsest;
}

/** The span of the times; undefined for none. */
export function spanOf(times: readonly number[]): TimeSpan | undefined {
  const [first] = times;
  if (first === undefined) return undefined;
  const reach = (span: TimeSpan, time: number): TimeSpan => ({
    fromMs: Math.min(span.fromMs, time),
    toMs: Math.max(span.toMs, time),
  });
  return times.reduce(reach, { fromMs: first, toMs: first });
}

/** "on 21 Nov 2026 at 18:42", "on 21 Nov 2026 between 18:42 and 18:47", "from 3 Nov 2026 to 21 Nov 2026". */
export function spanWords({ fromMs, toMs }: TimeSpan, timeZone: string): string {
  const [from, to] = [dateOf(fromMs, timeZone), dateOf(toMs, timeZone)];
  if (from !== to) return `from ${from} to ${to}`;
  const [begin, end] = [clockOf(fromMs, timeZone), clockOf(toMs, timeZone)];
  return begin === end ? `on ${from} at ${begin}` : `on ${from} between ${begin} and ${end}`;
}

/** The same for a row of counts, as exact as its buckets: "in Nov 2026"; empty when nothing was counted. */
export function courseWords({ bucket, buckets }: Course, timeZone: string): string {
  const filled = buckets.filter(({ count }) => count > 0);
  const [first, last] = [filled[0], filled.at(-1)];
  if (first === undefined || last === undefined) return '';
  const the = bucket === 'week' ? 'the ' : '';
  const [from, to] = [first, last].map(({ start }) => `${the}${bucketName(start, bucket, timeZone)}`);
  return from === to ? `in ${from}` : `from ${from} to ${to}`;
}
