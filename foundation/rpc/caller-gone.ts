// What a call ends with when nobody waits for its answer any more.
import { Code, ConnectError } from '@connectrpc/connect';

/** Named so that nobody takes it for a failure of the handler, whatever Node calls it (ECANCELED, EPIPE, a destroyed stream). */
export function callerGone(cause: unknown): ConnectError {
  return new ConnectError('the caller has gone', Code.Aborted, undefined, undefined, cause);
}
