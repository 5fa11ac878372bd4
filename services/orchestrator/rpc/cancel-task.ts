// CancelTask: ends a lone task and its run. Whoever has it loses it at once.
import type { ServiceImpl } from '@connectrpc/connect';
import { Fault, notFound } from '../../../foundation/fault/fault.ts';
import { requestIdOf } from '../../../foundation/rpc/caller.ts';
import type { TaskService } from '../../../proto/gen/domainflow/orchestrator/v1/task_service_pb.js';
import type { WriteRecord } from '../core/audit.ts';
import { requireUuid } from '../core/work/work-document.ts';
import type { ExecutionKey, Steered } from '../store/store.ts';
import type { AssignTaskDeps } from './assign-task.ts';
import { type ReachRun, reachRun } from './end-attempt.ts';
import { findTask } from './get-task.ts';
import { taskMessage } from './task-wire.ts';
import { editorTenant } from './worker-access.ts';
import { writerOf } from './writer.ts';

/** CancelTask. A request that comes again is answered the task that it ended. */
export function cancelTask(deps: AssignTaskDeps & ReachRun): ServiceImpl<typeof TaskService>['cancelTask'] {
  return async ({ taskId }, context) => {
    const tenantId = editorTenant(context, 'Cancelling tasks');
    const writer = writerOf(context);
    const key = { tenantId, id: requireUuid('task_id', taskId) };
    const entry: WriteRecord = {
      ...{ operation: 'task_cancellation', entityType: 'task', entityId: key.id },
      ...{ message: 'Cancelled a task', details: { to: 'cancelled' } },
      ...writer,
    };
    const steered = await deps.dispatch.cancel(key, entry);
    const isRepeated = requestIdOf(context) !== undefined && isCancelled(steered);
    if (!isRepeated) await reachRun(deps, requireSteered(steered, 'cancelled'), context);
    const task = await findTask(deps.tasks, key);
    // A result that came first counts.
    if (task.status === 'completed' || task.status === 'failed') {
      requireSteered({ type: 'refused', status: task.status }, 'cancelled');
    }
    return { task: taskMessage(task) };
  };
}

function isCancelled(steered: Steered): boolean {
  return steered.type === 'refused' && steered.status === 'cancelled';
}

/** The run of a task that was steered; `what` ends the sentence of the fault `failed_precondition`. Fault `not_found` where there is no task. */
export function requireSteered(steered: Steered, what: 'cancelled' | 'dispatched'): ExecutionKey {
  switch (steered.type) {
    case 'done':
      return steered.execution;
    case 'no_task':
      throw notFound('task');
    case 'full':
      throw new Fault('resource_exhausted', 'Too many commands wait for the run of the task', {
        retryAfterMs: 1_000,
      });
    case 'of_workflow':
      throw new Fault('failed_precondition', 'The task belongs to a workflow: cancel the workflow');
    case 'held':
      throw new Fault('failed_precondition', `The run of the task is paused: it cannot be ${what}`);
    case 'refused':
      throw new Fault('failed_precondition', `The task is ${steered.status}: it cannot be ${what}`);
  }
}
