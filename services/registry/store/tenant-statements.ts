// Tenants, users and settings of tenants. Users are unique across tenants by name, address and subject, and no tenant sees another's.
import { Fault } from '../../../foundation/fault/fault.ts';
import { violatedConstraint } from '../../../foundation/postgres/database-fault.ts';
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import type { Actor } from '../core/actor.ts';
import { distinctUsername, type PrincipalClaims, type UserRecord } from '../core/principal-record.ts';
import { emptyTenantSettings, type TenantSettings } from '../core/tenant-settings.ts';
import { fromStored, toStored } from './json-keys.ts';
import { recordWrite } from './record-write.ts';
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

/** What answers of agents depend on, of settings as JSON. */
const answersOf = (json: string): string =>
  `jsonb_build_array(${json} -> 'home_area', ${json} -> 'places', ${json} -> 'time_zone')`;

const selectSettings = `select settings, case when coalesce(answers_changed_at, updated_at) = '-infinity' then ''
  else (extract(epoch from coalesce(answers_changed_at, updated_at)) * 1000000)::bigint::text end as revision
from registry.tenant_settings where tenant_id = $1`;

// $3 are settings in which nothing is set.
const insertSettings = `insert into registry.tenant_settings (tenant_id, settings, answers_changed_at)
values ($1, $2, case when ${answersOf('$2::jsonb')} = ${answersOf('$3::jsonb')} then '-infinity' else clock_timestamp() end)
on conflict (tenant_id) do nothing`;

const selectSettingsToUpdate = `select settings from registry.tenant_settings where tenant_id = $1 for update`;

// Under the lock of the row, so that no two writes have the same time.
const updateSettings = `update registry.tenant_settings set settings = $2, updated_at = clock_timestamp(), answers_changed_at = case
  when ${answersOf('settings')} = ${answersOf('$2::jsonb')} then coalesce(answers_changed_at, updated_at) else clock_timestamp() end
where tenant_id = $1`;

/** Each retry gives up one wish, the username or the address; both may belong to others. */
const userAttemptsMax = 3;

/** Keeps tenants in PostgreSQL. */
export function createTenantStatements(postgres: Postgres): TenantStore {
  return {
    ensurePrincipal: (actor, claims) => ensurePrincipal(postgres, actor, claims),
    findTenantSettings: (tenantId) =>
      postgres.tenantRead(
        tenantId,
        async (client) => {
          const { rows } = await client.query<SettingsRow & { readonly revision: string }>({
            name: 'registry.select_tenant_settings',
            text: selectSettings,
            values: [tenantId],
            prepare: true,
          });
          return rows[0] && { settings: settingsOf(rows[0]), revision: rows[0].revision };
        },
        { fresh: true }, // whoever keeps them reads them anew because they have changed
      ),
    saveTenantSettings: async (actor, settings) => {
      try {
        await postgres.tenantTransaction(actor.tenantId, (client) => saveSettings(client, actor, settings));
        return true;
      } catch (error) {
        if (violatedConstraint(error)?.name === 'tenant_settings_tenant_id_fkey') return false;
        throw error;
      }
    },
  };
}

interface SettingsRow {
  readonly settings: Record<string, unknown>;
}

function settingsOf({ settings }: SettingsRow): TenantSettings {
  return { ...emptyTenantSettings, ...fromStored<TenantSettings>(settings) };
}

async function saveSettings(client: SqlClient, actor: Actor, settings: TenantSettings): Promise<void> {
  const { tenantId } = actor;
  const values = [tenantId, JSON.stringify(toStored(settings))];
  const empty = JSON.stringify(toStored(emptyTenantSettings));
  const insert = {
    name: 'registry.insert_tenant_settings',
    text: insertSettings,
    values: [...values, empty],
  };
  const isFirst = (await client.query(insert)).count > 0;
  const [present] = isFirst
    ? []
    : (
        await client.query<SettingsRow>({
          name: 'registry.select_tenant_settings_to_update',
          text: selectSettingsToUpdate,
          values: [tenantId],
        })
      ).rows;
  if (!isFirst) {
    await client.query({ name: 'registry.update_tenant_settings', text: updateSettings, values });
  }
  await recordWrite(client, actor, {
    operation: isFirst ? 'create' : 'update',
    entityType: 'tenant_settings',
    entityId: tenantId,
    message: `${isFirst ? 'Stored' : 'Replaced'} the settings of the tenant`,
    before: present && settingsOf(present),
    after: settings,
  });
}

async function ensurePrincipal(
  postgres: Postgres,
  actor: Actor,
  claims: PrincipalClaims,
): Promise<{ readonly tenantName: string } | undefined> {
  const known = await findPrincipal(postgres, actor);
  if (known?.user_known) return { tenantName: known.tenant_name };
  if (!known && !claims.createTenant) return undefined;
  let user: UserRecord = { ...claims, email: claims.email || null };
  for (let attempt = 1; ; attempt += 1) {
    try {
      await insertPrincipal(postgres, { actor, user, tenantName: claims.tenantName, newTenant: !known });
      break;
    } catch (error) {
      user = concede(error, user, actor.userId);
      if (attempt === userAttemptsMax) throw error;
    }
  }
  const stored = await findPrincipal(postgres, actor);
  return stored && { tenantName: stored.tenant_name };
}

async function findPrincipal(
  postgres: Postgres,
  { tenantId, userId }: Actor,
): Promise<{ readonly tenant_name: string; readonly user_known: boolean } | undefined> {
  const { rows } = await postgres.tenantRead(
    tenantId,
    (client) =>
      client.query<{ tenant_name: string; user_known: boolean }>({
        name: 'registry.select_principal',
        text: selectPrincipal,
        values: [tenantId, userId],
        prepare: true,
      }),
    { fresh: true },
  );
  return rows[0];
}

interface PrincipalRows {
  readonly actor: Actor;
  readonly user: UserRecord;
  readonly tenantName: string;
  readonly newTenant: boolean;
}

/** Whoever comes into being is the actor of it. Racing calls leave one record of each row, that of the call which wrote it. */
async function insertPrincipal(
  postgres: Postgres,
  { actor, user, tenantName, newTenant }: PrincipalRows,
): Promise<void> {
  const { tenantId, userId } = actor;
  await postgres.tenantTransaction(tenantId, async (client) => {
    const { username, email, subject } = user;
    const operation = 'create';
    if (newTenant) {
      const values = [tenantId, tenantName];
      const { count } = await client.query({ name: 'registry.insert_tenant', text: insertTenant, values });
      const after = { id: tenantId, tenantName };
      const record = { operation, entityType: 'tenant', entityId: tenantId, after } as const;
      if (count > 0) await recordWrite(client, actor, { ...record, message: 'A tenant came into being' });
    }
    const values = [userId, tenantId, username, email, subject];
    const { count } = await client.query({ name: 'registry.insert_user', text: insertUser, values });
    const after = { id: userId, tenantId, username, email, subject };
    const record = { operation, entityType: 'user', entityId: userId, after } as const;
    if (count > 0) await recordWrite(client, actor, { ...record, message: 'A user came into being' });
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
