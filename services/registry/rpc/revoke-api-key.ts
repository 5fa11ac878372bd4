// RevokeApiKey: ends a key at once. Whoever has kept a decision about it learns of it by the news of changes.
import type { ServiceImpl } from '@connectrpc/connect';
import { notFound } from '../../../foundation/fault/fault.ts';
import { idOfPrefixed } from '../../../foundation/ids/ids.ts';
import type { ApiKeyService } from '../../../proto/gen/domainflow/registry/v1/api_key_service_pb.js';
import type { ApiKeyStore } from '../store/store.ts';
import { actorOf } from './actor.ts';
import { apiKeyMessage } from './api-key-wire.ts';

/** RevokeApiKey; revoking again changes nothing. `permission_denied` for all but admins; `not_found` for keys of other tenants. */
export function revokeApiKey(store: ApiKeyStore): ServiceImpl<typeof ApiKeyService>['revokeApiKey'] {
  return async ({ keyId }, context) => {
    const actor = actorOf(context, 'admin');
    const key = idOfPrefixed('key_', keyId) && (await store.revokeApiKey(actor, keyId));
    if (!key) throw notFound('API key');
    return { key: apiKeyMessage(key) };
  };
}
