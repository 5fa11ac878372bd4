// CreateTeam: stores a group of users of the caller's tenant.
import type { ServiceImpl } from '@connectrpc/connect';
import { notFound } from '../../../foundation/fault/fault.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import type { TeamService } from '../../../proto/gen/domainflow/registry/v1/team_service_pb.js';
import { membersNamed, readNewTeam } from '../core/team.ts';
import type { TeamStore, UserStore } from '../store/store.ts';
import { actorOf } from './actor.ts';
import { teamMessage } from './team-wire.ts';

/** CreateTeam. `permission_denied` for all but admins; `invalid_argument` with every violated rule; `not_found` when the request came before and its team is gone. */
export function createTeam(store: TeamStore & UserStore): ServiceImpl<typeof TeamService>['createTeam'] {
  return async ({ definition = {} }, context) => {
    const actor = actorOf(context, 'admin');
    const known = await store.knownUsers(actor.tenantId, membersNamed(definition));
    const team = await store.insertTeam(actor, newId(), readNewTeam(definition, known));
    if (!team) throw notFound('team');
    return { team: teamMessage(team) };
  };
}
