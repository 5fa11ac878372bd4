// Tasks as API v2 shows them.
import {
  type ClaimedTask,
  type WorkTask,
  WorkTaskStatus,
} from '../../proto/gen/domainflow/orchestrator/v1/task_pb.js';
import { enumWord } from './enum-words.ts';
import { timeJson } from './time-json.ts';
import type { workTaskStatuses } from './work-task-schema.ts';

type Shown = (typeof workTaskStatuses)[number];

const shownAs: Readonly<Record<string, Shown>> = {
  ...{ waiting: 'pending', pending: 'pending', running: 'running', retrying: 'running' },
  ...{ completed: 'completed', failed: 'failed', cancelled: 'cancelled', skipped: 'cancelled' },
};

/** The word of a state in lists and filters; `pending` for what this version does not know. */
export function shownStatus(state: string | null): Shown {
  return shownAs[state ?? ''] ?? 'pending';
}

/** Counts by state as counts by shown status. */
export function shownCounts(byState: Readonly<Record<string, bigint>>): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const [state, count] of Object.entries(byState)) {
    const status = shownStatus(state);
    counts[status] = (counts[status] ?? 0) + Number(count);
  }
  return counts;
}

/** The shown status of a task. */
export function taskStatus({ status }: Pick<WorkTask, 'status'>): Shown {
  return shownStatus(enumWord(WorkTaskStatus, status));
}

/** The whole task. */
export function workTaskJson(task: WorkTask): object {
  const { tags, dependsOn } = task;
  const key = task.key || null;
  return {
    id: task.id,
    type: task.type,
    name: task.name,
    description: task.description,
    input_data: task.inputData ?? {},
    result: task.result ?? null,
    error_code: task.errorCode || null,
    error_message: task.errorMessage || null,
    status: taskStatus(task),
    state: enumWord(WorkTaskStatus, task.status),
    priority: task.priority,
    required_capabilities: task.requiredCapabilities,
    assigned_agent_id: task.assignedWorkerId || null,
    workflow_id: task.workflowId || null,
    parent_task_id: task.dependencies[0] ?? null,
    dependencies: task.dependencies,
    ...{ key, depends_on: dependsOn, tags, metadata: { tags, key, depends_on: dependsOn } },
    created_at: timeJson(task.createdAt),
    started_at: timeJson(task.startedAt),
    completed_at: timeJson(task.completedAt),
    timeout_at: timeJson(task.timeoutAt),
    timeout: task.timeoutS,
    retry_count: task.retryCount,
    max_retries: task.maxRetries,
    attempt: task.attempt,
    auto_dispatch: task.isDispatched,
    job_id: task.jobId || null,
  };
}

/** An attempt as its worker is told it. */
export function claimedTaskJson(task: ClaimedTask): object {
  return {
    task_id: task.taskId,
    attempt: task.attempt,
    lease_until: timeJson(task.leaseUntil),
    timeout_at: timeJson(task.timeoutAt),
    task_type: task.taskType,
    input_data: task.inputData ?? {},
    context: task.context ?? {},
  };
}
