// TellServiceHealth: the gateway says how it is, since nobody inside calls it.
import type { ServiceImpl } from '@connectrpc/connect';
import { Fault, invalidArgument } from '../../../foundation/fault/fault.ts';
import { callingServiceOf } from '../../../foundation/rpc/caller.ts';
import type { ServiceHealthService } from '../../../proto/gen/domainflow/orchestrator/v1/service_health_service_pb.js';
import type { ServiceHealthKeeper } from '../store/store.ts';

const responseMsMax = 60_000;
const detailLengthMax = 500;

/** TellServiceHealth. `permission_denied` for all but the gateway itself. */
export function tellServiceHealth(
  keeper: Pick<ServiceHealthKeeper, 'keep'>,
): ServiceImpl<typeof ServiceHealthService>['tellServiceHealth'] {
  return async ({ serving, responseMs, detail }, context) => {
    const { service, forItself } = callingServiceOf(context);
    if (service !== 'gateway' || !forItself) {
      throw new Fault('permission_denied', 'Only the gateway tells how it is');
    }
    const wrong = [
      ...(responseMs >= 0 && responseMs <= responseMsMax
        ? []
        : [{ field: 'response_ms', reason: `must be from 0 to ${responseMsMax}` }]),
      ...(detail.length <= detailLengthMax
        ? []
        : [{ field: 'detail', reason: `must have at most ${detailLengthMax} characters` }]),
    ];
    if (wrong.length > 0) throw invalidArgument(wrong);
    await keeper.keep({ service, status: serving ? 'healthy' : 'unhealthy', responseMs, detail });
    return {};
  };
}
