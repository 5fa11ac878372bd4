// /tools: the tools of the tenant and of the platform. The registry judges every document; credentials go in and never come out.
import type { FastifyInstance } from 'fastify';
import { notFound } from '../../foundation/fault/fault.ts';
import { type Tool, ToolType } from '../../proto/gen/domainflow/registry/v1/tool_pb.js';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { objectSchema } from '../http/schema-parts.ts';
import { locationOf } from './created-location.ts';
import { documentSchema, sentDocument } from './definition-request.ts';
import { enumValue, enumWords } from './enum-words.ts';
import { meshCall } from './mesh-call.ts';
import { pathId } from './path-id.ts';
import { toolJson } from './tool-json.ts';

interface ToolFilter {
  readonly type?: string;
}

const filterSchema = objectSchema({ type: { type: 'string', enum: enumWords(ToolType) } });
const readConfig = { role: 'viewer', permission: 'tools:read' } as const;
const createConfig = { role: 'admin', permission: 'tools:create' } as const;
const updateConfig = { role: 'admin', permission: 'tools:update' } as const;
const deleteConfig = { role: 'admin', permission: 'tools:delete' } as const;

/** Registers the routes of tools. */
export function toolRoutes(app: FastifyInstance, { tools }: MeshClients): void {
  app.post('/tools', { config: createConfig, schema: { body: documentSchema } }, async (request, reply) => {
    const { tool } = await tools.createTool({ definition: sentDocument(request) }, meshCall(request));
    const created = answered(tool);
    reply.code(201).header('location', locationOf(request, created.toolName));
    return toolJson(created);
  });

  app.get<{ Querystring: ToolFilter }>(
    '/tools',
    { config: readConfig, schema: { querystring: filterSchema } },
    async (request) => {
      const toolType = enumValue(ToolType, request.query.type);
      const found = await tools.listTools({ toolType }, meshCall(request));
      return { tools: found.tools.map(toolJson), count: found.tools.length };
    },
  );

  app.get('/tools/:tool_name', { config: readConfig }, async (request) => {
    const toolName = pathId(request, 'tool_name', 'tool');
    const { tool } = await tools.getTool({ toolName }, meshCall(request));
    return toolJson(answered(tool));
  });

  app.put(
    '/tools/:tool_name',
    { config: updateConfig, schema: { body: documentSchema } },
    async (request) => {
      const toolName = pathId(request, 'tool_name', 'tool');
      const wanted = { toolName, definition: sentDocument(request) };
      const { tool } = await tools.updateTool(wanted, meshCall(request));
      return toolJson(answered(tool));
    },
  );

  app.delete('/tools/:tool_name', { config: deleteConfig }, async (request) => {
    const toolName = pathId(request, 'tool_name', 'tool');
    await tools.deleteTool({ toolName }, meshCall(request));
    return { message: 'The tool was deleted', tool_name: toolName };
  });
}

function answered(tool: Tool | undefined): Tool {
  if (!tool) throw notFound('tool');
  return tool;
}
