// /auth/keys: make an API key, list keys, revoke one. The key itself is in the answer to its creation and nowhere else.
import type { FastifyInstance } from 'fastify';
import { Fault, notFound } from '../../foundation/fault/fault.ts';
import { type ApiKey, ApiKeyKind } from '../../proto/gen/domainflow/registry/v1/api_key_pb.js';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { answerObject, named, text, time } from '../core/answer-schema.ts';
import { type Operation, routeSchema } from '../core/operation.ts';
import { type SkipQuery, wantedPart } from '../core/skip-query.ts';
import { claimOf } from '../http/request-claim.ts';
import { objectSchema, wholeNumberSchema } from '../http/schema-parts.ts';
import { apiKeyExample, apiKeyRequestExample, apiKeyRequestSchema } from './api-key-schema.ts';
import { documentSchema, sentDocument } from './definition-request.ts';
import { enumWord } from './enum-words.ts';
import { meshCall } from './mesh-call.ts';
import { pathId } from './path-id.ts';
import { timeJson } from './time-json.ts';

const readConfig = { role: 'admin', permission: 'keys:read' } as const;
const createConfig = { role: 'admin', permission: 'keys:create' } as const;
const deleteConfig = { role: 'admin', permission: 'keys:delete' } as const;

const partSchema = objectSchema({
  skip: { ...wholeNumberSchema, title: 'Keys to pass over; 0 unless given' },
  limit: { ...wholeNumberSchema, title: 'Keys of the answer, 1 to 100; 10 unless given' },
});

const operations = {
  create: {
    ...{ id: 'createApiKey', tag: 'People', summary: 'Make an API key' },
    description:
      'The text of the key stands in this answer alone, which no cache keeps. A key never does more than its creator may.',
    ...{ body: documentSchema, toldBody: apiKeyRequestSchema, bodyExamples: [apiKeyRequestExample] },
    answers: {
      201: {
        description: 'The key with its text',
        schema: named('NewApiKey'),
        example: { api_key: '0123456789abcdef'.repeat(4), ...apiKeyExample },
      },
    },
    refusals: { 409: 'The tenant has 1000 keys that hold; revoke one first' },
  },
  list: {
    ...{ id: 'listApiKeys', tag: 'People', summary: 'API keys of the tenant, newest first' },
    querystring: partSchema,
    answers: {
      200: {
        description: 'A part of the list; keys that were revoked or have ended are in it',
        schema: named('ApiKeyList'),
        example: {
          items: [apiKeyExample],
          ...{ total: 1, skip: 0, limit: 10, has_next: false, has_previous: false },
        },
      },
    },
  },
  revoke: {
    ...{ id: 'revokeApiKey', tag: 'People', summary: 'Revoke an API key' },
    description: 'It is refused from now on. Revoking it again changes nothing.',
    params: { key_id: { ...text, description: 'As `key_id` names it' } },
    answers: {
      200: {
        description: 'The key is revoked',
        schema: answerObject({ message: text, key_id: text, revoked_at: time }),
        example: {
          message: 'The API key was revoked',
          key_id: apiKeyExample.key_id,
          revoked_at: '2026-03-02T10:00:00.000Z',
        },
      },
    },
  },
} satisfies Record<string, Operation>;

/** Registers the routes of API keys. */
export function apiKeyRoutes(app: FastifyInstance, { apiKeys }: MeshClients): void {
  app.post(
    '/auth/keys',
    { config: createConfig, schema: routeSchema(operations.create) },
    async (request, reply) => {
      const seed = claimOf(request)?.seed;
      const wanted = { definition: sentDocument(request), ...(seed && { seed }) };
      const created = await apiKeys.createApiKey(wanted, meshCall(request));
      if (!created.key) throw new Fault('internal', 'A new API key was not answered');
      reply.code(201).header('cache-control', 'no-store');
      return { api_key: created.apiKey, ...keyJson(created.key) };
    },
  );

  app.get<{ Querystring: SkipQuery }>(
    '/auth/keys',
    { config: readConfig, schema: routeSchema(operations.list) },
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

  app.delete(
    '/auth/keys/:key_id',
    { config: deleteConfig, schema: routeSchema(operations.revoke) },
    async (request) => {
      const keyId = pathId(request, 'key_id', 'API key');
      const { key } = await apiKeys.revokeApiKey({ keyId }, meshCall(request));
      if (!key) throw notFound('API key');
      return { message: 'The API key was revoked', key_id: key.keyId, revoked_at: timeJson(key.revokedAt) };
    },
  );
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
