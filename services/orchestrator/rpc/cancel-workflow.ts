// CancelWorkflow: ends the execution that is under way, the schedule, and tasks that wait for a first execution.
import type { ServiceImpl } from '@connectrpc/connect';
import { Fault, notFound } from '../../../foundation/fault/fault.ts';
import type { WorkflowService } from '../../../proto/gen/domainflow/orchestrator/v1/workflow_service_pb.js';
import type { WriteRecord } from '../core/audit.ts';
import { requireUuid } from '../core/work/work-document.ts';
import { reachRun } from './end-attempt.ts';
import { editorTenant } from './worker-access.ts';
import { type WorkflowDeps, workflowNow } from './workflow-deps.ts';
import { type Writer, writerOf } from './writer.ts';

/**
 * CancelWorkflow. A workflow whose run could not be told in time is answered as running: what was asked is kept, and the run will be told.
 * `resource_exhausted` when too many commands wait for the run.
 */
export function cancelWorkflow(deps: WorkflowDeps): ServiceImpl<typeof WorkflowService>['cancelWorkflow'] {
  const { stores } = deps;
  return async ({ workflowId }, context) => {
    const tenantId = editorTenant(context, 'Cancelling workflows');
    const writer = writerOf(context);
    const key = { tenantId, id: requireUuid('workflow_id', workflowId) };
    const command = {
      type: 'cancel',
      by: writer.userId,
      because: 'A person cancelled the workflow',
    } as const;
    const cancelled = await stores.workflows.cancel(key, command, entryOf(key.id, writer));
    if (cancelled.type === 'no_workflow') throw notFound('workflow');
    if (cancelled.type === 'ended') {
      const state = cancelled.status === 'running' ? 'is about to end' : `is ${cancelled.status}`;
      throw new Fault('failed_precondition', `The workflow ${state}: nothing of it can be cancelled`);
    }
    if (cancelled.type === 'full') {
      const message = 'Too many commands wait for the run; they are carried out one after the other';
      throw new Fault('resource_exhausted', message, { retryAfterMs: 1_000 });
    }
    if (cancelled.execution) await reachRun(deps, cancelled.execution, context);
    return { workflow: await workflowNow(stores.workflows, key) };
  };
}

function entryOf(entityId: string, writer: Writer): WriteRecord {
  const about = { operation: 'workflow_cancellation', entityType: 'workflow', entityId } as const;
  return { ...about, message: 'Cancelled a workflow', details: {}, ...writer };
}
