// How the accounts of callers are asked for. All times are the database's.
import type { RateAccount, RateUse } from '../core/rate-use.ts';

/** Names an account. */
export interface RatePlace {
  readonly tenantId: string;
  readonly caller: string;
}

/** The accounts of the callers of all tenants. */
export interface RateStore {
  /** Takes what was used and answers how each caller stands, in the order of the uses, which name each caller once. */
  settle(uses: readonly RateUse[]): Promise<RateAccount[]>;
  /**
   * Looks at up to `limit` accounts after this place, from the first one without a place, and removes those that say no more than a new one
   * would. Answers where it stopped; undefined at the end.
   */
  removeIdle(after: RatePlace | undefined, limit: number): Promise<RatePlace | undefined>;
}
