// The local mesh's own trace collector: takes OTLP over HTTP in JSON and serves what it kept. It listens on this machine only.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { spansOfOtlpJson } from './otlp-json.ts';
import { createTraceStore, type TraceLimits, type TraceStore } from './trace-store.ts';

/** One export request, before and after decompression. */
export const traceBodyBytesMax = 16 * 1024 * 1024;
/** Traces of one list answer; absent `limit` means `traceListDefault`. */
export const traceListMax = 500;
/** Traces of a list answer without `limit`. */
export const traceListDefault = 50;

/** A running collector. */
export interface TraceServer {
  /** `http://127.0.0.1:<port>`: the OTLP endpoint, and the base of `/traces` and `/traces/{trace_id}`. */
  readonly url: string;
  readonly store: TraceStore;
  /** Stops listening and drops open connections. */
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const gunzipBody = promisify(gunzip);

/** Starts a collector on a free port, or on `port`. Rejects when the port is taken. */
export async function startTraceServer(
  options: { readonly limits?: TraceLimits; readonly port?: number } = {},
): Promise<TraceServer> {
  const store = createTraceStore(options.limits);
  const server = createServer((request, response) => {
    answer(store, request).then(
      (result) => send(response, result),
      () => send(response, { status: 400, body: { message: 'The request cannot be read' } }),
    );
  });
  const { promise: listening, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(options.port ?? 0, '127.0.0.1', resolve);
  await listening;
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    store,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

async function answer(store: TraceStore, request: IncomingMessage): Promise<Answer> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  if (request.method === 'POST' && url.pathname === '/v1/traces') return receive(store, request);
  if (request.method !== 'GET') return { status: 405, body: { message: 'Only GET is allowed here' } };
  if (url.pathname === '/traces') return { status: 200, body: { traces: store.list(limitOf(url)) } };
  const traceId = /^\/traces\/([0-9a-f]{32})$/i.exec(url.pathname)?.[1];
  const trace = traceId ? store.get(traceId.toLowerCase()) : undefined;
  return trace ? { status: 200, body: trace } : { status: 404, body: { message: 'No such trace' } };
}

async function receive(store: TraceStore, request: IncomingMessage): Promise<Answer> {
  if (!request.headers['content-type']?.startsWith('application/json')) {
    return { status: 415, body: { message: 'Only the JSON encoding of OTLP is read' } };
  }
  const raw = await bodyOf(request);
  if (!raw) return { status: 413, body: { message: `The body is over ${traceBodyBytesMax} bytes` } };
  const gzipped = request.headers['content-encoding'] === 'gzip';
  const text = gzipped ? await gunzipBody(raw, { maxOutputLength: traceBodyBytesMax }) : raw;
  store.add(spansOfOtlpJson(JSON.parse(text.toString('utf8'))));
  // The empty ExportTraceServiceResponse: everything was accepted.
  return { status: 200, body: {} };
}

// Reads an oversized body to its end without keeping it, so that the sender gets its answer.
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes <= traceBodyBytesMax) chunks.push(chunk);
  }
  return bytes <= traceBodyBytesMax ? Buffer.concat(chunks) : undefined;
}

function limitOf(url: URL): number {
  const limit = Number(url.searchParams.get('limit') ?? traceListDefault);
  return Number.isInteger(limit) && limit >= 1 ? Math.min(limit, traceListMax) : traceListDefault;
}

function send(response: ServerResponse, { status, body }: Answer): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
