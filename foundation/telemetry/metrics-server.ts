// Measurements for Prometheus on a port of their own, by HTTP/1.1: the port of the mesh speaks HTTP/2 alone, which Prometheus does not without TLS.
// Whoever reaches the port may read them, so it belongs to no network of clients.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Metrics } from './metrics.ts';

/** One request has this long to arrive, in milliseconds. */
const requestMsMax = 5_000;
/** Connections at the same time; more are refused. */
const connectionsMax = 64;

/** What is served and where. */
export interface MetricsServerOptions {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly metrics: Metrics;
}

/** A listening server. */
export interface MetricsServer {
  /** Of `GET /metrics`, without it: `http://127.0.0.1:9464`. */
  readonly url: string;
  close(): Promise<void>;
}

/** Starts the server. Rejects when the port is taken. */
export async function startMetricsServer({
  host,
  port,
  metrics,
}: MetricsServerOptions): Promise<MetricsServer> {
  const server = createServer({ requestTimeout: requestMsMax, headersTimeout: requestMsMax });
  server.on('request', (request, response) => void answer(metrics, request, response));
  server.maxConnections = connectionsMax;
  const { promise: listening, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen({ host, port }, resolve);
  await listening;
  server.off('error', reject);
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

async function answer(metrics: Metrics, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url?.split('?', 1)[0];
  if (path !== '/metrics') return end(response, 404, 'Only /metrics is here\n');
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return end(response, 405, 'Only GET is allowed\n');
  try {
    const text = await metrics.metrics();
    response.setHeader('content-type', metrics.contentType);
    end(response, 200, request.method === 'HEAD' ? '' : text);
  } catch {
    end(response, 500, 'The measurements cannot be told\n');
  }
}

function end(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status;
  if (!response.hasHeader('content-type')) response.setHeader('content-type', 'text/plain; charset=utf-8');
  response.end(text);
}
