// Failures of a connection as opposed to answers of a server, and whether the server can have seen the call.
import { Code, ConnectError } from '@connectrpc/connect';
import { isErrorLike } from '../telemetry/error-shape.ts';

/** The cause of an `unavailable` error that no server sent. */
export class ConnectionFailure extends Error {
  /** False when the server provably processed nothing of the call, so that any call may be tried again. */
  readonly sent: boolean;

  constructor(message: string, options: { readonly sent: boolean; readonly cause?: unknown }) {
    super(message, { cause: options.cause });
    this.name = 'ConnectionFailure';
    this.sent = options.sent;
  }
}

/** An `unavailable` error with a ConnectionFailure as its cause. The sentence is for logs of this process. */
export function connectionError(message: string, options: { sent: boolean; cause?: unknown }): ConnectError {
  const failure = new ConnectionFailure(message, options);
  return new ConnectError(message, Code.Unavailable, undefined, undefined, failure);
}

/** The failure of the connection behind an error, or undefined when a server answered or this process gave up. */
export function connectionFailureOf(error: unknown): ConnectionFailure | undefined {
  for (let cause = error; isErrorLike(cause); cause = cause.cause) {
    if (cause instanceof ConnectionFailure) return cause;
  }
  return undefined;
}

/** Codes that connect-node gives to what befell its HTTP/2 stream, where there is no error of Node underneath. */
const brokenCodes = new Set([Code.Unavailable, Code.Canceled, Code.Aborted]);

/**
 * What a call on a connection threw, told apart: errors from the wire and unreadable answers stay as they are, whatever befell the
 * connection becomes `unavailable`. Not for calls whose own signal was aborted.
 */
export function asConnectionError(error: unknown): unknown {
  if (error instanceof ConnectError && error.isWireError) return error;
  const known = connectionFailureOf(error);
  if (known) return connectionError(known.message, { sent: known.sent, cause: error });
  const broken = isNodeError(error) || (error instanceof ConnectError && brokenCodes.has(error.code));
  return broken
    ? connectionError('the connection broke during the call', { sent: true, cause: error })
    : error;
}

// Node's own errors carry a word such as ECONNRESET or ERR_HTTP2_STREAM_ERROR; Connect's carry a number.
function isNodeError(error: unknown): boolean {
  const node = error instanceof ConnectError ? error.cause : error;
  return isErrorLike(node) && 'code' in node && typeof node.code === 'string';
}
