// ListTeams: a page of the teams of the caller's tenant.
import type { ServiceImpl } from '@connectrpc/connect';
import { openPage } from '../../../foundation/paging/open-page.ts';
import type { PageTokens } from '../../../foundation/paging/page-token.ts';
import type { TeamService } from '../../../proto/gen/domainflow/registry/v1/team_service_pb.js';
import type { ListPosition } from '../core/page.ts';
import type { TeamStore } from '../store/store.ts';
import { teamMessage } from './team-wire.ts';
import { tenantPrincipal } from './tenant-principal.ts';

/** ListTeams, newest first. */
export function listTeams(
  store: TeamStore,
  tokens: PageTokens,
): ServiceImpl<typeof TeamService>['listTeams'] {
  return async (request, context) => {
    const { tenantId } = tenantPrincipal(context);
    const page = openPage<ListPosition>(request.page, { tokens, tenantId, scope: 'teams' });
    const listed = await store.listTeams(tenantId, page.slice);
    return { teams: listed.items.map(teamMessage), page: page.info(listed) };
  };
}
