// /domains/{id}/golden-sets: what the playbooks of a domain are measured by. The registry judges every set; a PUT replaces one as a whole.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { notFound } from '../../foundation/fault/fault.ts';
import type { GoldenSet } from '../../proto/gen/domainflow/registry/v1/golden_set_pb.js';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { answerObject, listOf, named, text } from '../core/answer-schema.ts';
import { type Operation, routeSchema } from '../core/operation.ts';
import { ifMatching, versionTag, wantedDefinitionVersion } from '../http/version-tag.ts';
import { warningsJson } from './definition-json.ts';
import { documentSchema, sentDocument } from './definition-request.ts';
import { domainPath } from './domain-schema.ts';
import { goldenSetJson, goldenSetRow } from './golden-set-json.ts';
import {
  goldenSetExample,
  goldenSetPath,
  goldenSetsExample,
  newGoldenSetExamples,
} from './golden-set-schema.ts';
import { meshCall } from './mesh-call.ts';
import { pathId } from './path-id.ts';

const readConfig = { role: 'viewer', permission: 'domains:read' } as const;
const updateConfig = { role: 'admin', permission: 'domains:update' } as const;
const path = '/domains/:domain_id/golden-sets';

const stored = { schema: named('StoredGoldenSet'), example: { ...goldenSetExample, warnings: [] } };
const refusals = {
  403: 'This domain belongs to the platform and cannot be changed',
  404: 'No such golden set',
};

const operations = {
  list: {
    ...{ id: 'listGoldenSets', tag: 'Domains', summary: 'The golden sets of a domain, by name' },
    ...{ params: domainPath, refusals: { 404: 'No such domain' } },
    answers: {
      200: {
        description: 'The sets without their rows; a domain has at most 20',
        schema: answerObject({ golden_sets: listOf(named('GoldenSetRow')) }),
        example: goldenSetsExample,
      },
    },
  },
  get: {
    ...{ id: 'getGoldenSet', tag: 'Domains', summary: 'A golden set with its rows' },
    ...{ params: goldenSetPath, refusals: { 404: refusals[404] } },
    answers: {
      200: { description: 'The newest version', schema: named('GoldenSet'), example: goldenSetExample },
    },
  },
  put: {
    ...{ id: 'putGoldenSet', tag: 'Domains', summary: 'Store a golden set, or its next version' },
    description: 'Where it is required, gates that passed by an earlier version no longer count.',
    ...{ params: goldenSetPath, body: documentSchema, headers: ['If-Match'] as const },
    ...{ toldBody: named('NewGoldenSet'), bodyExamples: newGoldenSetExamples },
    answers: {
      200: { description: 'The next version', ...stored },
      201: { description: 'The first version', ...stored },
    },
    refusals: {
      400: 'rows[0].expected: must name at least one path',
      403: refusals[403],
      404: 'No such domain',
      409: 'The domain has 20 golden sets; delete one first',
    },
  },
  remove: {
    ...{
      id: 'deleteGoldenSet',
      tag: 'Domains',
      summary: 'Delete a golden set with the results of its gates',
    },
    description: 'What it required is not required any more.',
    ...{ params: goldenSetPath, refusals, headers: ['If-Match'] as const },
    answers: {
      200: {
        description: 'The set is gone',
        schema: answerObject({ message: text, domain_id: text, name: text }),
        example: { message: 'The golden set was deleted', domain_id: 'street_works', name: 'basics' },
      },
    },
  },
} satisfies Record<string, Operation>;

/** Registers the routes of golden sets. */
export function goldenSetRoutes(app: FastifyInstance, { goldenSets }: MeshClients): void {
  app.get(path, { config: readConfig, schema: routeSchema(operations.list) }, async (request) => {
    const domainId = pathId(request, 'domain_id', 'domain');
    const found = await goldenSets.listGoldenSets({ domainId }, meshCall(request));
    return { golden_sets: found.goldenSets.map(goldenSetRow) };
  });

  app.get(
    `${path}/:name`,
    { config: readConfig, schema: routeSchema(operations.get) },
    async (request, reply) => {
      const { goldenSet } = await goldenSets.getGoldenSet(placeOf(request), meshCall(request));
      const set = answered(goldenSet);
      reply.header('etag', versionTag(set.version));
      return goldenSetJson(set);
    },
  );

  app.put(
    `${path}/:name`,
    { config: updateConfig, schema: routeSchema(operations.put) },
    async (request, reply) => {
      const expectedVersion = wantedDefinitionVersion(request);
      const wanted = { ...placeOf(request), definition: sentDocument(request), expectedVersion };
      const put = goldenSets.putGoldenSet(wanted, meshCall(request));
      const stored = await ifMatching(expectedVersion, put);
      const set = answered(stored.goldenSet);
      reply.code(stored.created ? 201 : 200).header('etag', versionTag(set.version));
      return { ...goldenSetJson(set), warnings: warningsJson(stored.warnings) };
    },
  );

  app.delete(
    `${path}/:name`,
    { config: updateConfig, schema: routeSchema(operations.remove) },
    async (request) => {
      const { domainId, name } = placeOf(request);
      const expectedVersion = wantedDefinitionVersion(request);
      const wanted = { domainId, name, expectedVersion };
      await ifMatching(expectedVersion, goldenSets.deleteGoldenSet(wanted, meshCall(request)));
      return { message: 'The golden set was deleted', domain_id: domainId, name };
    },
  );
}

function placeOf(request: FastifyRequest): { readonly domainId: string; readonly name: string } {
  return {
    domainId: pathId(request, 'domain_id', 'domain'),
    name: pathId(request, 'name', 'golden set'),
  };
}

function answered(set: GoldenSet | undefined): GoldenSet {
  if (!set) throw notFound('golden set');
  return set;
}
