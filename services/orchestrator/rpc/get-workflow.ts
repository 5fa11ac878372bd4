// GetWorkflow: one workflow with its tasks: those of the newest execution, or those that the first will have.
import type { ServiceImpl } from '@connectrpc/connect';
import type { WorkflowService } from '../../../proto/gen/domainflow/orchestrator/v1/workflow_service_pb.js';
import { requireUuid } from '../core/work/work-document.ts';
import type { WorkflowStore } from '../store/store.ts';
import { readerTenant } from './worker-access.ts';
import { workflowNow } from './workflow-deps.ts';

/** GetWorkflow. */
export function getWorkflow(workflows: WorkflowStore): ServiceImpl<typeof WorkflowService>['getWorkflow'] {
  return async ({ workflowId }, context) => {
    const tenantId = readerTenant(context);
    const key = { tenantId, id: requireUuid('workflow_id', workflowId) };
    return { workflow: await workflowNow(workflows, key) };
  };
}
