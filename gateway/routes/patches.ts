// /patches and /reports/{incident_id}/patches: read patches, decide them, take them back.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { notFound } from '../../foundation/fault/fault.ts';
import { type Patch, PatchStatus } from '../../proto/gen/domainflow/reports/v1/patch_pb.js';
import { callerOf } from '../auth/require-principal.ts';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { type PageQuery, wantedPage } from '../core/page-query.ts';
import { idempotencyKey, tellReplayed } from '../http/idempotency-key.ts';
import { listQuerySchema, objectSchema, textSchema } from '../http/schema-parts.ts';
import { enumValue, enumWords } from './enum-words.ts';
import { meshCall } from './mesh-call.ts';
import { paginationJson } from './page-json.ts';
import { patchJson } from './patch-json.ts';
import { pathId } from './path-id.ts';

interface PatchFilter extends PageQuery {
  readonly status?: string;
  readonly domain_id?: string;
}

const readConfig = { role: 'viewer', permission: 'patches:read' } as const;
const updateConfig = { role: 'editor', permission: 'patches:update' } as const;
const filters = { status: { type: 'string', enum: enumWords(PatchStatus) }, domain_id: textSchema(1, 50) };
const filterSchema = listQuerySchema(filters);
const reasonSchema = objectSchema({ reason: textSchema(1, 1_000) });

/** Registers the routes of patches. */
export function patchRoutes(app: FastifyInstance, { patches }: MeshClients): void {
  const list = async (request: FastifyRequest<{ Querystring: PatchFilter }>, incidentId: string) => {
    const { status, domain_id: domainId = '' } = request.query;
    const page = wantedPage(request.query, { windowed: true });
    const wanted = { page, incidentId, status: enumValue(PatchStatus, status), domainId };
    const found = await patches.listPatches(wanted, meshCall(request));
    const { principal } = callerOf(request);
    return {
      patches: found.patches.map((patch) => patchJson(patch, principal)),
      pagination: paginationJson(found.page),
    };
  };
  const listOptions = { config: readConfig, schema: { querystring: filterSchema } };

  app.get<{ Querystring: PatchFilter }>('/patches', listOptions, (request) => list(request, ''));

  app.get<{ Querystring: PatchFilter }>('/reports/:incident_id/patches', listOptions, (request) =>
    list(request, pathId(request, 'incident_id', 'report')),
  );

  app.get('/patches/:patch_id', { config: readConfig }, async (request) => {
    const patchId = pathId(request, 'patch_id', 'patch');
    return shown(request, await patches.getPatch({ patchId }, meshCall(request)));
  });

  decisionRoutes(app, patches);
}

function decisionRoutes(app: FastifyInstance, patches: MeshClients['patches']): void {
  app.post('/patches/:patch_id/apply', { config: updateConfig }, async (request, reply) =>
    decided(request, reply, await patches.applyPatch(decisionOf(request), meshCall(request))),
  );

  app.post('/patches/:patch_id/reject', { config: updateConfig }, async (request, reply) =>
    decided(request, reply, await patches.rejectPatch(decisionOf(request), meshCall(request))),
  );

  app.post<{ Body: { readonly reason?: string } }>(
    '/patches/:patch_id/revert',
    { config: updateConfig, schema: { body: reasonSchema } },
    async (request, reply) => {
      const wanted = { ...decisionOf(request), reason: request.body.reason ?? '' };
      return decided(request, reply, await patches.revertPatch(wanted, meshCall(request)));
    },
  );
}

function decisionOf(request: FastifyRequest): { readonly patchId: string; readonly requestId: string } {
  return { requestId: idempotencyKey(request), patchId: pathId(request, 'patch_id', 'patch') };
}

interface Decided {
  readonly patch?: Patch | undefined;
  readonly replayed: boolean;
}

function decided(request: FastifyRequest, reply: FastifyReply, outcome: Decided): object {
  tellReplayed(reply, outcome.replayed);
  return shown(request, outcome);
}

function shown(request: FastifyRequest, { patch }: { readonly patch?: Patch | undefined }): object {
  if (!patch) throw notFound('patch');
  return patchJson(patch, callerOf(request).principal);
}
