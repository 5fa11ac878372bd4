// The client's span of each attempt. It carries the trace to the server and covers a stream until it is over.
import { createContextKey, type Interceptor } from '@connectrpc/connect';
import type { Tracer } from '@opentelemetry/api';
import { Attribute, RpcSystem, spanName } from '../telemetry/names.ts';
import { injectHeaders } from '../telemetry/propagation.ts';
import { openSpan } from '../telemetry/spans.ts';

import { callFault } from './abort-fault.ts';
import { readerLeft, wrapStream } from './wrap-stream.ts';

/** How often a call has been tried before this attempt; absent on the first. */
export const retryCountKey = createContextKey<number | undefined>(undefined, { description: 'retry count' });

/** One `client` span for each attempt on a replica; attempts of one call are siblings. */
export function callSpan(tracer: Tracer): Interceptor {
  return (next) => async (request) => {
    const name = spanName.rpc(request.service.typeName, request.method.name);
    const { hostname, port } = new URL(request.url);
    const retryCount = request.contextValues.get(retryCountKey);
    const attributes = {
      [Attribute.rpcSystem]: RpcSystem.connect,
      [Attribute.rpcMethod]: name,
      [Attribute.serverAddress]: hostname,
      [Attribute.serverPort]: Number(port),
      ...(retryCount === undefined ? {} : { [Attribute.rpcRetryCount]: retryCount }),
    };
    const span = openSpan(tracer, name, { kind: 'client', attributes });
    const finish = (error: unknown): void => {
      if (error === undefined || error === readerLeft) span.end();
      else span.end(callFault(error, request.signal));
    };
    injectHeaders(span.context, request.header);
    try {
      const response = await span.run(() => next(request));
      const watch = { onEnd: finish, signal: request.signal };
      if (response.stream) return { ...response, message: wrapStream(response.message, watch) };
      finish(undefined);
      return response;
    } catch (error) {
      finish(error);
      throw error;
    }
  };
}
