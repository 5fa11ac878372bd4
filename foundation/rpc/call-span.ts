// The client's span of each attempt. It carries the trace to the server and covers a stream until it is over.
import type { Interceptor } from '@connectrpc/connect';
import type { Tracer } from '@opentelemetry/api';
import { Attribute, RpcSystem, spanName } from '../telemetry/names.ts';
import { injectHeaders } from '../telemetry/propagation.ts';
import { openSpan } from '../telemetry/spans.ts';
import { wrapStream } from './wrap-stream.ts';

/** One `client` span for each attempt on a replica. */
export function callSpan(tracer: Tracer): Interceptor {
  return (next) => async (request) => {
    const name = spanName.rpc(request.service.typeName, request.method.name);
    const { hostname, port } = new URL(request.url);
    const attributes = {
      [Attribute.rpcSystem]: RpcSystem.connect,
      [Attribute.rpcMethod]: name,
      [Attribute.serverAddress]: hostname,
      [Attribute.serverPort]: Number(port),
    };
    const span = openSpan(tracer, name, { kind: 'client', attributes });
    injectHeaders(span.context, request.header);
    try {
      const response = await span.run(() => next(request));
      if (response.stream)
        return { ...response, message: wrapStream(response.message, { onEnd: (error) => span.end(error) }) };
      span.end();
      return response;
    } catch (error) {
      span.end(error);
      throw error;
    }
  };
}
