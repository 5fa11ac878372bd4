// CreateApiKey: makes a key and answers it this one time; only its hash is kept.
import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { ServiceImpl } from '@connectrpc/connect';
import type { Clock } from '../../../foundation/clock.ts';
import { Fault, invalidArgument } from '../../../foundation/fault/fault.ts';
import { newId, prefixedId } from '../../../foundation/ids/ids.ts';
import type { ApiKeyService } from '../../../proto/gen/domainflow/registry/v1/api_key_service_pb.js';
import { holds } from '../core/api-key.ts';
import { readApiKey } from '../core/api-key-document.ts';
import type { ApiKeyStore } from '../store/store.ts';
import { actorOf } from './actor.ts';
import { apiKeyMessage } from './api-key-wire.ts';

const keyBytes = 32;

// From a seed, a request that comes again is told the same secret.
function newSecret(seed: Uint8Array): string {
  if (seed.length === 0) return randomBytes(keyBytes).toString('hex');
  if (seed.length !== keyBytes)
    throw invalidArgument([{ field: 'seed', reason: `must have ${keyBytes} bytes` }]);
  return createHmac('sha256', seed).update('domainflow api key').digest('hex');
}

/**
 * CreateApiKey. `permission_denied` for all but admins; `unauthenticated` for a key that has ended since its request came in;
 * `invalid_argument` with every violated rule.
 */
export function createApiKey(
  store: ApiKeyStore,
  clock: Clock,
): ServiceImpl<typeof ApiKeyService>['createApiKey'] {
  return async ({ definition = {}, seed }, context) => {
    const actor = actorOf(context, 'admin');
    const creator = await store.findKeyOfUser(actor.tenantId, actor.userId);
    const nowMs = clock();
    if (creator && !holds(creator, nowMs)) throw new Fault('unauthenticated', 'The API key is not valid');
    const draft = readApiKey(definition, { nowMs, creator });
    const apiKey = newSecret(seed);
    const id = newId();
    const key = await store.insertApiKey(actor, {
      ...draft,
      id,
      keyId: prefixedId('key_', id),
      userId: newId(),
      keyHash: createHash('sha256').update(apiKey).digest(),
    });
    return { key: apiKeyMessage(key), apiKey };
  };
}
