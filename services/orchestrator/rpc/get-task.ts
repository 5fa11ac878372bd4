// GetTask: one task and, where they are asked for, its worker and its workflow.
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ServiceImpl } from '@connectrpc/connect';
import { notFound } from '../../../foundation/fault/fault.ts';
import type { TaskService } from '../../../proto/gen/domainflow/orchestrator/v1/task_service_pb.js';
import type { WorkflowSchema } from '../../../proto/gen/domainflow/orchestrator/v1/workflow_pb.js';
import { requireUuid } from '../core/work/work-document.ts';
import type { StoredTask, TaskKey, TaskReading, TaskStore, WorkerStore } from '../store/store.ts';
import { taskMessage } from './task-wire.ts';
import { readerTenant } from './worker-access.ts';
import { workerMessage } from './worker-wire.ts';

/** A workflow without its tasks; undefined when the tenant has none of this id. */
export type WorkflowOf = (key: TaskKey) => Promise<MessageInitShape<typeof WorkflowSchema> | undefined>;

/** What reading one needs. */
export interface GetTaskDeps {
  readonly tasks: TaskStore;
  readonly workers: Pick<WorkerStore, 'read'>;
  readonly workflowOf: WorkflowOf;
}

/** GetTask. */
export function getTask(deps: GetTaskDeps): ServiceImpl<typeof TaskService>['getTask'] {
  return async ({ taskId, includeWorker, includeWorkflow }, context) => {
    const tenantId = readerTenant(context);
    const task = await findTask(deps.tasks, { tenantId, id: requireUuid('task_id', taskId) });
    const { workerId, workflowId } = task;
    const [worker, workflow] = await Promise.all([
      includeWorker && workerId !== undefined ? deps.workers.read({ tenantId, id: workerId }) : undefined,
      includeWorkflow && workflowId !== undefined ? deps.workflowOf({ tenantId, id: workflowId }) : undefined,
    ]);
    return {
      task: taskMessage(task),
      ...(worker ? { worker: workerMessage(worker) } : {}),
      ...(workflow ? { workflow } : {}),
    };
  };
}

/** The task as it is now. Fault `not_found`. */
export async function findTask(
  tasks: Pick<TaskStore, 'read'>,
  key: TaskKey,
  options: Pick<TaskReading, 'ofPlaybooks'> = {},
): Promise<StoredTask> {
  const task = await tasks.read(key, { fresh: true, ...options });
  if (!task) throw notFound('task');
  return task;
}
