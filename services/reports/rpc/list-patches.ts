// ListPatches: patches newest first, of one report or of all.
import type { ServiceImpl } from '@connectrpc/connect';
import { notFound, type Violation } from '../../../foundation/fault/fault.ts';
import { openPage } from '../../../foundation/paging/open-page.ts';
import type { PageTokens } from '../../../foundation/paging/page-token.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import { PatchStatus } from '../../../proto/gen/domainflow/reports/v1/patch_pb.js';
import type {
  ListPatchesRequest,
  PatchService,
} from '../../../proto/gen/domainflow/reports/v1/patch_service_pb.js';
import { isDomainId, isIncidentId } from '../core/report-problems.ts';
import type { ChangeParts } from '../engine/change-report.ts';
import type { ItemPosition } from '../store/store.ts';
import { patchMessage, patchStatusOf } from './patch-wire.ts';

/** What lists are read from. */
export interface ListPatchesParts extends ChangeParts {
  readonly tokens: PageTokens;
}

/** Lists by page number or by cursor. */
export function listPatches(parts: ListPatchesParts): ServiceImpl<typeof PatchService>['listPatches'] {
  const { store, patches, tokens } = parts;
  return async (request, context) => {
    const { tenantId } = principalOf(context);
    const { incidentId, domainId } = request;
    const status = patchStatusOf(request.status);
    const scope = JSON.stringify(['patches', incidentId, status ?? '', domainId]);
    const violations = filterProblems(request);
    const page = openPage<ItemPosition>(request.page, { tokens, tenantId, scope, violations });
    if (incidentId !== '') {
      const report = isIncidentId(incidentId) ? await store.find({ tenantId, incidentId }) : undefined;
      if (!report) throw notFound('report');
    }
    const { limit, offset: skip, after } = page.slice;
    const filter = { tenantId, incidentId: incidentId || undefined, status, domainId: domainId || undefined };
    const { items, next, total } = await patches.list(filter, {
      ...{ skip, limit, after },
      counted: after === undefined,
    });
    const info = page.info({ next, total: total?.count, totalAtLeast: total?.atLeast });
    return { patches: items.map(patchMessage), page: info };
  };
}

function filterProblems({ domainId, status }: ListPatchesRequest): readonly Violation[] {
  const problems: Violation[] = [];
  if (domainId !== '' && !isDomainId(domainId)) {
    problems.push({ field: 'domain_id', reason: 'must be the id of a domain' });
  }
  if (status !== PatchStatus.UNSPECIFIED && !patchStatusOf(status)) {
    problems.push({ field: 'status', reason: 'must be a status of patches' });
  }
  return problems;
}
