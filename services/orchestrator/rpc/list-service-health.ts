// ListServiceHealth: what the checks of the platform's services found last. It is the same for every tenant.
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { ServiceImpl } from '@connectrpc/connect';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type { WorkerService } from '../../../proto/gen/domainflow/orchestrator/v1/worker_service_pb.js';
import { requirePerson } from '../core/person.ts';
import { knownHealth } from '../core/service-health.ts';
import type { ServiceHealthStore } from '../store/store.ts';

/** ListServiceHealth. `permission_denied` for runs. */
export function listServiceHealth(
  store: ServiceHealthStore,
): ServiceImpl<typeof WorkerService>['listServiceHealth'] {
  return async (_request, context) => {
    requirePerson(principalOf(context));
    const { found, nowMs } = await store.read();
    const services = knownHealth(found, nowMs).map(({ checkedAtMs, ...health }) => ({
      ...health,
      ...(checkedAtMs === undefined ? {} : { checkedAt: timestampFromMs(checkedAtMs) }),
    }));
    return { services };
  };
}
