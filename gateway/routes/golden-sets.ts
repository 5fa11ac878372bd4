// /domains/{id}/golden-sets: what the playbooks of a domain are measured by. The registry judges every set; a PUT replaces one as a whole.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { notFound } from '../../foundation/fault/fault.ts';
import type { GoldenSet } from '../../proto/gen/domainflow/registry/v1/golden_set_pb.js';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { warningsJson } from './definition-json.ts';
import { documentSchema, sentDocument } from './definition-request.ts';
import { goldenSetJson, goldenSetRow } from './golden-set-json.ts';
import { meshCall } from './mesh-call.ts';
import { pathId } from './path-id.ts';

const readConfig = { role: 'viewer', permission: 'domains:read' } as const;
const updateConfig = { role: 'admin', permission: 'domains:update' } as const;
const path = '/domains/:domain_id/golden-sets';

/** Registers the routes of golden sets. */
export function goldenSetRoutes(app: FastifyInstance, { goldenSets }: MeshClients): void {
  app.get(path, { config: readConfig }, async (request) => {
    const domainId = pathId(request, 'domain_id', 'domain');
    const found = await goldenSets.listGoldenSets({ domainId }, meshCall(request));
    return { golden_sets: found.goldenSets.map(goldenSetRow) };
  });

  app.get(`${path}/:name`, { config: readConfig }, async (request) => {
    const { goldenSet } = await goldenSets.getGoldenSet(placeOf(request), meshCall(request));
    return goldenSetJson(answered(goldenSet));
  });

  app.put(
    `${path}/:name`,
    { config: updateConfig, schema: { body: documentSchema } },
    async (request, reply) => {
      const wanted = { ...placeOf(request), definition: sentDocument(request) };
      const stored = await goldenSets.putGoldenSet(wanted, meshCall(request));
      reply.code(stored.created ? 201 : 200);
      return { ...goldenSetJson(answered(stored.goldenSet)), warnings: warningsJson(stored.warnings) };
    },
  );

  app.delete(`${path}/:name`, { config: updateConfig }, async (request) => {
    const { domainId, name } = placeOf(request);
    await goldenSets.deleteGoldenSet({ domainId, name }, meshCall(request));
    return { message: 'The golden set was deleted', domain_id: domainId, name };
  });
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
