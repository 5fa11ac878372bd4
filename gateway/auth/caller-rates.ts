// How often each caller may come. This gateway judges at once, by the accounts that it keeps; what all replicas let through together is settled
// afterwards (`shared-rates.ts`).
import { daySeconds, type Rates, refusing, spendOne, waitMs } from '../core/rate-account.ts';
import { policyOf, type RatePolicy, rateFields, rateSentence } from '../core/rate-fields.ts';
import { HttpProblem } from '../http/http-problem.ts';
import type { CallerAccounts } from './caller-accounts.ts';
import type { Identity } from './identity.ts';

/** The rates that every user has. 0 switches one off. */
export interface UserRates {
  readonly perSecond: number;
  /** The most requests that are saved up; not less than `perSecond`. */
  readonly burst: number;
  /** By the day of UTC. */
  readonly perDay: number;
}

const keyWindowSeconds = 60;

/** A request that was counted. */
export interface CountedRequest {
  /** Of the answer, whatever it is. */
  readonly fields: Readonly<Record<string, string>>;
  /** Absent when the request may go on. */
  readonly refusal?: HttpProblem;
}

/** Counts one request of a caller; one that is refused takes nothing of any rate. */
export type CountRequest = (identity: Pick<Identity, 'principal' | 'key'>) => CountedRequest;

/** What counting needs. */
export interface CallerRatesOptions {
  readonly users: UserRates;
  readonly accounts: Pick<CallerAccounts, 'open' | 'keep'>;
  /** Told of each refusal. */
  readonly onRefused: (policy: RatePolicy) => void;
}

/** Counts users by these rates, and each API key by its own. */
export function createCallerRates({ users, accounts, onRefused }: CallerRatesOptions): CountRequest {
  const ofUsers = ratesOfUsers(users);
  return ({ principal: { tenantId, userId }, key }) => {
    const rates = key ? ratesOfKey(key.rateLimit) : ofUsers;
    if (!rates.bucket && !rates.window) return { fields: {} };
    const caller = { tenantId, caller: key ? `key:${key.keyId}` : `user:${userId}`, rates };
    const account = accounts.open(caller);
    const kind = refusing(account, rates);
    if (kind === undefined) {
      const after = spendOne(account, rates);
      accounts.keep(caller, after, true);
      return { fields: rateFields(rates, after) };
    }
    accounts.keep(caller, account, false);
    const policy = policyOf(rates, kind);
    onRefused(policy);
    const refusal = overRate(rateSentence(rates, kind), waitMs(account, rates, kind), policy);
    return { fields: rateFields(rates, account), refusal };
  };
}

/** The refusal of a request beyond a rate; it says which rate it is and when to come back. */
export function overRate(sentence: string, afterMs: number, policy: RatePolicy): HttpProblem {
  const seconds = Math.max(1, Math.ceil(afterMs / 1000));
  return new HttpProblem(429, sentence, {
    headers: { 'retry-after': String(seconds) },
    extensions: { violated_policies: [policy] },
  });
}

function ratesOfUsers({ perSecond, burst, perDay }: UserRates): Rates {
  return {
    ...(perSecond > 0 ? { bucket: { perSecond, burst } } : {}),
    ...(perDay > 0 ? { window: { quota: perDay, seconds: daySeconds } } : {}),
  };
}

function ratesOfKey(perMinute: number): Rates {
  return { window: { quota: perMinute, seconds: keyWindowSeconds } };
}
