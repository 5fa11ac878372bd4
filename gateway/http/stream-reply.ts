// Answers that are sent piece by piece, as fast as the client reads. One that breaks off ends the connection without the end of the body, so
// that nobody takes a part for the whole.
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { scopeOf } from './request-scope.ts';

/** Bytes that are kept ready for a client that does not read, unless a route says otherwise. */
const readyBytesDefault = 64 * 1024;

/** A body that is made while it is sent. */
export interface StreamedBody {
  readonly contentType: string;
  /** Texts in order. What makes them is ended (`return`) when the client goes away. */
  readonly pieces: AsyncIterable<string>;
  /** Bytes to keep ready for a client that does not read; absent means 64 KiB. */
  readonly readyBytes?: number;
}

/** Sends the body. A failure before the first piece is answered as every other one. */
export function sendStreamed(
  request: FastifyRequest,
  reply: FastifyReply,
  { contentType, pieces, readyBytes = readyBytesDefault }: StreamedBody,
): FastifyReply {
  const options = { objectMode: false, highWaterMark: readyBytes };
  return reply.type(contentType).send(Readable.from(noting(request, pieces), options));
}

// Once headers are out nobody is told of a failure but the client, by the missing end; so the request remembers it.
async function* noting(request: FastifyRequest, pieces: AsyncIterable<string>): AsyncGenerator<string> {
  try {
    yield* pieces;
  } catch (error) {
    const scope = scopeOf(request);
    if (!scope.signal.aborted && !request.raw.readableAborted) scope.brokenOff = error;
    throw error;
  }
}

/** The same pieces, of which the first is made before this resolves; so a failure until then is not one in the middle. */
export async function begun<T>(pieces: AsyncIterable<T>): Promise<AsyncIterable<T>> {
  const source = pieces[Symbol.asyncIterator]();
  const first = await source.next();
  return rest(first, source);
}

async function* rest<T>(first: IteratorResult<T>, source: AsyncIterator<T>): AsyncGenerator<T> {
  try {
    for (let step = first; !step.done; step = await source.next()) yield step.value;
  } finally {
    await source.return?.();
  }
}
