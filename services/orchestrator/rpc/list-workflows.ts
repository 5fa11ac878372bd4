// ListWorkflows: a part of the tenant's workflows, newest first, without their tasks.
import type { ServiceImpl } from '@connectrpc/connect';
import { invalidArgument, type Violation } from '../../../foundation/fault/fault.ts';
import { textProblem } from '../../../foundation/json/document.ts';
import { WorkflowStatus } from '../../../proto/gen/domainflow/orchestrator/v1/workflow_pb.js';
import type {
  ListWorkflowsRequest,
  WorkflowService,
} from '../../../proto/gen/domainflow/orchestrator/v1/workflow_service_pb.js';
import { workflowStatuses } from '../core/work/workflow.ts';
import { userIdLength } from '../core/work/workflow-document.ts';
import type { WorkflowSlice, WorkflowStore } from '../store/store.ts';
import { readerTenant } from './worker-access.ts';
import { workflowMessage, workflowStatusOf } from './workflow-wire.ts';

const limitMax = 1_000;
const limitUsual = 100;

/** ListWorkflows. `invalid_argument` with everything that is wrong. */
export function listWorkflows(
  workflows: WorkflowStore,
): ServiceImpl<typeof WorkflowService>['listWorkflows'] {
  return async (request, context) => {
    const tenantId = readerTenant(context);
    const { items, total } = await workflows.list(tenantId, sliceOf(request));
    return { workflows: items.map((workflow) => workflowMessage(workflow)), totalCount: BigInt(total) };
  };
}

function sliceOf({ status: sent, userId, limit: asked, offset }: ListWorkflowsRequest): WorkflowSlice {
  const wrong: Violation[] = [];
  const status = workflowStatusOf(sent);
  if (sent !== WorkflowStatus.UNSPECIFIED && !status) {
    wrong.push({ field: 'status', reason: `must be one of ${workflowStatuses.join(', ')}` });
  }
  const problem = userId === '' ? undefined : textProblem(userId, userIdLength);
  if (problem) wrong.push({ field: 'user_id', reason: problem });
  const limit = asked === 0 ? limitUsual : asked;
  if (limit < 1 || limit > limitMax) wrong.push({ field: 'limit', reason: `must be from 1 to ${limitMax}` });
  if (offset < 0) wrong.push({ field: 'offset', reason: 'must not be negative' });
  if (wrong.length > 0) throw invalidArgument(wrong);
  return { ...(status ? { status } : {}), ...(userId === '' ? {} : { userId }), limit, offset };
}
