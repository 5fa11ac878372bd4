// How often requests of API v2 may come from one address. Each gateway counts for itself. Requests with an API key are left to the rate of that
// key: many workers may stand behind one address.
import { createBoundedCache } from '../../foundation/cache/bounded-cache.ts';
import type { Clock } from '../../foundation/clock.ts';
import { addressGroup } from '../core/address-group.ts';
import {
  accountAt,
  newAccount,
  type RateAccount,
  type Rates,
  refusing,
  spendOne,
  waitMs,
} from '../core/rate-account.ts';
import { type RatePolicy, rateFields, rateSentence } from '../core/rate-fields.ts';
import { type CountedRequest, overRate } from './caller-rates.ts';

/** Addresses that are remembered; what has not come for longest goes first. */
export const addressesMax = 100_000;

/** Where a request comes from, and with what. */
export interface AddressedRequest {
  /** Literal address. */
  readonly address: string;
  /** As it was sent; undefined when there was none. */
  readonly authorization: string | undefined;
}

/** Counts one request of an address; one that is refused takes nothing of the rate. */
export type CountAddress = (request: AddressedRequest) => CountedRequest;

/** What counting needs. */
export interface AddressRatesOptions {
  /** 0 for any number. */
  readonly perMinute: number;
  readonly clock: Clock;
  readonly onRefused: (policy: RatePolicy) => void;
}

/** A header with an API key, or with what could be one. */
const keyForm = /^\s*(?:Bearer\s+)?[0-9a-f]{64}\s*$/i;

const free: CountedRequest = { fields: {} };

/** Has counted nothing yet. */
export function createAddressRates({ perMinute, clock, onRefused }: AddressRatesOptions): CountAddress {
  if (perMinute === 0) return () => free;
  const rates: Rates = { window: { quota: perMinute, seconds: 60, ofAddress: true } };
  const accounts = createBoundedCache<RateAccount>({ weightMax: addressesMax, weightOf: () => 1 });
  return ({ address, authorization }) => {
    // Who sends something of that form that is no key is slowed down for wrong credentials.
    if (keyForm.test(authorization ?? '')) return free;
    const nowMs = clock();
    const sender = addressGroup(address);
    const account = accountAt(accounts.get(sender) ?? newAccount(rates, nowMs), rates, nowMs);
    if (refusing(account, rates) === undefined) {
      const after = spendOne(account, rates);
      accounts.set(sender, after);
      return { fields: rateFields(rates, after) };
    }
    onRefused('per-address');
    const refusal = overRate(rateSentence(rates, 'window'), waitMs(account, rates, 'window'), 'per-address');
    return { fields: rateFields(rates, account), refusal };
  };
}
