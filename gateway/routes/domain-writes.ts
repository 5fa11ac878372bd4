// /domains: create, update, delete and roll back domains. The registry judges every definition and every right beyond the role.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Fault } from '../../foundation/fault/fault.ts';
import { AgentClass } from '../../proto/gen/domainflow/registry/v1/agent_pb.js';
import type { DefinitionWarning } from '../../proto/gen/domainflow/registry/v1/definition_pb.js';
import type { Domain } from '../../proto/gen/domainflow/registry/v1/domain_pb.js';
import type { Plan } from '../../proto/gen/domainflow/registry/v1/plan_pb.js';
import { callerOf } from '../auth/require-principal.ts';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { answerObject, named, text } from '../core/answer-schema.ts';
import { type Operation, routeSchema } from '../core/operation.ts';
import { ifMatching, versionTag, wantedDefinitionVersion } from '../http/version-tag.ts';
import { locationHeader, locationOf } from './created-location.ts';
import { judgementJson, planJson, warningsJson } from './definition-json.ts';
import {
  documentSchema,
  type RollbackBody,
  rollbackSchema,
  type SaveQuery,
  saveQuerySchema,
  sentDocument,
} from './definition-request.ts';
import { unprovenRefusal } from './definition-schema.ts';
import { createdDomainJson, domainJson } from './domain-json.ts';
import { domainChangesExamples, newDomainExamples } from './domain-request-schema.ts';
import {
  createdDomainExample,
  domainJudgementExample,
  domainPath,
  savedDomainExample,
} from './domain-schema.ts';
import { enumWord, enumWords } from './enum-words.ts';
import { meshCall } from './mesh-call.ts';
import { pathId } from './path-id.ts';

const refusals = {
  400: 'ingestion_playbook.agent_execution_graph.nodes[1]: agent agent-019caa7d3e5f7b4f8f7e5a9d2c1b0a98 does not exist',
  403: 'This domain belongs to the platform and cannot be changed',
  404: 'No such domain',
};

const operations = {
  create: {
    ...{ id: 'createDomain', tag: 'Domains', summary: 'Create a domain, or judge one' },
    ...{ querystring: saveQuerySchema, body: documentSchema },
    ...{ toldBody: named('NewDomain'), bodyExamples: newDomainExamples },
    answers: {
      201: {
        ...{ description: 'The new domain', schema: named('CreatedDomain'), example: createdDomainExample },
        headers: locationHeader,
      },
      200: {
        description: 'With `validate_only`: what a save would come to',
        ...{ schema: named('DomainJudgement'), example: domainJudgementExample },
      },
    },
    refusals: { 400: refusals[400], 409: 'The domain_id street_works is taken; choose another one' },
  },
  update: {
    ...{ id: 'updateDomain', tag: 'Domains', summary: 'Store the next version of a domain, or judge it' },
    description:
      'What is given is merged with what is stored, then all three playbooks are judged again. Runs under way go on with the version that they began with.',
    ...{
      params: domainPath,
      querystring: saveQuerySchema,
      body: documentSchema,
      headers: ['If-Match'] as const,
    },
    ...{ toldBody: named('DomainChanges'), bodyExamples: domainChangesExamples },
    answers: {
      200: {
        description: 'The version that was stored; with `validate_only` what a save would come to',
        schema: { anyOf: [named('SavedDomain'), named('DomainJudgement')] },
        example: savedDomainExample,
      },
    },
    refusals: { ...refusals, 409: unprovenRefusal },
  },
  remove: {
    ...{ id: 'deleteDomain', tag: 'Domains', summary: 'Delete a domain' },
    description: 'Its reports stay, and runs under way go on. Its id may be used again.',
    ...{ params: domainPath, headers: ['If-Match'] as const },
    answers: {
      200: {
        description: 'The domain is gone',
        schema: answerObject({ message: text, domain_id: text }),
        example: { message: 'The domain was deleted', domain_id: 'street_works' },
      },
    },
    refusals: {
      ...{ 403: refusals[403], 404: refusals[404] },
      409: 'The golden set basics is required; an admin has to delete it, or store it with required false, first',
    },
  },
  rollback: {
    ...{ id: 'rollbackDomain', tag: 'Domains', summary: 'Store a new version equal to an earlier one' },
    description: 'The earlier version must still keep all rules.',
    ...{ params: domainPath, body: rollbackSchema, bodyExamples: [{ version: 1 }] },
    answers: {
      200: {
        description: 'The version that was stored',
        ...{ schema: named('SavedDomain'), example: savedDomainExample },
      },
    },
    refusals: { ...refusals, 409: unprovenRefusal },
  },
} satisfies Record<string, Operation>;

