// A worker that is called, as a server of this process on a free port: it notes what it is asked and how its connections end, and answers as a
// test wants, well or badly.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Server, Socket } from 'node:net';
import { text } from 'node:stream/consumers';

/** A call of the worker. */
export interface SeenCall {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly attempt: number;
  readonly context: { readonly timeout_ms: number };
  /** When it came; milliseconds of a clock that never goes back. */
  readonly atMs: number;
  /** Resolves when its connection is closed, with the milliseconds that it lasted. */
  readonly closed: Promise<number>;
}

/** A worker that listens. */
export interface CalledWorker {
  readonly port: number;
  /** Calls of its work, in order; questions after its health are answered and not noted. */
  readonly calls: readonly SeenCall[];
  /** Resolves when it has been called so often. */
  called(times?: number): Promise<SeenCall>;
  close(): Promise<void>;
}

/** Answers a call; it is the worker's business whether it ever does. */
export type Behave = (response: ServerResponse, call: SeenCall, calls: readonly SeenCall[]) => void;

/** What a worker answers that does its work. */
export const done: Behave = (response, { attempt }) => {
  response
    .writeHead(200, { 'content-type': 'application/json' })
    .end(JSON.stringify({ output: { attempt } }));
};

/** Starts one that behaves so, on all addresses of this machine where `host` says so [127.0.0.1]. */
export async function startCalledWorker(behave: Behave, host = '127.0.0.1'): Promise<CalledWorker> {
  const calls: SeenCall[] = [];
  const waiting: (() => void)[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.url === '/health') return void response.end('{}');
    const atMs = performance.now();
    const gone = Promise.withResolvers<number>();
    request.socket.once('close', () => gone.resolve(performance.now() - atMs));
    const body = await text(request);
    const { attempt = 0, context = {} } = body === '' ? {} : JSON.parse(body);
    const call = {
      path: request.url ?? '',
      headers: request.headers,
      attempt,
      context,
      atMs,
      closed: gone.promise,
    };
    calls.push(call);
    for (const wake of waiting.splice(0)) wake();
    behave(response, call, calls);
  };
  const server = createServer((request, response) => void answer(request, response));
  const { port, close } = await listening(server, host);
  return {
    ...{ port, calls, close },
    async called(times = 1) {
      while (calls.length < times) await new Promise<void>((resolve) => waiting.push(resolve));
      const call = calls[times - 1];
      if (!call) throw new Error('There is no such call');
      return call;
    },
  };
}

/** A server once it listens at a free port; `close` breaks what connections it has. */
export async function listening(server: Server, host = '127.0.0.1') {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
