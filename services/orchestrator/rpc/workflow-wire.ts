// Workflows between messages and the core.
import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { WorkTaskSchema } from '../../../proto/gen/domainflow/orchestrator/v1/task_pb.js';
import {
  WorkflowStatus as StatusMessage,
  type WorkflowSchema,
} from '../../../proto/gen/domainflow/orchestrator/v1/workflow_pb.js';
import { jobIdOf } from '../core/public-id.ts';
import type { WorkflowStatus } from '../core/work/workflow.ts';
import type { StoredWorkflow } from '../store/store.ts';

const statuses: Readonly<Record<WorkflowStatus, StatusMessage>> = {
  created: StatusMessage.CREATED,
  scheduled: StatusMessage.SCHEDULED,
  running: StatusMessage.RUNNING,
  completed: StatusMessage.COMPLETED,
  failed: StatusMessage.FAILED,
  cancelled: StatusMessage.CANCELLED,
};

const words = new Map(Object.entries(statuses).map(([word, status]) => [status, word as WorkflowStatus]));

/** A status as it was received; undefined for none, and for one that nobody knows. */
export function workflowStatusOf(status: StatusMessage): WorkflowStatus | undefined {
  return words.get(status);
}

/** A workflow as it is sent; without tasks unless they are given. */
export function workflowMessage(
  workflow: StoredWorkflow,
  tasks: MessageInitShape<typeof WorkTaskSchema>[] = [],
): MessageInitShape<typeof WorkflowSchema> {
  const { id, name, description, userId, environment, metadata, schedule, priority } = workflow;
  const { executionId, actualS, scheduleProblem, taskCount } = workflow;
  return {
    ...{ id, name, description, userId, environment, metadata, schedule, priority },
    ...{ taskCount, scheduleProblem, tasks },
    status: statuses[workflow.status],
    dependencies: [...workflow.dependencies],
    estimatedDurationS: workflow.estimatedS,
    ...(actualS === undefined ? {} : { actualDurationS: actualS }),
    jobId: executionId === undefined ? '' : jobIdOf(executionId),
    createdAt: timestampFromMs(workflow.createdAtMs),
    updatedAt: timestampFromMs(workflow.updatedAtMs),
    ...timesOf(workflow),
  };
}

function timesOf({ startedAtMs, completedAtMs, nextFireAtMs }: StoredWorkflow) {
  return {
    ...(startedAtMs === undefined ? {} : { startedAt: timestampFromMs(startedAtMs) }),
    ...(completedAtMs === undefined ? {} : { completedAt: timestampFromMs(completedAtMs) }),
    ...(nextFireAtMs === undefined ? {} : { nextFireAt: timestampFromMs(nextFireAtMs) }),
  };
}
