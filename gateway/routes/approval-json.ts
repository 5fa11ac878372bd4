// Approvals as the API shows them.
import { type Approval, ApprovalStatus } from '../../proto/gen/domainflow/orchestrator/v1/approval_pb.js';
import { enumWord } from './enum-words.ts';
import { timeJson } from './time-json.ts';

/** The approval without what it rests on, as lists show it. */
export function approvalRow(approval: Approval): object {
  return {
    job_id: approval.jobId,
    task_id: approval.taskId,
    node_id: approval.nodeId,
    domain_id: approval.domainId || null,
    prompt: approval.prompt,
    roles: approval.roles,
    status: enumWord(ApprovalStatus, approval.status),
    requested_at: timeJson(approval.requestedAt),
    expires_at: timeJson(approval.expiresAt),
    decided_by: approval.decidedBy || null,
    decided_at: timeJson(approval.decidedAt),
    comment: approval.comment || null,
  };
}

/** The whole approval: `inputs` are outputs by node id, null when the run is not kept any more. */
export function approvalJson(approval: Approval): object {
  return { ...approvalRow(approval), inputs: approval.inputs ?? null };
}
