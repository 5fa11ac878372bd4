// GetApproval: one decision with the outputs that it rests on.
import type { ServiceImpl } from '@connectrpc/connect';
import { notFound } from '../../../foundation/fault/fault.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type { ApprovalService } from '../../../proto/gen/domainflow/orchestrator/v1/approval_service_pb.js';
import { requireApprovalViewer } from '../core/approval-rights.ts';
import { requirePerson } from '../core/person.ts';
import { executionIdOf } from '../core/public-id.ts';
import type {
  ApprovalStore,
  ExecutionKey,
  ExecutionStore,
  Freshness,
  StoredApproval,
} from '../store/store.ts';
import { readState, type StateDeps } from './get-execution-state.ts';
import { approvalWire, inputsOf } from './wire-approval.ts';

/** What approvals are shown from. */
export interface ApprovalDeps extends StateDeps {
  readonly approvals: ApprovalStore;
  readonly executions: Pick<ExecutionStore, 'read'>;
}

/** GetApproval. */
export function getApproval(deps: ApprovalDeps): ServiceImpl<typeof ApprovalService>['getApproval'] {
  return async ({ jobId, taskId }, context) => {
    const caller = principalOf(context);
    requirePerson(caller);
    const { tenantId } = caller;
    const id = executionIdOf(jobId);
    const approval = id && (await deps.approvals.read({ tenantId, id }, taskId));
    if (!approval) throw notFound('approval');
    requireApprovalViewer(caller, approval);
    return { approval: await wholeApproval(deps, { tenantId, id }, approval) };
  };
}

/** The approval with what it rests on, as far as its run is kept. */
export async function wholeApproval(
  deps: ApprovalDeps,
  { tenantId, id }: ExecutionKey,
  approval: StoredApproval,
  options?: Freshness,
) {
  const execution = await deps.executions.read(tenantId, id, options);
  if (!execution) return approvalWire(approval);
  const state = await readState(deps, execution, options);
  return { ...approvalWire(approval), inputs: inputsOf(state, approval.nodeId) };
}
