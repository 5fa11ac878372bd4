// Timestamps as the API shows them.
import { type Timestamp, timestampDate } from '@bufbuild/protobuf/wkt';

/** UTC, ISO 8601, milliseconds; null for an absent time. */
export function timeJson(time: Timestamp | undefined): string | null {
  return time ? timestampDate(time).toISOString() : null;
}
