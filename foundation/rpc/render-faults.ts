// The outermost server interceptor: whatever a handler throws leaves the process as a typed fault, and what nobody understands is logged
// once, with its cause, and leaves without it.
import { ConnectError, type Interceptor } from '@connectrpc/connect';
import type { Logger } from 'pino';
import { asFault } from '../fault/fault.ts';
import { toConnectError } from '../fault/fault-wire.ts';
import { wrapStream } from './wrap-stream.ts';

/** Turns thrown values into errors with a code, a public sentence and a typed detail. */
export function renderFaults(log: Logger): Interceptor {
  return (next) => async (request) => {
    const render = (error: unknown): ConnectError => {
      if (error instanceof ConnectError) return error;
      const fault = asFault(error);
      const method = `${request.service.typeName}/${request.method.name}`;
      if (fault.reason === 'internal')
        log.error({ err: fault.cause ?? fault, method }, 'unexpected failure of a handler');
      else if (fault.reason === 'unavailable') log.warn({ err: fault.cause, method }, fault.message);
      return toConnectError(fault);
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
