// How many requests each API key has made within its minute. The count is this process's own: several replicas allow that many each.
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { Fault } from '../../foundation/fault/fault.ts';
import type { KeyGrant } from '../core/route-access.ts';

const windowS = 60;

/** Where a key stands within its minute, which begins with its first request. */
export interface KeyRate {
  /** Requests a minute. */
  readonly limit: number;
  /** Requests that are left. */
  readonly remaining: number;
  /** Whole seconds until the minute is over. */
  readonly resetS: number;
}

/** Counts the requests of keys. */
export interface KeyRates {
  /** Counts one request. */
  count(key: KeyGrant): Promise<KeyRate & { readonly isOver: boolean }>;
}

/** A counter that has seen no key. What it keeps of a key goes with the key's minute. */
export function createKeyRates(): KeyRates {
  // Each key has a rate of its own, so the library counts and does not judge: `penalty` adds one and refuses nothing.
  const counter = new RateLimiterMemory({ points: 1, duration: windowS });
  return {
    async count({ keyId, rateLimit }) {
      const { consumedPoints, msBeforeNext } = await counter.penalty(keyId);
      return {
        limit: rateLimit,
        remaining: Math.max(rateLimit - consumedPoints, 0),
        resetS: Math.max(Math.ceil(msBeforeNext / 1000), 1),
        isOver: consumedPoints > rateLimit,
      };
    },
  };
}

/** The refusal of a request beyond the rate; it says when to come back. */
export function overRate({ limit, resetS }: KeyRate): Fault {
  return new Fault('resource_exhausted', `This API key may make ${limit} requests a minute`, {
    retryAfterMs: resetS * 1000,
  });
}

/** The `RateLimit-*` headers of an answer. */
export function rateHeaders({ limit, remaining, resetS }: KeyRate): Readonly<Record<string, string>> {
  return {
    'ratelimit-limit': String(limit),
    'ratelimit-remaining': String(remaining),
    'ratelimit-reset': String(resetS),
  };
}
