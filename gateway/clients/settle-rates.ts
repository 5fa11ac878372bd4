// Settling rates with the orchestrator, which keeps an account for each caller that all replicas of the gateway share.
import type { Client } from '@connectrpc/connect';
import { callWith } from '../../foundation/rpc/caller.ts';
import { untraced } from '../../foundation/telemetry/untraced.ts';
import type { RateService } from '../../proto/gen/domainflow/orchestrator/v1/rate_service_pb.js';
import type { Rates, SharedAccount } from '../core/rate-account.ts';

/** A call takes milliseconds; one that takes this long is not waited for. */
const callTimeoutMs = 2_000;

/** What one caller used. */
export interface SettledUse {
  readonly tenantId: string;
  readonly caller: string;
  readonly rates: Rates;
  readonly spent: number;
  readonly uncounted: number;
}

/** Tells what callers used, each once, and answers how they stand, in their order. */
export type SettleRates = (uses: readonly SettledUse[]) => Promise<readonly SharedAccount[]>;

/** Settles by calls of the gateway itself. They are traced by nobody: four a second would bury every other trace. */
export function createSettleRates(rates: Client<typeof RateService>, token: () => string): SettleRates {
  return async (uses) => {
    const call = callWith({ token: token(), timeoutMs: callTimeoutMs });
    const { accounts } = await untraced(() => rates.settleRates({ uses: uses.map(useMessage) }, call));
    return accounts.map(({ tokens, counted, windowLeftMs }) => ({
      tokens,
      counted: Number(counted),
      windowLeftMs: Number(windowLeftMs),
    }));
  };
}

function useMessage({ tenantId, caller, rates: { bucket, window }, spent, uncounted }: SettledUse) {
  const { perSecond = 0, burst = 0 } = bucket ?? {};
  const windowSeconds = window?.seconds ?? 0;
  return { tenantId, caller, perSecond, burst, spent, windowSeconds, uncounted };
}
