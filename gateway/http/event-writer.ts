// Writes an event stream to its connection: each piece at once, none while the client does not read, and no longer than it is willing to
// wait for that. It knows nothing of where pieces come from.
import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import { commentFrame, retryFrame } from '../core/event-frame.ts';

/** A client waits between this long before it comes back, in milliseconds, … */
const retryMsMin = 1_000;
/** … and this long; each another time, so that all who lost the same gateway do not come back at once. */
const retryMsMax = 3_000;
/** How long the end of a stream that is left may be on its way to the client, in milliseconds. */
const leaveMs = 1_000;

const headers = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  // Tells proxies of the nginx family not to collect what belongs on its way.
  'x-accel-buffering': 'no',
  // A connection that carried a stream is not worth keeping, and would keep the gateway from closing.
  connection: 'close',
} as const;

/** Writes one stream. */
export interface EventWriter {
  /** Resolves when the next piece may be written. A client that does not read in time loses its connection. */
  write(piece: string): Promise<void>;
  /** Keeps the connection in use; nothing while the client does not read. */
  ping(): void;
  /** Ends the answer in order, and the connection when the client does not read in time. */
  end(): Promise<void>;
  /** Ends the answer at once, with these last frames where the client keeps up. It comes back for what it has not read. */
  leave(last: string): Promise<void>;
}

/** What a writer is made of. */
export interface EventWriterOptions {
  readonly response: ServerResponse;
  /** Headers of the answer besides those of every stream. */
  readonly more: ReturnType<FastifyReply['getHeaders']>;
  /** How long a client may not read, in milliseconds. */
  readonly fullMs: number;
  /** Ends waits for the client. */
  readonly signal: AbortSignal;
}

/** Sends the headers and begins the stream. */
export function beginEventStream(options: EventWriterOptions): EventWriter {
  const { response, more, fullMs, signal } = options;
  for (const [name, value] of Object.entries(more)) if (value !== undefined) response.setHeader(name, value);
  response.writeHead(200, headers);
  response.write(retryFrame(Math.round(retryMsMin + Math.random() * (retryMsMax - retryMsMin))));
  return {
    async write(piece) {
      if (response.destroyed || response.write(piece)) return;
      await untilEvent(response, 'drain', { timeoutMs: fullMs, signal });
    },
    ping() {
      if (!response.destroyed && !response.writableNeedDrain) response.write(commentFrame('ping'));
    },
    async end() {
      if (response.destroyed) return;
      response.end();
      await untilEvent(response, 'finish', { timeoutMs: fullMs });
    },
    async leave(last) {
      if (response.writableNeedDrain) response.destroy();
      if (response.destroyed) return;
      response.end(last);
      await untilEvent(response, 'finish', { timeoutMs: Math.min(fullMs, leaveMs) });
    },
  };
}

interface Wait {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

// Waits for the client to read; one that does not is left, which its request notices like any other that went away.
async function untilEvent(
  response: ServerResponse,
  event: 'drain' | 'finish',
  { timeoutMs, signal }: Wait,
): Promise<void> {
  if (event === 'finish' && response.writableFinished) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const wake = (): void => resolve();
  const timer = setTimeout(() => response.destroy(), timeoutMs);
  response.once(event, wake).once('close', wake);
  signal?.addEventListener('abort', wake);
  await promise;
  clearTimeout(timer);
  response.off(event, wake).off('close', wake);
  signal?.removeEventListener('abort', wake);
}
