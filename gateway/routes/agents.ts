// /agents: read an agent with its dependencies, list agents, compare two versions. Saving and deleting is in agent-writes.ts.
import type { FastifyInstance } from 'fastify';
import { notFound } from '../../foundation/fault/fault.ts';
import { AgentClass } from '../../proto/gen/domainflow/registry/v1/agent_pb.js';
import { callerOf } from '../auth/require-principal.ts';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { type PageQuery, wantedPage } from '../core/page-query.ts';
import { listQuerySchema, objectSchema, versionSchema } from '../http/schema-parts.ts';
import { agentJson, agentRow } from './agent-json.ts';
import { differencesJson } from './definition-json.ts';
import { type DiffQuery, diffQuerySchema, wantedVersions } from './definition-request.ts';
import { enumValue, enumWords } from './enum-words.ts';
import { meshCall } from './mesh-call.ts';
import { paginationJson } from './page-json.ts';
import { pathId } from './path-id.ts';

interface AgentFilter extends PageQuery {
  readonly agent_class?: string;
}

const readConfig = { role: 'viewer', permission: 'agents:read' } as const;
const filterSchema = listQuerySchema({ agent_class: { type: 'string', enum: enumWords(AgentClass) } });

/** Registers the routes that read agents. */
export function agentRoutes(app: FastifyInstance, { agents }: MeshClients): void {
  app.get<{ Querystring: AgentFilter }>(
    '/agents',
    { config: readConfig, schema: { querystring: filterSchema } },
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
    { config: readConfig, schema: { querystring: objectSchema({ version: versionSchema }) } },
    async (request) => {
      const agentId = pathId(request, 'agent_id', 'agent');
      const version = Number(request.query.version ?? 0);
      const found = await agents.getAgent({ agentId, version }, meshCall(request));
      if (!found.agent) throw notFound('agent');
      return agentJson(found.agent, found, callerOf(request).principal);
    },
  );

  app.get<{ Querystring: DiffQuery }>(
    '/agents/:agent_id/diff',
    { config: readConfig, schema: { querystring: diffQuerySchema } },
    async (request) => {
      const agentId = pathId(request, 'agent_id', 'agent');
      const wanted = { agentId, ...wantedVersions(request.query) };
      return differencesJson(await agents.diffAgent(wanted, meshCall(request)));
    },
  );
}
