// The circuit breaker in front of a pool: while the database is away, calls fail at once instead of each waiting for a connection.

import { type Breaker, createBreaker } from '../breaker/breaker.ts';
import { type BreakerLimits, defaultBreakerLimits } from '../breaker/breaker-rules.ts';
import { monotonicMs } from '../clock.ts';
import { Fault } from '../fault/fault.ts';
import { PoolClosed, PoolExhausted } from './acquire-failure.ts';
import type { PostgresOptions } from './postgres-options.ts';

/**
 * The figures of a database. It stays open for 2 s and not the usual 60: asking a server for a connection costs it next to
 * nothing, and everything waits for it to be back.
 */
export const databaseBreakerLimits: BreakerLimits = {
  ...defaultBreakerLimits,
  resetMs: 2_000,
  forcedOpenMs: defaultBreakerLimits.resetMs,
};

/** A breaker that counts connections that could not be had. A pool that is exhausted or closed says nothing about its database. */
export function createPoolBreaker({ breaker = {}, nowMs = monotonicMs }: PostgresOptions): Breaker {
  const made = createBreaker({
    name: breaker.name ?? 'database',
    limits: { ...databaseBreakerLimits, ...breaker.limits },
    nowMs,
    refusal: 'The database is not available',
    isFailure: (error) => !(error instanceof Fault && isOfThePool(error.cause)),
    observer: breaker.observer,
  });
  breaker.onMade?.(made);
  return made;
}

function isOfThePool(cause: unknown): boolean {
  return cause instanceof PoolExhausted || cause instanceof PoolClosed;
}
