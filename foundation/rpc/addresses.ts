// Where the replicas of a service are: a fixed list, or a name that is resolved again and again.
import { lookup } from 'node:dns/promises';

/** How often a name is resolved again, in milliseconds; up to a fifth more by chance, so that clients do not ask in step. */
export const resolveIntervalMs = 5_000;

/** The present addresses of a service. */
export interface Addresses {
  /** `host:port` of every replica known now; empty when none is. */
  current(): readonly string[];
  /** Resolves when the first resolution has been tried. */
  ready(): Promise<void>;
  /** Ends resolving. */
  close(): void;
}

/** A target is `host:port[,host:port…]` for fixed addresses, or `dns:///name:port` for all addresses of a name. */
export function createAddresses(target: string): Addresses {
  const name = /^dns:\/\/\/(.+):(\d+)$/.exec(target);
  if (!name?.[1] || !name[2]) return fixedAddresses(target.split(',').map((address) => address.trim()));
  return resolvedAddresses(name[1], name[2]);
}

function fixedAddresses(list: readonly string[]): Addresses {
  return { current: () => list, ready: () => Promise.resolve(), close: () => undefined };
}

// A failed resolution keeps the last known addresses: a name server that is away must not take the mesh with it.
function resolvedAddresses(host: string, port: string): Addresses {
  let known: readonly string[] = [];
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  const resolve = async (): Promise<void> => {
    try {
      const found = await lookup(host, { all: true });
      known = found
        .map(({ address, family }) => (family === 6 ? `[${address}]:${port}` : `${address}:${port}`))
        .sort();
    } catch {
      // Known addresses stay; calls to a service that was never found fail as unavailable.
    }
    if (closed) return;
    timer = setTimeout(resolve, resolveIntervalMs * (1 + Math.random() / 5));
    timer.unref();
  };
  const first = resolve();
  return {
    current: () => known,
    ready: () => first,
    close: () => {
      closed = true;
      clearTimeout(timer);
    },
  };
}
