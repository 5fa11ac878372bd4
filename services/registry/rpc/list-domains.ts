// ListDomains: a page of the domains of the tenant and of the platform.
import type { ServiceImpl } from '@connectrpc/connect';
import { openPage } from '../../../foundation/paging/open-page.ts';
import type { PageTokens } from '../../../foundation/paging/page-token.ts';
import type { DomainService } from '../../../proto/gen/domainflow/registry/v1/domain_service_pb.js';
import type { ListPosition } from '../core/page.ts';
import type { RegistryStore } from '../store/store.ts';
import { domainMessage } from './domain-wire.ts';
import { tenantPrincipal } from './tenant-principal.ts';

/** ListDomains, newest first. */
export function listDomains(
  store: RegistryStore,
  tokens: PageTokens,
): ServiceImpl<typeof DomainService>['listDomains'] {
  return async (request, context) => {
    const { tenantId } = tenantPrincipal(context);
    const page = openPage<ListPosition>(request.page, { tokens, tenantId, scope: 'domains' });
    const listed = await store.listDomains(tenantId, page.slice);
    return { domains: listed.items.map(domainMessage), page: page.info(listed) };
  };
}
