// /auth/keys: make an API key, list keys, revoke one. The key itself is in the answer to its creation and nowhere else.
import type { FastifyInstance } from 'fastify';
import { Fault, notFound } from '../../foundation/fault/fault.ts';
import { type ApiKey, ApiKeyKind } from '../../proto/gen/domainflow/registry/v1/api_key_pb.js';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { type SkipQuery, wantedPart } from '../core/skip-query.ts';
import { objectSchema, wholeNumberSchema } from '../http/schema-parts.ts';
import { documentSchema, sentDocument } from './definition-request.ts';
import { enumWord } from './enum-words.ts';
import { meshCall } from './mesh-call.ts';
import { pathId } from './path-id.ts';
import { timeJson } from './time-json.ts';

const readConfig = { role: 'admin', permission: 'keys:read' } as const;
const createConfig = { role: 'admin', permission: 'keys:create' } as const;
const deleteConfig = { role: 'admin', permission: 'keys:delete' } as const;

const partSchema = objectSchema({ skip: wholeNumberSchema, limit: wholeNumberSchema });

/** Registers the routes of API keys. */
export function apiKeyRoutes(app: FastifyInstance, { apiKeys }: MeshClients): void {
  app.post(
    '/auth/keys',
    { config: createConfig, schema: { body: documentSchema } },
    async (request, reply) => {
      const created = await apiKeys.createApiKey({ definition: sentDocument(request) }, meshCall(request));
      if (!created.key) throw new Fault('internal', 'A new API key was not answered');
      reply.code(201).header('cache-control', 'no-store');
      return { api_key: created.apiKey, ...keyJson(created.key) };
    },
  );

  app.get<{ Querystring: SkipQuery }>(
    '/auth/keys',
    { config: readConfig, schema: { querystring: partSchema } },
    async (request) => {
      const { skip, limit } = wantedPart(request.query);
      const { keys, total } = await apiKeys.listApiKeys({ skip, limit }, meshCall(request));
      return {
        items: keys.map(keyJson),
        total,
        skip,
        limit,
        has_next: skip + keys.length < total,
        has_previous: skip > 0,
      };
    },
  );

  app.delete('/auth/keys/:key_id', { config: deleteConfig }, async (request) => {
    const keyId = pathId(request, 'key_id', 'API key');
    const { key } = await apiKeys.revokeApiKey({ keyId }, meshCall(request));
    if (!key) throw notFound('API key');
    return { message: 'The API key was revoked', key_id: key.keyId, revoked_at: timeJson(key.revokedAt) };
  });
}

function keyJson(key: ApiKey): object {
  return {
    id: key.id,
    key_id: key.keyId,
    name: key.name,
    kind: enumWord(ApiKeyKind, key.kind),
    permissions: key.permissions,
    allowed_endpoints: key.allowedEndpoints,
    rate_limit: key.rateLimit,
    expires_at: timeJson(key.expiresAt),
    last_used_at: timeJson(key.lastUsedAt),
    revoked_at: timeJson(key.revokedAt),
    user_id: key.userId,
    created_at: timeJson(key.createdAt),
    created_by: key.createdBy,
  };
}
