// /tool-access: which agent may call which tool. Credentials of tools are for the agents service alone and are refused here.
import type { FastifyInstance } from 'fastify';
import { Fault, notFound } from '../../foundation/fault/fault.ts';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { HttpProblem } from '../http/http-problem.ts';
import { objectIdSchema, objectSchema, textSchema } from '../http/schema-parts.ts';
import { meshCall } from './mesh-call.ts';
import { pathId } from './path-id.ts';
import { permissionJson, toolJson } from './tool-json.ts';

interface Access {
  readonly agent_id: string;
  readonly tool_name: string;
}

interface AccessQuestion extends Access {
  readonly include_credentials?: boolean;
}

const accessParts = { agent_id: objectIdSchema, tool_name: textSchema(1, 200) };
const accessSchema = objectSchema(accessParts, ['agent_id', 'tool_name']);
const questionSchema = objectSchema({ ...accessParts, include_credentials: { type: 'boolean' } }, [
  'agent_id',
  'tool_name',
]);
const filterSchema = objectSchema({ agent_id: objectIdSchema });

const readConfig = { role: 'viewer', permission: 'tool-access:read' } as const;
const verifyConfig = { role: 'admin', permission: 'tool-access:read' } as const;
const grantConfig = { role: 'admin', permission: 'tool-access:create' } as const;
const revokeConfig = { role: 'admin', permission: 'tool-access:delete' } as const;

type ToolAccess = MeshClients['toolAccess'];

/** Registers the routes of tool access. */
export function toolAccessRoutes(app: FastifyInstance, { toolAccess }: MeshClients): void {
  app.get<{ Querystring: Partial<Access> }>(
    '/tool-access',
    { config: readConfig, schema: { querystring: filterSchema } },
    async (request) => {
      const { agent_id: agentId = '' } = request.query;
      const { permissions } = await toolAccess.listToolAccess({ agentId }, meshCall(request));
      return { permissions: permissions.map(permissionJson), count: permissions.length };
    },
  );

  app.post<{ Body: Access }>(
    '/tool-access/grant',
    { config: grantConfig, schema: { body: accessSchema } },
    async (request, reply) => {
      const { permission } = await toolAccess.grantToolAccess(wantedAccess(request.body), meshCall(request));
      if (!permission) throw notFound('permission');
      reply.code(201);
      return permissionJson(permission);
    },
  );

  app.post<{ Body: Access }>(
    '/tool-access/revoke',
    { config: revokeConfig, schema: { body: accessSchema } },
    async (request) => {
      await toolAccess.revokeToolAccess(wantedAccess(request.body), meshCall(request));
      return revoked;
    },
  );

  app.delete('/tool-access/:agent_id/:tool_name', { config: revokeConfig }, async (request) => {
    const agentId = pathId(request, 'agent_id', 'permission');
    const toolName = pathId(request, 'tool_name', 'permission');
    await toolAccess.revokeToolAccess({ agentId, toolName }, meshCall(request));
    return revoked;
  });

  verifyRoute(app, toolAccess);
}

const revoked = { message: 'The permission was revoked' };

function verifyRoute(app: FastifyInstance, toolAccess: ToolAccess): void {
  app.post<{ Body: AccessQuestion }>(
    '/tool-access/verify',
    { config: verifyConfig, schema: { body: questionSchema } },
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
