// Takes tasks back that a worker was given and never heard of, since who asked for it has gone meanwhile: others are given them at once, and no
// retry is used up.
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import type { AttemptKey, TaskClaim } from './dispatch-store.ts';
import { lockWorker } from './give-tasks.ts';

// In the order of their ids, as everybody who holds several.
const lockGiven = `select t.id from orchestrator.tasks t
  join unnest($3::uuid[], $4::integer[]) as g (id, attempt) on g.id = t.id and g.attempt = t.attempt
  where t.tenant_id = $1 and t.worker_id = $2 and t.status = 'running' and t.answered_at is null
  order by t.id for no key update of t`;

// What was assigned by hand stays with its worker, which hears of it at its next claim.
const unfetch = `update orchestrator.tasks set fetched_at = null
  where tenant_id = $1 and id = any($2::uuid[]) and kept_worker_id is not null`;

// Its place among those that wait is the one that it had. Where nobody has begun it, none of its time is gone; that of agents of playbooks counts
// from the offer.
const offerAgain = `update orchestrator.tasks
  set status = 'pending', attempt = attempt + 1, returned = returned + 1, lease_until = null, assigned_at = null, timeout_at = null,
    fetched_at = null,
    started_at = case when attempt - returned > 1 then started_at end,
    deadline_at = case when attempt - returned > 1 or scope = 'playbook' then deadline_at end
  where tenant_id = $1 and id = any($2::uuid[]) and kept_worker_id is null`;

/** See `DispatchStore.giveBack`. */
export async function giveBack(
  client: SqlClient,
  { tenantId, workerId }: Pick<TaskClaim, 'tenantId' | 'workerId'>,
  attempts: readonly Pick<AttemptKey, 'id' | 'attempt'>[],
): Promise<number> {
  if (!(await lockWorker(client, tenantId, workerId))) return 0;
  const numbers = [attempts.map(({ id }) => id), attempts.map(({ attempt }) => attempt)];
  const lock = {
    name: 'orchestrator.lock_unheard',
    text: lockGiven,
    values: [tenantId, workerId, ...numbers],
  };
  const ids = (await client.query<{ id: string }>(lock)).rows.map(({ id }) => id);
  if (ids.length === 0) return 0;
  const values = [tenantId, ids];
  await client.query({ name: 'orchestrator.unfetch_tasks', text: unfetch, values });
  return (await client.query({ name: 'orchestrator.offer_again', text: offerAgain, values })).count;
}
