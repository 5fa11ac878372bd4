// ForceBreaker: puts the circuit breakers of a name into a mode, in every process that has them. For admins alone.
import type { ServiceImpl } from '@connectrpc/connect';
import { Fault, invalidArgument, notFound } from '../../../foundation/fault/fault.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import { modeRead } from '../../../foundation/rpc/tell-breakers.ts';
import type { BreakerService } from '../../../proto/gen/domainflow/common/v1/breaker_service_pb.js';
import { breakersOf, isOfPlatform, keyOf } from '../core/breaker.ts';
import type { BreakerStore } from '../store/store.ts';
import { actorOf } from './actor.ts';

/** What the method needs. */
export interface ForceBreakerDeps {
  readonly store: BreakerStore;
  /** Tenants whose admins may force breakers of the platform; empty for every tenant. */
  readonly platformTenants: readonly string[];
}

/** ForceBreaker. `permission_denied` for who may not, `not_found` for a name that no process has told of. */
export function forceBreaker({
  store,
  platformTenants,
}: ForceBreakerDeps): ServiceImpl<typeof BreakerService>['forceBreaker'] {
  return async ({ name, mode: sent }, context) => {
    const actor = actorOf(context, 'admin');
    const { tenantId } = actor;
    const mode = modeRead(sent);
    if (!mode) throw invalidArgument([{ field: 'mode', reason: 'must be closed, open or half_open' }]);
    const key = keyOf(tenantId, name);
    if (isOfPlatform(key) && platformTenants.length > 0 && !platformTenants.includes(tenantId)) {
      const sentence =
        'This circuit breaker belongs to the platform; only admins of the tenants that run it may force it';
      throw new Fault('permission_denied', sentence);
    }
    const known = breakersOf(tenantId, await store.breakerReports());
    if (!known.some((breaker) => breaker.name === name)) throw notFound('circuit breaker');
    const id = actor.requestId ?? newId();
    await store.forceBreaker(actor, { id, key, mode });
    return { id };
  };
}
