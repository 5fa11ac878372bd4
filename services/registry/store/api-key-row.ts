// How an API key is read: the columns of a key, and the key that a row is. Its hash is never among them.
import type { Role } from '../../../foundation/identity/role.ts';
import type { ApiKey, ApiKeyKind } from '../core/api-key.ts';

/** Columns of `registry.api_keys`, under the alias `k`. */
export const apiKeyColumns = `k.id, k.key_id, k.name, k.kind, k.permissions, k.allowed_endpoints, k.rate_limit, k.role,
  k.user_id, k.expires_at, k.revoked_at, k.last_used_at, k.created_at, k.created_by`;

/** A row of `apiKeyColumns`. */
export interface ApiKeyRow {
  readonly id: string;
  readonly key_id: string;
  readonly name: string;
  readonly kind: ApiKeyKind;
  readonly permissions: readonly string[];
  readonly allowed_endpoints: readonly string[];
  readonly rate_limit: number;
  readonly role: Role;
  readonly user_id: string;
  readonly expires_at: Date | null;
  /** Absent where only keys that hold are answered. */
  readonly revoked_at?: Date | null;
  readonly last_used_at: Date | null;
  readonly created_at: Date;
  readonly created_by: string;
}

/** The key that a row is. */
export function apiKeyOf(row: ApiKeyRow): ApiKey {
  return {
    id: row.id,
    keyId: row.key_id,
    name: row.name,
    kind: row.kind,
    permissions: row.permissions,
    allowedEndpoints: row.allowed_endpoints,
    rateLimit: row.rate_limit,
    role: row.role,
    userId: row.user_id,
    expiresAt: row.expires_at ?? undefined,
    revokedAt: row.revoked_at ?? undefined,
    lastUsedAt: row.last_used_at ?? undefined,
    createdAt: row.created_at,
    createdBy: row.created_by,
  };
}