const createConfig = { role: 'editor', permission: 'domains:create' } as const;
const updateConfig = { role: 'editor', permission: 'domains:update' } as const;
const deleteConfig = { role: 'editor', permission: 'domains:delete' } as const;

type Domains = MeshClients['domains'];

/** Registers the routes that save and delete domains. */
export function domainWriteRoutes(app: FastifyInstance, { domains }: MeshClients): void {
  app.post<{ Querystring: SaveQuery }>(
    '/domains',
    { config: createConfig, schema: routeSchema(operations.create) },
    async (request, reply) => {
      const definition = sentDocument(request);
      if (request.query.validate_only === 'true') return checked(domains, request, { definition });
      const { domain, warnings } = await domains.createDomain({ definition }, meshCall(request));
      if (!domain) throw notAnswered();
      reply.code(201).header('location', locationOf(request, domain.domainId));
      return { ...createdDomainJson(domain), warnings: warningsJson(warnings) };
    },
  );

  app.put<{ Querystring: SaveQuery }>(
    '/domains/:domain_id',
    { config: updateConfig, schema: routeSchema(operations.update) },
    async (request, reply) => {
      const expectedVersion = wantedDefinitionVersion(request);
      const wanted = { domainId: pathId(request, 'domain_id', 'domain'), definition: sentDocument(request) };
      if (request.query.validate_only === 'true') return checked(domains, request, wanted);
      const stored = domains.updateDomain({ ...wanted, expectedVersion }, meshCall(request));
      return saved(request, reply, await ifMatching(expectedVersion, stored));
    },
  );

  app.delete(
    '/domains/:domain_id',
    { config: deleteConfig, schema: routeSchema(operations.remove) },
    async (request) => {
      const domainId = pathId(request, 'domain_id', 'domain');
      const expectedVersion = wantedDefinitionVersion(request);
      await ifMatching(
        expectedVersion,
        domains.deleteDomain({ domainId, expectedVersion }, meshCall(request)),
      );
      return { message: 'The domain was deleted', domain_id: domainId };
    },
  );

  app.post<{ Body: RollbackBody }>(
    '/domains/:domain_id/rollback',
    { config: updateConfig, schema: routeSchema(operations.rollback) },
    async (request, reply) => {
      const wanted = { domainId: pathId(request, 'domain_id', 'domain'), version: request.body.version };
      return saved(request, reply, await domains.rollbackDomain(wanted, meshCall(request)));
    },
  );
}

async function checked(
  domains: Domains,
  request: FastifyRequest,
  wanted: Parameters<Domains['checkDomain']>[0],
): Promise<object> {
  const judgement = await domains.checkDomain(wanted, meshCall(request));
  return judgementJson(judgement, plansJson(judgement.plans));
}

/** One member for each playbook: its plan, or null when it breaks a rule. */
function plansJson(plans: readonly Plan[]): object {
  const planOf = (word: string) => plans.find(({ playbook }) => enumWord(AgentClass, playbook) === word);
  return Object.fromEntries(enumWords(AgentClass).map((word) => [word, planJson(planOf(word))]));
}

interface Saved {
  readonly domain?: Domain | undefined;
  readonly warnings: readonly DefinitionWarning[];
}

function saved(request: FastifyRequest, reply: FastifyReply, { domain, warnings }: Saved): object {
  if (!domain) throw notAnswered();
  reply.header('etag', versionTag(domain.version));
  return {
    ...domainJson(domain, callerOf(request).principal),
    warnings: warningsJson(warnings),
  };
}

function notAnswered(): Fault {
  return new Fault('internal', 'A saved domain was not answered');
}
