// The driver's pool, set up for us: where it connects to is asked anew for every connection, and its errors carry nothing along.
import { Client, type ClientConfig, Pool, type PoolClient } from 'pg';
import type { PoolObserver } from './pool-observer.ts';
import type { PostgresOptions } from './postgres-options.ts';

const idleTimeoutMs = 30_000;
const keepAliveDelayMs = 10_000;
const connectTimeoutMsMax = 30_000;

/** A pool whose next connection goes to what `currentUrl` answers at that moment. */
export function createDriverPool(options: PostgresOptions, currentUrl: () => string | undefined): Pool {
  class AddressedClient extends Client {
    constructor(config?: ClientConfig) {
      super({ ...config, connectionString: currentUrl() });
    }
  }
  return new Pool({
    Client: AddressedClient,
    application_name: options.applicationName,
    max: options.sizeMax,
    min: options.sizeKept ?? options.sizeMax,
    idleTimeoutMillis: options.idleTimeoutMs ?? idleTimeoutMs,
    connectionTimeoutMillis: Math.min(options.acquireTimeoutMs, connectTimeoutMsMax),
    maxLifetimeSeconds: (options.recycleMs ?? 3_600_000) / 1_000,
    statement_timeout: options.statementTimeoutMs ?? 30_000,
    idle_in_transaction_session_timeout: options.idleInTransactionTimeoutMs ?? 300_000,
    ...sessionOptions(options),
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveDelayMs,
    pipeline: true,
  });
}

function sessionOptions({ sessionSettings }: PostgresOptions): { readonly options?: string } {
  if (!sessionSettings) return {};
  const flags = Object.entries(sessionSettings).map(([name, value]) => `-c ${name}=${value}`);
  return { options: flags.join(' ') };
}

/** Follows open connections; the answer waits until none is left, which the pool's own end does not. */
export function followConnections(pool: Pool, observer: PoolObserver): () => Promise<void> {
  const open = new Set<unknown>();
  let onNone: () => void = () => undefined;
  pool.on('connect', (client) => {
    open.add(client);
    observer.connectionOpened();
  });
  pool.on('remove', (client) => {
    if (!open.delete(client)) return; // a connection that breaks while it is closed is removed twice
    observer.connectionClosed();
    if (open.size === 0) onNone();
  });
  return () =>
    new Promise((resolve) => {
      onNone = resolve;
      if (open.size === 0) resolve();
    });
}

/**
 * Hears of the loss of each connection for as long as it lives, and answers what it was lost to. The pool itself does not listen between
 * handing a connection out and its holder's first turn, and an `error` event that nobody hears would end the process.
 */
export function followLosses(pool: Pool): (client: PoolClient) => Error | undefined {
  const losses = new WeakMap<PoolClient, Error>();
  pool.on('connect', (client) => {
    client.on('error', (error) => {
      if (!losses.has(client)) losses.set(client, error);
    });
  });
  return (client) => losses.get(client);
}
