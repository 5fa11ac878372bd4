// DeleteTeam: removes a team; its members stay users.
import type { ServiceImpl } from '@connectrpc/connect';
import { notFound } from '../../../foundation/fault/fault.ts';
import { isUuid } from '../../../foundation/ids/ids.ts';
import type { TeamService } from '../../../proto/gen/domainflow/registry/v1/team_service_pb.js';
import type { TeamStore } from '../store/store.ts';
import { actorOf } from './actor.ts';

/** DeleteTeam. `permission_denied` for all but admins; `not_found` as GetTeam. */
export function deleteTeam(store: TeamStore): ServiceImpl<typeof TeamService>['deleteTeam'] {
  return async ({ id }, context) => {
    const actor = actorOf(context, 'admin');
    if (!isUuid(id) || !(await store.deleteTeam(actor, id))) throw notFound('team');
    return {};
  };
}
