// How often a caller may come: a token bucket for bursts and a count within a window. An account judges by itself and is put right by what all
// replicas together have let through. Pure: the time goes in, and what comes out is a new account.

/** The rates of a caller. */
export interface Rates {
  /** Absent without such a rate. */
  readonly bucket?: {
    /** Requests that come back in a second. */
    readonly perSecond: number;
    /** The most that are saved up. */
    readonly burst: number;
  };
  /** Absent when nothing is counted. */
  readonly window?: {
    /** Requests in a window. */
    readonly quota: number;
    /** {@link daySeconds} is the day by UTC; every other window begins with its first request. */
    readonly seconds: number;
    /** True for the rate of an address, whoever comes from there. */
    readonly ofAddress?: true;
  };
}

/** Which rate refuses. */
export type RateKind = 'bucket' | 'window';

/** Where a caller stands, as far as this replica knows. All times are Unix milliseconds. */
export interface RateAccount {
  /** What was saved up at `filledMs`; less than nothing when replicas together let too much through. */
  readonly tokens: number;
  readonly filledMs: number;
  /** Requests of the window. */
  readonly counted: number;
  readonly windowEndsMs: number;
  /** Requests that nobody was told of. */
  readonly spent: number;
  /** The same, with those of calls that failed, of this window alone. */
  readonly uncounted: number;
  /** Those of `counted` that the call under way tells of. */
  readonly told: number;
}

/** What all replicas together know of a caller. */
export interface SharedAccount {
  readonly tokens: number;
  readonly counted: number;
  /** Until the window is over, in milliseconds. */
  readonly windowLeftMs: number;
}

/** Seconds of the window that is the day by UTC. */
export const daySeconds = 86_400;

/** The account of a caller of whom nothing is known: all of its rate is there. */
export function newAccount(rates: Rates, nowMs: number): RateAccount {
  return {
    tokens: rates.bucket?.burst ?? 0,
    filledMs: nowMs,
    counted: 0,
    windowEndsMs: windowEndMs(rates, nowMs),
    spent: 0,
    uncounted: 0,
    told: 0,
  };
}

/** The account as it stands now: filled up, and in the window of now. */
export function accountAt(account: RateAccount, rates: Rates, nowMs: number): RateAccount {
  const { bucket } = rates;
  const passedS = Math.max(0, nowMs - account.filledMs) / 1000;
  const tokens = bucket ? Math.min(bucket.burst, account.tokens + passedS * bucket.perSecond) : 0;
  const filled = { ...account, tokens, filledMs: nowMs };
  if (nowMs < account.windowEndsMs) return filled;
  return { ...filled, counted: 0, uncounted: 0, told: 0, windowEndsMs: windowEndMs(rates, nowMs) };
}

/** Which rate lets no further request through now; undefined when one may pass. Of an account as it stands now. */
export function refusing(account: RateAccount, { bucket, window }: Rates): RateKind | undefined {
  if (window && account.counted >= window.quota) return 'window';
  return bucket && account.tokens < 1 ? 'bucket' : undefined;
}

/** The account after a request has passed; of one as it stands now. */
export function spendOne(account: RateAccount, { bucket }: Rates): RateAccount {
  const { tokens, counted, spent, uncounted } = account;
  const ofBucket = bucket ? { tokens: tokens - 1, spent: spent + 1 } : {};
  return { ...account, ...ofBucket, counted: counted + 1, uncounted: uncounted + 1 };
}

/** What is to be told of an account, and the account while that call is under way. */
export function tellUse(account: RateAccount): {
  readonly use: Pick<RateAccount, 'spent' | 'uncounted'>;
  readonly account: RateAccount;
} {
  const { spent, uncounted } = account;
  return { use: { spent, uncounted }, account: { ...account, spent: 0, uncounted: 0, told: uncounted } };
}

/** The account once the call has answered: what is shared, less what has passed here since. */
export function adopt(account: RateAccount, shared: SharedAccount, nowMs: number): RateAccount {
  return {
    ...account,
    tokens: shared.tokens - account.spent,
    filledMs: nowMs,
    counted: shared.counted + account.uncounted,
    windowEndsMs: nowMs + shared.windowLeftMs,
    told: 0,
  };
}

/**
 * The account once the call has failed: the window is told again, and what was spent is not. What comes back makes up for that, and an outage
 * would otherwise end in a debt as long as itself.
 */
export function keepTelling(account: RateAccount): RateAccount {
  return { ...account, uncounted: account.uncounted + account.told, told: 0 };
}

/** True when the account, as it stands now, says no more than a new one. */
export function isAsNew({ tokens, counted, spent, told }: RateAccount, { bucket }: Rates): boolean {
  return counted === 0 && spent === 0 && told === 0 && tokens >= (bucket?.burst ?? 0);
}

/** Milliseconds until the rate that refuses lets a request through, if no other replica does before. Of an account as it stands now. */
export function waitMs(account: RateAccount, { bucket }: Rates, kind: RateKind): number {
  if (kind === 'window') return account.windowEndsMs - account.filledMs;
  return bucket ? ((1 - account.tokens) / bucket.perSecond) * 1000 : 0;
}

function windowEndMs({ window }: Rates, nowMs: number): number {
  if (!window) return nowMs;
  const lengthMs = window.seconds * 1000;
  return window.seconds === daySeconds ? (Math.floor(nowMs / lengthMs) + 1) * lengthMs : nowMs + lengthMs;
}
