// Gives up attempts that nobody answers any more, inside a transaction: their lease or time is over, or their worker fell silent. Whether that is
// still so is looked at again under the locks.
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import type { GivenUp, LapsedAttempt } from './dispatch-store.ts';
import { type AttemptRow, attemptColumns, lostFault, recordEnd, tellRun } from './end-attempt.ts';
import type { ExecutionKey } from './execution-key.ts';

const lockLapsedWorker = `select w.protocol from orchestrator.workers w where w.tenant_id = $1 and w.id = $2 for no key update skip locked`;

const lockSilentWorker = `select w.protocol from orchestrator.workers w
  where w.tenant_id = $1 and w.id = $2 and (w.status <> 'idle' or not w.is_active) for no key update`;

const lockLapsedTask = `select ${attemptColumns}, coalesce(t.deadline_at <= n.now, false) as is_overdue,
    coalesce(t.timeout_at <= n.now, false) as is_timed_out, coalesce(t.lease_until <= n.now, false) as is_lapsed, t.withdrawn
  from orchestrator.tasks t, (select clock_timestamp() as now) n
  where t.tenant_id = $1 and t.id = $2 and t.worker_id is not distinct from $3 and t.answered_at is null
    and (t.status = 'running' or (t.status = 'pending' and (t.withdrawn or not t.held)))
  for no key update of t skip locked`;

const lockTasksOf = `select ${attemptColumns} from orchestrator.tasks t
  where t.tenant_id = $1 and t.worker_id = $2 and t.status = 'running' and t.answered_at is null
  order by t.id limit 100 for no key update`;

// Its tasks may be given to others from now on.
const releaseKept = `update orchestrator.tasks t set kept_worker_id = null
  from (
    select tenant_id, id from orchestrator.tasks
    where tenant_id = $1 and kept_worker_id = $2 and kept_worker_id is not null and completed_at is null
    order by id for no key update
  ) kept
  where t.tenant_id = kept.tenant_id and t.id = kept.id`;

const lockForgotten = `select ${attemptColumns}, t.result, t.error_code, t.error_message from orchestrator.tasks t
  where t.answered_at < (select clock_timestamp() - interval '30 seconds') and t.completed_at is null and t.status in ('pending', 'running')
    and not exists (select from orchestrator.commands c where c.tenant_id = t.tenant_id and c.execution_id = t.execution_id)
  order by t.answered_at limit $1 for no key update of t skip locked`;

const remindLater =
  'update orchestrator.tasks set answered_at = clock_timestamp() where tenant_id = $1 and id = $2';

interface LapsedRow extends AttemptRow {
  readonly is_overdue: boolean;
  readonly is_timed_out: boolean;
  readonly is_lapsed: boolean;
  readonly withdrawn: boolean;
}

interface ForgottenRow extends AttemptRow {
  readonly result: string | null;
  readonly error_code: string;
  readonly error_message: string;
}

interface WorkerRow {
  readonly protocol: string;
}

/** See `DispatchQueue.giveUp`. */
export async function giveUpLapsed(
  client: SqlClient,
  { tenantId, id, workerId }: LapsedAttempt,
  random: number,
): Promise<GivenUp[]> {
  const worker = workerId === undefined ? undefined : await lockOne(client, tenantId, workerId);
  if (workerId !== undefined && !worker) return [];
  const values = [tenantId, id, workerId ?? null];
  const statement = { name: 'orchestrator.lock_lapsed_task', text: lockLapsedTask, values };
  const [row] = (await client.query<LapsedRow>(statement)).rows;
  const code = row && faultOf(row, worker);
  if (!row || !code) return [];
  const result = { fault: lostFault(code, row) };
  return [{ ...(await recordEnd(client, row, { result, random, isSign: false })), cause: code }];
}

async function lockOne(client: SqlClient, tenantId: string, id: string): Promise<WorkerRow | undefined> {
  const statement = {
    name: 'orchestrator.lock_lapsed_worker',
    text: lockLapsedWorker,
    values: [tenantId, id],
  };
  return (await client.query<WorkerRow>(statement)).rows[0];
}

// Of workers that are called the lease is their caller's: another calls them then.
function faultOf(row: LapsedRow, worker: WorkerRow | undefined): Parameters<typeof lostFault>[0] | undefined {
  if (row.status === 'pending' && row.withdrawn) return 'cancelled';
  if (row.is_overdue) return 'deadline';
  if (row.status !== 'running') return undefined;
  if (row.is_timed_out) return 'attempt_timeout';
  return row.is_lapsed && worker?.protocol === 'pull' ? 'worker_lost' : undefined;
}

/** See `DispatchQueue.loseWorker`. */
export async function giveUpWorker(
  client: SqlClient,
  { tenantId, workerId }: { readonly tenantId: string; readonly workerId: string },
  random: number,
): Promise<ExecutionKey[]> {
  const values = [tenantId, workerId];
  const lock = { name: 'orchestrator.lock_silent_worker', text: lockSilentWorker, values };
  if ((await client.query(lock)).count === 0) return [];
  const { rows } = await client.query<AttemptRow>({
    name: 'orchestrator.lock_tasks_of_worker',
    text: lockTasksOf,
    values,
  });
  const runs: ExecutionKey[] = [];
  for (const row of rows) {
    const result = { fault: lostFault('worker_lost', row) };
    runs.push(await recordEnd(client, row, { result, random, isSign: false }));
  }
  await client.query({ name: 'orchestrator.release_kept_tasks', text: releaseKept, values });
  return runs;
}

/** See `DispatchQueue.remind`. */
export async function remindRuns(client: SqlClient, limit: number, random: number): Promise<ExecutionKey[]> {
  const lock = { name: 'orchestrator.lock_forgotten_tasks', text: lockForgotten, values: [limit] };
  const { rows } = await client.query<ForgottenRow>(lock);
  const runs: ExecutionKey[] = [];
  for (const row of rows) {
    runs.push(await tellRun(client, row, { result: resultOf(row), random }));
    const values = [row.tenant_id, row.id];
    await client.query({ name: 'orchestrator.remind_later', text: remindLater, values });
  }
  return runs;
}

function resultOf({ result, error_code: code, error_message: message }: ForgottenRow) {
  return result === null ? { fault: { code, message } } : { answer: JSON.parse(result) };
}
