// How a process reaches PostgreSQL and how much of it it uses.
import type { Tracer } from '@opentelemetry/api';
import type { Breaker, BreakerObserver } from '../breaker/breaker.ts';
import type { BreakerLimits } from '../breaker/breaker-rules.ts';
import type { HeldLimits } from './held-connections.ts';
import type { PoolObserver } from './pool-observer.ts';

/** The breaker of a pool. */
export interface PoolBreakerOptions {
  /** [database] */
  readonly name?: string;
  readonly limits?: Partial<BreakerLimits>;
  readonly observer?: BreakerObserver;
  /** Given the breaker, such as to list it. */
  readonly onMade?: ((breaker: Breaker) => void) | undefined;
}

/** Times are milliseconds; figures in brackets hold when a setting is absent. */
export interface PostgresOptions {
  /**
   * `postgresql://user:password@host:port/database`, with `sslmode` and the like as the driver takes them; or how to find it
   * out, which is asked at first use and again when the server refuses the password.
   */
  readonly url: string | (() => Promise<string>);
  /** Shown in the server's session list. */
  readonly applicationName: string;
  /** The most connections that are ever open. */
  readonly sizeMax: number;
  /** Connections that stay open when idle [sizeMax]. */
  readonly sizeKept?: number;
  /** When idle connections beyond `sizeKept` are closed [30,000]. */
  readonly idleTimeoutMs?: number;
  /** How long a caller waits for a connection before `unavailable`, whether the pool is exhausted or the server away; opening one never takes over 30 s. */
  readonly acquireTimeoutMs: number;
  /** The server gives up a statement after this long (Fault `deadline_exceeded`) [30,000]. */
  readonly statementTimeoutMs?: number;
  /** Settings of every session, such as those of the planner, by name; names and values without spaces. */
  readonly sessionSettings?: Readonly<Record<string, string>> | undefined;
  /** The server ends a session whose transaction is left idle for this long [300,000]. */
  readonly idleInTransactionTimeoutMs?: number;
  /** A connection is replaced after this long [3,600,000]. */
  readonly recycleMs?: number;
  /** When a connection that does not come back is reported and closed [1 and 5 minutes]. */
  readonly held?: HeldLimits | undefined;
  /** How long an idle connection may take to show that it still reaches the server before it is replaced [2,000]. */
  readonly answerTimeoutMs?: number;
  /** A clock that does not go back [the process's own]. */
  readonly nowMs?: () => number;
  /** The circuit breaker in front of the pool; each figure has a default of `databaseBreakerLimits`. */
  readonly breaker?: PoolBreakerOptions | undefined;
  /** Absent writes no spans. */
  readonly tracer?: Tracer | undefined;
  /** Absent counts nothing. */
  readonly observer?: PoolObserver | undefined;
  /** Told of a connection that broke while idle, as the observer is; the pool replaces it by itself. */
  readonly onError?: (error: Error) => void;
}
