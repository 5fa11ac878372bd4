// ListApiKeys: a part of the tenant's keys, those that hold no more included.
import type { ServiceImpl } from '@connectrpc/connect';
import type { ApiKeyService } from '../../../proto/gen/domainflow/registry/v1/api_key_service_pb.js';
import type { ApiKeyStore } from '../store/store.ts';
import { actorOf } from './actor.ts';
import { apiKeyMessage } from './api-key-wire.ts';

const limitDefault = 10;
const limitMax = 100;

/** ListApiKeys, newest first. `permission_denied` for all but admins. */
export function listApiKeys(store: ApiKeyStore): ServiceImpl<typeof ApiKeyService>['listApiKeys'] {
  return async ({ skip, limit }, context) => {
    const { tenantId } = actorOf(context, 'admin');
    const { keys, total } = await store.listApiKeys(tenantId, {
      skip: Math.max(skip, 0),
      limit: limit === 0 ? limitDefault : Math.min(Math.max(limit, 1), limitMax),
    });
    return { keys: keys.map(apiKeyMessage), total };
  };
}
