// EnsurePrincipal: the caller's tenant and user are known afterwards. Their ids come from the mesh token, never from the message.
import type { ServiceImpl } from '@connectrpc/connect';
import type { TenantService } from '../../../proto/gen/domainflow/registry/v1/tenant_service_pb.js';
import { readClaims } from '../core/principal-record.ts';
import type { RegistryStore } from '../store/store.ts';
import { actorOf } from './actor.ts';
import { unknownTenant } from './tenant-principal.ts';

/** EnsurePrincipal. `unauthenticated` when the tenant is unknown and may not come into being; `permission_denied` for runs. */
export function ensurePrincipal(store: RegistryStore): ServiceImpl<typeof TenantService>['ensurePrincipal'] {
  return async (request, context) => {
    const known = await store.ensurePrincipal(actorOf(context, 'viewer'), readClaims(request));
    if (!known) throw unknownTenant();
    return { tenantName: known.tenantName };
  };
}
