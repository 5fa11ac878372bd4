// Times as messages and back.
import { type Timestamp, timestampDate, timestampFromDate } from '@bufbuild/protobuf/wkt';
import { invalidArgument } from '../../../foundation/fault/fault.ts';

/** ISO 8601 in milliseconds; Fault `invalid_argument` on the field for an absent time or one outside the years 1 to 9999. */
export function requiredIso(time: Timestamp | undefined, field: string): string {
  const iso = optionalIso(time, field);
  if (iso === undefined) throw invalidArgument([{ field, reason: 'is required' }]);
  return iso;
}

/** The same, with undefined for an absent time. */
export function optionalIso(time: Timestamp | undefined, field: string): string | undefined {
  if (!time) return undefined;
  const date = timestampDate(time);
  const year = date.getUTCFullYear();
  if (year >= 1 && year <= 9999) return date.toISOString();
  throw invalidArgument([{ field, reason: 'must lie in the years 1 to 9999' }]);
}

/** The message of an ISO 8601 text. */
export function timestampOf(iso: string): Timestamp {
  return timestampFromDate(new Date(iso));
}
