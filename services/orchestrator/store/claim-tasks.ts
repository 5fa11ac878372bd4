// Gives tasks to a worker that asks, inside a transaction.
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import type { Claimed, Greeted, TaskClaim } from './dispatch-store.ts';
import { freePlaces, giveTasks, type HeldWorker, leaseMsOf, lockWorker } from './give-tasks.ts';
import { type GivenRow, givenColumns, givenOf } from './given-row.ts';
import { lockOffered, spareRows } from './offered-tasks.ts';

const greetText = `update orchestrator.workers
  set last_seen = clock_timestamp(), status = case when status = 'offline' then 'idle' else status end,
    updated_at = case when status = 'offline' then clock_timestamp() else updated_at end
  where tenant_id = $1 and id = $2`;

// The lease of what was assigned by hand begins to count when the worker hears of it.
const fetchText = `update orchestrator.tasks t
  set fetched_at = clock_timestamp(), caller_id = $5::uuid, lease_until = least(t.timeout_at, clock_timestamp() + $4 * interval '1 millisecond')
  from (
    select tenant_id, id from orchestrator.tasks
    where tenant_id = $1 and worker_id = $2 and status = 'running' and answered_at is null and fetched_at is null
    order by priority desc, assigned_at, id limit $3 for update skip locked
  ) waiting
  where t.tenant_id = waiting.tenant_id and t.id = waiting.id
  returning ${givenColumns}`;

/** A sign of life of a worker, which makes an offline one idle. */
export async function greetWorker(client: SqlClient, tenantId: string, workerId: string): Promise<Greeted> {
  const worker = await lockWorker(client, tenantId, workerId);
  if (!worker) return 'no_worker';
  const { unavailable } = worker;
  if (isOut(unavailable)) return unavailable;
  await client.query({ name: 'orchestrator.greet_worker', text: greetText, values: [tenantId, workerId] });
  return 'active';
}

/** See `DispatchStore.claim`. */
export async function claimTasks(
  client: SqlClient,
  { tenantId, workerId, max, claimId }: TaskClaim,
): Promise<Claimed> {
  const worker = await lockWorker(client, tenantId, workerId);
  if (!worker) return { type: 'no_worker' };
  if (isOut(worker.unavailable)) return { type: worker.unavailable };
  const assigned = await fetchAssigned(client, worker, { tenantId, max, claimId });
  const free = await freePlaces(client, tenantId, worker);
  const offered = await giveOffered(client, worker, {
    ...{ tenantId, claimId },
    max: Math.min(free, max - assigned.length),
  });
  const given = await givenOf(client, [...assigned, ...offered]);
  return {
    type: 'given',
    given: given.map((each, at) => ({ ...each, isNew: at >= assigned.length })),
  };
}

function isOut(unavailable: HeldWorker['unavailable']): unavailable is 'removed' | 'deactivated' {
  return unavailable === 'removed' || unavailable === 'deactivated';
}

type Wanted = Pick<TaskClaim, 'tenantId' | 'max' | 'claimId'>;

async function fetchAssigned(
  client: SqlClient,
  worker: HeldWorker,
  { tenantId, max, claimId }: Wanted,
): Promise<readonly GivenRow[]> {
  const values = [tenantId, worker.id, max, leaseMsOf(worker), claimId ?? null];
  return (await client.query<GivenRow>({ name: 'orchestrator.fetch_assigned', text: fetchText, values }))
    .rows;
}

async function giveOffered(
  client: SqlClient,
  worker: HeldWorker,
  { tenantId, max, claimId }: Wanted,
): Promise<readonly GivenRow[]> {
  if (max <= 0 || worker.unavailable) return [];
  const values = [tenantId, max + spareRows, worker.id, worker.capabilities, max];
  const locked = await client.query<{ id: string }>({
    name: 'orchestrator.lock_offered',
    text: lockOffered,
    values,
  });
  const ids = locked.rows.map(({ id }) => id);
  const given = await giveTasks(client, ids, {
    ...{ tenantId, worker, isFetched: true, isKept: false },
    ...(claimId === undefined ? {} : { claimId }),
  });
  return given.toSorted((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id));
}
