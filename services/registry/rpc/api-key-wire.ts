// API keys as messages. A key's secret and its hash are in none of them.
import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  ApiKeyKind as ApiKeyKindMessage,
  type ApiKey as ApiKeyMessage,
  ApiKeySchema,
} from '../../../proto/gen/domainflow/registry/v1/api_key_pb.js';
import type { ApiKey, ApiKeyKind } from '../core/api-key.ts';

const kindMessages: Record<ApiKeyKind, ApiKeyKindMessage> = {
  master: ApiKeyKindMessage.MASTER,
  service: ApiKeyKindMessage.SERVICE,
  user: ApiKeyKindMessage.USER,
};

/** A key as it is sent. */
export function apiKeyMessage(key: ApiKey): ApiKeyMessage {
  const { id, keyId, name, rateLimit, createdBy, userId } = key;
  return create(ApiKeySchema, {
    id,
    keyId,
    name,
    kind: kindMessages[key.kind],
    permissions: [...key.permissions],
    allowedEndpoints: [...key.allowedEndpoints],
    rateLimit,
    expiresAt: key.expiresAt && timestampFromDate(key.expiresAt),
    lastUsedAt: key.lastUsedAt && timestampFromDate(key.lastUsedAt),
    revokedAt: key.revokedAt && timestampFromDate(key.revokedAt),
    createdAt: timestampFromDate(key.createdAt),
    createdBy,
    userId,
  });
}
