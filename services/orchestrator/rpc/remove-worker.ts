// RemoveWorker: the worker stays in the register as inactive, and its tasks are given to others.
import type { ServiceImpl } from '@connectrpc/connect';
import type { WorkerService } from '../../../proto/gen/domainflow/orchestrator/v1/worker_service_pb.js';
import { requireUuid } from '../core/work/work-document.ts';
import type { WorkerStore } from '../store/store.ts';
import { adminTenant, presentWorker } from './worker-access.ts';
import { writerOf } from './writer.ts';

/** RemoveWorker. Removing a worker again changes nothing. `returned` is told that tasks were taken back. */
export function removeWorker(
  workers: WorkerStore,
  returned: (tenantId: string) => void,
): ServiceImpl<typeof WorkerService>['removeWorker'] {
  return async ({ workerId }, context) => {
    const tenantId = adminTenant(context, 'Removing workers');
    const writer = writerOf(context);
    const id = requireUuid('worker_id', workerId);
    const removed = await workers.remove({ tenantId, id }, (returnedTasks) => ({
      operation: 'agent_removal',
      entityType: 'worker',
      entityId: id,
      message: 'Removed a worker',
      details: { returned_tasks: returnedTasks },
      ...writer,
    }));
    const returnedTasks = presentWorker(removed);
    if (returnedTasks > 0) returned(tenantId);
    return { returnedTasks };
  };
}
