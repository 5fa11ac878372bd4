// Slows down who tries credentials: an address that sent too many wrong ones within a minute is not answered about new ones. Credentials that were
// right before pass, so that nobody is shut out by a neighbour behind the same address. Each gateway counts for itself.
import { hash as digest } from 'node:crypto';
import { createBoundedCache } from '../../foundation/cache/bounded-cache.ts';
import type { Clock } from '../../foundation/clock.ts';
import { addressGroup } from '../core/address-group.ts';
import { accountAt, newAccount, type RateAccount, refusing, spendOne, waitMs } from '../core/rate-account.ts';
import { overRate } from './caller-rates.ts';

/** Addresses, and right credentials, that are remembered; what was not used for longest goes first. */
const rememberedMax = 10_000;

/** Judges before a credential is looked at. */
export interface CredentialGuard {
  /** Throws the refusal when this address has sent too many wrong credentials and this one has not been right before. */
  check(address: string, credential: string): void;
  /** The credential is right. */
  right(credential: string): void;
  /** The credential of this address is wrong. */
  wrong(address: string): void;
}

/** What guarding needs. */
export interface CredentialGuardOptions {
  /** Wrong credentials of an address within a minute; 0 for any number. */
  readonly wrongPerMinute: number;
  readonly clock: Clock;
  readonly onRefused: () => void;
}

/** A guard that has seen nobody. */
export function createCredentialGuard(options: CredentialGuardOptions): CredentialGuard {
  const { wrongPerMinute, clock, onRefused } = options;
  if (wrongPerMinute === 0) return { check: () => undefined, right: () => undefined, wrong: () => undefined };
  const rates = { window: { quota: wrongPerMinute, seconds: 60 } };
  const bound = { weightMax: rememberedMax, weightOf: () => 1 };
  const senders = createBoundedCache<RateAccount>(bound);
  const proved = createBoundedCache<true>(bound);

  const accountOf = (address: string): RateAccount => {
    const nowMs = clock();
    return accountAt(senders.get(addressGroup(address)) ?? newAccount(rates, nowMs), rates, nowMs);
  };
  return {
    check(address, credential) {
      const account = accountOf(address);
      if (!refusing(account, rates) || proved.get(hashOf(credential))) return;
      onRefused();
      throw overRate(
        'Too many wrong credentials came from this address',
        waitMs(account, rates, 'window'),
        'credentials',
      );
    },
    right: (credential) => proved.set(hashOf(credential), true),
    wrong: (address) => senders.set(addressGroup(address), spendOne(accountOf(address), rates)),
  };
}

function hashOf(credential: string): string {
  return digest('sha256', credential, 'base64url');
}
