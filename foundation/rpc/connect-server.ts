// Answers HTTP/2 requests by Connect's handlers inside Fastify. Who listens, and how connections end, is the server's business: Fastify's own
// close answers 503 to calls that are still on their way.
import {
  constants,
  createServer,
  type Http2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerOptions,
} from 'node:http2';
import type { ServerOpts as TcpOptions } from 'node:net';
import { ConnectError, type ConnectRouter, type ConnectRouterOptions } from '@connectrpc/connect';
import { fastifyConnectPlugin } from '@connectrpc/connect-fastify';
import { fastify } from 'fastify';
import { callerGone } from './caller-gone.ts';
import { createUnaryServer, type UnaryServer } from './unary-server.ts';
import { bodyTooLarge } from './whole-body.ts';

/** What requests are answered by. */
export interface ConnectServerOptions {
  readonly routes: (router: ConnectRouter) => void;
  /** Limits, interceptors and gate of all handlers. */
  readonly router: ConnectRouterOptions;
  /** Largest body of a request, all its messages together, in bytes; a larger one is refused as `resource_exhausted`. */
  readonly bodyBytesMax: number;
  /** Limits of one connection. */
  readonly connections: ServerOptions & TcpOptions;
}

/** A server that answers but does not listen yet. Paths of no method answer 404, which every client takes for `unimplemented`. */
export async function createConnectServer(options: ConnectServerOptions): Promise<Http2Server> {
  const { routes, router, bodyBytesMax, connections } = options;
  const { promise: made, resolve } = Promise.withResolvers<Http2Server>();
  const unary = createUnaryServer({ router, bodyBytesMax });
  const app = fastify({
    http2: true,
    bodyLimit: bodyBytesMax,
    serverFactory: (answer) => {
      const server = createServer(connections, answer);
      askFirst(unary, server);
      resolve(server);
      return server;
    },
  });
  app.addHook('onRequest', async ({ raw }, reply) => {
    nameLostCallers(reply.raw);
    // The last thing of an answer are its trailers, even when there are none.
    raw.stream.once('wantTrailers', () => setImmediate(dropUnread, raw));
  });
  app.addHook('preHandler', async (request) => {
    request.body = bounded(request.raw, bodyBytesMax);
  });
  await app.register(fastifyConnectPlugin, {
    ...router,
    routes: (all) => routes(unary.following(all)),
  });
  await app.ready();
  return made;
}

// What Node itself does with a stream is to make a request of it, which Fastify answers.
function askFirst(unary: UnaryServer, server: Http2Server): void {
  const others = server.listeners('stream');
  server.removeAllListeners('stream').on('stream', (stream, headers, ...more) => {
    if (unary.answer(stream, headers)) return;
    for (const other of others) other.call(server, stream, headers, ...more);
  });
}

async function* bounded(body: AsyncIterable<Uint8Array>, bytesMax: number): AsyncIterable<Uint8Array> {
  let bytes = 0;
  try {
    for await (const chunk of body) {
      bytes += chunk.byteLength;
      if (bytes > bytesMax) throw bodyTooLarge(bytesMax);
      yield chunk;
    }
  } catch (error) {
    throw error instanceof ConnectError ? error : callerGone(error);
  }
}

// Without it a client that was answered early goes on sending, and the stream stays open (RFC 9113 section 8.1).
function dropUnread({ complete, stream }: Http2ServerRequest): void {
  if (!complete) stream.close(constants.NGHTTP2_NO_ERROR);
}

type Write = (chunk: Uint8Array, encoding: BufferEncoding, done?: (error?: Error | null) => void) => boolean;

// A write fails when the caller has gone, whatever Node calls it (ECANCELED, EPIPE, a destroyed stream). Connect knows some of the names and
// takes the others for a failure of the handler.
function nameLostCallers(answer: Http2ServerResponse): void {
  const write: Write = answer.write.bind(answer);
  const named: Write = (chunk, encoding, done) =>
    write(chunk, encoding, (error) => done?.(error ? callerGone(error) : null));
  Object.assign(answer, { write: named });
}
