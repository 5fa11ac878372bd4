// One replica as the balancer holds it: its transport, the calls under way on it and whether more may go there.
import type { Interceptor, Transport } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-node';
import type { Clock } from '../clock.ts';
import { fromConnectError } from '../fault/fault-wire.ts';
import type { Replica } from './choose-replica.ts';
import { asConnectionError, connectionFailureOf } from './connection-failure.ts';
import { createEjection } from './ejection.ts';
import { createReplicaSession } from './replica-session.ts';
import { createUnaryTransport } from './unary-transport.ts';
import { wrapStream } from './wrap-stream.ts';

/** A replica that calls can be sent to. */
export interface ConnectedReplica extends Replica {
  readonly transport: Transport;
  /** Whether a call may be sent there now. */
  allows(keyed: boolean): boolean;
  /** Closes the connection when the calls under way have ended. */
  leave(): void;
  /** Closes the connection at once; calls under way fail. */
  close(): void;
}

/** What a replica is opened with. */
export interface ReplicaOptions {
  /** `host:port`. */
  readonly address: string;
  /** Applied to each call. */
  readonly interceptors: readonly Interceptor[];
  readonly clock: Clock;
  /** Told of each failure of the connection. */
  readonly onConnectionFailure: () => void;
}

/** A replica; its connection is opened by the first call. */
export function openReplica(options: ReplicaOptions): ConnectedReplica {
  const { address, interceptors, clock, onConnectionFailure } = options;
  const baseUrl = `http://${address}`;
  const session = createReplicaSession(baseUrl);
  const ejection = createEjection(clock);
  let inFlight = 0;
  let justEnded = 0;
  let leaving = false;

  const begin = (): void => {
    inFlight += 1;
  };
  const forget = (): void => {
    justEnded = 0;
  };
  const end = (error: unknown, signal: AbortSignal): void => {
    inFlight -= 1;
    if (justEnded === 0) setImmediate(forget);
    justEnded += 1;
    const failure = connectionFailureOf(error);
    if (error !== undefined && fromConnectError(error).reason === 'unavailable') ejection.failed(!failure);
    else if (!signal.aborted) ejection.succeeded();
    if (failure) onConnectionFailure();
    if (leaving && inFlight === 0) session.close();
  };
  // The innermost interceptor watches the connection, so that all others see what it makes of an error.
  const watched = [...interceptors, watchCalls({ begin, end })];
  return {
    address,
    get inFlight() {
      return inFlight;
    },
    get justEnded() {
      return justEnded;
    },
    transport: {
      ...createUnaryTransport(session, watched),
      stream: createConnectTransport({
        baseUrl,
        httpVersion: '2',
        sessionManager: session,
        interceptors: watched,
        acceptCompression: [],
      }).stream,
    },
    allows: (keyed) => ejection.allows({ inFlight, keyed }),
    leave: () => {
      leaving = true;
      if (inFlight === 0) session.close();
    },
    close: () => session.close(),
  };
}

interface CallWatch {
  readonly begin: () => void;
  readonly end: (error: unknown, signal: AbortSignal) => void;
}

function watchCalls({ begin, end }: CallWatch): Interceptor {
  return (next) => async (request) => {
    const { signal } = request;
    const onError = (error: unknown) => (signal.aborted ? error : asConnectionError(error));
    const onEnd = (error: unknown) => end(error, signal);
    begin();
    try {
      const response = await next(request);
      if (response.stream)
        return { ...response, message: wrapStream(response.message, { onError, onEnd, signal }) };
      onEnd(undefined);
      return response;
    } catch (error) {
      const failure = onError(error);
      onEnd(failure);
      throw failure;
    }
  };
}
