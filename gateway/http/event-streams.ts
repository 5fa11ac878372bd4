// The event streams that are open on this gateway: each ends with its client, its credential or the gateway, and frees all that it holds.
// What is told on them is not its business.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../foundation/clock.ts';
import { asFault, Fault } from '../../foundation/fault/fault.ts';
import { traceIdOf } from '../../foundation/telemetry/propagation.ts';
import { commentFrame, eventFrame } from '../core/event-frame.ts';
import { problemBody } from '../core/problem.ts';
import { beginEventStream, type EventWriter } from './event-writer.ts';
import { publicError } from './public-error.ts';
import { type RequestScope, scopeOf } from './request-scope.ts';
import { pathOf } from './request-telemetry.ts';
import { createStreamPlaces } from './stream-places.ts';

/** Times of event streams, in milliseconds. */
export interface EventStreamTimes {
  /** An answer begins at the latest after this time, also when nothing is known of the stream yet. */
  readonly firstWordMs: number;
  /** Between two signs of life, with which the credential is looked at again. */
  readonly pingMs: number;
  /** How long a client may not read before its stream ends. */
  readonly fullMs: number;
}

/** The times of the API. */
export const eventStreamTimes: EventStreamTimes = { firstWordMs: 1_000, pingMs: 10_000, fullMs: 30_000 };

/** What is told on a stream, and to whom. */
export interface StreamedEvents {
  /** Whose streams are counted together. */
  readonly owner: string;
  /**
   * Opens the events: frames in order, an empty one for a stream that is there and has nothing to tell. It is asked for the next piece only
   * when the client has room, and rejects when the signal is aborted. No piece at all is answered 204; a fault before the first piece as any
   * other, and one after it, or one that comes too late for that, ends the stream with event `error`.
   */
  readonly follow: (signal: AbortSignal) => AsyncIterable<string>;
  /** The last frame once the pieces are over; absent for none. */
  readonly ending?: string;
  /** Fault `unauthenticated` or `permission_denied` when the client may not listen any more. */
  readonly recheck: () => Promise<unknown>;
}

/** Open streams. */
export interface EventStreams {
  /** Answers with a stream; resolves when it is over. */
  answer(request: FastifyRequest, reply: FastifyReply, events: StreamedEvents): Promise<FastifyReply>;
  /** Ends every stream and refuses those to come; clients go on elsewhere. */
  close(): Promise<void>;
}

interface OpenStream {
  readonly signal: AbortSignal;
  /** Ends it; the fault says why. */
  readonly abort: (fault: Fault) => void;
  readonly over: Promise<void>;
}

/** No open streams; each user may open `perUserMax`, 0 for any number. */
export function createEventStreams(options: {
  readonly perUserMax: number;
  readonly clock: Clock;
  readonly times?: EventStreamTimes | undefined;
}): EventStreams {
  const { perUserMax, clock, times = eventStreamTimes } = options;
  const places = createStreamPlaces(perUserMax);
  const open = new Set<OpenStream>();
  let closing = false;
  return {
    async answer(request, reply, events) {
      if (closing) throw goingAway();
      const givePlace = places.take(events.owner);
      const { promise: over, resolve: tellOver } = Promise.withResolvers<void>();
      const stream = { ...abortedWith(scopeOf(request)), over };
      open.add(stream);
      try {
        return await deliver({ request, reply, events, stream, times, clock });
      } finally {
        open.delete(stream);
        givePlace();
        tellOver();
      }
    },
    async close() {
      closing = true;
      const streams = [...open];
      for (const { abort } of streams) abort(goingAway());
      await Promise.all(streams.map(({ over }) => over));
    },
  };
}

function goingAway(): Fault {
  return new Fault('unavailable', 'This gateway is closing', { retryAfterMs: 1_000 });
}

// Follows the request: its client going away aborts with a fault that nobody gets to see.
function abortedWith({ signal: gone }: RequestScope): Pick<OpenStream, 'signal' | 'abort'> {
  const controller = new AbortController();
  const abort = (fault: Fault): void => controller.abort(fault);
  gone.addEventListener('abort', () => abort(new Fault('cancelled', 'The client went away')), { once: true });
  return { signal: controller.signal, abort };
}

interface Delivery {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly events: StreamedEvents;
  readonly stream: OpenStream;
  readonly times: EventStreamTimes;
  readonly clock: Clock;
}

async function deliver(delivery: Delivery): Promise<FastifyReply> {
  const { reply, events, stream, times } = delivery;
  const pieces = events.follow(stream.signal)[Symbol.asyncIterator]();
  try {
    const first = pieces.next();
    const isEmpty = await endsWithin(first, times.firstWordMs);
    stream.signal.throwIfAborted();
    if (isEmpty) return reply.code(204).send();
    await writeAll(delivery, first, pieces);
    return reply;
  } finally {
    stream.abort(new Fault('cancelled', 'The stream is over'));
    await pieces.return?.().catch(() => undefined); // what ends a stream that is over is nobody's news
  }
}

async function writeAll(
  delivery: Delivery,
  first: Promise<IteratorResult<string>>,
  pieces: AsyncIterator<string>,
): Promise<void> {
  const { request, reply, events, stream, times } = delivery;
  const { signal } = stream;
  reply.hijack();
  const head = { response: reply.raw, more: reply.getHeaders() };
  const writer = beginEventStream({ ...head, fullMs: times.fullMs, signal });
  const timer = setInterval(() => lookAfter(writer, delivery), times.pingMs);
  try {
    for (let step = await first; !step.done; step = await pieces.next()) {
      signal.throwIfAborted();
      if (step.value !== '') await writer.write(step.value);
    }
    if (events.ending !== undefined) await writer.write(events.ending);
    await writer.end();
  } catch (error) {
    if (!(error instanceof Fault)) scopeOf(request).brokenOff = error;
    await writer.leave(partingFrames(error, delivery));
  } finally {
    clearInterval(timer);
  }
}

// Nobody need know of a gateway that closes but who comes back; what ended the stream for another reason is told as a request would be.
function partingFrames(error: unknown, { request, stream, clock }: Delivery): string {
  const comment = commentFrame('the stream ends here; come back for the rest');
  if (stream.signal.aborted && !isRefusal(error)) return comment;
  const { status, sentence, violations, extensions } = publicError(error, true);
  const data = problemBody({
    status,
    detail: sentence,
    instance: pathOf(request),
    traceId: traceIdOf(scopeOf(request).context) ?? '',
    timestamp: new Date(clock()).toISOString(),
    violations,
    extensions,
  });
  return eventFrame({ name: 'error', data }) + comment;
}

function isRefusal(error: unknown): boolean {
  const { reason } = asFault(error);
  return reason === 'unauthenticated' || reason === 'permission_denied';
}

/** True when it is known in this time that there is no first piece; rejects when that fails in this time. */
async function endsWithin(first: Promise<IteratorResult<string>>, timeoutMs: number): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<false>();
  const timer = setTimeout(() => resolve(false), timeoutMs);
  try {
    return await Promise.race([first.then(({ done = false }) => done), late]);
  } finally {
    clearTimeout(timer);
  }
}

// A credential that cannot be looked at just now has not ended.
function lookAfter(writer: EventWriter, { events, stream }: Delivery): void {
  writer.ping();
  events.recheck().catch((error: unknown) => {
    if (isRefusal(error)) stream.abort(asFault(error));
  });
}
