// Collectors for tests: a real HTTP server and a real gRPC server that keep what they are sent.
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { AttributeValue, TraceSpan } from '../../local/traces/trace-span.ts';
import {
  type ExportRequest,
  exportResponse,
  plainAttributes,
  type ReceivedSpan,
  readExportRequest,
} from './otlp-definitions.for-test.ts';

/** What came in one request. */
export interface Received {
  readonly over: 'http' | 'grpc';
  readonly request: ExportRequest;
  /** Headers, or metadata, by lower-case name. */
  readonly headers: Readonly<Record<string, unknown>>;
}

/** A listening collector. */
export interface OtlpReceiver {
  /** As `OTEL_EXPORTER_OTLP_ENDPOINT` names it. */
  readonly url: string;
  close(): Promise<void>;
}

/** Where requests go. A request that cannot be read is answered with 400 or INVALID_ARGUMENT, and told as a problem. */
export interface Taking {
  readonly received: Received[];
  readonly problems: string[];
}

/** Takes `POST /v1/traces` in protobuf. With a certificate it speaks TLS. */
export async function receiveHttp(into: Taking, tls?: ServerOptions): Promise<OtlpReceiver> {
  const take = (headers: IncomingHttpHeaders, path: string | undefined, bytes: Buffer): number => {
    try {
      if (path !== '/v1/traces') throw new Error(`Nothing is at ${path}`);
      const type = headers['content-type'];
      if (type !== 'application/x-protobuf') throw new Error(`This is ${type}`);
      into.received.push({ over: 'http', request: readExportRequest(bytes), headers });
      return 200;
    } catch (error) {
      into.problems.push(String(error));
      return 400;
    }
  };
  const server = tls ? createTlsServer(tls) : createServer();
  server.on('request', async (request, response) => {
    const chunks: Buffer[] = await Array.fromAsync(request);
    response.statusCode = take(request.headers, request.url, Buffer.concat(chunks));
    response.setHeader('content-type', 'application/x-protobuf');
    response.end(exportResponse());
  });
  const { promise: listening, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await listening;
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

/** Takes `opentelemetry.proto.collector.trace.v1.TraceService/Export`. */
export async function receiveGrpc(into: Taking): Promise<OtlpReceiver> {
  const server = new Server();
  const path = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
  const bytes = { deserialize: (it: Buffer) => it, serialize: (it: Buffer) => it };
  const method = {
    ...{ path, requestStream: false, responseStream: false },
    ...{ requestDeserialize: bytes.deserialize, requestSerialize: bytes.serialize },
    ...{ responseDeserialize: bytes.deserialize, responseSerialize: bytes.serialize },
  };
  server.addService(
    { Export: method },
    {
      Export: (
        call: { request: Buffer; metadata: { getMap(): Record<string, unknown> } },
        done: (error: Error | null, answer?: Buffer) => void,
      ) => {
        try {
          const request = readExportRequest(call.request);
          into.received.push({ over: 'grpc', request, headers: call.metadata.getMap() });
          done(null, exportResponse());
        } catch (error) {
          into.problems.push(String(error));
          done(error as Error);
        }
      },
    },
  );
  const { promise: bound, resolve, reject } = Promise.withResolvers<number>();
  server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
    error ? reject(error) : resolve(port),
  );
  return { url: `http://127.0.0.1:${await bound}`, close: async () => server.forceShutdown() };
}

/** A span with the resource that it came under. */
export interface SpanOfResource {
  readonly span: ReceivedSpan;
  readonly resource: Readonly<Record<string, unknown>>;
  readonly over: Received['over'];
}

/** All spans that have come. */
export function receivedSpans({ received }: Taking): SpanOfResource[] {
  return received.flatMap(({ over, request }) =>
    request.resourceSpans.flatMap(({ resource, scopeSpans }) =>
      scopeSpans.flatMap(({ spans }) =>
        spans.map((span) => ({ over, span, resource: plainAttributes(resource.attributes) })),
      ),
    ),
  );
}

const kinds: readonly TraceSpan['kind'][] = [
  'internal',
  'internal',
  'server',
  'client',
  'producer',
  'consumer',
];

/** The spans of a trace as trees are drawn of them. */
export function traceOf(into: Taking, traceId: string): TraceSpan[] {
  return receivedSpans(into)
    .filter(({ span }) => span.traceId === traceId)
    .map(({ span, resource }) => ({
      traceId,
      spanId: span.spanId,
      parentSpanId: span.parentSpanId === '' ? null : span.parentSpanId,
      name: span.name,
      kind: kinds[span.kind] ?? 'internal',
      service: String(resource['service.name']),
      startMs: Number(BigInt(span.startTimeUnixNano) / 1_000n) / 1_000,
      durationMs: Number(BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano)) / 1e6,
      attributes: plainAttributes(span.attributes) as Record<string, AttributeValue>,
      status: span.status?.code === 2 ? 'error' : 'unset',
    }));
}
