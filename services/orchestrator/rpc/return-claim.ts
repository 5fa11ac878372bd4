// ReturnClaim: whoever passes claims on says that the worker had gone before it could be told what it was given.
import type { ServiceImpl } from '@connectrpc/connect';
import { notFound } from '../../../foundation/fault/fault.ts';
import type { TaskService } from '../../../proto/gen/domainflow/orchestrator/v1/task_service_pb.js';
import { requireUuid } from '../core/work/work-document.ts';
import type { DispatchStore } from '../store/store.ts';
import { adminTenant } from './worker-access.ts';

/** What returning needs. */
export interface ReturnClaimDeps {
  readonly dispatch: Pick<DispatchStore, 'returnClaim'>;
  /** Says that a tenant's workers may find something. */
  readonly offered: (tenantId: string) => void;
}

/** ReturnClaim. */
export function returnClaim({
  dispatch,
  offered,
}: ReturnClaimDeps): ServiceImpl<typeof TaskService>['returnClaim'] {
  return async (request, context) => {
    const tenantId = adminTenant(context, 'Working on tasks');
    const workerId = requireUuid('worker_id', request.workerId);
    const claimId = requireUuid('claim_id', request.claimId);
    const returnedTasks = await dispatch.returnClaim({ tenantId, workerId, claimId });
    if (returnedTasks === 'no_worker') throw notFound('worker');
    if (returnedTasks > 0) offered(tenantId);
    return { returnedTasks };
  };
}
