// Workflows as API v2 shows them.
import { type Workflow, WorkflowStatus } from '../../proto/gen/domainflow/orchestrator/v1/workflow_pb.js';
import { enumWord } from './enum-words.ts';
import { timeJson } from './time-json.ts';
import { workTaskJson } from './work-task-json.ts';

/** The word of where a workflow stands. */
export function workflowStatus({ status }: Pick<Workflow, 'status'>): string | null {
  return enumWord(WorkflowStatus, status);
}

/** The workflow without its tasks. */
export function workflowRow(workflow: Workflow): object {
  const { dependencies } = workflow;
  const environment = workflow.environment ?? {};
  const schedule = workflow.schedule || null;
  return {
    id: workflow.id,
    name: workflow.name,
    description: workflow.description,
    user_id: workflow.userId || null,
    status: workflowStatus(workflow),
    ...{ configuration: { environment, schedule, dependencies }, environment },
    metadata: workflow.metadata ?? {},
    ...{ schedule, dependencies, priority: workflow.priority },
    estimated_duration: workflow.estimatedDurationS,
    actual_duration: workflow.actualDurationS ?? null,
    task_count: workflow.taskCount,
    job_id: workflow.jobId || null,
    created_at: timeJson(workflow.createdAt),
    updated_at: timeJson(workflow.updatedAt),
    started_at: timeJson(workflow.startedAt),
    completed_at: timeJson(workflow.completedAt),
    next_fire_at: timeJson(workflow.nextFireAt),
    schedule_problem: workflow.scheduleProblem || null,
  };
}

/** The whole workflow. */
export function workflowJson(workflow: Workflow): object {
  return { ...workflowRow(workflow), tasks: workflow.tasks.map(workTaskJson) };
}
