// Workers between messages and the core.
import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  WorkerOperation as OperationMessage,
  WorkerStatus as StatusMessage,
  type WorkerSchema,
} from '../../../proto/gen/domainflow/orchestrator/v1/worker_pb.js';
import type { WorkerOperation, WorkerStatus, WorkerView } from '../core/work/worker.ts';

const statuses: Readonly<Record<WorkerStatus | 'busy', StatusMessage>> = {
  idle: StatusMessage.IDLE,
  busy: StatusMessage.BUSY,
  offline: StatusMessage.OFFLINE,
  error: StatusMessage.ERROR,
};

const operations: Readonly<Record<OperationMessage, WorkerOperation | undefined>> = {
  [OperationMessage.UNSPECIFIED]: undefined,
  [OperationMessage.ACTIVATE]: 'activate',
  [OperationMessage.DEACTIVATE]: 'deactivate',
  [OperationMessage.RESET_STATUS]: 'reset_status',
};

/** A status as it is sent. */
export function workerStatusMessage(status: WorkerStatus | 'busy'): StatusMessage {
  return statuses[status];
}

/** An operation as it was received; undefined for none. */
export function operationOf(operation: OperationMessage): WorkerOperation | undefined {
  return operations[operation];
}

/** A worker as it is sent. */
export function workerMessage(worker: WorkerView): MessageInitShape<typeof WorkerSchema> {
  const { id, type, name, protocol, endpoint, version, metadata, isActive, runningTasks } = worker;
  return {
    ...{ id, type, name, protocol, endpoint, version, metadata, isActive, runningTasks },
    capabilities: [...worker.capabilities],
    healthCheckIntervalS: worker.healthCheckIntervalS,
    maxConcurrentTasks: worker.maxConcurrentTasks,
    status: statuses[worker.status === 'idle' && runningTasks > 0 ? 'busy' : worker.status],
    lastSeen: timestampFromMs(worker.lastSeenMs),
    currentTaskId: worker.currentTaskId ?? '',
    performance: performanceOf(worker),
    createdAt: timestampFromMs(worker.createdAtMs),
    updatedAt: timestampFromMs(worker.updatedAtMs),
  };
}

function performanceOf(worker: WorkerView) {
  const { tasksSucceeded, tasksFailed, tasksAnswered, totalMs, reported } = worker;
  const tasks = tasksSucceeded + tasksFailed;
  return {
    tasksSucceeded: BigInt(tasksSucceeded),
    tasksFailed: BigInt(tasksFailed),
    successRate: tasks === 0 ? 1 : tasksSucceeded / tasks,
    avgResponseTimeMs: tasksAnswered === 0 ? 0 : totalMs / tasksAnswered,
    reported,
  };
}
