// EnsurePrincipal: the caller's tenant and user are known afterwards. Their ids come from the mesh token, never from the message.
import type { ServiceImpl } from '@connectrpc/connect';
import type { TenantService } from '../../../proto/gen/domainflow/registry/v1/tenant_service_pb.js';
import { readClaims } from '../core/principal-record.ts';
import type { RegistryStore } from '../store/store.ts';
import { tenantPrincipal, unknownTenant } from './tenant-principal.ts';

/** EnsurePrincipal. `unauthenticated` when the tenant is unknown and may not come into being. */
export function ensurePrincipal(store: RegistryStore): ServiceImpl<typeof TenantService>['ensurePrincipal'] {
  return async (request, context) => {
    const { tenantId, userId } = tenantPrincipal(context);
    const known = await store.ensurePrincipal({ tenantId, userId }, readClaims(request));
    if (!known) throw unknownTenant();
    return { tenantName: known.tenantName };
  };
}
