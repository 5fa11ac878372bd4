// Teams of a tenant. Each write leaves its record in the same transaction.
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import type { Actor } from '../core/actor.ts';
import type { Team, TeamDraft } from '../core/team.ts';
import { earlierWrite } from './earlier-write.ts';
import { type ListRow, listPage, sliceValues } from './list-page.ts';
import { recordWrite } from './record-write.ts';
import type { TeamStore } from './store.ts';
import { refuseUnknownPrincipal } from './unknown-principal.ts';

const columns = `t.id, t.team_name, t.members, t.created_at, t.updated_at, t.created_by, t.created_at::text as position_at`;

const selectTeam = `select ${columns}
from registry.teams t
where t.tenant_id = $1 and t.id = $2
limit 1`;

const selectTeams = `select ${columns}
from registry.teams t
where t.tenant_id = $1
  and ($2::timestamptz is null or (t.created_at, t.id) < ($2::timestamptz, $3::uuid))
order by t.created_at desc, t.id desc
limit $4 offset $5`;

const countTeams = `select count(*)::integer as total from registry.teams t where t.tenant_id = $1`;

const insertTeam = `insert into registry.teams as t (id, tenant_id, team_name, members, created_by)
values ($1, $2, $3, $4, $5)
returning ${columns}`;

const updateTeam = `update registry.teams t
set team_name = coalesce($3, t.team_name), members = coalesce($4::jsonb, t.members)
where t.tenant_id = $1 and t.id = $2
returning ${columns}`;

const deleteTeam = `delete from registry.teams t where t.tenant_id = $1 and t.id = $2 returning ${columns}`;

interface TeamRow extends ListRow {
  readonly team_name: string | null;
  readonly members: readonly string[] | null;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly created_by: string | null;
}

/** Keeps teams in PostgreSQL. */
export function createTeamStatements(postgres: Postgres): TeamStore {
  return {
    findTeam: (tenantId, id, options) =>
      postgres.tenantRead(
        tenantId,
        async (client) => {
          const statement = { name: 'registry.select_team', text: selectTeam, prepare: true };
          const { rows } = await client.query<TeamRow>({ ...statement, values: [tenantId, id] });
          return rows[0] && teamOf(rows[0]);
        },
        options,
      ),
    listTeams: (tenantId, slice) =>
      postgres.tenantRead(tenantId, async (client) => {
        const page = { name: 'registry.select_teams', text: selectTeams };
        const count = { name: 'registry.count_teams', text: countTeams, values: [tenantId] };
        const [{ rows }, total] = await Promise.all([
          client.query<TeamRow>({ ...page, values: [tenantId, ...sliceValues(slice)] }),
          slice.after ? undefined : client.query<{ total: number }>(count),
        ]);
        return listPage({ slice, rows, total, itemOf: teamOf });
      }),
    insertTeam: (actor, id, draft) =>
      refuseUnknownPrincipal(
        postgres.tenantTransaction(actor.tenantId, (client) => insert(client, actor, { ...draft, id })),
      ),
    updateTeam: (actor, id, change) =>
      postgres.tenantTransaction(actor.tenantId, (client) => update(client, actor, { ...change, id })),
    deleteTeam: (actor, id) =>
      postgres.tenantTransaction(actor.tenantId, (client) => remove(client, actor, id)),
  };
}

async function teamNow(client: SqlClient, { tenantId }: Actor, id: string): Promise<Team | undefined> {
  const statement = { name: 'registry.select_made_team', text: selectTeam, values: [tenantId, id] };
  const [row] = (await client.query<TeamRow>(statement)).rows;
  return row && teamOf(row);
}

async function insert(
  client: SqlClient,
  actor: Actor,
  { id, teamName, members }: TeamDraft & Pick<Team, 'id'>,
): Promise<Team | undefined> {
  const earlier = await earlierWrite(client, actor);
  if (earlier !== undefined) return teamNow(client, actor, earlier);
  const values = [id, actor.tenantId, teamName, JSON.stringify(members), actor.userId];
  const statement = { name: 'registry.insert_team', text: insertTeam, values };
  const [row] = (await client.query<TeamRow>(statement)).rows;
  if (!row) throw new Error('An inserted team answered no row');
  const after = teamOf(row);
  const record = {
    operation: 'create',
    entityType: 'team',
    entityId: id,
    message: 'Created a team',
  } as const;
  await recordWrite(client, actor, { ...record, after });
  return after;
}

async function update(
  client: SqlClient,
  actor: Actor,
  { id, teamName, members }: Partial<TeamDraft> & Pick<Team, 'id'>,
): Promise<Team | undefined> {
  const values = [actor.tenantId, id];
  const locked = { name: 'registry.select_team_to_update', text: `${selectTeam}\nfor update`, values };
  const [before] = (await client.query<TeamRow>(locked)).rows;
  const changed = [teamName ?? null, members ? JSON.stringify(members) : null];
  const statement = { name: 'registry.update_team', text: updateTeam, values: [...values, ...changed] };
  const [row] = before ? (await client.query<TeamRow>(statement)).rows : [];
  if (!before || !row) return undefined;
  const after = teamOf(row);
  const record = {
    operation: 'update',
    entityType: 'team',
    entityId: id,
    message: 'Changed a team',
  } as const;
  await recordWrite(client, actor, { ...record, before: teamOf(before), after });
  return after;
}

async function remove(client: SqlClient, actor: Actor, id: string): Promise<boolean> {
  const values = [actor.tenantId, id];
  const statement = { name: 'registry.delete_team', text: deleteTeam, values };
  const [row] = (await client.query<TeamRow>(statement)).rows;
  if (!row) return false;
  const record = {
    operation: 'delete',
    entityType: 'team',
    entityId: id,
    message: 'Deleted a team',
  } as const;
  await recordWrite(client, actor, { ...record, before: teamOf(row) });
  return true;
}

function teamOf(row: TeamRow): Team {
  return {
    id: row.id,
    teamName: row.team_name ?? '',
    members: row.members ?? [],
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    createdBy: row.created_by ?? '',
  };
}
