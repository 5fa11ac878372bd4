// The server's span and measurement of each call. The span joins the caller's trace and covers a stream until it is over.
import { Code, ConnectError, type Interceptor } from '@connectrpc/connect';
import { fromConnectError, toConnectError } from '../fault/fault-wire.ts';
import { createRpcServerMetrics } from '../telemetry/metrics.ts';
import { Attribute, RpcSystem, spanName } from '../telemetry/names.ts';
import { extractHeaders } from '../telemetry/propagation.ts';
import { openSpan } from '../telemetry/spans.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { abortFault } from './abort-fault.ts';
import { openServices } from './open-services.ts';
import { wrapStream } from './wrap-stream.ts';

/** Codes by which a server itself failed; with the others it did what it should (OpenTelemetry's convention for server spans). */
const serverFailures = new Set([
  Code.Unknown,
  Code.DeadlineExceeded,
  Code.Unimplemented,
  Code.Internal,
  Code.Unavailable,
  Code.DataLoss,
]);

/** The RPC code of a thrown value in lower case, such as `not_found`; `ok` for undefined. */
export function codeText(error: unknown): string {
  if (error === undefined) return 'ok';
  const { code } = ConnectError.from(error);
  return (Code[code] ?? 'unknown').replace(/(?<!^)([A-Z])/g, '_$1').toLowerCase();
}

/** One `server` span and one duration for each call. */
export function serveSpan(telemetry: Telemetry): Interceptor {
  const metrics = createRpcServerMetrics(telemetry.metrics);
  return (next) => async (request) => {
    const service = request.service.typeName;
    if (openServices.has(service)) return next(request);
    const method = request.method.name;
    const name = spanName.rpc(service, method);
    const span = openSpan(telemetry.tracer, name, {
      kind: 'server',
      attributes: { [Attribute.rpcSystem]: systemOf(request.header), [Attribute.rpcMethod]: name },
      parent: extractHeaders(request.header),
    });
    const startedMs = performance.now();
    const finish = (error: unknown): void => {
      const code = codeText(error);
      span.setAttributes({ [Attribute.rpcStatusCode]: code });
      metrics.record({ service, method, code, durationMs: performance.now() - startedMs });
      const failed = error !== undefined && serverFailures.has(ConnectError.from(error).code);
      span.end(failed ? fromConnectError(error) : undefined);
    };
    try {
      const response = await span.run(() => next(request));
      // Each step of the handler's generator runs inside the span, whoever pulls it.
      const { signal } = request;
      const onEnd = (error: unknown) =>
        finish(signal.aborted ? toConnectError(abortFault(signal.reason)) : error);
      const watch = { run: <R>(step: () => R): R => span.run(step), onEnd, signal };
      if (response.stream) return { ...response, message: wrapStream(response.message, watch) };
      finish(undefined);
      return response;
    } catch (error) {
      finish(error);
      throw error;
    }
  };
}

function systemOf(header: Headers): string {
  return header.get('content-type')?.startsWith('application/grpc') ? RpcSystem.grpc : RpcSystem.connect;
}
