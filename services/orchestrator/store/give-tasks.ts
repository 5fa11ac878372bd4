// Gives tasks to a worker, inside a transaction that holds the worker's row: its places are counted under that lock, so that they are never
// exceeded. Tasks are locked after it.
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import { type GivenRow, givenColumns } from './given-row.ts';

/** Longest attempt of a worker that is called, in milliseconds. */
export const calledTimeoutMsMax = 300_000;
/** A worker that asks keeps a task for so many of its intervals without a sign of life. */
const leaseIntervals = 2;
/** No attempt lasts longer than any time that a task can name, in milliseconds. */
const endlessMs = 1e12;

/** A worker whose row is held. */
export interface HeldWorker {
  readonly id: string;
  readonly name: string;
  readonly protocol: 'http' | 'connect' | 'grpc' | 'pull';
  readonly endpoint: string;
  readonly capabilities: readonly string[];
  readonly intervalS: number;
  readonly placesMax: number;
  /** Absent while it is idle or busy. */
  readonly unavailable?: Unavailable;
}

/** Why a worker is given nothing. */
export type Unavailable = 'removed' | 'deactivated' | 'offline' | 'error';

interface WorkerRow {
  readonly name: string;
  readonly protocol: HeldWorker['protocol'];
  readonly endpoint: string;
  readonly capabilities: readonly string[];
  readonly health_check_interval_s: number;
  readonly max_concurrent_tasks: number;
  readonly status: 'idle' | 'offline' | 'error';
  readonly is_active: boolean;
  readonly deactivated: boolean;
}

const lockWorkerText = `select name, protocol, endpoint, capabilities, health_check_interval_s, max_concurrent_tasks, status, is_active, deactivated
  from orchestrator.workers where tenant_id = $1 and id = $2 for no key update`;

const countRunning = `select count(*)::integer as running from orchestrator.tasks
  where tenant_id = $1 and worker_id = $2 and status = 'running' and answered_at is null`;

// The attempt of a row that was offered is the number of the one that begins. Times are of one moment.
const giveTasksText = `update orchestrator.tasks t
  set status = 'running', worker_id = $3, attempt = greatest(t.attempt, 1), assigned_at = n.now, started_at = coalesce(t.started_at, n.now),
    deadline_at = coalesce(t.deadline_at, n.now + t.total_timeout_ms * interval '1 millisecond'),
    timeout_at = least(n.now + least(t.attempt_timeout_ms, $4) * interval '1 millisecond',
      coalesce(t.deadline_at, n.now + t.total_timeout_ms * interval '1 millisecond')),
    lease_until = least(n.now + $5 * interval '1 millisecond', n.now + least(t.attempt_timeout_ms, $4) * interval '1 millisecond',
      coalesce(t.deadline_at, n.now + t.total_timeout_ms * interval '1 millisecond')),
    caller_id = $6, fetched_at = case when $7 then n.now end, answered_at = null, retry_at = null, dispatched = true,
    kept_worker_id = case when $8 then $3 else t.kept_worker_id end
  from (select clock_timestamp() as now) n
  where t.tenant_id = $1 and t.id = any($2::uuid[])
  returning ${givenColumns}`;

/** Locks the worker and answers how it stands; undefined when the tenant has none of this id. */
export async function lockWorker(
  client: SqlClient,
  tenantId: string,
  id: string,
): Promise<HeldWorker | undefined> {
  const statement = { name: 'orchestrator.lock_worker', text: lockWorkerText, values: [tenantId, id] };
  const [row] = (await client.query<WorkerRow>(statement)).rows;
  if (!row) return undefined;
  const { name, protocol, endpoint, capabilities } = row;
  const unavailable = unavailableAs(row);
  return {
    ...{ id, name, protocol, endpoint, capabilities },
    intervalS: row.health_check_interval_s,
    placesMax: row.max_concurrent_tasks,
    ...(unavailable ? { unavailable } : {}),
  };
}

function unavailableAs({ status, is_active, deactivated }: WorkerRow): Unavailable | undefined {
  if (!is_active) return 'removed';
  if (deactivated) return 'deactivated';
  return status === 'idle' ? undefined : status;
}

/** Places of a held worker that no task has. */
export async function freePlaces(client: SqlClient, tenantId: string, worker: HeldWorker): Promise<number> {
  const statement = { name: 'orchestrator.count_running', text: countRunning, values: [tenantId, worker.id] };
  const [row] = (await client.query<{ running: number }>(statement)).rows;
  return Math.max(0, worker.placesMax - (row?.running ?? 0));
}

/** How tasks are given. */
export interface Giving {
  readonly tenantId: string;
  readonly worker: HeldWorker;
  /** Who calls the worker, under which lease; absent for a worker that asks, and for one that whoever looks first calls. */
  readonly caller?: { readonly callerId: string; readonly leaseMs: number };
  /** The claim of a worker that asks; absent for one that was not named. */
  readonly claimId?: string;
  /** False when the worker has yet to ask for it. */
  readonly isFetched: boolean;
  /** True when no other worker may be given it from now on. */
  readonly isKept: boolean;
}

/** Gives the tasks, whose rows are held; answers them as they are now, in no order. */
export async function giveTasks(
  client: SqlClient,
  ids: readonly string[],
  { tenantId, worker, caller, claimId, isFetched, isKept }: Giving,
): Promise<readonly GivenRow[]> {
  if (ids.length === 0) return [];
  const asks = worker.protocol === 'pull';
  const attemptMsMax = asks ? endlessMs : calledTimeoutMsMax;
  const leaseMs = asks ? leaseMsOf(worker) : (caller?.leaseMs ?? 0);
  const given = [attemptMsMax, leaseMs, caller?.callerId ?? claimId ?? null, isFetched, isKept];
  const values = [tenantId, ids, worker.id, ...given];
  return (await client.query<GivenRow>({ name: 'orchestrator.give_tasks', text: giveTasksText, values }))
    .rows;
}

/** How long a worker that asks keeps a task without a sign of life, in milliseconds. */
export function leaseMsOf({ intervalS }: HeldWorker): number {
  return leaseIntervals * intervalS * 1_000;
}
