// What the caller of a start is told when it is not, or not yet, known to have started.
import { Fault } from '../../../foundation/fault/fault.ts';
import type { Placed } from './live-execution.ts';

/** Tells that nothing is known yet after so many milliseconds, unless something was told before. The run goes on either way. */
export function tellInTime(placed: Placed, waitMs: number): void {
  setTimeout(() => placed.reject(unknown()), waitMs).unref();
}

function unknown(): Fault {
  return new Fault('unavailable', 'Whether the run has started is not known yet', { retryAfterMs: 1_000 });
}

/** The store refused the record itself. */
export function unrecorded(): Fault {
  return new Fault('invalid_argument', 'The run holds a value that cannot be recorded');
}

/** Another process has the run, or none has. */
export function lost(): Fault {
  return new Fault('unavailable', 'The run was given to another process', { retryAfterMs: 1_000 });
}
