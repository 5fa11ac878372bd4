// Rows of orchestrator.workflows as the ports' values. Where one stands is told here alone, from its row and that of its newest execution.
import type { Principal } from '../../../foundation/identity/principal.ts';
import type { PinnedText } from '../core/execution-record.ts';
import type { WorkflowStatus, WorkflowTask } from '../core/work/workflow.ts';
import type { StoredWorkflow, WorkflowKey } from './workflow-store.ts';

/** Workflows `w` with their newest executions, which may be forgotten. */
export const workflowsWithRuns = `orchestrator.workflows w
  left join orchestrator.executions x on x.tenant_id = w.tenant_id and x.id = w.execution_id`;

/** How the newest execution stands: its own word, or what was noted when it ended; null when there is none. */
export const runStatus = `coalesce(x.status, case when w.ended_execution_id = w.execution_id then w.ended_status end)`;

/** Where a workflow stands. */
export const workflowStatus = `case
    when ${runStatus} in ('completed', 'failed', 'cancelled') then ${runStatus}
    when ${runStatus} is not null then 'running'
    when w.was_cancelled then 'cancelled'
    when w.next_fire_at is not null then 'scheduled'
    else 'created'
  end`;

/** Columns of a {@link WorkflowRow}. */
export const workflowColumns = `w.tenant_id, w.id, w.name, w.description, w.user_id, w.environment, w.metadata, w.schedule, w.dependencies, w.priority,
  w.estimated_s, w.task_count, w.execution_id, w.created_at, w.updated_at, w.next_fire_at, w.schedule_problem, ${workflowStatus} as status,
  coalesce(x.started_at, case when w.ended_execution_id = w.execution_id then w.ended_started_at end) as started_at,
  coalesce(x.completed_at, case when w.ended_execution_id = w.execution_id then w.ended_completed_at end) as completed_at,
  extract(epoch from coalesce(x.completed_at - x.started_at, w.ended_completed_at - w.ended_started_at))::double precision as actual_s`;

/** One row, as the driver answers it. */
export interface WorkflowRow {
  readonly tenant_id: string;
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly user_id: string;
  readonly environment: string;
  readonly metadata: string;
  readonly schedule: string;
  readonly dependencies: readonly string[];
  readonly priority: number;
  readonly estimated_s: number;
  readonly task_count: number;
  readonly execution_id: string | null;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly next_fire_at: Date | null;
  readonly schedule_problem: string;
  readonly status: WorkflowStatus;
  readonly started_at: Date | null;
  readonly completed_at: Date | null;
  readonly actual_s: number | null;
}

/** The workflow of a row. */
export function workflowOf(row: WorkflowRow): StoredWorkflow {
  const { started_at: started, completed_at: completed, next_fire_at: next } = row;
  return {
    ...{ tenantId: row.tenant_id, id: row.id, name: row.name, description: row.description },
    userId: row.user_id,
    status: row.status,
    environment: JSON.parse(row.environment),
    metadata: JSON.parse(row.metadata),
    schedule: row.schedule,
    dependencies: row.dependencies,
    priority: row.priority,
    estimatedS: row.estimated_s,
    ...(row.actual_s === null ? {} : { actualS: row.actual_s }),
    taskCount: row.task_count,
    ...(row.execution_id === null ? {} : { executionId: row.execution_id }),
    createdAtMs: row.created_at.getTime(),
    updatedAtMs: row.updated_at.getTime(),
    ...(started ? { startedAtMs: started.getTime() } : {}),
    ...(completed ? { completedAtMs: completed.getTime() } : {}),
    ...(next ? { nextFireAtMs: next.getTime() } : {}),
    scheduleProblem: row.schedule_problem,
  };
}

/** A workflow whose row is held: nobody else starts or ends it meanwhile. */
export interface HeldWorkflow extends WorkflowKey {
  readonly tasks: readonly WorkflowTask[];
  readonly plan: PinnedText;
  readonly dependencies: readonly string[];
  readonly priority: number;
  readonly schedule: string;
  readonly principal: Principal;
  /** Absent before the first. */
  readonly executionId?: string;
  readonly nextFireAtMs?: number;
  /** Before its first execution. */
  readonly wasCancelled: boolean;
  /** The database's time when it was held. */
  readonly heldAtMs: number;
}

/** Columns of a {@link HeldRow} of `orchestrator.workflows w`. */
export const heldColumns = `w.tenant_id, w.id, w.tasks, w.plan_hash, w.plan, w.dependencies, w.priority, w.schedule, w.principal, w.execution_id,
  w.next_fire_at, w.was_cancelled, clock_timestamp() as held_at`;

/** A row that is held. */
export interface HeldRow {
  readonly tenant_id: string;
  readonly id: string;
  readonly tasks: string;
  readonly plan_hash: string;
  readonly plan: string;
  readonly dependencies: readonly string[];
  readonly priority: number;
  readonly schedule: string;
  readonly principal: string;
  readonly execution_id: string | null;
  readonly next_fire_at: Date | null;
  readonly was_cancelled: boolean;
  readonly held_at: Date;
}

/** The held workflow of a row. */
export function heldWorkflowOf(row: HeldRow): HeldWorkflow {
  return {
    tenantId: row.tenant_id,
    id: row.id,
    tasks: JSON.parse(row.tasks),
    plan: { hash: row.plan_hash, text: row.plan },
    dependencies: row.dependencies,
    priority: row.priority,
    schedule: row.schedule,
    principal: JSON.parse(row.principal),
    ...(row.execution_id === null ? {} : { executionId: row.execution_id }),
    ...(row.next_fire_at ? { nextFireAtMs: row.next_fire_at.getTime() } : {}),
    wasCancelled: row.was_cancelled,
    heldAtMs: row.held_at.getTime(),
  };
}
