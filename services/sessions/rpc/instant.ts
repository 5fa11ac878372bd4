// Times that a request must give.
import { type Timestamp, timestampDate } from '@bufbuild/protobuf/wkt';

/** The time as ISO 8601 in UTC with milliseconds, or undefined when it was not given. */
export function isoOf(timestamp: Timestamp | undefined): string | undefined {
  return timestamp && timestampDate(timestamp).toISOString();
}
