// How a process reaches PostgreSQL and how much of it it uses.
import type { Tracer } from '@opentelemetry/api';
import type { PoolObserver } from './pool-observer.ts';

/** Times are milliseconds; figures in brackets hold when a setting is absent. */
export interface PostgresOptions {
  /** `postgresql://user:password@host:port/database`, with `sslmode` and the like as the driver takes them. */
  readonly url: string;
  /** Shown in the server's session list. */
  readonly applicationName: string;
  /** The most connections that are ever open. */
  readonly sizeMax: number;
  /** Connections that stay open when idle; others are closed after 30 s [sizeMax]. */
  readonly sizeKept?: number;
  /** How long a caller waits for a connection before `unavailable`, whether the pool is exhausted or the server away. */
  readonly acquireTimeoutMs: number;
  /** The server gives up a statement after this long (Fault `deadline_exceeded`) [30,000]. */
  readonly statementTimeoutMs?: number;
  /** The server ends a session whose transaction is left idle for this long [300,000]. */
  readonly idleInTransactionTimeoutMs?: number;
  /** A connection is replaced after this long [3,600,000]. */
  readonly recycleMs?: number;
  /** Absent writes no spans. */
  readonly tracer?: Tracer | undefined;
  /** Absent counts nothing. */
  readonly observer?: PoolObserver | undefined;
  /** Told of a connection that broke while idle; the pool replaces it by itself. */
  readonly onError: (error: Error) => void;
}
