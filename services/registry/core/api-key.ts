// API keys: what they are, what their kinds bring along, and what the audit log keeps of them. The secret itself is never among it.
import type { Role } from '../../../foundation/identity/role.ts';

/** What a key is for. */
export const apiKeyKinds = ['master', 'service', 'user'] as const;

/** One of them. */
export type ApiKeyKind = (typeof apiKeyKinds)[number];

/** What a key of a kind is given unless its creator says otherwise. */
export interface ApiKeyDefaults {
  /** Requests a minute. */
  readonly rateLimit: number;
  /** Undefined for a key that never expires. */
  readonly lifetimeMs: number | undefined;
  /** Undefined when the creator has to name them. */
  readonly permissions: readonly string[] | undefined;
}

const dayMs = 24 * 60 * 60_000;

/** Defaults by kind. */
export const apiKeyDefaults: Readonly<Record<ApiKeyKind, ApiKeyDefaults>> = {
  master: { rateLimit: 1_000, lifetimeMs: undefined, permissions: ['*'] },
  service: { rateLimit: 500, lifetimeMs: 90 * dayMs, permissions: undefined },
  user: { rateLimit: 100, lifetimeMs: 30 * dayMs, permissions: undefined },
};

/** The most keys of a tenant that are neither revoked nor expired. */
export const liveKeysMax = 1_000;

/** What a key may do. */
export interface ApiKeyGrant {
  /** Permissions such as `agents:read`, `agents:*` or `*`. */
  readonly permissions: readonly string[];
  /** Path prefixes below the API base, in whole segments; empty for all. */
  readonly allowedEndpoints: readonly string[];
  /** Requests a minute. */
  readonly rateLimit: number;
  /** Undefined for never. */
  readonly expiresAt: Date | undefined;
}

/** What its creator decides about a key. */
export interface ApiKeyDraft extends ApiKeyGrant {
  readonly name: string;
  readonly kind: ApiKeyKind;
}

/** A stored key. */
export interface ApiKey extends ApiKeyDraft {
  /** UUIDv7. */
  readonly id: string;
  /** `key_` and 32 hex digits. */
  readonly keyId: string;
  /** Role of the creator when the key was made; the key never exceeds it. */
  readonly role: Role;
  /** UUID of the user that it acts as. */
  readonly userId: string;
  /** Undefined while the key holds. */
  readonly revokedAt: Date | undefined;
  /** To within ten minutes; undefined before its first use. */
  readonly lastUsedAt: Date | undefined;
  readonly createdAt: Date;
  /** UUID. */
  readonly createdBy: string;
}

/** True for a key that is neither revoked nor expired. */
export function holds({ revokedAt, expiresAt }: ApiKey, nowMs: number): boolean {
  return revokedAt === undefined && (expiresAt === undefined || expiresAt.getTime() > nowMs);
}

/** What the audit log hashes of a key. Its use is no change of it. */
export function apiKeyContent(key: ApiKey): object {
  const { lastUsedAt: _, ...content } = key;
  return content;
}
