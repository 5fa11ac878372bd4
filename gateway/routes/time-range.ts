// Times in queries, as messages.
import { type Timestamp, timestampFromDate } from '@bufbuild/protobuf/wkt';
import { instantOf } from '../../foundation/json/instant.ts';

/** From when and until when, as a query has it; both were checked to be times. */
export interface TimeRangeQuery {
  readonly from?: string;
  readonly to?: string;
}

/** The time of a text that was checked to be one; undefined for an absent one. */
export function timeMessage(text: string | undefined): Timestamp | undefined {
  return text === undefined ? undefined : timestampFromDate(instantOf(text));
}

/** The fields `from` and `to` of a request, each only where the query has it. */
export function timeRange({ from, to }: TimeRangeQuery): { from?: Timestamp; to?: Timestamp } {
  const [since, until] = [timeMessage(from), timeMessage(to)];
  return { ...(since ? { from: since } : {}), ...(until ? { to: until } : {}) };
}
