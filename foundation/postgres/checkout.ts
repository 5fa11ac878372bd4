// Where connections come from: the driver's pool, tested and watched for leaks, with its errors made Faults.
import type { PoolClient } from 'pg';
import { monotonicMs } from '../clock.ts';
import {
  AcquireTimeout,
  type FailedAcquire,
  failureOf,
  PoolClosed,
  PoolExhausted,
} from './acquire-failure.ts';
import { type Connection, createConnection } from './connection.ts';
import { databaseUnavailable, isRefusedPassword } from './database-fault.ts';
import { createDatabaseLogin } from './database-login.ts';
import { createDriverPool, followConnections, followLosses } from './driver-pool.ts';
import { createHeldConnections } from './held-connections.ts';
import { createLiveness } from './liveness.ts';
import { silentObserver } from './pool-observer.ts';
import type { PostgresOptions } from './postgres-options.ts';
import { createStatementTracing } from './statement-span.ts';

const sweepMsMax = 5_000;

/** How many connections there are. */
export interface PoolFigures {
  /** How many stay open when idle. */
  readonly kept: number;
  /** Open ones that nobody uses. */
  readonly idle: number;
  /** Those that are checked out. */
  readonly inUse: number;
  /** Closed so far because they were found broken. */
  readonly broken: number;
}

/** Hands out connections, each to one holder at a time. */
export interface Checkout {
  /** Waits for a free connection that answers. Throws Fault `unavailable` when none comes in time. */
  acquire(): Promise<Connection>;
  /** How things are now; asks nobody. */
  figures(): PoolFigures;
  /** Waits until every connection is back, then until every one is closed. Waiters and newcomers are refused. */
  close(): Promise<void>;
}

/** A pool that opens connections as they are needed. */
export function createCheckout(options: PostgresOptions): Checkout {
  const { observer = silentObserver, sizeMax, nowMs = monotonicMs } = options;
  const held = createHeldConnections(nowMs, observer.connectionHeld, options.held);
  const sweeping = setInterval(held.sweep, Math.min(sweepMsMax, held.limits.reportMs)).unref();
  const { open, close, figures } = createOpening(options);
  const acquire = async (): Promise<Connection> => {
    const taken = new Error('taken'); // before anything is waited for: its stack still holds the caller
    const connection = await open().catch((error: unknown): never => {
      const exhausted = error instanceof AcquireTimeout && held.count() >= sizeMax;
      throw failed(options, failureOf(exhausted ? new PoolExhausted(sizeMax, error) : error));
    });
    const unwatch = held.watch(connection.breakOff, taken);
    observer.connectionsActive(held.count());
    const release = (): void => {
      unwatch();
      observer.connectionsActive(held.count());
      connection.release();
    };
    return { ...connection, release };
  };
  return {
    acquire,
    figures: () => ({ ...figures(), inUse: held.count() }),
    close: async () => {
      await close();
      clearInterval(sweeping);
    },
  };
}

/** Opens connections, or takes idle ones that still answer, under the login that holds. */
function createOpening(options: PostgresOptions) {
  const { observer = silentObserver, onError, acquireTimeoutMs, nowMs = monotonicMs } = options;
  const login = createDatabaseLogin(options.url);
  const pool = createDriverPool(options, login.current);
  const untilClosed = followConnections(pool, observer);
  const liveness = createLiveness(nowMs, options.answerTimeoutMs);
  let broken = 0;
  pool.on('connect', liveness.used);
  const traced = createStatementTracing(login.current, options.tracer);
  const shared = { traced, observer, lossOf: followLosses(pool) };
  pool.on('error', (error) => {
    broken += 1;
    Reflect.deleteProperty(error, 'client'); // the driver hangs the whole connection on it, which no log should hold
    observer.connectionFailed(failureOf(error).type, error);
    onError?.(error);
  });
  const connect = async (): Promise<PoolClient> => {
    await login.ready();
    if (pool.ending) throw new PoolClosed();
    const used = login.current();
    try {
      return await pool.connect();
    } catch (error) {
      if (!isRefusedPassword(error) || !(await login.renew(used))) throw error;
      return await pool.connect();
    }
  };
  const open = async (): Promise<Connection> => {
    const untilMs = nowMs() + acquireTimeoutMs;
    for (;;) {
      const client = await beforeTime(connect, untilMs - nowMs());
      const connection = createConnection(client, shared);
      if (!connection.isLost() && (await liveness.isFit(client, connection))) {
        const release = (): void => {
          if (connection.isLost()) broken += 1;
          liveness.used(client);
          connection.release();
        };
        return { ...connection, release };
      }
      broken += 1;
      connection.discard();
    }
  };
  const close = async (): Promise<void> => {
    await pool.end();
    await untilClosed();
  };
  const kept = options.sizeKept ?? options.sizeMax;
  const figures = () => ({ kept, idle: pool.idleCount, broken });
  return { open, close, figures };
}

function failed({ observer }: PostgresOptions, { type, cause }: FailedAcquire): Error {
  if (!(cause instanceof PoolClosed)) observer?.connectionFailed(type, cause);
  return databaseUnavailable(cause);
}

/** A connection that comes too late for its caller goes back at once. */
async function beforeTime(connect: () => Promise<PoolClient>, leftMs: number): Promise<PoolClient> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  // Made before the driver's own timer of the same length, so that it is the one that fires.
  const timer = setTimeout(() => reject(new AcquireTimeout()), leftMs);
  const connecting = connect();
  try {
    return await Promise.race([connecting, late]);
  } catch (error) {
    if (error instanceof AcquireTimeout) connecting.then((client) => client.release()).catch(() => undefined);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
