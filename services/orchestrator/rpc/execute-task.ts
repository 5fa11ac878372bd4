// ExecuteTask: lets a pending task be given to whichever worker fits.
import type { ServiceImpl } from '@connectrpc/connect';
import type { TaskService } from '../../../proto/gen/domainflow/orchestrator/v1/task_service_pb.js';
import type { WriteRecord } from '../core/audit.ts';
import { requireUuid } from '../core/work/work-document.ts';
import type { AssignTaskDeps } from './assign-task.ts';
import { requireSteered } from './cancel-task.ts';
import { findTask } from './get-task.ts';
import { taskMessage } from './task-wire.ts';
import { editorTenant } from './worker-access.ts';
import { writerOf } from './writer.ts';

/** ExecuteTask. One that is given out already is answered as it is; one whose run is paused is refused. */
export function executeTask(deps: AssignTaskDeps): ServiceImpl<typeof TaskService>['executeTask'] {
  return async ({ taskId }, context) => {
    const tenantId = editorTenant(context, 'Executing tasks');
    const writer = writerOf(context);
    const key = { tenantId, id: requireUuid('task_id', taskId) };
    const entry: WriteRecord = {
      ...{ operation: 'task_execution', entityType: 'task', entityId: key.id },
      ...{ message: 'Let a task be given to workers', details: { to: 'dispatched' } },
      ...writer,
    };
    requireSteered(await deps.dispatch.execute(key, entry), 'dispatched');
    deps.offered(tenantId);
    return { task: taskMessage(await findTask(deps.tasks, key)) };
  };
}
