// Gives one task to a worker that somebody has chosen, inside a transaction: a person, or whoever calls workers.
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import type { Assigned, CalledAttempt, Caller, TaskKey } from './dispatch-store.ts';
import { freePlaces, giveTasks, type HeldWorker, lockWorker } from './give-tasks.ts';
import { givenOf } from './given-row.ts';

/** What is looked at before a task is given or ended. */
export interface SteeredRow {
  readonly scope: 'task' | 'workflow' | 'playbook';
  readonly execution_id: string | null;
  readonly status: string;
  readonly dispatched: boolean;
  readonly held: boolean;
  readonly answered_at: Date | null;
  readonly kept_worker_id: string | null;
  readonly required_capabilities: readonly string[];
  /** All of its time is up, and its run is yet to be told. */
  readonly overdue: boolean;
}

const lockSteered = `select t.scope, t.execution_id, t.status, t.dispatched, t.held, t.answered_at, t.kept_worker_id, t.required_capabilities,
    coalesce(t.deadline_at <= clock_timestamp(), false) as overdue
  from orchestrator.tasks t where t.tenant_id = $1 and t.id = $2 for no key update`;

const seeWorker = `update orchestrator.workers set last_seen = clock_timestamp() where tenant_id = $1 and id = $2`;

/** Locks the row of a task; undefined when the tenant has none of this id. */
export async function lockTask(
  client: SqlClient,
  { tenantId, id }: TaskKey,
): Promise<SteeredRow | undefined> {
  const statement = { name: 'orchestrator.lock_task', text: lockSteered, values: [tenantId, id] };
  return (await client.query<SteeredRow>(statement)).rows[0];
}

/** To whom, and by whom: a person's choice holds for the task's retries, and who calls workers gives only what fits. */
export type Assignment = { readonly workerId: string } & (
  | { readonly byHand: true; readonly caller?: never }
  | { readonly byHand: false; readonly caller: Caller }
);

/** Gives the task, or says why not. Of several at once one wins: they come one after the other. */
export async function assignTask(client: SqlClient, key: TaskKey, to: Assignment): Promise<Assigned> {
  const { tenantId } = key;
  const worker = await lockWorker(client, tenantId, to.workerId);
  const task = await lockTask(client, key);
  if (!task || (to.byHand && task.scope === 'playbook')) return { type: 'no_task' };
  if (!worker) return { type: 'no_worker' };
  if (task.status !== 'pending' || task.answered_at || task.overdue) {
    return { type: 'not_pending', status: task.status === 'pending' ? 'overdue' : task.status };
  }
  if (task.held) return { type: 'held' };
  if (worker.unavailable) return { type: 'inactive', status: worker.unavailable };
  if (!to.byHand && !mayBeGiven(task, worker)) return { type: 'not_pending', status: 'kept' };
  if ((await freePlaces(client, tenantId, worker)) === 0) return { type: 'no_place' };
  const { caller, byHand } = to;
  const isFetched = worker.protocol !== 'pull';
  const giving = { tenantId, worker, ...(caller ? { caller } : {}), isFetched, isKept: byHand };
  const given = await givenOf(client, await giveTasks(client, [key.id], giving));
  const [attempt] = given;
  if (!attempt) throw new Error('a task that is held was not given');
  if (byHand) {
    await client.query({ name: 'orchestrator.see_worker', text: seeWorker, values: [tenantId, worker.id] });
  }
  return {
    type: 'assigned',
    given: { ...attempt, takenAtMs: attempt.assignedAtMs, worker: calledOf(worker) },
  };
}

function mayBeGiven(task: SteeredRow, worker: HeldWorker): boolean {
  if (!task.dispatched || worker.protocol === 'pull') return false;
  if (task.kept_worker_id !== null) return task.kept_worker_id === worker.id;
  return task.required_capabilities.every((each) => worker.capabilities.includes(each));
}

function calledOf({ id, name, protocol, endpoint }: HeldWorker): CalledAttempt['worker'] {
  return { id, name, protocol, endpoint };
}
