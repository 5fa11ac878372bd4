// Reading the users of a tenant: people and API keys alike.
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import { membersMax, type User } from '../core/team.ts';
import { type ListRow, listPage, sliceValues } from './list-page.ts';
import type { UserStore } from './store.ts';

const selectUsers = `select u.id, u.username, u.created_at::text as position_at
from registry.users u
where u.tenant_id = $1
  and ($2::timestamptz is null or (u.created_at, u.id) < ($2::timestamptz, $3::uuid))
order by u.created_at desc, u.id desc
limit $4 offset $5`;

const countUsers = `select count(*)::integer as total from registry.users u where u.tenant_id = $1`;

const selectKnownUsers = `select u.id
from registry.users u
where u.tenant_id = $1 and u.id = any($2::uuid[])
limit ${membersMax}`;

interface UserRow extends ListRow {
  readonly username: string | null;
}

/** Reads users from PostgreSQL. */
export function createUserStatements(postgres: Postgres): UserStore {
  return {
    listUsers: (tenantId, slice) =>
      postgres.tenantRead(tenantId, async (client) => {
        const page = { name: 'registry.select_users', text: selectUsers };
        const count = { name: 'registry.count_users', text: countUsers, values: [tenantId] };
        const [{ rows }, total] = await Promise.all([
          client.query<UserRow>({ ...page, values: [tenantId, ...sliceValues(slice)] }),
          slice.after ? undefined : client.query<{ total: number }>(count),
        ]);
        return listPage({ slice, rows, total, itemOf: userOf });
      }),
    knownUsers: async (tenantId, ids) => {
      if (ids.length === 0) return new Set();
      const statement = { name: 'registry.select_known_users', text: selectKnownUsers };
      const values = [tenantId, ids];
      const { rows } = await postgres.tenantRead(
        tenantId,
        (client) => client.query<{ id: string }>({ ...statement, values }),
        { fresh: true },
      );
      return new Set(rows.map(({ id }) => id));
    },
  };
}

function userOf({ id, username }: UserRow): User {
  return { id, username: username ?? '' };
}
