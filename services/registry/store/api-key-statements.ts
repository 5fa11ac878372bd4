// API keys. Each acts as a user of its own, whose name nobody can hold already: the key's name with digits of the user's id.
import { Fault } from '../../../foundation/fault/fault.ts';
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import type { Actor } from '../core/actor.ts';
import { type ApiKey, apiKeyContent, liveKeysMax } from '../core/api-key.ts';
import { distinctUsername } from '../core/principal-record.ts';
import { type ApiKeyRow, apiKeyColumns, apiKeyOf } from './api-key-row.ts';
import { earlierWrite } from './earlier-write.ts';
import { recordWrite } from './record-write.ts';
import type { ApiKeyStore, NewApiKey } from './store.ts';
import { refuseUnknownPrincipal } from './unknown-principal.ts';

// Those who make keys of one tenant wait for each other, so that two cannot both make the last one. The lock ends with the transaction.
const lockKeys = `select pg_advisory_xact_lock(hashtextextended('registry.api_keys ' || $1::uuid, 0))`;

const countLiveKeys = `select count(*)::integer as total
from registry.api_keys k
where k.tenant_id = $1 and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())`;

const insertUser = `insert into registry.users (id, tenant_id, username, cognito_sub) values ($1, $2, $3, $4)`;

const insertKey = `insert into registry.api_keys as k (tenant_id, id, key_id, name, kind, key_hash, permissions,
  allowed_endpoints, rate_limit, role, user_id, expires_at, created_by)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
returning ${apiKeyColumns}`;

const selectKeyOfUser = `select ${apiKeyColumns}
from registry.api_keys k
where k.tenant_id = $1 and k.user_id = $2
limit 1`;

const selectKeys = `select ${apiKeyColumns}
from registry.api_keys k
where k.tenant_id = $1
order by k.created_at desc, k.id desc
limit $2 offset $3`;

const countKeys = `select count(*)::integer as total from registry.api_keys k where k.tenant_id = $1`;

const selectKeyToRevoke = `select ${apiKeyColumns}
from registry.api_keys k
where k.tenant_id = $1 and k.key_id = $2
limit 1
for update`;

const selectMadeKey = `select ${apiKeyColumns}
from registry.api_keys k
where k.tenant_id = $1 and k.key_id = $2 and k.key_hash = $3
limit 1`;

const revokeKey = `update registry.api_keys k set revoked_at = now()
where k.tenant_id = $1 and k.key_id = $2
returning ${apiKeyColumns}`;

const useKey = `select k.tenant_id, k.tenant_name, k.username, k.id, k.key_id, k.name, k.kind, k.permissions,
  k.allowed_endpoints, k.rate_limit, k.role, k.user_id, k.expires_at, k.last_used_at, k.created_at, k.created_by
from registry.use_api_key($1) k
limit 1`;

interface UsedApiKeyRow extends ApiKeyRow {
  readonly tenant_id: string;
  readonly tenant_name: string;
  readonly username: string;
}

/** Keeps API keys in PostgreSQL. */
export function createApiKeyStatements(postgres: Postgres): ApiKeyStore {
  return {
    insertApiKey: (actor, key) =>
      refuseUnknownPrincipal(
        postgres.tenantTransaction(actor.tenantId, (client) => insertApiKey(client, actor, key)),
      ),
    findKeyOfUser: (tenantId, userId) =>
      postgres.tenantRead(
        tenantId,
        async (client) => {
          const statement = { name: 'registry.select_api_key_of_user', text: selectKeyOfUser };
          const { rows } = await client.query<ApiKeyRow>({ ...statement, values: [tenantId, userId] });
          return rows[0] && apiKeyOf(rows[0]);
        },
        { fresh: true },
      ),
    listApiKeys: (tenantId, { skip, limit }) =>
      postgres.tenantRead(tenantId, async (client) => {
        const page = { name: 'registry.select_api_keys', text: selectKeys, values: [tenantId, limit, skip] };
        const count = { name: 'registry.count_api_keys', text: countKeys, values: [tenantId] };
        const [{ rows }, counted] = await Promise.all([
          client.query<ApiKeyRow>(page),
          client.query<{ total: number }>(count),
        ]);
        return { keys: rows.map(apiKeyOf), total: counted.rows[0]?.total ?? 0 };
      }),
    revokeApiKey: (actor, keyId) =>
      postgres.tenantTransaction(actor.tenantId, (client) => revokeApiKey(client, actor, keyId)),
    useApiKey: async (keyHash) => {
      const values = [keyHash];
      const statement = { name: 'registry.use_api_key', text: useKey, values, prepare: true };
      const { rows } = await postgres.query<UsedApiKeyRow>(statement);
      const [row] = rows;
      if (!row) return undefined;
      const { tenant_id: tenantId, tenant_name: tenantName, username } = row;
      return { key: apiKeyOf(row), tenantId, tenantName, username };
    },
  };
}

