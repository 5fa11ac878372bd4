// /domains: create, update, delete and roll back domains. The registry judges every definition and every right beyond the role.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Fault } from '../../foundation/fault/fault.ts';
import { AgentClass } from '../../proto/gen/domainflow/registry/v1/agent_pb.js';
import type { DefinitionWarning } from '../../proto/gen/domainflow/registry/v1/definition_pb.js';
import type { Domain } from '../../proto/gen/domainflow/registry/v1/domain_pb.js';
import type { Plan } from '../../proto/gen/domainflow/registry/v1/plan_pb.js';
import { callerOf } from '../auth/require-principal.ts';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { locationOf } from './created-location.ts';
import { judgementJson, planJson, warningsJson } from './definition-json.ts';
import {
  documentSchema,
  type RollbackBody,
  rollbackSchema,
  type SaveQuery,
  saveQuerySchema,
  sentDocument,
} from './definition-request.ts';
import { createdDomainJson, domainJson } from './domain-json.ts';
import { enumWord, enumWords } from './enum-words.ts';
import { meshCall } from './mesh-call.ts';
import { pathId } from './path-id.ts';

const saveSchema = { querystring: saveQuerySchema, body: documentSchema };
const createConfig = { role: 'editor', permission: 'domains:create' } as const;
const updateConfig = { role: 'editor', permission: 'domains:update' } as const;
const deleteConfig = { role: 'editor', permission: 'domains:delete' } as const;

type Domains = MeshClients['domains'];

/** Registers the routes that save and delete domains. */
export function domainWriteRoutes(app: FastifyInstance, { domains }: MeshClients): void {
  app.post<{ Querystring: SaveQuery }>(
    '/domains',
    { config: createConfig, schema: saveSchema },
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
    { config: updateConfig, schema: saveSchema },
    async (request) => {
      const wanted = { domainId: pathId(request, 'domain_id', 'domain'), definition: sentDocument(request) };
      if (request.query.validate_only === 'true') return checked(domains, request, wanted);
      return savedJson(await domains.updateDomain(wanted, meshCall(request)), request);
    },
  );

  app.delete('/domains/:domain_id', { config: deleteConfig }, async (request) => {
    const domainId = pathId(request, 'domain_id', 'domain');
    await domains.deleteDomain({ domainId }, meshCall(request));
    return { message: 'The domain was deleted', domain_id: domainId };
  });

  app.post<{ Body: RollbackBody }>(
    '/domains/:domain_id/rollback',
    { config: updateConfig, schema: { body: rollbackSchema } },
    async (request) => {
      const wanted = { domainId: pathId(request, 'domain_id', 'domain'), version: request.body.version };
      return savedJson(await domains.rollbackDomain(wanted, meshCall(request)), request);
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

function savedJson({ domain, warnings }: Saved, request: FastifyRequest): object {
  if (!domain) throw notAnswered();
  return {
    ...domainJson(domain, callerOf(request).principal),
    warnings: warningsJson(warnings),
  };
}

function notAnswered(): Fault {
  return new Fault('internal', 'A saved domain was not answered');
}
