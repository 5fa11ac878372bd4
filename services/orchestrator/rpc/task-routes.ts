// The RPCs on tasks, each from its file.
import type { ServiceImpl } from '@connectrpc/connect';
import type { Clock } from '../../../foundation/clock.ts';
import { createOutputCheck } from '../../../foundation/json/output-check.ts';
import type { TaskService } from '../../../proto/gen/domainflow/orchestrator/v1/task_service_pb.js';
import type { ClaimWaiters } from '../engine/dispatch/claim-waiters.ts';
import type { Engine } from '../engine/engine.ts';
import type { DispatchStore, TaskStore, WorkerKey, WorkerStore } from '../store/store.ts';
import { assignTask } from './assign-task.ts';
import { cancelTask } from './cancel-task.ts';
import { claimTasks } from './claim-tasks.ts';
import { createTask } from './create-task.ts';
import { endAttempt } from './end-attempt.ts';
import { executeTask } from './execute-task.ts';
import { getTask, type WorkflowOf } from './get-task.ts';
import { type TasksOfWorker, tasksToldMax } from './get-worker.ts';
import { listTasks } from './list-tasks.ts';
import { returnClaim } from './return-claim.ts';
import { taskMessage } from './task-wire.ts';

/** What they need. */
export interface TaskDeps {
  readonly stores: {
    readonly tasks: TaskStore;
    readonly dispatch: DispatchStore;
    readonly workers: Pick<WorkerStore, 'read'>;
  };
  readonly clock: Clock;
  readonly deliver: Engine['deliver'];
  readonly waiters: ClaimWaiters;
  readonly workflowOf: WorkflowOf;
  /** Says that a tenant's workers may find something: those that wait here, and whoever calls others. */
  readonly offered: (tenantId: string) => void;
}

/** The whole TaskService. */
export function taskRoutes(deps: TaskDeps): ServiceImpl<typeof TaskService> {
  const { stores, clock, deliver, waiters, workflowOf, offered } = deps;
  const steering = { ...stores, offered, deliver };
  return {
    createTask: createTask({ tasks: stores.tasks, clock, offered }),
    listTasks: listTasks(stores.tasks),
    getTask: getTask({ ...stores, workflowOf }),
    assignTask: assignTask(steering),
    executeTask: executeTask(steering),
    cancelTask: cancelTask(steering),
    claimTasks: claimTasks({ dispatch: stores.dispatch, waiters }),
    returnClaim: returnClaim(steering),
    endAttempt: endAttempt({ ...steering, outputs: createOutputCheck() }),
  };
}

/** The tasks that a worker has or had last, newest first. */
export function tasksOfWorker(tasks: TaskStore): TasksOfWorker {
  return async ({ tenantId, id: workerId }: WorkerKey) => {
    const slice = {
      workerId,
      sortBy: 'created_at',
      ascending: false,
      limit: tasksToldMax,
      offset: 0,
    } as const;
    const { items, total } = await tasks.list(tenantId, slice);
    return { tasks: items.map(taskMessage), total };
  };
}
