// Where a client of an event stream wants to go on: the `Last-Event-ID` header that browsers send by themselves, or a parameter for those who
// cannot set headers. What an opaque id stands for is for whoever gave it to say.
import { invalidArgument } from '../../foundation/fault/fault.ts';

/** Longest id, in characters. */
export const lastEventIdLengthMax = 8_192;

/** An id as it was sent, each way. */
export interface SentEventId {
  readonly header: string | undefined;
  readonly parameter: string | undefined;
}

/** The id, the header's before the parameter's; empty for none. Fault `invalid_argument` for one that is too long. */
export function lastEventId(sent: SentEventId): string {
  const { field, id } = chosen(sent);
  if (id.length <= lastEventIdLengthMax) return id;
  throw invalidArgument([{ field, reason: `must be at most ${lastEventIdLengthMax} characters` }]);
}

/** The id as a number of a run's events; 0 for none. Fault `invalid_argument` for anything but a whole number. */
export function lastSeq(sent: SentEventId): bigint {
  const { field, id } = chosen(sent);
  if (id === '') return 0n;
  if (/^[0-9]{1,18}$/.test(id)) return BigInt(id);
  throw invalidArgument([{ field, reason: 'must be the id of an event of this run, a whole number from 0' }]);
}

function chosen({ header, parameter }: SentEventId): { readonly field: string; readonly id: string } {
  if (header) return { field: 'Last-Event-ID', id: header };
  return { field: 'last_event_id', id: parameter ?? '' };
}
