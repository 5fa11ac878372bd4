// Where the replicas of a service are: a fixed list, or a name that is resolved again and again.
import { lookup } from 'node:dns/promises';

/** How often a name is resolved again, in milliseconds; up to a fifth more by chance, so that clients do not ask in step. */
export const resolveIntervalMs = 5_000;
/** How soon a name is resolved again that has no address yet or whose addresses fail, in milliseconds. */
export const resolveAgainMs = 500;

/** The present addresses of a service. */
export interface Addresses {
  /** `host:port` of every replica known now, each once; empty when none is. Another list whenever they change. */
  current(): readonly string[];
  /** Resolves when the first resolution has been tried. */
  ready(): Promise<void>;
  /** Asks for a resolution soon, because an address failed. Absent where there is nothing to resolve. */
  refresh?(): void;
  /** Ends resolving. */
  close(): void;
}

/**
 * A target is `host:port[,host:port…]` for fixed addresses, or `dns:///name:port` for all addresses of a name. Throws for anything
 * else.
 */
export function createAddresses(target: string): Addresses {
  const name = /^dns:\/\/\/([^/\s]+):(\d+)$/.exec(target);
  if (name?.[1] && name[2]) return resolvedAddresses(name[1], name[2]);
  const list = target.split(',').map((address) => address.trim());
  if (!list.every((address) => /^[^/\s]+:\d+$/.test(address)))
    throw new Error(`a target is host:port[,host:port…] or dns:///name:port, not ${target}`);
  return fixedAddresses([...new Set(list)]);
}

function fixedAddresses(list: readonly string[]): Addresses {
  return { current: () => list, ready: () => Promise.resolve(), close: () => undefined };
}

// A failed resolution keeps the last known addresses: a name server that is away must not take the mesh with it.
function resolvedAddresses(host: string, port: string): Addresses {
  let known: readonly string[] = [];
  let timer: NodeJS.Timeout | undefined;
  let resolving = false;
  let closed = false;
  let resolvedMs = 0;

  const resolve = async (): Promise<void> => {
    resolving = true;
    clearTimeout(timer);
    known = (await addressesOf(host, port)) ?? known;
    resolving = false;
    resolvedMs = performance.now();
    again(known.length > 0 ? resolveIntervalMs * (1 + Math.random() / 5) : resolveAgainMs);
  };
  const again = (afterMs: number): void => {
    clearTimeout(timer);
    if (!closed) timer = setTimeout(resolve, afterMs).unref();
  };
  const first = resolve();
  return {
    current: () => known,
    ready: () => first,
    refresh: () => {
      if (!resolving) again(Math.max(0, resolvedMs + resolveAgainMs - performance.now()));
    },
    close: () => {
      closed = true;
      clearTimeout(timer);
    },
  };
}

async function addressesOf(host: string, port: string): Promise<string[] | undefined> {
  try {
    const found = await lookup(host, { all: true });
    return found
      .map(({ address, family }) => (family === 6 ? `[${address}]:${port}` : `${address}:${port}`))
      .sort();
  } catch {
    // Calls to a service that was never found fail as unavailable.
    return undefined;
  }
}
