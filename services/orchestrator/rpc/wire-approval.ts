// Approvals of the core as messages of the mesh.
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { JsonObject } from '../../../foundation/json/json.ts';
import { ApprovalStatus } from '../../../proto/gen/domainflow/orchestrator/v1/approval_pb.js';
import { type ExecutionState, taskOf } from '../core/execution-state.ts';
import { jobIdOf } from '../core/public-id.ts';
import type { StoredApproval, ApprovalStatus as StoredStatus } from '../store/store.ts';

const statuses: Readonly<Record<StoredStatus, ApprovalStatus>> = {
  waiting: ApprovalStatus.WAITING,
  approved: ApprovalStatus.APPROVED,
  rejected: ApprovalStatus.REJECTED,
  expired: ApprovalStatus.EXPIRED,
  cancelled: ApprovalStatus.CANCELLED,
};

const words: Partial<Record<ApprovalStatus, StoredStatus>> = {
  [ApprovalStatus.APPROVED]: 'approved',
  [ApprovalStatus.REJECTED]: 'rejected',
  [ApprovalStatus.EXPIRED]: 'expired',
  [ApprovalStatus.CANCELLED]: 'cancelled',
};

/** The word for a status in a filter; that for waiting when none was given. */
export function approvalStatusOf(status: ApprovalStatus): StoredStatus {
  return words[status] ?? 'waiting';
}

/** An approval without what it rests on. */
export function approvalWire(approval: StoredApproval) {
  const { nodeId, taskId, domainId, prompt, roles, status, decidedAtMs, comment } = approval;
  return {
    ...{ nodeId, taskId, domainId, prompt, comment },
    jobId: jobIdOf(approval.executionId),
    roles: [...roles],
    status: statuses[status],
    requestedAt: timestampFromMs(approval.requestedAtMs),
    expiresAt: timestampFromMs(approval.expiresAtMs),
    decidedBy: approval.decidedBy ?? '',
    ...(decidedAtMs === undefined ? {} : { decidedAt: timestampFromMs(decidedAtMs) }),
  };
}

/** What a task rests on: the outputs of its parents, by node id. */
export function inputsOf(state: ExecutionState, nodeId: string): JsonObject {
  const { planned } = taskOf(state, nodeId);
  const outputs = planned.parents.flatMap((parent) => {
    const { answer } = taskOf(state, parent);
    return answer ? [[parent, answer.output] as const] : [];
  });
  return Object.fromEntries(outputs);
}
