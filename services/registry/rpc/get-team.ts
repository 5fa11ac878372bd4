// GetTeam: one team of the caller's tenant.
import type { ServiceImpl } from '@connectrpc/connect';
import { notFound } from '../../../foundation/fault/fault.ts';
import { isUuid } from '../../../foundation/ids/ids.ts';
import type { TeamService } from '../../../proto/gen/domainflow/registry/v1/team_service_pb.js';
import type { TeamStore } from '../store/store.ts';
import { teamMessage } from './team-wire.ts';
import { tenantPrincipal } from './tenant-principal.ts';

/** GetTeam. `not_found` for teams that do not exist or are another tenant's, and for what is no id. */
export function getTeam(store: TeamStore): ServiceImpl<typeof TeamService>['getTeam'] {
  return async ({ id }, context) => {
    const { tenantId } = tenantPrincipal(context);
    const team = isUuid(id) ? await store.findTeam(tenantId, id, { fresh: true }) : undefined;
    if (!team) throw notFound('team');
    return { team: teamMessage(team) };
  };
}
