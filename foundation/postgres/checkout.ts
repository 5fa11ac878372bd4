// Where connections come from: the driver's pool, watched for leaks, with its errors made Faults.
import { Pool, type PoolClient } from 'pg';
import { type Connection, createConnection } from './connection.ts';
import { databaseUnavailable, sqlState } from './database-fault.ts';
import { createHeldConnections } from './held-connections.ts';
import { silentObserver } from './pool-observer.ts';
import type { PostgresOptions } from './postgres-options.ts';
import { createStatementTracing } from './statement-span.ts';

const idleTimeoutMs = 30_000;
const keepAliveDelayMs = 10_000;
const sweepMs = 5_000;

/** Hands out connections, each to one holder at a time. */
export interface Checkout {
  /** Waits for a free connection. Throws Fault `unavailable` when none comes in time. */
  acquire(): Promise<Connection>;
  /** Waits until every connection is back, then until every one is closed. Waiters and newcomers are refused. */
  close(): Promise<void>;
}

/** A pool that opens connections as they are needed. */
export function createCheckout(options: PostgresOptions): Checkout {
  const { observer = silentObserver, onError } = options;
  const pool = new Pool(poolConfig(options));
  const held = createHeldConnections(() => performance.now(), observer.connectionHeld);
  const sweeping = setInterval(held.sweep, sweepMs).unref();
  const shared = { traced: createStatementTracing(options), observer };
  const untilClosed = followConnections(pool, observer);
  pool.on('error', (error) => {
    Reflect.deleteProperty(error, 'client'); // the driver hangs the whole connection on it, which no log should hold
    observer.connectionFailed(failureType(error));
    onError(error);
  });
  const acquire = async (): Promise<Connection> => {
    const client = await pool.connect().catch((error: unknown): PoolClient => {
      observer.connectionFailed(failureType(error));
      throw databaseUnavailable(error);
    });
    const connection = createConnection(client, shared);
    const unwatch = held.watch(connection.breakOff);
    observer.connectionsActive(held.count());
    const release = (): void => {
      unwatch();
      observer.connectionsActive(held.count());
      connection.release();
    };
    return { ...connection, release };
  };
  const close = async (): Promise<void> => {
    await pool.end();
    clearInterval(sweeping);
    await untilClosed();
  };
  return { acquire, close };
}

/** Counts open connections; the answer waits until none is left, which the pool's own end does not. */
function followConnections(
  pool: Pool,
  observer: PostgresOptions['observer'] = silentObserver,
): () => Promise<void> {
  let open = 0;
  let onNone: () => void = () => undefined;
  pool.on('connect', () => {
    open += 1;
    observer.connectionOpened();
  });
  pool.on('remove', () => {
    open -= 1;
    observer.connectionClosed();
    if (open === 0) onNone();
  });
  return () =>
    new Promise((resolve) => {
      onNone = resolve;
      if (open === 0) resolve();
    });
}

/** Why no connection could be had, for metrics. */
function failureType(error: unknown): string {
  const { code } = error as { code?: unknown };
  return sqlState(error) ?? (typeof code === 'string' ? code : 'timeout');
}

function poolConfig(options: PostgresOptions): ConstructorParameters<typeof Pool>[0] {
  return {
    connectionString: options.url,
    application_name: options.applicationName,
    max: options.sizeMax,
    min: options.sizeKept ?? options.sizeMax,
    idleTimeoutMillis: idleTimeoutMs,
    connectionTimeoutMillis: options.acquireTimeoutMs,
    maxLifetimeSeconds: (options.recycleMs ?? 3_600_000) / 1_000,
    statement_timeout: options.statementTimeoutMs ?? 30_000,
    idle_in_transaction_session_timeout: options.idleInTransactionTimeoutMs ?? 300_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveDelayMs,
    pipeline: true,
  };
}
