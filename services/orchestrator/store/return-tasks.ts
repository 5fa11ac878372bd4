// Takes tasks back from workers, so that others are given them: at once, without their runs, and using up no retry. The caller's transaction
// holds the rows of the workers; those of the tasks are held here, in the order of their ids.
import type { SqlClient } from '../../../foundation/postgres/statement.ts';

const lockTasks = `select t.id from orchestrator.tasks t
  where t.tenant_id = $1
    and ((t.worker_id = any($2::uuid[]) and t.status = 'running' and t.answered_at is null)
      or (t.kept_worker_id = any($2::uuid[]) and t.completed_at is null))
  order by t.id for no key update`;

// The number of the attempt that is offered now is higher than that of the one which was taken back: an answer to that is refused.
const takeBack = `update orchestrator.tasks
  set status = 'pending', attempt = attempt + 1, returned = returned + 1, dispatched = true, kept_worker_id = null,
    lease_until = null, caller_id = null, fetched_at = null, assigned_at = null, timeout_at = null, offered_at = clock_timestamp()
  where tenant_id = $1 and id = any($2::uuid[]) and worker_id = any($3::uuid[]) and status = 'running' and answered_at is null
  returning id`;

// What waits for these workers alone would wait for ever.
const setFree = `update orchestrator.tasks set kept_worker_id = null, dispatched = true
  where tenant_id = $1 and id = any($2::uuid[]) and kept_worker_id = any($3::uuid[]) and completed_at is null`;

/** Takes back all that these workers have and answers its ids; what was assigned to them by hand may be given to anyone now. */
export async function returnTasks(
  client: SqlClient,
  tenantId: string,
  workerIds: readonly string[],
): Promise<readonly string[]> {
  const workers = [...workerIds];
  const lock = { name: 'orchestrator.lock_tasks_of_workers', text: lockTasks, values: [tenantId, workers] };
  const held = (await client.query<{ id: string }>(lock)).rows.map(({ id }) => id);
  if (held.length === 0) return [];
  const values = [tenantId, held, workers];
  const back = { name: 'orchestrator.take_back_tasks', text: takeBack, values };
  const { rows } = await client.query<{ id: string }>(back);
  await client.query({ name: 'orchestrator.set_tasks_free', text: setFree, values });
  return rows.map(({ id }) => id);
}
