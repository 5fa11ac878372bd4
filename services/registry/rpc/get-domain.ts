// GetDomain: one version of a domain with its three playbooks.
import type { ServiceImpl } from '@connectrpc/connect';
import { notFound } from '../../../foundation/fault/fault.ts';
import type { DomainService } from '../../../proto/gen/domainflow/registry/v1/domain_service_pb.js';
import { isDomainId } from '../core/definition-id.ts';
import type { RegistryStore } from '../store/store.ts';
import { domainMessage } from './domain-wire.ts';
import { tenantPrincipal } from './tenant-principal.ts';

/** GetDomain. `not_found` for a domain or version that does not exist or is another tenant's. */
export function getDomain(store: RegistryStore): ServiceImpl<typeof DomainService>['getDomain'] {
  return async ({ domainId, version }, context) => {
    const { tenantId } = tenantPrincipal(context);
    const domain = isDomainId(domainId)
      ? await store.findDomain(tenantId, { id: domainId, version })
      : undefined;
    if (!domain) throw notFound('domain');
    return { domain: domainMessage(domain) };
  };
}
