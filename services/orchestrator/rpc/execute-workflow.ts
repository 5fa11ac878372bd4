// ExecuteWorkflow: starts an execution, which begins at once: its first tasks are offered to workers before the answer.
import type { ServiceImpl } from '@connectrpc/connect';
import { notFound } from '../../../foundation/fault/fault.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import { requestIdOf } from '../../../foundation/rpc/caller.ts';
import type { WorkflowService } from '../../../proto/gen/domainflow/orchestrator/v1/workflow_service_pb.js';
import { requireUuid } from '../core/work/work-document.ts';
import { notStarted, startBy } from './start-workflow-run.ts';
import { editorTenant } from './worker-access.ts';
import { type WorkflowDeps, workflowNow } from './workflow-deps.ts';
import { writerOf } from './writer.ts';

/** ExecuteWorkflow. A request that comes again starts nothing, and is answered the workflow as it stands. */
export function executeWorkflow(deps: WorkflowDeps): ServiceImpl<typeof WorkflowService>['executeWorkflow'] {
  const { stores, clock, offered } = deps;
  return async ({ workflowId }, context) => {
    const tenantId = editorTenant(context, 'Executing workflows');
    const writer = writerOf(context);
    const key = { tenantId, id: requireUuid('workflow_id', workflowId) };
    const executionId = requestIdOf(context) ?? newId();
    const asked = { workflowId: key.id, executionId, atMs: clock(), writer };
    const executed = await stores.workflows.execute(key, startBy(context, asked));
    if (executed.type === 'no_workflow') throw notFound('workflow');
    if (executed.type === 'under_way' || executed.type === 'dependencies') throw notStarted(executed);
    offered?.(tenantId);
    return { workflow: await workflowNow(stores.workflows, key) };
  };
}
