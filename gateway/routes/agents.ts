// /agents: read an agent with its dependencies, list agents, compare two versions. Saving and deleting is in agent-writes.ts.
import type { FastifyInstance } from 'fastify';
import { notFound } from '../../foundation/fault/fault.ts';
import { AgentClass } from '../../proto/gen/domainflow/registry/v1/agent_pb.js';
import { callerOf } from '../auth/require-principal.ts';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { named, pageOf } from '../core/answer-schema.ts';
import { type Operation, routeSchema } from '../core/operation.ts';
import { type PageQuery, wantedPage } from '../core/page-query.ts';
import { listQuerySchema } from '../http/schema-parts.ts';
import { versionTag } from '../http/version-tag.ts';
import { agentJson, agentRow } from './agent-json.ts';
import { agentExample, agentsExample } from './agent-schema.ts';
import { differencesJson } from './definition-json.ts';
import { type DiffQuery, diffQuerySchema, versionQuerySchema, wantedVersions } from './definition-request.ts';
import { agentIdSchema, differencesExample } from './definition-schema.ts';
import { enumValue, enumWords } from './enum-words.ts';
import { meshCall } from './mesh-call.ts';
import { paginationJson } from './page-json.ts';
import { pathId } from './path-id.ts';

interface AgentFilter extends PageQuery {
  readonly agent_class?: string;
}

const readConfig = { role: 'viewer', permission: 'agents:read' } as const;
const filterSchema = listQuerySchema({
  agent_class: { type: 'string', enum: enumWords(AgentClass), title: 'Only agents of this class' },
});
const path = { agent_id: agentIdSchema };
const refusals = { 404: 'No such agent' };

const operations = {
  list: {
    ...{ id: 'listAgents', tag: 'Agents', summary: 'Agents of the tenant and of the platform, newest first' },
    querystring: filterSchema,
    answers: {
      200: { description: 'A page', schema: pageOf('agents', named('AgentRow')), example: agentsExample },
    },
  },
  get: {
    ...{ id: 'getAgent', tag: 'Agents', summary: 'An agent with everything that it depends on' },
    ...{ params: path, querystring: versionQuerySchema, refusals },
    answers: { 200: { description: 'The agent', schema: named('Agent'), example: agentExample } },
  },
  diff: {
    ...{ id: 'diffAgent', tag: 'Agents', summary: 'What differs between two versions of an agent' },
    ...{ params: path, querystring: diffQuerySchema, refusals },
    answers: {
      200: { description: 'The differences', schema: named('Differences'), example: differencesExample },
    },
  },
} satisfies Record<string, Operation>;

/** Registers the routes that read agents. */
export function agentRoutes(app: FastifyInstance, { agents }: MeshClients): void {
  app.get<{ Querystring: AgentFilter }>(
    '/agents',
    { config: readConfig, schema: routeSchema(operations.list) },
    async (request) => {
      const agentClass = enumValue(AgentClass, request.query.agent_class);
      const page = wantedPage(request.query);
      const found = await agents.listAgents({ page, agentClass }, meshCall(request));
      const { principal } = callerOf(request);
      return {
        agents: found.agents.map((agent) => agentRow(agent, principal)),
        pagination: paginationJson(found.page),
      };
    },
  );

  app.get<{ Querystring: { readonly version?: string } }>(
    '/agents/:agent_id',
    { config: readConfig, schema: routeSchema(operations.get) },
    async (request, reply) => {
      const agentId = pathId(request, 'agent_id', 'agent');
      const version = Number(request.query.version ?? 0);
      const found = await agents.getAgent({ agentId, version }, meshCall(request));
      if (!found.agent) throw notFound('agent');
      const shown = agentJson(found.agent, found, callerOf(request).principal);
      reply.header('etag', versionTag(found.agent.version, shown));
      return shown;
    },
  );

  app.get<{ Querystring: DiffQuery }>(
    '/agents/:agent_id/diff',
    { config: readConfig, schema: routeSchema(operations.diff) },
    async (request) => {
      const agentId = pathId(request, 'agent_id', 'agent');
      const wanted = { agentId, ...wantedVersions(request.query) };
      return differencesJson(await agents.diffAgent(wanted, meshCall(request)));
    },
  );
}
