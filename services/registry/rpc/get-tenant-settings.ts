// GetTenantSettings: what the caller's tenant set for all its domains.
import type { ServiceImpl } from '@connectrpc/connect';
import type { TenantService } from '../../../proto/gen/domainflow/registry/v1/tenant_service_pb.js';
import { emptyTenantSettings } from '../core/tenant-settings.ts';
import type { RegistryStore } from '../store/store.ts';
import { tenantPrincipal } from './tenant-principal.ts';
import { tenantSettingsMessage } from './tenant-wire.ts';

const nothingStored = { settings: emptyTenantSettings, revision: '' };

/** GetTenantSettings; empty settings when none were stored. */
export function getTenantSettings(
  store: RegistryStore,
): ServiceImpl<typeof TenantService>['getTenantSettings'] {
  return async (_request, context) => {
    const { tenantId } = tenantPrincipal(context);
    const { settings, revision } = (await store.findTenantSettings(tenantId)) ?? nothingStored;
    return { settings: tenantSettingsMessage(settings), revision };
  };
}
