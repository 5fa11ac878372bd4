// /tool-access: which agent may call which tool. Credentials of tools are for the agents service alone and are refused here.
import type { FastifyInstance } from 'fastify';
import { Fault, notFound } from '../../foundation/fault/fault.ts';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { answerObject, count, listOf, named, text } from '../core/answer-schema.ts';
import { type Operation, routeSchema } from '../core/operation.ts';
import { HttpProblem } from '../http/http-problem.ts';
import { objectIdSchema, objectSchema, textSchema } from '../http/schema-parts.ts';
import { agentIdSchema } from './definition-schema.ts';
import { meshCall } from './mesh-call.ts';
import { pathId } from './path-id.ts';
import { permissionJson, toolJson } from './tool-json.ts';
import { permissionExample, toolExample } from './tool-schema.ts';

interface Access {
  readonly agent_id: string;
  readonly tool_name: string;
}

interface AccessQuestion extends Access {
  readonly include_credentials?: boolean;
}

const accessParts = {
  agent_id: { ...objectIdSchema, title: 'Id of the agent' },
  tool_name: { ...textSchema(1, 200), title: 'A tool, or `<tool_name>.<name>` for one of an MCP server' },
};
const accessSchema = objectSchema(accessParts, ['agent_id', 'tool_name']);
const questionSchema = objectSchema(
  {
    ...accessParts,
    include_credentials: {
      type: 'boolean',
      title: 'Refused when true: only the agents service is given them',
    },
  },
  ['agent_id', 'tool_name'],
);
const filterSchema = objectSchema({
  agent_id: { ...objectIdSchema, title: 'Only permissions of this agent' },
});

const readConfig = { role: 'viewer', permission: 'tool-access:read' } as const;
const verifyConfig = { role: 'admin', permission: 'tool-access:read' } as const;
const grantConfig = { role: 'admin', permission: 'tool-access:create' } as const;
const revokeConfig = { role: 'admin', permission: 'tool-access:delete' } as const;

const { agent_id, tool_name } = permissionExample;
const bodyExamples = [{ agent_id, tool_name }];
const revoked = { message: 'The permission was revoked' };
const revocation = {
  description: 'From now on every call is refused',
  ...{ schema: answerObject({ message: text }), example: revoked },
};
const refusals = {
  403: 'This agent belongs to the platform and cannot be changed',
  404: 'No such permission',
};

const operations = {
  list: {
    ...{ id: 'listToolAccess', tag: 'Tools', summary: 'Which agents may call which tools' },
    querystring: filterSchema,
    answers: {
      200: {
        description: 'The permissions, without pages',
        schema: answerObject({ permissions: listOf(named('ToolPermission')), count }),
        example: { permissions: [permissionExample], count: 1 },
      },
    },
  },
  grant: {
    ...{ id: 'grantToolAccess', tag: 'Tools', summary: 'Let an agent call a tool' },
    description: 'Granting again changes nothing. Tools of an MCP server are granted one by one.',
    ...{ body: accessSchema, bodyExamples },
    answers: {
      201: { description: 'The permission', schema: named('ToolPermission'), example: permissionExample },
    },
    refusals: {
      403: refusals[403],
      404: 'No such tool',
      409: 'A tenant may grant 9000 permissions; revoke one first',
    },
  },
  revoke: {
    ...{ id: 'revokeToolAccess', tag: 'Tools', summary: 'Take the permission to call a tool from an agent' },
    ...{ body: accessSchema, bodyExamples, refusals },
    answers: { 200: revocation },
  },
  remove: {
    ...{ id: 'deleteToolAccess', tag: 'Tools', summary: 'Take the permission to call a tool from an agent' },
    params: { agent_id: agentIdSchema, tool_name: { ...text, examples: ['weather', 'files.read'] } },
    ...{ answers: { 200: revocation }, refusals },
  },
  verify: {
    ...{ id: 'verifyToolAccess', tag: 'Tools', summary: 'Ask whether an agent may call a tool' },
    description: 'A refusal says in `code` whether the tool is not there or was not granted.',
    ...{ body: questionSchema, bodyExamples },
    answers: {
      200: {
        description: 'It may',
        schema: answerObject({ allowed: { type: 'boolean', const: true }, tool: named('Tool') }),
        example: { allowed: true, tool: toolExample },
      },
    },
    refusals: {
      403: 'permission_denied: The agent may not call this tool: it was not granted to it',
    },
  },
} satisfies Record<string, Operation>;

type ToolAccess = MeshClients['toolAccess'];

/** Registers the routes of tool access. */
export function toolAccessRoutes(app: FastifyInstance, { toolAccess }: MeshClients): void {
  app.get<{ Querystring: Partial<Access> }>(
    '/tool-access',
    { config: readConfig, schema: routeSchema(operations.list) },
    async (request) => {
      const { agent_id: agentId = '' } = request.query;
      const { permissions } = await toolAccess.listToolAccess({ agentId }, meshCall(request));
      return { permissions: permissions.map(permissionJson), count: permissions.length };
    },
  );

  app.post<{ Body: Access }>(
    '/tool-access/grant',
    { config: grantConfig, schema: routeSchema(operations.grant) },
    async (request, reply) => {
      const { permission } = await toolAccess.grantToolAccess(wantedAccess(request.body), meshCall(request));
      if (!permission) throw notFound('permission');
      reply.code(201);
      return permissionJson(permission);
    },
  );

  app.post<{ Body: Access }>(
    '/tool-access/revoke',
    { config: revokeConfig, schema: routeSchema(operations.revoke) },
    async (request) => {
      await toolAccess.revokeToolAccess(wantedAccess(request.body), meshCall(request));
      return revoked;
    },
  );

  app.delete(
    '/tool-access/:agent_id/:tool_name',
    { config: revokeConfig, schema: routeSchema(operations.remove) },
    async (request) => {
      const agentId = pathId(request, 'agent_id', 'permission');
      const toolName = pathId(request, 'tool_name', 'permission');
      await toolAccess.revokeToolAccess({ agentId, toolName }, meshCall(request));
      return revoked;
    },
  );

  verifyRoute(app, toolAccess);
}

function verifyRoute(app: FastifyInstance, toolAccess: ToolAccess): void {
  app.post<{ Body: AccessQuestion }>(
    '/tool-access/verify',
    { config: verifyConfig, schema: routeSchema(operations.verify) },
    async (request) => {
      if (request.body.include_credentials) {
        throw new Fault('permission_denied', 'Credentials are given to the agents service alone');
      }
      const asked = toolAccess.verifyToolAccess(wantedAccess(request.body), meshCall(request));
      const { tool } = await accessOf(asked);
      if (!tool) throw notFound('tool');
      return { allowed: true, tool: toolJson(tool) };
    },
  );
}

function wantedAccess({ agent_id: agentId, tool_name: toolName }: Access): {
  agentId: string;
  toolName: string;
} {
  return { agentId, toolName };
}

// Waits for the answer; a refusal is told with the reason that the registry gives as a word.
async function accessOf<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    throw refusal(error) ?? error;
  }
}

function refusal(error: unknown): HttpProblem | undefined {
  if (!(error instanceof Fault) || error.reason !== 'permission_denied') return undefined;
  const { message, violations } = error;
  const code = violations.find(({ field }) => field === 'tool_name')?.reason;
  if (code === undefined) return undefined;
  return new HttpProblem(403, `${code}: ${message}`, { violations, extensions: { code }, cause: error });
}
