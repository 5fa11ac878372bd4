// What a replica of the gateway may tell of its callers, and what is wrong with it. How an account is kept is the store's business.
import type { Violation } from '../../../foundation/fault/fault.ts';
import { isUuid } from '../../../foundation/ids/ids.ts';

/** The most uses of one call. */
export const usesMax = 1_000;
/** Seconds of the window that is the day by UTC; every other window begins with its first request. */
export const daySeconds = 86_400;

const callerForm = /^[\x21-\x7e]{1,100}$/;
const rateMax = 100_000;
const spentMax = 1_000_000;

/** What one caller used, and the rate that holds for it. */
export interface RateUse {
  readonly tenantId: string;
  readonly caller: string;
  /** Requests a second that the caller is given; 0 without such a rate. */
  readonly perSecond: number;
  /** The most that is saved up of them. */
  readonly burst: number;
  /** Requests since the last call. */
  readonly spent: number;
  /** 0 when nothing is counted. */
  readonly windowSeconds: number;
  /** Requests that no window has counted yet. */
  readonly uncounted: number;
}

/** How a caller stands. */
export interface RateAccount {
  /** Less than nothing when replicas together let too much through. */
  readonly tokens: number;
  /** Requests of the window under way. */
  readonly counted: number;
  /** Until that window is over, in milliseconds. */
  readonly windowLeftMs: number;
}

/** Everything that is wrong; empty when it can be settled. */
export function rateUseProblems(uses: readonly RateUse[]): readonly Violation[] {
  if (uses.length < 1 || uses.length > usesMax) {
    return [{ field: 'uses', reason: `must be 1 to ${usesMax}` }];
  }
  const seen = new Set<string>();
  return uses.flatMap((use, at) => {
    const name = accountName(use);
    const isTwice = seen.has(name);
    seen.add(name);
    const wrong = problemsOf(use);
    if (isTwice) wrong.push({ field: 'caller', reason: 'must stand once' });
    return wrong.map(({ field, reason }) => ({ field: `uses[${at}].${field}`, reason }));
  });
}

/** The name of a caller's account: equal for the same caller of the same tenant alone. */
export function accountName({ tenantId, caller }: Pick<RateUse, 'tenantId' | 'caller'>): string {
  return `${tenantId.toLowerCase()} ${caller}`;
}

function problemsOf(use: RateUse): Violation[] {
  const wrong: Violation[] = [];
  const within = (field: string, value: number, max: number): void => {
    if (value < 0 || value > max) wrong.push({ field, reason: `must be 0 to ${max}` });
  };
  if (!isUuid(use.tenantId)) wrong.push({ field: 'tenant_id', reason: 'must be a UUID' });
  if (!callerForm.test(use.caller)) {
    wrong.push({ field: 'caller', reason: 'must be 1 to 100 characters without spaces' });
  }
  within('per_second', use.perSecond, rateMax);
  within('burst', use.burst, rateMax);
  if (use.burst < use.perSecond) wrong.push({ field: 'burst', reason: 'must not be less than per_second' });
  within('spent', use.spent, spentMax);
  within('window_seconds', use.windowSeconds, daySeconds);
  within('uncounted', use.uncounted, spentMax);
  return wrong;
}
