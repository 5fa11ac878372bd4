// The transport that services call each other by: deadline always, retries where safe, balanced over replicas, faults as Faults.
import { setTimeout as delay } from 'node:timers/promises';
import type { DescMethod } from '@bufbuild/protobuf';
import { MethodOptions_IdempotencyLevel as Idempotency } from '@bufbuild/protobuf/wkt';
import type { Transport } from '@connectrpc/connect';
import type { Tracer } from '@opentelemetry/api';
import type { Clock } from '../clock.ts';
import { Fault } from '../fault/fault.ts';
import { fromConnectError } from '../fault/fault-wire.ts';
import { createAddresses } from './addresses.ts';
import { type ClosableTransport, createBalancedTransport } from './balanced-transport.ts';
import { callSpan } from './call-span.ts';
import { retryDelayMs } from './retry-policy.ts';
import { wrapStream } from './wrap-stream.ts';

/** What a transport to one service is made of. */
export interface MeshTransportOptions {
  /** See {@link createAddresses}. */
  readonly target: string;
  readonly tracer: Tracer;
  readonly clock: Clock;
}

function isIdempotent(method: DescMethod): boolean {
  return method.idempotency === Idempotency.NO_SIDE_EFFECTS || method.idempotency === Idempotency.IDEMPOTENT;
}

interface RetryCall<T> {
  readonly method: DescMethod;
  readonly timeoutMs: number | undefined;
  readonly clock: Clock;
  readonly attempt: (remainingMs: number) => Promise<T>;
}

// Each attempt is given the time that is left, so that retries never outlive the caller's deadline.
async function withRetries<T>({ method, timeoutMs, clock, attempt }: RetryCall<T>): Promise<T> {
  if (timeoutMs === undefined) throw new Fault('internal', 'A call inside the mesh has no deadline');
  const deadlineMs = clock() + timeoutMs;
  const idempotent = isIdempotent(method);
  for (let tries = 1; ; tries += 1) {
    const remainingMs = deadlineMs - clock();
    if (remainingMs <= 0) throw new Fault('deadline_exceeded', 'The time for the call is up');
    try {
      return await attempt(remainingMs);
    } catch (error) {
      const waitMs = retryDelayMs({
        error,
        attempt: tries,
        idempotent,
        remainingMs: deadlineMs - clock(),
        random: Math.random(),
      });
      if (waitMs === undefined) throw fromConnectError(error);
      await delay(waitMs);
    }
  }
}

// An iterable that begins anew for each attempt.
function replayable<T>(items: readonly T[]): AsyncIterable<T> {
  return {
    async *[Symbol.asyncIterator]() {
      yield* items;
    },
  };
}

/** A transport to all replicas of one service. Calls throw Faults. Without a timeout a call is refused before it is sent. */
export function createMeshTransport({ target, tracer, clock }: MeshTransportOptions): ClosableTransport {
  const balanced = createBalancedTransport({
    addresses: createAddresses(target),
    interceptors: [callSpan(tracer)],
    clock,
  });
  const unary: Transport['unary'] = (method, signal, timeoutMs, header, input, values) =>
    withRetries({
      method,
      timeoutMs,
      clock,
      attempt: (remainingMs) => balanced.unary(method, signal, remainingMs, header, input, values),
    });
  const stream: Transport['stream'] = async (method, signal, timeoutMs, header, input, values) => {
    const requests =
      method.methodKind === 'server_streaming' ? replayable(await Array.fromAsync(input)) : input;
    const response = await withRetries({
      method,
      timeoutMs,
      clock,
      attempt: (remainingMs) => balanced.stream(method, signal, remainingMs, header, requests, values),
    });
    return { ...response, message: wrapStream(response.message, { onError: fromConnectError }) };
  };
  return { unary, stream, close: () => balanced.close() };
}
