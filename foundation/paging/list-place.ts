// Places in lists that are ordered by time and id: exact to the microsecond, as PostgreSQL keeps times. It does not know what is listed.
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import type { ListPlace } from '../../proto/gen/domainflow/common/v1/page_pb.js';
import type { Violation } from '../fault/fault.ts';
import { isUuid } from '../ids/ids.ts';

const usOfSecond = 1_000_000n;
const secondsOfYear1 = -62_135_596_800n;
const secondsOfYear10000 = 253_402_300_800n;

/** A place as statements take it. */
export interface SortPlace {
  /** ISO 8601 in UTC with six digits after the second. */
  readonly at: string;
  /** UUID in lower case. */
  readonly id: string;
}

/** Microseconds since the Unix epoch; what is finer is cut. */
export function microsOf({ seconds, nanos }: Timestamp): bigint {
  return seconds * usOfSecond + BigInt(Math.trunc(nanos / 1_000));
}

/** The time of microseconds since the Unix epoch, as fields of a message. */
export function timestampOfMicros(us: bigint): Pick<Timestamp, 'seconds' | 'nanos'> {
  const rest = ((us % usOfSecond) + usOfSecond) % usOfSecond;
  return { seconds: (us - rest) / usOfSecond, nanos: Number(rest) * 1_000 };
}

/** ISO 8601 in UTC with six digits after the second. */
export function instantOfMicros(us: bigint): string {
  const { seconds, nanos } = timestampOfMicros(us);
  const second = new Date(Number(seconds) * 1_000).toISOString().slice(0, -5);
  return `${second}.${String(nanos / 1_000).padStart(6, '0')}Z`;
}

/** What is wrong with a place that was received, everything at once; `hasCursor` when the request names a cursor too. */
export function checkPlace(
  place: ListPlace | undefined,
  { hasCursor }: { readonly hasCursor: boolean },
): Violation[] {
  if (!place) return [];
  const { at, id } = place;
  const isTime = at && at.seconds >= secondsOfYear1 && at.seconds < secondsOfYear10000;
  return [
    ...(hasCursor ? [{ field: 'after', reason: 'cannot be given together with a cursor' }] : []),
    ...(isTime ? [] : [{ field: 'after.at', reason: 'must be a time in the years 1 to 9999' }]),
    ...(isUuid(id) ? [] : [{ field: 'after.id', reason: 'must be a UUID' }]),
  ];
}

/** A place without problems; undefined for an absent one. */
export function sortPlaceOf(place: ListPlace | undefined): SortPlace | undefined {
  return place?.at && { at: instantOfMicros(microsOf(place.at)), id: place.id.toLowerCase() };
}
