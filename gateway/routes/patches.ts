// /patches and /reports/{incident_id}/patches: read patches, decide them, take them back.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { notFound } from '../../foundation/fault/fault.ts';
import { type Patch, PatchStatus } from '../../proto/gen/domainflow/reports/v1/patch_pb.js';
import { callerOf } from '../auth/require-principal.ts';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { named, pageOf } from '../core/answer-schema.ts';
import { type Operation, routeSchema } from '../core/operation.ts';
import { type PageQuery, wantedPage } from '../core/page-query.ts';
import { idempotencyKey, tellReplayed } from '../http/idempotency-key.ts';
import { listQuerySchema, objectSchema, textSchema } from '../http/schema-parts.ts';
import { enumValue } from './enum-words.ts';
import { meshCall } from './mesh-call.ts';
import { paginationJson } from './page-json.ts';
import { pageExample } from './page-schema.ts';
import { patchJson } from './patch-json.ts';
import {
  decidedPatchExample,
  patchExample,
  patchPath,
  patchStatuses,
  revertingPatchExample,
} from './patch-schema.ts';
import { pathId } from './path-id.ts';
import { reportPath } from './report-schema.ts';

interface PatchFilter extends PageQuery {
  readonly status?: string;
  readonly domain_id?: string;
}

const readConfig = { role: 'viewer', permission: 'patches:read' } as const;
const updateConfig = { role: 'editor', permission: 'patches:update', remembersRequests: true } as const;
const filterSchema = listQuerySchema({
  status: { type: 'string', enum: patchStatuses, title: 'That stand here alone' },
  domain_id: textSchema(1, 50, { title: 'Of this domain alone' }),
});
const reasonSchema = objectSchema({
  reason: textSchema(1, 1_000, { title: 'Why, for those who come later' }),
});

const patchPage = { description: 'A page', schema: pageOf('patches', named('Patch')) };

const operations = {
  list: {
    ...{ id: 'listPatches', tag: 'Patches', summary: 'Patches of all reports, the newest first' },
    querystring: filterSchema,
    answers: { 200: { ...patchPage, example: pageExample('patches', [patchExample]) } },
  },
  listOfReport: {
    ...{ id: 'listReportPatches', tag: 'Patches', summary: 'Patches of a report, the newest first' },
    ...{ params: reportPath, querystring: filterSchema },
    answers: { 200: { ...patchPage, example: pageExample('patches', [decidedPatchExample]) } },
  },
  get: {
    ...{ id: 'getPatch', tag: 'Patches', summary: 'A patch', params: patchPath },
    answers: { 200: { description: 'The patch', schema: named('Patch'), example: patchExample } },
  },
  apply: {
    ...{ id: 'applyPatch', tag: 'Patches', summary: 'Apply a proposed patch to its report' },
    description: `Where the report no longer holds what the patch says was there before, nothing is changed: the patch is \`conflicted\` from
then on, and the paths are named.`,
    params: patchPath,
    answers: {
      200: { description: 'The applied patch', schema: named('Patch'), example: decidedPatchExample },
    },
    refusals: { 409: 'The patch is rejected; this needs one that is proposed' },
  },
  reject: {
    ...{ id: 'rejectPatch', tag: 'Patches', summary: 'Decline a proposed patch', params: patchPath },
    answers: {
      200: {
        description: 'The declined patch',
        ...{ schema: named('Patch'), example: { ...decidedPatchExample, status: 'rejected' } },
      },
    },
    refusals: { 409: 'The patch is applied; this needs one that is proposed' },
  },
  revert: {
    ...{ id: 'revertPatch', tag: 'Patches', summary: 'Take an applied patch back by a new one' },
    description: 'Only while the report still holds what the patch changed; what stands in the way is named.',
    ...{ params: patchPath, body: reasonSchema, bodyExamples: [{ reason: 'The wrong crew' }] },
    answers: {
      200: { description: 'The new patch', schema: named('Patch'), example: revertingPatchExample },
    },
    refusals: { 409: 'A later change holds what the patch changed: status' },
  },
} satisfies Record<string, Operation>;

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
  const reading = (operation: Operation) => ({ config: readConfig, schema: routeSchema(operation) });

  app.get<{ Querystring: PatchFilter }>('/patches', reading(operations.list), (request) => list(request, ''));

  app.get<{ Querystring: PatchFilter }>(
    '/reports/:incident_id/patches',
    reading(operations.listOfReport),
    (request) => list(request, pathId(request, 'incident_id', 'report')),
  );

  app.get('/patches/:patch_id', reading(operations.get), async (request) => {
    const patchId = pathId(request, 'patch_id', 'patch');
    return shown(request, await patches.getPatch({ patchId }, meshCall(request)));
  });

  decisionRoutes(app, patches);
}

function decisionRoutes(app: FastifyInstance, patches: MeshClients['patches']): void {
  const deciding = (operation: Operation) => ({ config: updateConfig, schema: routeSchema(operation) });

  app.post('/patches/:patch_id/apply', deciding(operations.apply), async (request, reply) =>
    decided(request, reply, await patches.applyPatch(decisionOf(request), meshCall(request))),
  );

  app.post('/patches/:patch_id/reject', deciding(operations.reject), async (request, reply) =>
    decided(request, reply, await patches.rejectPatch(decisionOf(request), meshCall(request))),
  );

  app.post<{ Body: { readonly reason?: string } }>(
    '/patches/:patch_id/revert',
    deciding(operations.revert),
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
