// The methods of the service for circuit breakers.
import type { ServiceImpl } from '@connectrpc/connect';
import type { BreakerService } from '../../../proto/gen/domainflow/common/v1/breaker_service_pb.js';
import type { BreakerStore } from '../store/store.ts';
import { exchangeBreakers } from './exchange-breakers.ts';
import { forceBreaker } from './force-breaker.ts';
import { listBreakers } from './list-breakers.ts';

/** Methods of the service. `platformTenants`: tenants whose admins may force breakers of the platform; empty for every tenant. */
export function breakerRoutes(
  store: BreakerStore,
  platformTenants: readonly string[],
): ServiceImpl<typeof BreakerService> {
  return {
    exchangeBreakers: exchangeBreakers(store),
    listBreakers: listBreakers(store),
    forceBreaker: forceBreaker({ store, platformTenants }),
  };
}
