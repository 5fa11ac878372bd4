// ListBreakers: how the circuit breakers of all processes stand, those of the platform and of the caller's tenant. For admins alone.
import type { ServiceImpl } from '@connectrpc/connect';
import type { BreakerService } from '../../../proto/gen/domainflow/common/v1/breaker_service_pb.js';
import { breakersOf } from '../core/breaker.ts';
import type { BreakerStore } from '../store/store.ts';
import { actorOf } from './actor.ts';
import { breakerMessage } from './breaker-wire.ts';

/** ListBreakers. `permission_denied` for all but admins. */
export function listBreakers(store: BreakerStore): ServiceImpl<typeof BreakerService>['listBreakers'] {
  return async (_request, context) => {
    const { tenantId } = actorOf(context, 'admin');
    return { breakers: breakersOf(tenantId, await store.breakerReports()).map(breakerMessage) };
  };
}
