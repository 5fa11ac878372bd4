// The server's span and measurement of each call. The span joins the caller's trace and covers a stream until it is over.
import type { Interceptor } from '@connectrpc/connect';
import { Code, ConnectError } from '@connectrpc/connect';
import { createRpcServerMetrics } from '../telemetry/metrics.ts';
import { Attribute, RpcSystem, spanName } from '../telemetry/names.ts';
import { extractHeaders } from '../telemetry/propagation.ts';
import { openSpan } from '../telemetry/spans.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { wrapStream } from './wrap-stream.ts';

/** Services whose calls are not traced: probes would drown what matters. */
const untracedServices = new Set(['grpc.health.v1.Health', 'grpc.reflection.v1.ServerReflection']);

function codeText(error: unknown): string {
  if (error === undefined) return 'ok';
  const { code } = ConnectError.from(error);
  return (Code[code] ?? 'unknown').replace(/(?<!^)([A-Z])/g, '_$1').toLowerCase();
}

/** One `server` span and one duration for each call. */
export function serveSpan(telemetry: Telemetry): Interceptor {
  const metrics = createRpcServerMetrics(telemetry.metrics);
  return (next) => async (request) => {
    const service = request.service.typeName;
    if (untracedServices.has(service)) return next(request);
    const method = request.method.name;
    const name = spanName.rpc(service, method);
    const attributes = { [Attribute.rpcSystem]: RpcSystem.connect, [Attribute.rpcMethod]: name };
    const span = openSpan(telemetry.tracer, name, {
      kind: 'server',
      attributes,
      parent: extractHeaders(request.header),
    });
    const startedMs = performance.now();
    const finish = (error: unknown): void => {
      const code = codeText(error);
      span.setAttributes({ [Attribute.rpcStatusCode]: code });
      metrics.record({ service, method, code, durationMs: performance.now() - startedMs });
      span.end(error);
    };
    try {
      const response = await span.run(() => next(request));
      if (response.stream) return { ...response, message: inContext(response.message, span.run, finish) };
      finish(undefined);
      return response;
    } catch (error) {
      finish(error);
      throw error;
    }
  };
}

type RunInside = <T>(fn: () => T) => T;

// Each step of the handler's generator runs inside the span, whoever pulls it.
function inContext<T>(
  messages: AsyncIterable<T>,
  run: RunInside,
  onEnd: (error: unknown) => void,
): AsyncIterable<T> {
  const steps = messages[Symbol.asyncIterator]();
  const inside: AsyncIterable<T> = {
    [Symbol.asyncIterator]: () => ({
      next: () => run(() => steps.next()),
      return: (value) => run(() => steps.return?.(value) ?? Promise.resolve({ done: true, value })),
    }),
  };
  return wrapStream(inside, { onEnd });
}
