// Schemas and examples of API keys.
import { ApiKeyKind } from '../../proto/gen/domainflow/registry/v1/api_key_pb.js';
import {
  count,
  listOf,
  named,
  namedObject,
  oneOf,
  publicId,
  text,
  time,
  timeOrNull,
} from '../core/answer-schema.ts';
import type { JsonSchema } from '../core/operation.ts';
import { actions, resources, workPermissions } from '../core/permission.ts';
import { objectSchema, textSchema } from '../http/schema-parts.ts';
import { enumWords } from './enum-words.ts';

const kind = oneOf(enumWords(ApiKeyKind));

const permission: JsonSchema = {
  ...text,
  description: `\`*\` for everything, \`<resource>:*\`, or \`<resource>:<action>\` with a resource of ${resources.join(', ')} and an action of ${actions.join(', ')}; on API v2 ${workPermissions.join(', ')}`,
  examples: ['reports:create', 'agents:*'],
};

const properties = {
  id: { type: 'string', format: 'uuid' },
  key_id: publicId('key'),
  name: text,
  kind,
  permissions: listOf(permission),
  allowed_endpoints: {
    ...listOf(text),
    description: 'Paths below the API base that it may call, with all below them; empty for every path',
  },
  rate_limit: { ...count, description: 'Requests a minute' },
  expires_at: { ...timeOrNull, description: 'Null for a key that does not end' },
  last_used_at: { ...timeOrNull, description: 'To within ten minutes; null before the first use' },
  revoked_at: { ...timeOrNull, description: 'Null while it holds' },
  user_id: { ...text, description: 'The user that it acts as' },
  created_at: time,
  created_by: text,
};

/** A key without its text. */
export const apiKeySchema = namedObject(['ApiKey', 'An API key without its text'], properties);

/** A key with its text. */
export const newApiKeySchema = namedObject(
  ['NewApiKey', 'An API key with its text, which no other answer has'],
  {
    api_key: {
      ...text,
      pattern: '^[0-9a-f]{64}$',
      description: 'The key itself: keep it, it is not shown again',
    },
    ...properties,
  },
);

/** A part of the list of keys. */
export const apiKeyListSchema = namedObject(['ApiKeyList', 'A part of the list of API keys, newest first'], {
  items: listOf(named('ApiKey')),
  total: count,
  skip: count,
  limit: count,
  has_next: { type: 'boolean' },
  has_previous: { type: 'boolean' },
});

/** What the registry takes for a new key. */
export const apiKeyRequestSchema: JsonSchema = objectSchema(
  {
    name: textSchema(1, 200, { pattern: '\\S' }),
    kind: {
      ...kind,
      description:
        'master: everything, 1,000 requests a minute, no end; service: 500, 90 days; user: 100, 30 days',
    },
    permissions: {
      ...{ type: 'array', minItems: 1, maxItems: 200, items: permission },
      description: 'Required but for a key of kind master. A key never does more than its creator may',
    },
    allowed_endpoints: {
      type: 'array',
      maxItems: 100,
      items: { ...text, maxLength: 200, examples: ['/reports'] },
      description: 'Paths below the API base, such as /reports; absent or empty for every path',
    },
    rate_limit: { type: 'integer', minimum: 1, maximum: 100_000, description: 'Requests a minute' },
    expires_at: {
      type: 'string',
      format: 'date-time',
      description: 'When it ends; absent for that of its kind',
    },
  },
  ['name', 'kind'],
);

/** A new key as it is described. */
export const apiKeyRequestExample = {
  name: 'Nightly import',
  kind: 'service',
  permissions: ['reports:create', 'reports:read'],
  allowed_endpoints: ['/reports'],
};

/** A key. */
export const apiKeyExample = {
  ...{ id: '019caa7d-3e5f-7b4f-8f7e-5a9d2c1b0a98', key_id: 'key_019caa7d3e5f7b4f8f7e5a9d2c1b0a98' },
  ...apiKeyRequestExample,
  rate_limit: 500,
  expires_at: '2026-05-30T10:00:00.000Z',
  ...{ last_used_at: null, revoked_at: null },
  user_id: '019caa7d-3e60-7b4f-8f7e-5a9d2c1b0a98',
  created_at: '2026-03-01T10:00:00.000Z',
  created_by: '5b8f3c52-7d1e-5b43-9c0e-2f6a1d9e4b07',
};
