// The transport that services call each other by: deadline always, retries where safe, balanced over replicas, faults as Faults.
import type { ContextValues, Transport } from '@connectrpc/connect';
import { createContextValues } from '@connectrpc/connect';
import type { Tracer } from '@opentelemetry/api';
import type { Clock } from '../clock.ts';
import { callFault } from './abort-fault.ts';
import { type Addresses, createAddresses } from './addresses.ts';
import { type ClosableTransport, createBalancedTransport } from './balanced-transport.ts';
import { withRetries } from './call-retries.ts';
import { callSpan, retryCountKey } from './call-span.ts';
import { wrapStream } from './wrap-stream.ts';

/** What a transport to one service is made of. */
export interface MeshTransportOptions {
  /** A text for {@link createAddresses}, or addresses that come and go by other means. */
  readonly target: string | Addresses;
  readonly tracer: Tracer;
  readonly clock: Clock;
}

/**
 * A transport to all replicas of one service. Calls throw Faults. Without a timeout a call is refused before it is sent. A stream is tried
 * again only until its first headers have come.
 */
export function createMeshTransport({ target, tracer, clock }: MeshTransportOptions): ClosableTransport {
  const balanced = createBalancedTransport({
    addresses: typeof target === 'string' ? createAddresses(target) : target,
    interceptors: [callSpan(tracer)],
    clock,
  });
  const unary: Transport['unary'] = (method, signal, timeoutMs, header, input, values) =>
    withRetries({
      method,
      timeoutMs,
      signal,
      clock,
      attempt: (remainingMs, retryCount) =>
        balanced.unary(method, signal, remainingMs, header, input, countRetries(values, retryCount)),
    });
  const stream: Transport['stream'] = async (method, signal, timeoutMs, header, input, values) => {
    const requests =
      method.methodKind === 'server_streaming' ? replayable(await Array.fromAsync(input)) : input;
    const response = await withRetries({
      method,
      timeoutMs,
      signal,
      clock,
      attempt: (remainingMs, retryCount) =>
        balanced.stream(method, signal, remainingMs, header, requests, countRetries(values, retryCount)),
    });
    const onError = (error: unknown) => callFault(error, signal);
    return { ...response, message: wrapStream(response.message, { onError }) };
  };
  return { unary, stream, close: () => balanced.close() };
}

// The caller's values stay as they are, since several calls may share them.
function countRetries(
  values: ContextValues | undefined,
  retryCount: number | undefined,
): ContextValues | undefined {
  if (retryCount === undefined) return values;
  const base = values ?? createContextValues();
  const counted = createContextValues().set(retryCountKey, retryCount);
  const layered: ContextValues = {
    get: (key) => (key.id === retryCountKey.id ? counted.get(key) : base.get(key)),
    set: (key, value) => {
      base.set(key, value);
      return layered;
    },
    delete: (key) => {
      base.delete(key);
      return layered;
    },
  };
  return layered;
}

// An iterable that begins anew for each attempt.
function replayable<T>(items: readonly T[]): AsyncIterable<T> {
  return {
    async *[Symbol.asyncIterator]() {
      yield* items;
    },
  };
}
