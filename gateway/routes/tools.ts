// /tools: the tools of the tenant and of the platform. The registry judges every document; credentials go in and never come out.
import type { FastifyInstance } from 'fastify';
import { notFound } from '../../foundation/fault/fault.ts';
import { type Tool, ToolType } from '../../proto/gen/domainflow/registry/v1/tool_pb.js';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { answerObject, count, listOf, named, text } from '../core/answer-schema.ts';
import { type Operation, routeSchema } from '../core/operation.ts';
import { objectSchema } from '../http/schema-parts.ts';
import { locationHeader, locationOf } from './created-location.ts';
import { documentSchema, sentDocument } from './definition-request.ts';
import { enumValue, enumWords } from './enum-words.ts';
import { meshCall } from './mesh-call.ts';
import { pathId } from './path-id.ts';
import { toolJson } from './tool-json.ts';
import { newToolExamples, toolChangesExamples, toolExample } from './tool-schema.ts';

interface ToolFilter {
  readonly type?: string;
}

const filterSchema = objectSchema({
  type: { type: 'string', enum: enumWords(ToolType), title: 'Only tools of this type' },
});
const readConfig = { role: 'viewer', permission: 'tools:read' } as const;
const createConfig = { role: 'admin', permission: 'tools:create' } as const;
const updateConfig = { role: 'admin', permission: 'tools:update' } as const;
const deleteConfig = { role: 'admin', permission: 'tools:delete' } as const;

const params = { tool_name: { ...text, examples: ['weather'] } };
const answered200 = { schema: named('Tool'), example: toolExample };
const refusals = { 403: 'This tool belongs to the platform and cannot be changed', 404: 'No such tool' };

const operations = {
  create: {
    ...{ id: 'createTool', tag: 'Tools', summary: 'Create a tool' },
    description: 'Agents may call it once it is granted to them, one by one.',
    ...{ body: documentSchema, toldBody: named('NewTool'), bodyExamples: newToolExamples },
    answers: { 201: { description: 'The new tool', headers: locationHeader, ...answered200 } },
    refusals: {
      400: 'tool_name: is the name of another tool; choose one that is free',
      409: 'A tenant may have 1000 tools; delete one first',
    },
  },
  list: {
    ...{ id: 'listTools', tag: 'Tools', summary: 'All tools of the tenant and of the platform, by name' },
    querystring: filterSchema,
    answers: {
      200: {
        description: 'The tools, without pages',
        schema: answerObject({ tools: listOf(named('Tool')), count }),
        example: { tools: [toolExample], count: 1 },
      },
    },
  },
  get: {
    ...{ id: 'getTool', tag: 'Tools', summary: 'A tool' },
    ...{ params, refusals: { 404: refusals[404] } },
    answers: { 200: { description: 'The tool, without its credentials', ...answered200 } },
  },
  update: {
    ...{ id: 'updateTool', tag: 'Tools', summary: 'Change a tool' },
    ...{ params, body: documentSchema, toldBody: named('ToolChanges'), bodyExamples: toolChangesExamples },
    answers: { 200: { description: 'The tool', ...answered200 } },
    refusals: {
      400: 'credentials: must be given anew, because auth_method changes to oauth',
      ...refusals,
    },
  },
  remove: {
    ...{ id: 'deleteTool', tag: 'Tools', summary: 'Delete a tool with every permission to call it' },
    description: 'Agents that list it keep its name and can no longer call it.',
    ...{ params, refusals },
    answers: {
      200: {
        description: 'The tool is gone',
        schema: answerObject({ message: text, tool_name: text }),
        example: { message: 'The tool was deleted', tool_name: 'weather' },
      },
    },
  },
} satisfies Record<string, Operation>;

/** Registers the routes of tools. */
export function toolRoutes(app: FastifyInstance, { tools }: MeshClients): void {
  app.post(
    '/tools',
    { config: createConfig, schema: routeSchema(operations.create) },
    async (request, reply) => {
      const { tool } = await tools.createTool({ definition: sentDocument(request) }, meshCall(request));
      const created = answered(tool);
      reply.code(201).header('location', locationOf(request, created.toolName));
      return toolJson(created);
    },
  );

  app.get<{ Querystring: ToolFilter }>(
    '/tools',
    { config: readConfig, schema: routeSchema(operations.list) },
    async (request) => {
      const toolType = enumValue(ToolType, request.query.type);
      const found = await tools.listTools({ toolType }, meshCall(request));
      return { tools: found.tools.map(toolJson), count: found.tools.length };
    },
  );

  app.get(
    '/tools/:tool_name',
    { config: readConfig, schema: routeSchema(operations.get) },
    async (request) => {
      const toolName = pathId(request, 'tool_name', 'tool');
      const { tool } = await tools.getTool({ toolName }, meshCall(request));
      return toolJson(answered(tool));
    },
  );

  app.put(
    '/tools/:tool_name',
    { config: updateConfig, schema: routeSchema(operations.update) },
    async (request) => {
      const toolName = pathId(request, 'tool_name', 'tool');
      const wanted = { toolName, definition: sentDocument(request) };
      const { tool } = await tools.updateTool(wanted, meshCall(request));
      return toolJson(answered(tool));
    },
  );

  app.delete(
    '/tools/:tool_name',
    { config: deleteConfig, schema: routeSchema(operations.remove) },
    async (request) => {
      const toolName = pathId(request, 'tool_name', 'tool');
      await tools.deleteTool({ toolName }, meshCall(request));
      return { message: 'The tool was deleted', tool_name: toolName };
    },
  );
}

function answered(tool: Tool | undefined): Tool {
  if (!tool) throw notFound('tool');
  return tool;
}
