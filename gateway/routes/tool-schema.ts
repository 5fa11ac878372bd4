// Schemas and examples of tools and of permissions to call them. What is sent to save a tool describes: the registry judges it, so that
// every problem of a document is told at once.
import type { JsonObject } from '../../foundation/json/json.ts';
import { urlLengthMax } from '../../foundation/net/outbound-url.ts';
import { AuthMethod, ToolEffect, ToolType } from '../../proto/gen/domainflow/registry/v1/tool_pb.js';
import {
  flag,
  freeObject,
  named,
  namedObject,
  oneOf,
  orNull,
  text,
  textOrNull,
  time,
} from '../core/answer-schema.ts';
import type { JsonSchema } from '../core/operation.ts';
import { agentIdSchema, uuidSchema, writtenText } from './definition-schema.ts';
import { enumWords } from './enum-words.ts';

const toolType = {
  ...oneOf(enumWords(ToolType)),
  description: 'An mcp_server is no tool itself but a source of tools, each named `<tool_name>.<name>`',
};
const authMethod = {
  ...oneOf(enumWords(AuthMethod)),
  description: 'How the platform proves itself to the tool',
};
const effect = { ...oneOf(enumWords(ToolEffect)), description: 'What a call may do to records' };

const toolSchema = namedObject(['Tool', 'What agents may call; its credentials are never shown'], {
  tool_name: text,
  tool_type: toolType,
  description: textOrNull,
  endpoint: { ...textOrNull, description: 'URL, or ARN of a service of AWS; null for tools of the platform' },
  auth_method: authMethod,
  parameters_schema: {
    ...freeObject,
    description: 'JSON Schema of the arguments of a call; an empty one allows all',
  },
  effect,
  has_credentials: flag,
  is_builtin: { ...flag, description: 'True for tools of the platform, which nobody can change' },
  id: uuidSchema,
  tenant_id: uuidSchema,
  created_at: time,
  updated_at: time,
  created_by: { ...text, description: 'Id of a user' },
});

const secret = writtenText(4_096);
const name = writtenText(500);

const credentialsSchema: JsonSchema = {
  $id: 'ToolCredentials',
  description:
    'Stored sealed and never answered. They fit auth_method: a key for api_key, client credentials for oauth, header fields for custom, none for iam and none',
  anyOf: [
    {
      type: 'object',
      required: ['key'],
      properties: { key: secret, header: { ...name, description: 'Header field that carries the key' } },
    },
    {
      type: 'object',
      required: ['token_url', 'client_id', 'client_secret'],
      properties: {
        token_url: writtenText(urlLengthMax),
        ...{ client_id: name, client_secret: secret, scope: name },
      },
    },
    {
      type: 'object',
      required: ['headers'],
      properties: {
        headers: { type: 'object', minProperties: 1, maxProperties: 20, additionalProperties: secret },
      },
    },
  ],
};

const properties = {
  tool_type: toolType,
  endpoint: {
    ...writtenText(urlLengthMax),
    description: 'URL by https, or where the deployment allows its network also by http; or an ARN',
  },
  auth_method: authMethod,
  description: { type: ['string', 'null'], maxLength: 500 },
  parameters_schema: {
    type: ['object', 'null'],
    description: 'JSON Schema of the arguments of a call, at most 16 KB',
  },
  effect: {
    type: ['string', 'null'],
    enum: [...enumWords(ToolEffect), null],
    description: 'Absent means update',
  },
  credentials: orNull(named('ToolCredentials')),
};

const newToolSchema: JsonSchema = {
  $id: 'NewTool',
  type: 'object',
  description: 'A new tool; other members are ignored',
  required: ['tool_name', 'tool_type', 'endpoint', 'auth_method'],
  properties: {
    tool_name: {
      ...{ type: 'string', pattern: '^[a-z][a-z0-9_]{0,63}$' },
      description: 'Unlike the names of all tools of the tenant and of the platform',
    },
    ...properties,
  },
};

const toolChangesSchema: JsonSchema = {
  $id: 'ToolChanges',
  type: 'object',
  description:
    'Any of the members of a new tool but its name, at least one; what is absent stays, null removes what is optional. Credentials are to be given anew where auth_method changes or the endpoint goes to another host',
  minProperties: 1,
  properties,
};

const permissionSchema = namedObject(['ToolPermission', 'Lets an agent call a tool'], {
  agent_id: agentIdSchema,
  tool_name: { ...text, description: 'A tool, or `<tool_name>.<name>` for one of an MCP server' },
  granted_at: time,
  granted_by: { ...text, description: 'Id of a user' },
  is_builtin: { ...flag, description: 'True for what agents of the platform come with' },
});

/** Schemas of tools. */
export const toolSchemas: readonly JsonSchema[] = [
  toolSchema,
  credentialsSchema,
  newToolSchema,
  toolChangesSchema,
  permissionSchema,
];

/** A new tool with a key, and an MCP server. */
export const newToolExamples: readonly JsonObject[] = [
  {
    tool_name: 'weather',
    tool_type: 'external_api',
    endpoint: 'https://weather.example/v1',
    auth_method: 'api_key',
    description: 'The weather at a place and time',
    parameters_schema: { type: 'object', properties: { place: { type: 'string' } }, required: ['place'] },
    effect: 'read',
    credentials: { key: 'k-4f9a', header: 'x-api-key' },
  },
  {
    tool_name: 'files',
    tool_type: 'mcp_server',
    endpoint: 'https://files.example/mcp',
    auth_method: 'none',
    effect: 'read',
  },
];

/** Changes of a tool. */
export const toolChangesExamples: readonly JsonObject[] = [
  { effect: 'read' },
  { description: null, credentials: { key: 'k-77b1' } },
];

/** A tool. */
export const toolExample = {
  tool_name: 'weather',
  tool_type: 'external_api',
  description: 'The weather at a place and time',
  endpoint: 'https://weather.example/v1',
  auth_method: 'api_key',
  parameters_schema: { type: 'object', properties: { place: { type: 'string' } }, required: ['place'] },
  effect: 'read',
  has_credentials: true,
  is_builtin: false,
  id: '019caa80-1b2c-7d3e-8f40-5162738495a6',
  tenant_id: '0198a000-0000-7000-8000-000000000001',
  created_at: '2026-03-01T10:10:00.000Z',
  updated_at: '2026-03-01T10:10:00.000Z',
  created_by: '019c9f00-1111-7222-8333-444455556666',
};

/** A permission. */
export const permissionExample = {
  agent_id: 'agent-019caa7d3e5f7b4f8f7e5a9d2c1b0a98',
  tool_name: 'weather',
  granted_at: '2026-03-01T10:15:00.000Z',
  granted_by: '019c9f00-1111-7222-8333-444455556666',
  is_builtin: false,
};
