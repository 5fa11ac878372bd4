// UpdateTeam: changes the name or the members of a team; what is not given stays.
import type { ServiceImpl } from '@connectrpc/connect';
import { notFound } from '../../../foundation/fault/fault.ts';
import { isUuid } from '../../../foundation/ids/ids.ts';
import type { TeamService } from '../../../proto/gen/domainflow/registry/v1/team_service_pb.js';
import { membersNamed, readTeamChange } from '../core/team.ts';
import type { TeamStore, UserStore } from '../store/store.ts';
import { actorOf } from './actor.ts';
import { teamMessage } from './team-wire.ts';

/** UpdateTeam. `permission_denied` for all but admins, `not_found`, then `invalid_argument` with every violated rule. */
export function updateTeam(store: TeamStore & UserStore): ServiceImpl<typeof TeamService>['updateTeam'] {
  return async ({ id, definition = {} }, context) => {
    const actor = actorOf(context, 'admin');
    const { tenantId } = actor;
    if (!isUuid(id) || !(await store.findTeam(tenantId, id, { fresh: true }))) throw notFound('team');
    const known = await store.knownUsers(tenantId, membersNamed(definition));
    const team = await store.updateTeam(actor, id, readTeamChange(definition, known));
    if (!team) throw notFound('team');
    return { team: teamMessage(team) };
  };
}
