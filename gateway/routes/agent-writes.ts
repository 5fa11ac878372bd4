// /agents: create, update, delete and roll back agents. The registry judges every definition and every right beyond the role.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Fault } from '../../foundation/fault/fault.ts';
import type { Agent } from '../../proto/gen/domainflow/registry/v1/agent_pb.js';
import type { DefinitionWarning } from '../../proto/gen/domainflow/registry/v1/definition_pb.js';
import { callerOf } from '../auth/require-principal.ts';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { answerObject, named, text } from '../core/answer-schema.ts';
import { type Operation, routeSchema } from '../core/operation.ts';
import { ifMatching, versionTag, wantedDefinitionVersion } from '../http/version-tag.ts';
import { agentJson, createdAgentJson, type ShownGraph } from './agent-json.ts';
import { agentChangesExamples, newAgentExamples } from './agent-request-schema.ts';
import { agentExample, createdAgentExample, savedAgentExample } from './agent-schema.ts';
import { locationHeader, locationOf } from './created-location.ts';
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
import { agentIdSchema, agentJudgementExample, unprovenRefusal } from './definition-schema.ts';
import { meshCall } from './mesh-call.ts';
import { pathId } from './path-id.ts';

const params = { agent_id: agentIdSchema };
const refusals = {
  400: 'agent_dependencies[0]: there is no such agent; name it by its agent_id',
  403: 'This agent belongs to the platform and cannot be changed',
  404: 'No such agent',
};

const operations = {
  create: {
    ...{ id: 'createAgent', tag: 'Agents', summary: 'Create an agent, or judge one' },
    description: 'It runs once a playbook lists it, or an agent that a playbook lists depends on it.',
    ...{ querystring: saveQuerySchema, body: documentSchema },
    ...{ toldBody: named('NewAgent'), bodyExamples: newAgentExamples },
    answers: {
      201: {
        ...{ description: 'The new agent', schema: named('CreatedAgent'), example: createdAgentExample },
        headers: locationHeader,
      },
      200: {
        description: 'With `validate_only`: what a save would come to',
        ...{ schema: named('AgentJudgement'), example: agentJudgementExample },
      },
    },
    refusals: { 400: refusals[400] },
  },
  update: {
    ...{ id: 'updateAgent', tag: 'Agents', summary: 'Store the next version of an agent, or judge it' },
    description:
      'The version must keep all rules, and every playbook of the tenant must still make a plan with it. Runs under way go on with the version that they began with.',
    ...{ params, querystring: saveQuerySchema, body: documentSchema, headers: ['If-Match'] as const },
    ...{ toldBody: named('AgentChanges'), bodyExamples: agentChangesExamples },
    answers: {
      200: {
        description: 'The version that was stored; with `validate_only` what a save would come to',
        schema: { anyOf: [named('SavedAgent'), named('AgentJudgement')] },
        example: savedAgentExample,
      },
    },
    refusals: { ...refusals, 409: unprovenRefusal },
  },
  remove: {
    ...{ id: 'deleteAgent', tag: 'Agents', summary: 'Delete an agent that nothing uses' },
    description:
      'Refused while a playbook lists it or another agent depends on it: `used_by` of the error names them. Runs under way go on.',
    ...{ params, headers: ['If-Match'] as const },
    answers: {
      200: {
        description: 'The agent is gone',
        schema: answerObject({ message: text, agent_id: agentIdSchema }),
        example: { message: 'The agent was deleted', agent_id: agentExample.agent_id },
      },
    },
    refusals: {
      ...{ 403: refusals[403], 404: refusals[404] },
      409: 'The agent is in use and cannot be deleted; take it out there first: domain street_works, ingestion playbook',
    },
  },
  rollback: {
    ...{ id: 'rollbackAgent', tag: 'Agents', summary: 'Store a new version equal to an earlier one' },
    description: 'The earlier version must still keep all rules.',
    ...{ params, body: rollbackSchema, bodyExamples: [{ version: 1 }] },
    answers: {
      200: {
        description: 'The version that was stored',
        ...{ schema: named('SavedAgent'), example: savedAgentExample },
      },
    },
    refusals: { ...refusals, 409: unprovenRefusal },
  },
} satisfies Record<string, Operation>;

const createConfig = { role: 'editor', permission: 'agents:create' } as const;
const updateConfig = { role: 'editor', permission: 'agents:update' } as const;
const deleteConfig = { role: 'editor', permission: 'agents:delete' } as const;

type Agents = MeshClients['agents'];

/** Registers the routes that save and delete agents. */
export function agentWriteRoutes(app: FastifyInstance, { agents }: MeshClients): void {
  app.post<{ Querystring: SaveQuery }>(
    '/agents',
    { config: createConfig, schema: routeSchema(operations.create) },
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
    { config: updateConfig, schema: routeSchema(operations.update) },
    async (request, reply) => {
      const expectedVersion = wantedDefinitionVersion(request);
      const wanted = { agentId: pathId(request, 'agent_id', 'agent'), definition: sentDocument(request) };
      if (request.query.validate_only === 'true') return checked(agents, request, wanted);
      const stored = agents.updateAgent({ ...wanted, expectedVersion }, meshCall(request));
      return saved(request, reply, await ifMatching(expectedVersion, stored));
    },
  );

  app.delete(
    '/agents/:agent_id',
    { config: deleteConfig, schema: routeSchema(operations.remove) },
    async (request) => {
      const agentId = pathId(request, 'agent_id', 'agent');
      const expectedVersion = wantedDefinitionVersion(request);
      const deleted = deletionOf(agents.deleteAgent({ agentId, expectedVersion }, meshCall(request)));
      await ifMatching(expectedVersion, deleted);
      return { message: 'The agent was deleted', agent_id: agentId };
    },
  );

  app.post<{ Body: RollbackBody }>(
    '/agents/:agent_id/rollback',
    { config: updateConfig, schema: routeSchema(operations.rollback) },
    async (request, reply) => {
      const wanted = { agentId: pathId(request, 'agent_id', 'agent'), version: request.body.version };
      return saved(request, reply, await agents.rollbackAgent(wanted, meshCall(request)));
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
function saved(request: FastifyRequest, reply: FastifyReply, { agent, warnings, ...graph }: Saved): object {
  if (!agent) throw notAnswered();
  reply.header('etag', versionTag(agent.version));
  const shown = agentJson(agent, graph, callerOf(request).principal);
  return { ...shown, warnings: warningsJson(warnings) };
}

function notAnswered(): Fault {
  return new Fault('internal', 'A saved agent was not answered');
}
