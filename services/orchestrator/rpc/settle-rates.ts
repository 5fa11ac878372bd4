// SettleRates: what callers used at one replica of the gateway goes into their accounts, which all replicas share.
import type { ServiceImpl } from '@connectrpc/connect';
import { Fault, invalidArgument } from '../../../foundation/fault/fault.ts';
import { callingServiceOf } from '../../../foundation/rpc/caller.ts';
import type { RateService } from '../../../proto/gen/domainflow/orchestrator/v1/rate_service_pb.js';
import { rateUseProblems } from '../core/rate-use.ts';
import type { RateStore } from '../store/store.ts';

/** SettleRates. `permission_denied` for all but the gateway itself; `invalid_argument` with everything that is wrong. */
export function settleRates(
  store: Pick<RateStore, 'settle'>,
): ServiceImpl<typeof RateService>['settleRates'] {
  return async ({ uses }, context) => {
    const { service, forItself } = callingServiceOf(context);
    if (service !== 'gateway' || !forItself) {
      throw new Fault('permission_denied', 'Only the gateway may settle rates');
    }
    const wrong = rateUseProblems(uses);
    if (wrong.length > 0) throw invalidArgument(wrong);
    const accounts = await store.settle(uses);
    return {
      accounts: accounts.map(({ tokens, counted, windowLeftMs }) => ({
        tokens,
        counted: BigInt(counted),
        windowLeftMs: BigInt(windowLeftMs),
      })),
    };
  };
}
