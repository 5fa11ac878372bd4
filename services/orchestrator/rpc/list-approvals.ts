// ListApprovals: decisions that runs wait for, or waited for, by page or by cursor.
import type { ServiceImpl } from '@connectrpc/connect';
import { openPage } from '../../../foundation/paging/open-page.ts';
import type { PageTokens } from '../../../foundation/paging/page-token.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type {
  ApprovalService,
  ListApprovalsRequest,
} from '../../../proto/gen/domainflow/orchestrator/v1/approval_service_pb.js';
import { rolesHeld } from '../core/approval-rights.ts';
import { requirePerson } from '../core/person.ts';
import { executionIdOf } from '../core/public-id.ts';
import type { ApprovalFilter, ApprovalPosition, ApprovalStore } from '../store/store.ts';
import { approvalStatusOf, approvalWire } from './wire-approval.ts';

/** Approvals that are counted; more are only said to be more. */
const countMax = 10_000;
/** No run has this id. */
const noExecution = '00000000-0000-0000-0000-000000000000';

/** ListApprovals. A job that does not exist has none. */
export function listApprovals(
  store: ApprovalStore,
  tokens: PageTokens,
): ServiceImpl<typeof ApprovalService>['listApprovals'] {
  return async (request, context) => {
    const caller = principalOf(context);
    requirePerson(caller);
    const { tenantId, userId } = caller;
    const filter = { ...filterOf(request), userId, roles: rolesHeld(caller) };
    const scope = JSON.stringify(['approvals', filter]);
    const page = openPage<ApprovalPosition>(request.page, { tokens, tenantId, scope });
    const { limit, offset, after } = page.slice;
    const [found, counted] = await Promise.all([
      store.list(tenantId, { filter, limit: limit + 1, offset, ...(after ? { after } : {}) }),
      store.count(tenantId, filter, countMax + 1),
    ]);
    const approvals = found.slice(0, limit);
    const last = found.length > limit ? approvals.at(-1) : undefined;
    const next = last && {
      requestedAtMs: last.requestedAtMs,
      executionId: last.executionId,
      nodeId: last.nodeId,
    };
    const total = { total: Math.min(counted, countMax), totalAtLeast: counted > countMax };
    return { approvals: approvals.map(approvalWire), page: page.info({ ...total, next }) };
  };
}

function filterOf({ status, jobId }: ListApprovalsRequest): Pick<ApprovalFilter, 'status' | 'executionId'> {
  const run = jobId === '' ? {} : { executionId: executionIdOf(jobId) ?? noExecution };
  return { status: approvalStatusOf(status), ...run };
}
