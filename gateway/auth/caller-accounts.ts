// The accounts of callers that this gateway remembers, and which of them nobody was told of. Whether a request may pass is judged elsewhere.
import type { Clock } from '../../foundation/clock.ts';
import {
  accountAt,
  adopt,
  isAsNew,
  keepTelling,
  newAccount,
  type RateAccount,
  type Rates,
  type SharedAccount,
  tellUse,
} from '../core/rate-account.ts';

/** Callers that are remembered; who has not come for longest goes first. */
export const callersMax = 100_000;

/** Who comes. */
export interface RatedCaller {
  readonly tenantId: string;
  /** `user:<id>` or `key:<public id>`. */
  readonly caller: string;
  /** What it is judged by. */
  readonly rates: Rates;
}

/** What one caller used here. */
export interface CallerUse extends RatedCaller {
  readonly spent: number;
  readonly uncounted: number;
}

/** Remembers accounts. */
export interface CallerAccounts {
  /** How many callers are remembered. */
  size(): number;
  /** The account of a caller as it stands now. */
  open(caller: RatedCaller): RateAccount;
  /** Keeps the account; its use is to be told when `isUsed`. */
  keep(caller: RatedCaller, account: RateAccount, isUsed: boolean): void;
  /** Up to `limit` uses that nobody was told of. Each is then settled or given back before the next ones are taken. */
  takeUses(limit: number): readonly CallerUse[];
  /** What all replicas know of the callers of these uses, in their order; a caller of whom nothing is known keeps its account. */
  settled(uses: readonly CallerUse[], accounts: readonly SharedAccount[]): void;
  /** Nobody could be told of these uses. */
  giveBack(uses: readonly CallerUse[]): void;
}

interface Entry extends RatedCaller {
  readonly account: RateAccount;
}

/** Remembers nobody. */
export function createCallerAccounts(clock: Clock): CallerAccounts {
  const entries = new Map<string, Entry>(); // in the order of use, since a map keeps the order of insertion
  const untold = new Set<string>();

  const each = (
    uses: readonly CallerUse[],
    change: (account: RateAccount, at: number) => RateAccount,
  ): void => {
    for (const [at, use] of uses.entries()) {
      const name = nameOf(use);
      const entry = entries.get(name);
      if (!entry) continue;
      const account = change(entry.account, at);
      entries.set(name, { ...entry, account });
      if (account.uncounted > 0) untold.add(name);
    }
  };

  return {
    size: () => entries.size,
    open(caller) {
      const nowMs = clock();
      const known = entries.get(nameOf(caller));
      return known ? accountAt(known.account, caller.rates, nowMs) : newAccount(caller.rates, nowMs);
    },
    keep(caller, account, isUsed) {
      const name = nameOf(caller);
      const isKnown = entries.delete(name);
      if (!isKnown) makeRoom(entries, account.filledMs);
      entries.set(name, { ...caller, account });
      if (isUsed) untold.add(name);
    },
    takeUses(limit) {
      const names = [...untold.values().take(limit)];
      return names.flatMap((name) => {
        untold.delete(name);
        const entry = entries.get(name);
        if (!entry) return [];
        const { use, account } = tellUse(entry.account);
        entries.set(name, { ...entry, account });
        const { tenantId, caller, rates } = entry;
        return [{ tenantId, caller, rates, ...use }];
      });
    },
    settled(uses, accounts) {
      const nowMs = clock();
      each(uses, (account, at) => {
        const shared = accounts[at];
        return shared ? adopt(account, shared, nowMs) : account;
      });
    },
    giveBack: (uses) => each(uses, keepTelling),
  };
}

// For each new caller up to two go that are no longer worth remembering: so the memory empties faster than it fills.
function makeRoom(entries: Map<string, Entry>, nowMs: number): void {
  for (const [name, { account, rates }] of [...entries.entries().take(2)]) {
    const isIdle = isAsNew(accountAt(account, rates, nowMs), rates);
    if (!isIdle && entries.size < callersMax) return;
    entries.delete(name);
  }
}

function nameOf({ tenantId, caller }: RatedCaller): string {
  return `${tenantId} ${caller}`;
}
