// AuthenticateApiKey: whose key it is, for the gateway alone. It sees the hash of a key and never the key.
import type { ServiceImpl } from '@connectrpc/connect';
import { Fault } from '../../../foundation/fault/fault.ts';
import { callingServiceOf } from '../../../foundation/rpc/caller.ts';
import type { ApiKeyService } from '../../../proto/gen/domainflow/registry/v1/api_key_service_pb.js';
import type { ApiKeyStore } from '../store/store.ts';
import { apiKeyMessage } from './api-key-wire.ts';

const hashBytes = 32;

/** AuthenticateApiKey. `unauthenticated`, in the same words, for unknown, expired and revoked keys. */
export function authenticateApiKey(
  store: ApiKeyStore,
): ServiceImpl<typeof ApiKeyService>['authenticateApiKey'] {
  return async ({ keyHash }, context) => {
    const { service, forItself } = callingServiceOf(context);
    if (service !== 'gateway' || !forItself) {
      throw new Fault('permission_denied', 'Only the gateway itself may ask whose key it is');
    }
    const used = keyHash.length === hashBytes ? await store.useApiKey(keyHash) : undefined;
    if (!used) throw new Fault('unauthenticated', 'The API key is not valid');
    const { key, tenantId, tenantName, username } = used;
    return { key: apiKeyMessage(key), tenantId, tenantName, username, role: key.role };
  };
}