// The key of a request that comes again. Its secret is told again only if it still is the one that the caller can derive.
async function keyMade(
  client: SqlClient,
  { tenantId }: Actor,
  { keyId, keyHash }: Pick<NewApiKey, 'keyId' | 'keyHash'>,
): Promise<ApiKey> {
  const statement = { name: 'registry.select_made_api_key', text: selectMadeKey };
  const { rows } = await client.query<ApiKeyRow>({ ...statement, values: [tenantId, keyId, keyHash] });
  if (rows[0]) return apiKeyOf(rows[0]);
  throw new Fault(
    'failed_precondition',
    `The API key ${keyId} was made, but its secret cannot be told again; revoke it and make another one`,
  );
}

async function insertApiKey(client: SqlClient, actor: Actor, key: NewApiKey): Promise<ApiKey> {
  const { tenantId, role } = actor;
  const earlier = await earlierWrite(client, actor);
  if (earlier !== undefined) return keyMade(client, actor, { keyId: earlier, keyHash: key.keyHash });
  await client.query({ name: 'registry.lock_api_keys', text: lockKeys, values: [tenantId] });
  const count = { name: 'registry.count_live_api_keys', text: countLiveKeys, values: [tenantId] };
  const live = (await client.query<{ total: number }>(count)).rows[0]?.total ?? 0;
  if (live >= liveKeysMax) {
    throw new Fault('failed_precondition', `The tenant has ${liveKeysMax} keys that hold; revoke one first`);
  }
  const { id, keyId, userId, keyHash, name, kind, permissions, allowedEndpoints, rateLimit, expiresAt } = key;
  const user = [userId, tenantId, distinctUsername(name, userId), `key:${keyId}`];
  await client.query({ name: 'registry.insert_user_of_api_key', text: insertUser, values: user });
  const fixed = [tenantId, id, keyId, name, kind, keyHash];
  const lists = [JSON.stringify(permissions), JSON.stringify(allowedEndpoints)];
  const { rows } = await client.query<ApiKeyRow>({
    name: 'registry.insert_api_key',
    text: insertKey,
    values: [...fixed, ...lists, rateLimit, role, userId, expiresAt ?? null, actor.userId],
  });
  const [row] = rows;
  if (!row) throw new Error('An inserted key answered no row');
  const after = apiKeyOf(row);
  await recordWrite(client, actor, {
    operation: 'create',
    entityType: 'api_key',
    entityId: keyId,
    message: `Created an API key of kind ${kind}`,
    after: apiKeyContent(after),
  });
  return after;
}

async function revokeApiKey(client: SqlClient, actor: Actor, keyId: string): Promise<ApiKey | undefined> {
  const values = [actor.tenantId, keyId];
  const select = { name: 'registry.select_api_key_to_revoke', text: selectKeyToRevoke, values };
  const [found] = (await client.query<ApiKeyRow>(select)).rows;
  if (!found || found.revoked_at) return found && apiKeyOf(found);
  const update = { name: 'registry.revoke_api_key', text: revokeKey, values };
  const [revoked] = (await client.query<ApiKeyRow>(update)).rows;
  if (!revoked) throw new Error('A key that is locked was not there to be revoked');
  const after = apiKeyOf(revoked);
  await recordWrite(client, actor, {
    operation: 'revoke',
    entityType: 'api_key',
    entityId: keyId,
    message: 'Revoked an API key',
    before: apiKeyContent(apiKeyOf(found)),
    after: apiKeyContent(after),
  });
  return after;
}
