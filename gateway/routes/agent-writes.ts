// /agents: create, update, delete and roll back agents. The registry judges every definition and every right beyond the role.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Fault } from '../../foundation/fault/fault.ts';
import type { Agent } from '../../proto/gen/domainflow/registry/v1/agent_pb.js';
import type { DefinitionWarning } from '../../proto/gen/domainflow/registry/v1/definition_pb.js';
import { callerOf } from '../auth/require-principal.ts';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { agentJson, createdAgentJson, type ShownGraph } from './agent-json.ts';
import { locationOf } from './created-location.ts';
import { deletionOf } from './definition-in-use.ts';
import { judgementJson, planJson, warningsJson } from './definition-json.ts';
import {
  documentSchema,
  type RollbackBody,
  rollbackSchema,
  type SaveQuery,
  saveQuerySchema,
  sentDocument,
} from './definition-request.ts';
import { meshCall } from './mesh-call.ts';
import { pathId } from './path-id.ts';

const saveSchema = { querystring: saveQuerySchema, body: documentSchema };
const createConfig = { role: 'editor', permission: 'agents:create' } as const;
const updateConfig = { role: 'editor', permission: 'agents:update' } as const;
const deleteConfig = { role: 'editor', permission: 'agents:delete' } as const;

type Agents = MeshClients['agents'];

/** Registers the routes that save and delete agents. */
export function agentWriteRoutes(app: FastifyInstance, { agents }: MeshClients): void {
  app.post<{ Querystring: SaveQuery }>(
    '/agents',
    { config: createConfig, schema: saveSchema },
    async (request, reply) => {
      const definition = sentDocument(request);
      if (request.query.validate_only === 'true') return checked(agents, request, { definition });
      const { agent, warnings } = await agents.createAgent({ definition }, meshCall(request));
      if (!agent) throw notAnswered();
      reply.code(201).header('location', locationOf(request, agent.agentId));
      return { ...createdAgentJson(agent), warnings: warningsJson(warnings) };
    },
  );

  app.put<{ Querystring: SaveQuery }>(
    '/agents/:agent_id',
    { config: updateConfig, schema: saveSchema },
    async (request) => {
      const wanted = { agentId: pathId(request, 'agent_id', 'agent'), definition: sentDocument(request) };
      if (request.query.validate_only === 'true') return checked(agents, request, wanted);
      return saved(request, await agents.updateAgent(wanted, meshCall(request)));
    },
  );

  app.delete('/agents/:agent_id', { config: deleteConfig }, async (request) => {
    const agentId = pathId(request, 'agent_id', 'agent');
    await deletionOf(agents.deleteAgent({ agentId }, meshCall(request)));
    return { message: 'The agent was deleted', agent_id: agentId };
  });

  app.post<{ Body: RollbackBody }>(
    '/agents/:agent_id/rollback',
    { config: updateConfig, schema: { body: rollbackSchema } },
    async (request) => {
      const wanted = { agentId: pathId(request, 'agent_id', 'agent'), version: request.body.version };
      return saved(request, await agents.rollbackAgent(wanted, meshCall(request)));
    },
  );
}

async function checked(
  agents: Agents,
  request: FastifyRequest,
  wanted: Parameters<Agents['checkAgent']>[0],
): Promise<object> {
  const judgement = await agents.checkAgent(wanted, meshCall(request));
  return judgementJson(judgement, planJson(judgement.plan));
}

interface Saved extends ShownGraph {
  readonly agent?: Agent | undefined;
  readonly warnings: readonly DefinitionWarning[];
}

// As a GET shows it.
function saved(request: FastifyRequest, { agent, warnings, ...graph }: Saved): object {
  if (!agent) throw notAnswered();
  const shown = agentJson(agent, graph, callerOf(request).principal);
  return { ...shown, warnings: warningsJson(warnings) };
}

function notAnswered(): Fault {
  return new Fault('internal', 'A saved agent was not answered');
}
