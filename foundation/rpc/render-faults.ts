// The server interceptor that decides what a caller learns of a failure: whatever a handler throws leaves the process as a typed fault, and
// what nobody understands is logged once, with its cause, and leaves without it.
import { Code, ConnectError, type Interceptor } from '@connectrpc/connect';
import type { Logger } from 'pino';
import { asFault, Fault } from '../fault/fault.ts';
import { toConnectError } from '../fault/fault-wire.ts';
import { isErrorLike } from '../telemetry/error-shape.ts';
import { abortFault } from './abort-fault.ts';
import { wrapStream } from './wrap-stream.ts';

/** Turns thrown values into errors with a code, a public sentence and a typed detail. */
export function renderFaults(log: Logger): Interceptor {
  return (next) => async (request) => {
    const method = `${request.service.typeName}/${request.method.name}`;
    const render = (error: unknown): ConnectError => {
      const answer = answerTo(error, request.signal);
      if (answer instanceof ConnectError) return answer;
      if (answer.reason === 'internal')
        log.error({ err: answer.cause ?? answer, method }, 'unexpected failure of a handler');
      else if (answer.reason === 'unavailable') log.warn({ err: answer.cause, method }, answer.message);
      return toConnectError(answer);
    };
    try {
      const response = await next(request);
      return response.stream
        ? { ...response, message: wrapStream(response.message, { onError: render }) }
        : response;
    } catch (error) {
      throw render(error);
    }
  };
}

/** Codes of errors that somebody wrapped without knowing what they mean; their text may come from anywhere. */
const vagueCodes = new Set([Code.Unknown, Code.Internal, Code.DataLoss]);

// The library's own refusals (a message that cannot be read, a method that is not implemented) are ConnectErrors and public as they stand.
function answerTo(error: unknown, signal: AbortSignal): Fault | ConnectError {
  if (error instanceof Fault) return error;
  if (signal.aborted && isAbort(error, signal.reason)) return abortFault(signal.reason, error);
  return error instanceof ConnectError && !vagueCodes.has(error.code) ? error : asFault(error);
}

// A handler that waits with the call's signal fails with the signal's reason or with an AbortError around it.
function isAbort(error: unknown, reason: unknown): boolean {
  return error === reason || (isErrorLike(error) && error.name === 'AbortError');
}
