// Spreads calls over all replicas of a service: one HTTP/2 connection for each address, the less busy of two, or always the same one for
// calls with a route key. A replica that cannot be reached is left out for a while.
import { setTimeout as delay } from 'node:timers/promises';
import { Code, ConnectError, type Interceptor, type Transport } from '@connectrpc/connect';
import type { Clock } from '../clock.ts';
import type { Addresses } from './addresses.ts';
import { routeKey } from './caller.ts';
import { chooseByKey, chooseByLoad } from './choose-replica.ts';
import { type ConnectedReplica, openReplica } from './connected-replica.ts';
import { connectionError } from './connection-failure.ts';

/** What a balanced transport is made of. */
export interface BalancedTransportOptions {
  readonly addresses: Addresses;
  /** Applied to each attempt on a replica. */
  readonly interceptors: Interceptor[];
  readonly clock: Clock;
}

/** A transport that owns connections. */
export interface ClosableTransport extends Transport {
  /** Closes every connection; calls under way fail, later ones are refused. */
  close(): void;
}

/** A transport over all replicas of one service. It throws ConnectErrors and tries nothing twice. */
export function createBalancedTransport(options: BalancedTransportOptions): ClosableTransport {
  const { addresses, clock } = options;
  const replicas = trackReplicas(options);
  let closed = false;

  function choose(key: string | undefined): ConnectedReplica {
    if (closed) throw new ConnectError('the transport is closed', Code.Canceled);
    const all = replicas.present();
    const allowed = all.filter((replica) => replica.allows(key !== undefined));
    const candidates = allowed.length > 0 ? allowed : all;
    const chosen = key === undefined ? chooseByLoad(candidates, Math.random) : chooseByKey(candidates, key);
    if (!chosen) throw connectionError('no replica of the service is known', { sent: false });
    return chosen;
  }

  // The time spent on learning the first addresses is part of the call's time.
  async function firstAddresses(signal?: AbortSignal, timeoutMs?: number): Promise<number | undefined> {
    const startedMs = clock();
    await withinTime(addresses.ready(), signal, timeoutMs);
    return timeoutMs === undefined ? undefined : Math.max(1, timeoutMs - (clock() - startedMs));
  }

  return {
    async unary(method, signal, timeoutMs, ...call) {
      const known = addresses.current().length > 0;
      const leftMs = known ? timeoutMs : await firstAddresses(signal, timeoutMs);
      return choose(call[2]?.get(routeKey)).transport.unary(method, signal, leftMs, ...call);
    },
    async stream(method, signal, timeoutMs, ...call) {
      const known = addresses.current().length > 0;
      const leftMs = known ? timeoutMs : await firstAddresses(signal, timeoutMs);
      return choose(call[2]?.get(routeKey)).transport.stream(method, signal, leftMs, ...call);
    },
    close() {
      closed = true;
      addresses.close();
      replicas.close();
    },
  };
}

// Keeps one replica open for each present address. One whose address is gone ends when its calls have ended.
function trackReplicas({ addresses, interceptors, clock }: BalancedTransportOptions) {
  const onConnectionFailure = (): void => addresses.refresh?.();
  const open = (address: string) => openReplica({ address, interceptors, clock, onConnectionFailure });
  let wanted: readonly string[] = [];
  let replicas: readonly ConnectedReplica[] = [];
  let leaving: readonly ConnectedReplica[] = [];

  function follow(): void {
    const known = new Map(replicas.map((replica) => [replica.address, replica]));
    replicas = wanted.map((address) => known.get(address) ?? open(address));
    const gone = [...known.values()].filter(({ address }) => !wanted.includes(address));
    for (const replica of gone) replica.leave();
    leaving = [...leaving, ...gone].filter(({ inFlight }) => inFlight > 0);
  }
  return {
    present(): readonly ConnectedReplica[] {
      const current = addresses.current();
      if (current !== wanted) {
        wanted = current;
        follow();
      }
      return replicas;
    },
    close(): void {
      for (const replica of [...replicas, ...leaving]) replica.close();
    },
  };
}

async function withinTime(ready: Promise<void>, signal?: AbortSignal, timeoutMs?: number): Promise<void> {
  const over = new AbortController();
  const ends = signal ? AbortSignal.any([signal, over.signal]) : over.signal;
  const expired = async (): Promise<never> => {
    await delay(timeoutMs ?? 2 ** 31 - 1, undefined, { signal: ends });
    throw new ConnectError('the addresses of the service are not known in time', Code.DeadlineExceeded);
  };
  try {
    await Promise.race([ready, expired()]);
  } finally {
    over.abort();
  }
}
