// Schemas and examples of users and teams.
import { listOf, namedObject, text, time } from '../core/answer-schema.ts';
import type { JsonSchema } from '../core/operation.ts';
import { objectSchema, textSchema } from '../http/schema-parts.ts';

const uuid: JsonSchema = { type: 'string', format: 'uuid' };

/** A user of the tenant. */
export const userSchema = namedObject(
  ['User', 'Someone who has signed in, or an API key that acts as a user of its own'],
  { id: uuid, username: text },
);

/** A team. */
export const teamSchema = namedObject(['Team', 'A group of users of the tenant'], {
  id: text,
  team_name: text,
  members: { ...listOf(text), description: 'Ids of users' },
  created_at: time,
  updated_at: time,
  created_by: { ...text, description: 'Id of the user who created it' },
});

const wanted = {
  team_name: textSchema(1, 200, { pattern: '\\S' }),
  members: {
    type: 'array',
    maxItems: 1_000,
    items: uuid,
    description: 'Ids of users of the tenant, as GET /users lists them',
  },
};

/** What the registry takes for a new team. */
export const newTeamSchema: JsonSchema = objectSchema(wanted, ['team_name']);

/** What the registry takes for a change of a team. */
export const teamChangeSchema: JsonSchema = { ...objectSchema(wanted), minProperties: 1 };

/** A user. */
export const userExample = { id: '5b8f3c52-7d1e-5b43-9c0e-2f6a1d9e4b07', username: 'ada' };

/** A new team as it is sent. */
export const newTeamExample = { team_name: 'Night shift', members: [] };

/** A team. */
export const teamExample = {
  id: '019caa7d-3e5f-7b4f-8f7e-5a9d2c1b0a98',
  ...{ team_name: newTeamExample.team_name, members: [userExample.id] },
  created_at: '2026-03-01T10:00:00.000Z',
  updated_at: '2026-03-01T10:00:00.000Z',
  created_by: userExample.id,
};
