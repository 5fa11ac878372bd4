// Rows of workers as SQL answers them, and as the core knows them.
import type { StoredWorker, WorkerContent, WorkerStatus, WorkerView } from '../core/work/worker.ts';

/** The columns of a worker `w`. */
export const workerColumns = `w.id, w.type, w.name, w.protocol, w.endpoint, w.capabilities, w.version, w.metadata,
  w.health_check_interval_s, w.max_concurrent_tasks, w.status, w.is_active, w.deactivated, w.last_seen, w.tasks_succeeded, w.tasks_failed,
  w.tasks_answered, w.total_ms, w.reported, w.created_at, w.updated_at`;

/** What a worker `w` has to do, as `b`: tasks that it was given and has not answered. */
export const workOfWorker = `cross join lateral (
    select count(*)::integer as running, (array_agg(t.id order by t.assigned_at desc, t.id desc))[1] as current
    from orchestrator.tasks t
    where t.tenant_id = w.tenant_id and t.worker_id = w.id and t.status = 'running' and t.answered_at is null
  ) b`;

/** A row of {@link workerColumns}. */
export interface WorkerRow {
  readonly id: string;
  readonly type: WorkerContent['type'];
  readonly name: string;
  readonly protocol: WorkerContent['protocol'];
  readonly endpoint: string;
  readonly capabilities: readonly string[];
  readonly version: string;
  readonly metadata: string;
  readonly health_check_interval_s: number;
  readonly max_concurrent_tasks: number;
  readonly status: WorkerStatus;
  readonly is_active: boolean;
  readonly deactivated: boolean;
  readonly last_seen: Date;
  readonly tasks_succeeded: string;
  readonly tasks_failed: string;
  readonly tasks_answered: string;
  readonly total_ms: number;
  readonly reported: string;
  readonly created_at: Date;
  readonly updated_at: Date;
}

/** A row of {@link workerColumns} and {@link workOfWorker}. */
export interface WorkerViewRow extends WorkerRow {
  readonly running: number;
  readonly current: string | null;
}

/** The worker of a row. */
export function workerOf(row: WorkerRow): StoredWorker {
  return {
    id: row.id,
    type: row.type,
    name: row.name,
    protocol: row.protocol,
    endpoint: row.endpoint,
    capabilities: row.capabilities,
    version: row.version,
    metadata: JSON.parse(row.metadata),
    healthCheckIntervalS: row.health_check_interval_s,
    maxConcurrentTasks: row.max_concurrent_tasks,
    status: row.status,
    isActive: row.is_active,
    deactivated: row.deactivated,
    lastSeenMs: row.last_seen.getTime(),
    tasksSucceeded: Number(row.tasks_succeeded),
    tasksFailed: Number(row.tasks_failed),
    tasksAnswered: Number(row.tasks_answered),
    totalMs: row.total_ms,
    reported: JSON.parse(row.reported),
    createdAtMs: row.created_at.getTime(),
    updatedAtMs: row.updated_at.getTime(),
  };
}

/** The worker of a row with what it has to do. */
export function workerViewOf(row: WorkerViewRow): WorkerView {
  const current = row.current === null ? {} : { currentTaskId: row.current };
  return { ...workerOf(row), runningTasks: row.running, ...current };
}
