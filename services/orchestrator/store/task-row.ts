// Rows of orchestrator.tasks as lists and readers are shown them.
import type { StoredTask, WorkTaskStatus } from './task-store.ts';

const parents = (among: string): string => `array(select p.id from orchestrator.tasks p
      where p.tenant_id = t.tenant_id and ${among} and p.node_id = any(t.depends_on) order by p.place)`;

// Tasks of a workflow that was never executed have no run; they are those of the workflow without one. Each case has an index of its own, and most
// tasks depend on nothing.
const dependencies = `case when t.depends_on = '{}' then '{}'::uuid[]
      when t.execution_id is null then ${parents('p.execution_id is null and p.workflow_id = t.workflow_id')}
      else ${parents('p.execution_id = t.execution_id')} end`;

/** Columns of a {@link StoredTaskRow} of tasks `t`. */
export const storedTaskColumns = `t.tenant_id, t.id, t.scope, t.workflow_id, t.execution_id, t.node_id, t.type, t.name, t.description, t.input,
    t.priority, t.required_capabilities, t.tags, t.depends_on, ${dependencies} as dependencies, t.total_timeout_ms, t.max_retries, t.status,
    t.dispatched, t.attempt, t.returned, t.worker_id, t.started_at, t.deadline_at, t.completed_at, t.result, t.error_code, t.error_message,
    t.created_at`;

/** A task as the driver answers it. */
export interface StoredTaskRow {
  readonly tenant_id: string;
  readonly id: string;
  readonly scope: StoredTask['scope'];
  readonly workflow_id: string | null;
  readonly execution_id: string | null;
  readonly node_id: string;
  readonly type: string;
  readonly name: string;
  readonly description: string;
  readonly input: string;
  readonly priority: number;
  readonly required_capabilities: readonly string[];
  readonly tags: readonly string[];
  readonly depends_on: readonly string[];
  readonly dependencies: readonly string[];
  readonly total_timeout_ms: string;
  readonly max_retries: number;
  readonly status: WorkTaskStatus;
  readonly dispatched: boolean;
  readonly attempt: number;
  readonly returned: number;
  readonly worker_id: string | null;
  readonly started_at: Date | null;
  readonly deadline_at: Date | null;
  readonly completed_at: Date | null;
  readonly result: string | null;
  readonly error_code: string;
  readonly error_message: string;
  readonly created_at: Date;
}

/** The task of a row. */
export function storedTaskOf(row: StoredTaskRow): StoredTask {
  const { scope, type, name, description, priority, tags, status, dependencies, returned } = row;
  return {
    ...{ tenantId: row.tenant_id, id: row.id, scope, nodeId: row.node_id, type, name, description },
    ...{ priority, tags, status, dependencies, returned },
    ...(row.workflow_id === null ? {} : { workflowId: row.workflow_id }),
    ...(row.execution_id === null ? {} : { executionId: row.execution_id }),
    input: JSON.parse(row.input),
    requiredCapabilities: row.required_capabilities,
    dependsOn: row.depends_on,
    totalTimeoutMs: Number(row.total_timeout_ms),
    maxRetries: row.max_retries,
    isDispatched: row.dispatched,
    attempts: attemptsOf(row),
    ...(row.worker_id === null ? {} : { workerId: row.worker_id }),
    ...timesOf(row),
    ...(status === 'completed' && row.result !== null ? { result: JSON.parse(row.result) } : {}),
    errorCode: row.error_code,
    errorMessage: row.error_message,
    createdAtMs: row.created_at.getTime(),
  };
}

// The number of an attempt that is offered is not begun yet.
function attemptsOf({ status, attempt, started_at }: StoredTaskRow): number {
  if (started_at === null) return 0;
  return status === 'pending' ? Math.max(0, attempt - 1) : attempt;
}

function timesOf({ started_at, deadline_at, completed_at }: StoredTaskRow) {
  return {
    ...(started_at === null ? {} : { startedAtMs: started_at.getTime() }),
    ...(deadline_at === null ? {} : { deadlineAtMs: deadline_at.getTime() }),
    ...(completed_at === null ? {} : { completedAtMs: completed_at.getTime() }),
  };
}
