// Nudge: another replica says that a command waits for a run that this one may hold.
import type { ServiceImpl } from '@connectrpc/connect';
import { Fault, invalidArgument } from '../../../foundation/fault/fault.ts';
import { isUuid } from '../../../foundation/ids/ids.ts';
import { callingServiceOf } from '../../../foundation/rpc/caller.ts';
import type { ReplicaService } from '../../../proto/gen/domainflow/orchestrator/v1/replica_service_pb.js';
import type { Engine } from '../engine/engine.ts';

/** Nudge. */
export function nudge(handle: Engine['handle']): ServiceImpl<typeof ReplicaService>['nudge'] {
  return async ({ tenantId, executionId }, context) => {
    const { service, forItself } = callingServiceOf(context);
    if (service !== 'orchestrator' || !forItself) {
      throw new Fault('permission_denied', 'Only replicas of the orchestrator may do this');
    }
    const ids = { tenant_id: tenantId, execution_id: executionId };
    const wrong = Object.entries(ids).filter(([, id]) => !isUuid(id));
    if (wrong.length > 0) {
      throw invalidArgument(wrong.map(([field]) => ({ field, reason: 'must be a UUID' })));
    }
    return { held: await handle({ tenantId, id: executionId }) };
  };
}
