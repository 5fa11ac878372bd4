// What an abort means to a caller: its own deadline, its own wish, or the fault that somebody gave as the reason.
import { Code, ConnectError } from '@connectrpc/connect';
import { Fault } from '../fault/fault.ts';
import { fromConnectError } from '../fault/fault-wire.ts';
import { isErrorLike } from '../telemetry/error-shape.ts';

/** The fault of a call whose signal was aborted for this reason. A Fault given as the reason is the answer itself. */
export function abortFault(reason: unknown, cause: unknown = reason): Fault {
  if (reason instanceof Fault) return reason;
  return isDeadline(reason)
    ? deadlineFault(cause)
    : new Fault('cancelled', 'The call was cancelled', { cause });
}

/** The fault of a call that ran out of time. */
export function deadlineFault(cause?: unknown): Fault {
  return new Fault('deadline_exceeded', 'The time for the call is up', { cause });
}

/** What a call ended with: the abort when its signal was aborted, else what the server or the connection said. */
export function callFault(error: unknown, signal: AbortSignal | undefined): Fault {
  return signal?.aborted ? abortFault(signal.reason, error) : fromConnectError(error);
}

// Connect's deadlines abort with its own error, `AbortSignal.timeout` with a TimeoutError.
function isDeadline(reason: unknown): boolean {
  if (reason instanceof ConnectError) return reason.code === Code.DeadlineExceeded;
  return isErrorLike(reason) && reason.name === 'TimeoutError';
}
