// Rows of tasks for tests of workers, as dispatch would have left them.
import type pg from 'pg';
import { newId } from '../../../foundation/ids/ids.ts';
import type { WorkerKey } from './worker-store.ts';

/** A task that a worker has, and how it differs from a usual one. */
export interface HeldTask {
  readonly worker: WorkerKey;
  /** [running] */
  readonly status?: 'running' | 'pending' | 'retrying' | 'completed';
  /** [1] */
  readonly attempt?: number;
  /** Seconds from now until the attempt is up [300]. */
  readonly timeoutS?: number;
  /** True when it was assigned by hand [false]. */
  readonly kept?: boolean;
  /** False when the worker has not asked for it yet [true]. */
  readonly fetched?: boolean;
  /** True when the attempt has been answered [false]. */
  readonly answered?: boolean;
  /** [task] */
  readonly scope?: 'task' | 'workflow' | 'playbook';
}

const insertTask = `insert into orchestrator.tasks (tenant_id, id, scope, execution_id, node_id, type, name, priority, attempt_timeout_ms, total_timeout_ms,
    max_retries, status, dispatched, attempt, worker_id, kept_worker_id, lease_until, offered_at, assigned_at, fetched_at, started_at,
    timeout_at, answered_at, completed_at, created_by)
  values ($1, $2, $3, $2, 'task', 'detection', 'A task', 2, 300000, 600000,
    3, $4, true, $5, $6, case when $7 then $6::uuid end, now() + interval '10 seconds', now(), now(), case when $8 then now() end, now(),
    now() + make_interval(secs => $9), case when $10 then now() end, case when $4 = 'completed' then now() end, $2)`;

/** Inserts a task and answers its id. */
export async function giveTask(admin: pg.Client, task: HeldTask): Promise<string> {
  const { worker, status = 'running', attempt = 1, timeoutS = 300, kept = false } = task;
  const { fetched = true, answered = false, scope = 'task' } = task;
  const id = newId();
  const values = [worker.tenantId, id, scope, status, attempt, worker.id, kept, fetched, timeoutS, answered];
  await admin.query(insertTask, values);
  return id;
}

/** A task's row as tests look at it. */
export interface TaskRow {
  readonly id: string;
  readonly status: string;
  readonly attempt: number;
  readonly returned: number;
  readonly worker_id: string | null;
  readonly kept_worker_id: string | null;
  readonly dispatched: boolean;
  readonly fetched_at: Date | null;
  readonly timeout_at: Date | null;
  /** Seconds from now. */
  readonly lease_s: number | null;
}

/** The row of a task. */
export async function taskRow(admin: pg.Client, id: string): Promise<TaskRow> {
  const { rows } = await admin.query<TaskRow>(
    `select id, status, attempt, returned, worker_id, kept_worker_id, dispatched, fetched_at, timeout_at,
      extract(epoch from lease_until - clock_timestamp())::float8 as lease_s
     from orchestrator.tasks where id = $1`,
    [id],
  );
  const [row] = rows;
  if (!row) throw new Error(`There is no task ${id}`);
  return row;
}
