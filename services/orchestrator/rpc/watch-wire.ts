// What watchers are told, as messages of the mesh, and how their streams end.
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { HandlerContext } from '@connectrpc/connect';
import { Fault } from '../../../foundation/fault/fault.ts';
import type { FeedText } from '../core/feed-item.ts';
import { jobIdOf } from '../core/public-id.ts';
import type { StreamEvent, StreamSubject } from '../core/stream-event.ts';
import type { ManyStep } from '../engine/watch/watch-hub.ts';
import { kinds } from './wire.ts';

/** A step of a stream. */
export function toldWire(step: ManyStep) {
  switch (step.type) {
    case 'event':
      return { case: 'event' as const, value: eventWire(step.subject, step.event) };
    case 'text':
      return { case: 'token' as const, value: textWire(step.text) };
    case 'alive':
      return { case: 'alive' as const, value: {} };
  }
}

function eventWire({ id, kind, subjectId, sessionId = '', userId }: StreamSubject, event: StreamEvent) {
  const { seq, atMs, ...rest } = event;
  return {
    ...rest,
    jobId: jobIdOf(id),
    seq: BigInt(seq),
    timestamp: timestampFromMs(atMs),
    kind: kinds[kind],
    queryId: kind === 'query' || kind === 'management' ? subjectId : '',
    incidentId: kind === 'ingest' ? subjectId : '',
    sessionId,
    userId,
  };
}

function textWire({ executionId, taskId, attempt, offset, text }: FeedText) {
  return { jobId: jobIdOf(executionId), taskId, attempt, offset: BigInt(offset), text };
}

/** What a stream ends by. */
export interface StreamEnd {
  readonly context: Pick<HandlerContext, 'signal'>;
  /** Aborted when the service goes. */
  readonly draining: AbortSignal;
}

/** The signal that ends a stream from outside. */
export function endSignal({ context, draining }: StreamEnd): AbortSignal {
  return AbortSignal.any([context.signal, draining]);
}

/** Throws what ended a stream from outside, so that it does not look as if nothing were left. */
export function throwIfCut({ context, draining }: StreamEnd): void {
  if (context.signal.aborted) throw context.signal.reason;
  if (draining.aborted) {
    throw new Fault('unavailable', 'The replica is going away; go on at another one', { retryAfterMs: 100 });
  }
}
