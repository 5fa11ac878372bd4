// Tasks between messages and the core.
import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  type ClaimedTaskSchema,
  WorkTaskStatus as StatusMessage,
  type WorkTaskSchema,
} from '../../../proto/gen/domainflow/orchestrator/v1/task_pb.js';
import { jobIdOf } from '../core/public-id.ts';
import type { GivenAttempt, StoredTask, WorkTaskStatus } from '../store/store.ts';

const statuses: Readonly<Record<WorkTaskStatus, StatusMessage>> = {
  waiting: StatusMessage.WAITING,
  pending: StatusMessage.PENDING,
  running: StatusMessage.RUNNING,
  retrying: StatusMessage.RETRYING,
  completed: StatusMessage.COMPLETED,
  failed: StatusMessage.FAILED,
  cancelled: StatusMessage.CANCELLED,
  skipped: StatusMessage.SKIPPED,
};

/** A status as it was received; undefined for none. */
export function taskStatusOf(status: StatusMessage): WorkTaskStatus | undefined {
  const words = Object.keys(statuses) as WorkTaskStatus[];
  return words.find((word) => statuses[word] === status);
}

/** A task as it is sent. */
export function taskMessage(task: StoredTask): MessageInitShape<typeof WorkTaskSchema> {
  const { id, type, name, description, priority, errorCode, errorMessage, maxRetries, attempts } = task;
  return {
    ...{ id, type, name, description, priority, errorCode, errorMessage, maxRetries },
    inputData: task.input,
    ...(task.result ? { result: task.result } : {}),
    status: statuses[task.status],
    requiredCapabilities: [...task.requiredCapabilities],
    assignedWorkerId: task.workerId ?? '',
    workflowId: task.workflowId ?? '',
    key: task.scope === 'workflow' ? task.nodeId : '',
    dependsOn: [...task.dependsOn],
    dependencies: [...task.dependencies],
    tags: [...task.tags],
    ...timesOf(task),
    timeoutS: task.totalTimeoutMs / 1_000,
    retryCount: Math.max(0, attempts - 1 - task.returned),
    jobId: task.executionId === undefined ? '' : jobIdOf(task.executionId),
    attempt: attempts,
    isDispatched: task.isDispatched,
  };
}

function timesOf({ createdAtMs, startedAtMs, completedAtMs, deadlineAtMs }: StoredTask) {
  return {
    createdAt: timestampFromMs(createdAtMs),
    ...(startedAtMs === undefined ? {} : { startedAt: timestampFromMs(startedAtMs) }),
    ...(completedAtMs === undefined ? {} : { completedAt: timestampFromMs(completedAtMs) }),
    ...(startedAtMs === undefined || deadlineAtMs === undefined
      ? {}
      : { timeoutAt: timestampFromMs(deadlineAtMs) }),
  };
}

/** An attempt as its worker is told of it. */
export function claimedMessage(given: GivenAttempt): MessageInitShape<typeof ClaimedTaskSchema> {
  const { id: taskId, attempt, taskType, input: inputData, context } = given;
  return {
    ...{ taskId, attempt, taskType, inputData, context },
    leaseUntil: timestampFromMs(given.leaseUntilMs),
    timeoutAt: timestampFromMs(given.timeoutAtMs),
  };
}
