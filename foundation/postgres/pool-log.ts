// What a pool writes to the log besides being measured: leaks with their call site, why connections fail, and when a database is
// given up and had again. Not each failed call, which would fill the log while a database is away.
import type { BreakerObserver } from '../breaker/breaker.ts';
import type { Log } from '../telemetry/log.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { ConnectionPlace } from './connection-place.ts';
import { createPoolMetrics } from './pool-metrics.ts';
import type { PoolObserver } from './pool-observer.ts';
import type { OnFallback } from './read-replica.ts';

/** How often at most the log repeats the same kind of trouble. */
export const troubleLogMs = 10_000;

/** Which pool is logged, and where. */
export interface LoggedPool {
  readonly log: Log;
  readonly metrics: Metrics;
  /** The label of its metrics. */
  readonly pool: string;
  /** Connections that it may have. */
  readonly connectionsMax: number;
  readonly nowMs: () => number;
  /** Where its connections go; undefined before that was found out. */
  readonly place: () => ConnectionPlace | undefined;
  /** How long a connection is waited for, in milliseconds. */
  readonly acquireTimeoutMs: number;
}

/** The observer of one pool: everything measured, leaks logged as errors, failed connections as warnings. */
export function loggedPool({
  log,
  metrics,
  pool,
  connectionsMax,
  nowMs,
  ...where
}: LoggedPool): PoolObserver {
  const measured = createPoolMetrics(metrics, pool, connectionsMax);
  const mayLog = createThrottle(nowMs);
  return {
    ...measured,
    connectionHeld: (held) => {
      measured.connectionHeld(held);
      const { heldMs, callSite, closed } = held;
      const fields = { pool, held_ms: Math.round(heldMs), call_site: callSite, closed };
      log.error(fields, 'A database connection is held for too long');
    },
    connectionFailed: (type, cause) => {
      measured.connectionFailed(type, cause);
      if (!mayLog(type)) return;
      const place = { ...where.place(), timeout_ms: where.acquireTimeoutMs };
      log.warn({ pool, error_type: type, ...place, err: cause }, 'A connection to the database failed');
    },
  };
}

/** Logs when the breaker of a database begins or ceases to refuse calls. */
export function loggedBreaker(log: Log, measured: BreakerObserver): BreakerObserver {
  return (name, to, from) => {
    measured(name, to, from);
    if (to === 'open' && from === 'closed') log.error({ breaker: name }, 'The database is away');
    if (to === 'closed' && from !== undefined) log.info({ breaker: name }, 'The database is back');
  };
}

/** Counts reads that fall back to the primary, and logs the first of any ten seconds. */
export function loggedFallbacks(
  { log, nowMs }: Pick<LoggedPool, 'log' | 'nowMs'>,
  count: () => void,
): OnFallback {
  const mayLog = createThrottle(nowMs);
  return (error) => {
    count();
    if (mayLog('fallback')) log.warn({ err: error }, 'The read replica does not answer: the primary does');
  };
}

/** True for the first of each kind, and then once `troubleLogMs` later. Kinds are few closed words. */
function createThrottle(nowMs: () => number): (kind: string) => boolean {
  const loggedMs = new Map<string, number>();
  return (kind) => {
    const lastMs = loggedMs.get(kind);
    if (lastMs !== undefined && nowMs() - lastMs < troubleLogMs) return false;
    loggedMs.set(kind, nowMs());
    return true;
  };
}
