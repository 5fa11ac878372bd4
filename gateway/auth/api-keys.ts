// API keys as credentials. The registry decides whose key it is; the gateway sends it the hash, and keeps the key itself nowhere. A decision
// is kept for five minutes at most, and only while the registry's news of changes arrives: a revoked key is refused as soon as the news of it
// is here, which takes milliseconds, and within 2 s (`signMsMax` of the cache) when the news stops coming.
import { createHash } from 'node:crypto';
import { timestampMs } from '@bufbuild/protobuf/wkt';
import { Fault } from '../../foundation/fault/fault.ts';
import { highestRole } from '../../foundation/identity/role.ts';
import type { WatchedCache } from '../../foundation/rpc/watched-cache.ts';
import type { AuthenticateApiKeyResponse } from '../../proto/gen/domainflow/registry/v1/api_key_service_pb.js';
import type { KeyGrant } from '../core/route-access.ts';
import type { Identity } from './identity.ts';

/** Decisions that are kept. */
export const keyDecisionsMax = 10_000;

/** What is needed to know a key. */
export interface ApiKeysOptions {
  /** Asks the registry about a SHA-256 of 32 bytes; Fault `unauthenticated` for a key that is unknown, expired or revoked. */
  readonly ask: (keyHash: Uint8Array) => Promise<AuthenticateApiKeyResponse>;
  /** Keeps decisions by the hash of the key, until the key is written to or ends. */
  readonly decisions: Pick<WatchedCache, 'get'>;
}

/** Tells who acts by a key. */
export type ApiKeyAuthenticator = (apiKey: string) => Promise<Identity>;

/** True for the form of API keys, 64 hex digits; every other credential is a token. */
export function isApiKey(credential: string): boolean {
  return /^[0-9a-f]{64}$/i.test(credential);
}

/** Whose key it is, asked of the registry or remembered. */
export function createApiKeyAuthenticator({ ask, decisions }: ApiKeysOptions): ApiKeyAuthenticator {
  return (apiKey) => {
    const hash = createHash('sha256').update(apiKey).digest();
    return decisions.get(hash.toString('base64url'), {
      load: async () => identityOfKey(await ask(hash)),
      tags: ({ principal, key }) => [
        { tenantId: principal.tenantId, entityType: 'api_key', entityId: key.keyId },
      ],
      endsAtMs: ({ key }) => key.expiresMs,
    });
  };
}

// The user of the key, who has the role of the key's creator at most.
function identityOfKey(answer: AuthenticateApiKeyResponse): Identity & { readonly key: KeyGrant } {
  const { key, tenantId, tenantName, username } = answer;
  const role = highestRole([answer.role]);
  if (!key || !role) throw new Fault('internal', 'An API key was answered without its role');
  return {
    principal: { tenantId, userId: key.userId, username, roles: [role] },
    role,
    tenantName,
    email: undefined,
    key: {
      keyId: key.keyId,
      name: key.name,
      permissions: key.permissions,
      allowedEndpoints: key.allowedEndpoints,
      rateLimit: key.rateLimit,
      expiresMs: key.expiresAt && timestampMs(key.expiresAt),
    },
  };
}
