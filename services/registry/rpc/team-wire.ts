// Teams and users as messages.
import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  type Team as TeamMessage,
  TeamSchema,
  type User as UserMessage,
  UserSchema,
} from '../../../proto/gen/domainflow/registry/v1/team_pb.js';
import type { Team, User } from '../core/team.ts';

/** A user as it is sent. */
export function userMessage({ id, username }: User): UserMessage {
  return create(UserSchema, { id, username });
}

/** A team as it is sent. */
export function teamMessage(team: Team): TeamMessage {
  return create(TeamSchema, {
    id: team.id,
    teamName: team.teamName,
    members: [...team.members],
    createdAt: timestampFromDate(team.createdAt),
    updatedAt: timestampFromDate(team.updatedAt),
    createdBy: team.createdBy,
  });
}
