// ListUsers: a page of the people and API keys of the caller's tenant, by name alone.
import type { ServiceImpl } from '@connectrpc/connect';
import { openPage } from '../../../foundation/paging/open-page.ts';
import type { PageTokens } from '../../../foundation/paging/page-token.ts';
import type { TeamService } from '../../../proto/gen/domainflow/registry/v1/team_service_pb.js';
import type { ListPosition } from '../core/page.ts';
import type { UserStore } from '../store/store.ts';
import { userMessage } from './team-wire.ts';
import { tenantPrincipal } from './tenant-principal.ts';

/** ListUsers, newest first. */
export function listUsers(
  store: UserStore,
  tokens: PageTokens,
): ServiceImpl<typeof TeamService>['listUsers'] {
  return async (request, context) => {
    const { tenantId } = tenantPrincipal(context);
    const page = openPage<ListPosition>(request.page, { tokens, tenantId, scope: 'users' });
    const listed = await store.listUsers(tenantId, page.slice);
    return { users: listed.items.map(userMessage), page: page.info(listed) };
  };
}
