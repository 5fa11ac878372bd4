// UpdateTenantSettings: replaces what the caller's tenant set. Only for admins, and never for a run.
import type { ServiceImpl } from '@connectrpc/connect';
import type { TenantService } from '../../../proto/gen/domainflow/registry/v1/tenant_service_pb.js';
import { readTenantSettings } from '../core/tenant-settings.ts';
import type { RegistryStore } from '../store/store.ts';
import { actorOf } from './actor.ts';
import { unknownTenant } from './tenant-principal.ts';
import { tenantSettingsMessage, tenantSettingsSent } from './tenant-wire.ts';

/** UpdateTenantSettings. `permission_denied` for all but admins; `invalid_argument` with every violated rule. */
export function updateTenantSettings(
  store: RegistryStore,
): ServiceImpl<typeof TenantService>['updateTenantSettings'] {
  return async (request, context) => {
    const actor = actorOf(context, 'admin');
    const settings = readTenantSettings(tenantSettingsSent(request.settings));
    if (!(await store.saveTenantSettings(actor, settings))) throw unknownTenant();
    return { settings: tenantSettingsMessage(settings) };
  };
}
