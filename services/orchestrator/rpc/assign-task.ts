// AssignTask: a person gives a pending task to a worker. Of several at once one wins.
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { ServiceImpl } from '@connectrpc/connect';
import { Fault, notFound } from '../../../foundation/fault/fault.ts';
import type { TaskService } from '../../../proto/gen/domainflow/orchestrator/v1/task_service_pb.js';
import type { WriteRecord } from '../core/audit.ts';
import { requireUuid } from '../core/work/work-document.ts';
import type { DispatchStore, NotAssigned, TaskStore } from '../store/store.ts';
import { findTask } from './get-task.ts';
import { taskMessage } from './task-wire.ts';
import { editorTenant } from './worker-access.ts';
import { writerOf } from './writer.ts';

/** What steering tasks needs. */
export interface AssignTaskDeps {
  readonly tasks: Pick<TaskStore, 'read'>;
  readonly dispatch: DispatchStore;
  /** Says that a tenant's workers may find something. */
  readonly offered: (tenantId: string) => void;
}

/** AssignTask. */
export function assignTask(deps: AssignTaskDeps): ServiceImpl<typeof TaskService>['assignTask'] {
  return async (request, context) => {
    const tenantId = editorTenant(context, 'Assigning tasks');
    const writer = writerOf(context);
    const key = { tenantId, id: requireUuid('task_id', request.taskId) };
    const workerId = requireUuid('worker_id', request.workerId);
    const entry: WriteRecord = {
      ...{ operation: 'task_assignment', entityType: 'task', entityId: key.id },
      ...{ message: 'Assigned a task', details: { worker_id: workerId, to: 'running' } },
      ...writer,
    };
    const assigned = await deps.dispatch.assign(key, workerId, entry);
    if (assigned.type !== 'assigned') throw faultOf(assigned);
    deps.offered(tenantId);
    const task = taskMessage(await findTask(deps.tasks, key));
    return { task, assignedAt: timestampFromMs(assigned.given.assignedAtMs) };
  };
}

function faultOf(why: NotAssigned): Fault {
  if (why.type === 'no_task') return notFound('task');
  if (why.type === 'no_worker') return notFound('worker');
  return new Fault('failed_precondition', sentenceOf(why));
}

function sentenceOf(why: Exclude<NotAssigned, { readonly type: 'no_task' | 'no_worker' }>): string {
  switch (why.type) {
    case 'held':
      return 'The run of the task is paused: it cannot be assigned';
    case 'inactive':
      return `The worker is ${why.status === 'error' ? 'in error' : why.status}: it cannot be given tasks`;
    case 'no_place':
      return 'The worker has as many tasks as it takes at the same time';
    case 'not_pending':
      return why.status === 'overdue'
        ? 'All the time of the task is up: it cannot be assigned'
        : `The task is ${why.status}: only a pending one can be assigned`;
  }
}
