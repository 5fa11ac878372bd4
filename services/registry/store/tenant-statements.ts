// Tenants, users and settings of tenants. Users are unique across tenants by name, address and subject, and no tenant sees another's.
import { Fault } from '../../../foundation/fault/fault.ts';
import { violatedConstraint } from '../../../foundation/postgres/database-fault.ts';
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import { distinctUsername, type PrincipalClaims, type UserRecord } from '../core/principal-record.ts';
import { emptyTenantSettings, type TenantSettings } from '../core/tenant-settings.ts';
import { fromStored, toStored } from './json-keys.ts';
import type { TenantStore } from './store.ts';

const selectPrincipal = `select t.tenant_name,
  exists (select from registry.users u where u.tenant_id = $1 and u.id = $2) as user_known
from registry.tenants t
where t.id = $1`;

// Whoever comes second leaves the first one's row as it is.
const insertTenant = `insert into registry.tenants (id, tenant_name) values ($1, $2) on conflict (id) do nothing`;

const insertUser = `insert into registry.users (id, tenant_id, username, email, cognito_sub)
values ($1, $2, $3, $4, $5)
on conflict (id) do nothing`;

const selectSettings = `select settings from registry.tenant_settings where tenant_id = $1`;

const upsertSettings = `insert into registry.tenant_settings (tenant_id, settings) values ($1, $2)
on conflict (tenant_id) do update set settings = excluded.settings, updated_at = now()`;

/** Each retry gives up one wish, the username or the address; both may belong to others. */
const userAttemptsMax = 3;

interface Identity {
  readonly tenantId: string;
  readonly userId: string;
}

/** Keeps tenants in PostgreSQL. */
export function createTenantStatements(postgres: Postgres): TenantStore {
  return {
    ensurePrincipal: (principal, claims) => ensurePrincipal(postgres, principal, claims),
    findTenantSettings: (tenantId) =>
      postgres.tenantRead(tenantId, async (client) => {
        const { rows } = await client.query<{ settings: Record<string, unknown> }>({
          name: 'registry.select_tenant_settings',
          text: selectSettings,
          values: [tenantId],
          prepare: true,
        });
        const [row] = rows;
        return row && { ...emptyTenantSettings, ...fromStored<TenantSettings>(row.settings) };
      }),
    saveTenantSettings: async (tenantId, settings) => {
      const values = [tenantId, JSON.stringify(toStored(settings))];
      const statement = { name: 'registry.upsert_tenant_settings', text: upsertSettings, values };
      try {
        await postgres.tenantTransaction(tenantId, (client) => client.query(statement));
        return true;
      } catch (error) {
        if (violatedConstraint(error)?.name === 'tenant_settings_tenant_id_fkey') return false;
        throw error;
      }
    },
  };
}

async function ensurePrincipal(
  postgres: Postgres,
  principal: Identity,
  claims: PrincipalClaims,
): Promise<{ readonly tenantName: string } | undefined> {
  const known = await findPrincipal(postgres, principal);
  if (known?.user_known) return { tenantName: known.tenant_name };
  if (!known && !claims.createTenant) return undefined;
  let user: UserRecord = { ...claims, email: claims.email || null };
  for (let attempt = 1; ; attempt += 1) {
    try {
      await insertPrincipal(postgres, { principal, user, tenantName: claims.tenantName, newTenant: !known });
      break;
    } catch (error) {
      user = concede(error, user, principal.userId);
      if (attempt === userAttemptsMax) throw error;
    }
  }
  const stored = await findPrincipal(postgres, principal);
  return stored && { tenantName: stored.tenant_name };
}

async function findPrincipal(
  postgres: Postgres,
  { tenantId, userId }: Identity,
): Promise<{ readonly tenant_name: string; readonly user_known: boolean } | undefined> {
  const { rows } = await postgres.tenantRead(tenantId, (client) =>
    client.query<{ tenant_name: string; user_known: boolean }>({
      name: 'registry.select_principal',
      text: selectPrincipal,
      values: [tenantId, userId],
      prepare: true,
    }),
  );
  return rows[0];
}

interface PrincipalRows {
  readonly principal: Identity;
  readonly user: UserRecord;
  readonly tenantName: string;
  readonly newTenant: boolean;
}

async function insertPrincipal(
  postgres: Postgres,
  { principal, user, tenantName, newTenant }: PrincipalRows,
): Promise<void> {
  const { tenantId, userId } = principal;
  await postgres.tenantTransaction(tenantId, async (client) => {
    if (newTenant) {
      await client.query({
        name: 'registry.insert_tenant',
        text: insertTenant,
        values: [tenantId, tenantName],
      });
    }
    const values = [userId, tenantId, user.username, user.email, user.subject];
    await client.query({ name: 'registry.insert_user', text: insertUser, values });
  });
}

/** What to try after a broken rule: another user's name or address is left to that user. Throws what cannot be helped. */
function concede(error: unknown, user: UserRecord, userId: string): UserRecord {
  switch (violatedConstraint(error)?.name) {
    case 'users_username_key':
      return { ...user, username: distinctUsername(user.username, userId) };
    case 'users_email_key':
      return { ...user, email: null };
    case 'users_cognito_sub_key':
      throw new Fault('failed_precondition', 'The subject is already known as another user', {
        cause: error,
      });
    default:
      throw error;
  }
}
