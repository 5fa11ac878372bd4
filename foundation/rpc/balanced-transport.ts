// Spreads calls over all replicas of a service: one HTTP/2 connection for each address, the less busy of two, or always the same one for
// calls with a route key. A replica that cannot be reached is left out for a while.
import {
  Code,
  ConnectError,
  type Interceptor,
  type StreamResponse,
  type Transport,
} from '@connectrpc/connect';
import { createConnectTransport, Http2SessionManager } from '@connectrpc/connect-node';
import type { Clock } from '../clock.ts';
import type { Addresses } from './addresses.ts';
import { routeKey } from './caller.ts';
import { chooseByKey, chooseByLoad } from './choose-replica.ts';
import { wrapStream } from './wrap-stream.ts';

const ejectMsMin = 200;
const ejectMsMax = 10_000;
const pingIntervalMs = 15_000;
const pingTimeoutMs = 5_000;

/** What a balanced transport is made of. */
export interface BalancedTransportOptions {
  readonly addresses: Addresses;
  /** Applied to each attempt on a replica. */
  readonly interceptors: Interceptor[];
  readonly clock: Clock;
}

/** A transport that owns connections. */
export interface ClosableTransport extends Transport {
  /** Closes every connection; calls under way fail. */
  close(): void;
}

interface Endpoint {
  readonly address: string;
  readonly transport: Transport;
  readonly session: Http2SessionManager;
  inFlight: number;
  ejectedUntilMs: number;
  ejectMs: number;
}

function openEndpoint(address: string, interceptors: Interceptor[]): Endpoint {
  const baseUrl = `http://${address}`;
  const session = new Http2SessionManager(baseUrl, { pingIntervalMs, pingTimeoutMs });
  const transport = createConnectTransport({
    baseUrl,
    httpVersion: '2',
    sessionManager: session,
    interceptors,
    acceptCompression: [],
  });
  return { address, transport, session, inFlight: 0, ejectedUntilMs: 0, ejectMs: 0 };
}

/** A transport over all replicas of one service. */
export function createBalancedTransport({
  addresses,
  interceptors,
  clock,
}: BalancedTransportOptions): ClosableTransport {
  const endpoints = new Map<string, Endpoint>();

  function present(): Endpoint[] {
    const wanted = addresses.current();
    for (const [address, endpoint] of endpoints) {
      if (wanted.includes(address) || endpoint.inFlight > 0) continue;
      endpoint.session.abort();
      endpoints.delete(address);
    }
    return wanted.map((address) => {
      const endpoint = endpoints.get(address) ?? openEndpoint(address, interceptors);
      endpoints.set(address, endpoint);
      return endpoint;
    });
  }

  async function choose(key: string | undefined): Promise<Endpoint> {
    await addresses.ready();
    const all = present();
    const healthy = all.filter(({ ejectedUntilMs }) => ejectedUntilMs <= clock());
    const candidates = healthy.length > 0 ? healthy : all;
    const chosen = key === undefined ? chooseByLoad(candidates, Math.random) : chooseByKey(candidates, key);
    if (!chosen) throw new ConnectError('no replica of the service is known', Code.Unavailable);
    return chosen;
  }

  function begin(endpoint: Endpoint): (error: unknown) => void {
    endpoint.inFlight += 1;
    return (error) => {
      endpoint.inFlight -= 1;
      if (error !== undefined && ConnectError.from(error).code === Code.Unavailable) {
        endpoint.ejectMs = Math.min(Math.max(endpoint.ejectMs * 2, ejectMsMin), ejectMsMax);
        endpoint.ejectedUntilMs = clock() + endpoint.ejectMs;
      } else endpoint.ejectMs = 0;
    };
  }

  return {
    async unary(...call) {
      const endpoint = await choose(call[5]?.get(routeKey));
      const end = begin(endpoint);
      try {
        const response = await endpoint.transport.unary(...call);
        end(undefined);
        return response;
      } catch (error) {
        end(error);
        throw error;
      }
    },
    async stream(...call) {
      const endpoint = await choose(call[5]?.get(routeKey));
      const end = begin(endpoint);
      try {
        const response = await endpoint.transport.stream(...call);
        return {
          ...response,
          message: wrapStream(response.message, { onEnd: end }),
        } satisfies StreamResponse;
      } catch (error) {
        end(error);
        throw error;
      }
    },
    close() {
      addresses.close();
      for (const { session } of endpoints.values()) session.abort();
      endpoints.clear();
    },
  };
}
