// One operation on many workers, inside one transaction: their rows are held in the order of their ids, then those of their tasks.
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import type { WorkerOperation } from '../core/work/worker.ts';
import { returnTasks } from './return-tasks.ts';
import type { BulkOutcome } from './worker-store.ts';

const lockWorkers = `select w.id, w.is_active from orchestrator.workers w
  where w.tenant_id = $1 and w.id = any($2::uuid[]) order by w.id for no key update`;

// Whoever comes back by it is given as long as any other for a sign of life.
const setStanding = `update orchestrator.workers
  set status = $3, deactivated = $4,
    last_seen = case when $3 = 'idle' and status <> 'idle' then clock_timestamp() else last_seen end,
    updated_at = case when status = $3 and deactivated = $4 then updated_at else clock_timestamp() end
  where tenant_id = $1 and id = any($2::uuid[])`;

/** Sets how these workers stand. Ids that are repeated, unknown or of removed workers are told, and do not stop the rest. */
export async function operateOn(
  client: SqlClient,
  tenantId: string,
  { operation, workerIds }: { readonly operation: WorkerOperation; readonly workerIds: readonly string[] },
): Promise<BulkOutcome> {
  const lock = {
    name: 'orchestrator.lock_workers',
    text: lockWorkers,
    values: [tenantId, [...new Set(workerIds)]],
  };
  const { rows } = await client.query<{ id: string; is_active: boolean }>(lock);
  const known = new Map(rows.map(({ id, is_active }) => [id, is_active]));
  const chosen = rows.filter(({ is_active }) => is_active).map(({ id }) => id);
  const isOut = operation === 'deactivate';
  const values = [tenantId, chosen, isOut ? 'offline' : 'idle', isOut];
  const { count } = await client.query({ name: 'orchestrator.set_standing', text: setStanding, values });
  const returned = operation === 'activate' ? [] : await returnTasks(client, tenantId, chosen);
  return { updated: count, returnedTasks: returned.length, errors: errorsOf(workerIds, known) };
}

function errorsOf(workerIds: readonly string[], known: ReadonlyMap<string, boolean>): BulkOutcome['errors'] {
  const seen = new Set<string>();
  return workerIds.flatMap((workerId) => {
    const message = seen.has(workerId) ? 'Is named more than once' : problemOf(known.get(workerId));
    seen.add(workerId);
    return message ? [{ workerId, message }] : [];
  });
}

function problemOf(isActive: boolean | undefined): string | undefined {
  if (isActive === undefined) return 'No such worker';
  return isActive ? undefined : 'Was removed: it must register again';
}
