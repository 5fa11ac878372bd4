// Workers on PostgreSQL: registering, changing and hearing one. Every transaction holds the worker's row first, then those of its tasks in the
// order of their ids. What is done to many at once and what is only read have files of their own.
import { canonicalJson } from '../../../foundation/json/canonical-json.ts';
import { violatedConstraint } from '../../../foundation/postgres/database-fault.ts';
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import { standingAfterSign, type WorkerContent } from '../core/work/worker.ts';
import { operateOn } from './operate-workers.ts';
import { selectWorkerView, workerReads } from './postgres-worker-reads.ts';
import { returnTasks } from './return-tasks.ts';
import { type WorkerRow, workerColumns, workerOf } from './worker-row.ts';
import type { HeardWorker, WorkerKey, WorkerStore } from './worker-store.ts';
import { writeEntry } from './write-entry.ts';

// Of two that register the same at once, the second one finds the row of the first. Whoever was taken out of use stays so; a removed worker begins
// anew.
const registerWorker = `insert into orchestrator.workers as w (tenant_id, id, type, name, protocol, endpoint, capabilities, version, metadata,
    health_check_interval_s, max_concurrent_tasks, created_by)
  values ($1, $2, $3, $4, $5, $6, $7::text[], $8, $9, $10, $11, $12)
  on conflict (tenant_id, name, hashtextextended(endpoint, 0)) do update
  set type = excluded.type, protocol = excluded.protocol, capabilities = excluded.capabilities, version = excluded.version,
    metadata = excluded.metadata, health_check_interval_s = excluded.health_check_interval_s,
    max_concurrent_tasks = excluded.max_concurrent_tasks, is_active = true, deactivated = w.is_active and w.deactivated,
    status = case when w.is_active and w.deactivated then 'offline' else 'idle' end, last_seen = clock_timestamp(),
    updated_at = case
      when w.is_active and (w.status = 'idle' or w.deactivated)
        and (w.type, w.protocol, w.capabilities, w.version, w.metadata, w.health_check_interval_s, w.max_concurrent_tasks)
          = (excluded.type, excluded.protocol, excluded.capabilities, excluded.version, excluded.metadata,
            excluded.health_check_interval_s, excluded.max_concurrent_tasks)
      then w.updated_at else clock_timestamp() end
  returning w.id`;

const lockWorker = `select ${workerColumns} from orchestrator.workers w where w.tenant_id = $1 and w.id = $2 for no key update`;

const changeWorker = `update orchestrator.workers
  set type = $3, name = $4, protocol = $5, endpoint = $6, capabilities = $7::text[], version = $8, metadata = $9,
    health_check_interval_s = $10, max_concurrent_tasks = $11, updated_at = clock_timestamp()
  where tenant_id = $1 and id = $2`;

const removeWorker = `update orchestrator.workers
  set is_active = false, status = 'offline', updated_at = clock_timestamp() where tenant_id = $1 and id = $2`;

const lockOwnTasks = `select t.id, t.fetched_at is not null as fetched from orchestrator.tasks t
  where t.tenant_id = $1 and t.worker_id = $2 and t.status = 'running' and t.answered_at is null
  order by t.id for no key update`;

// Never beyond the end of the attempt, and never shorter than it was.
const extendLeases = `update orchestrator.tasks
  set lease_until = greatest(lease_until, least(timeout_at, clock_timestamp() + make_interval(secs => 2 * $3::double precision)))
  where tenant_id = $1 and id = any($2::uuid[])`;

const hearWorker = `update orchestrator.workers
  set last_seen = clock_timestamp(), status = $3, reported = coalesce($4, reported),
    retry_at = case when $3 = 'idle' then null else retry_at end,
    updated_at = case when status = $3 then updated_at else clock_timestamp() end
  where tenant_id = $1 and id = $2
  returning last_seen`;

/** The store over a pool of the role `orchestrator_app`. */
export function createPostgresWorkerStore(postgres: Postgres): WorkerStore {
  return {
    ...workerReads(postgres),
    register: ({ tenantId, id, content, createdBy }, entryOf) =>
      postgres.tenantTransaction(tenantId, async (client) => {
        const values = [tenantId, id, ...contentValues(content), createdBy];
        const statement = { name: 'orchestrator.register_worker', text: registerWorker, values };
        const { rows } = await client.query<{ id: string }>(statement);
        const key = { tenantId, id: rows[0]?.id ?? id };
        const worker = await selectWorkerView(client, key);
        if (!worker) throw new Error('A worker that was just registered is gone');
        const registered = { worker, created: worker.id === id };
        await writeEntry(client, tenantId, entryOf(registered));
        return registered;
      }),
    hear: ({ tenantId, id }, sign) =>
      postgres.tenantTransaction(tenantId, (client) => hear(client, { tenantId, id }, sign)),
    change: async (key, decide, entry) => {
      try {
        return await postgres.tenantTransaction(key.tenantId, (client) =>
          change(client, key, { decide, entry }),
        );
      } catch (error) {
        if (violatedConstraint(error)?.name === 'workers_name') return 'taken';
        throw error;
      }
    },
    remove: (key, entryOf) =>
      postgres.tenantTransaction(key.tenantId, async (client) => {
        const { tenantId, id } = key;
        const worker = await lock(client, key);
        if (!worker) return 'unknown';
        if (!worker.isActive) return 0;
        await client.query({
          name: 'orchestrator.remove_worker',
          text: removeWorker,
          values: [tenantId, id],
        });
        const { length } = await returnTasks(client, tenantId, [id]);
        await writeEntry(client, tenantId, entryOf(length));
        return length;
      }),
    operate: (tenantId, wish, entryOf) =>
      postgres.tenantTransaction(tenantId, async (client) => {
        const outcome = await operateOn(client, tenantId, wish);
        await writeEntry(client, tenantId, entryOf(outcome));
        return outcome;
      }),
  };
}

async function lock(client: SqlClient, { tenantId, id }: WorkerKey) {
  const statement = { name: 'orchestrator.lock_worker', text: lockWorker, values: [tenantId, id] };
  const { rows } = await client.query<WorkerRow>(statement);
  return rows[0] && workerOf(rows[0]);
}

async function change(
  client: SqlClient,
  key: WorkerKey,
  {
    decide,
    entry,
  }: {
    readonly decide: Parameters<WorkerStore['change']>[1];
    readonly entry: Parameters<WorkerStore['change']>[2];
  },
) {
  const worker = await lock(client, key);
  if (!worker) return 'unknown';
  if (!worker.isActive) return 'removed';
  const values = [key.tenantId, key.id, ...contentValues(decide(worker))];
  await client.query({ name: 'orchestrator.change_worker', text: changeWorker, values });
  await writeEntry(client, key.tenantId, entry);
  return (await selectWorkerView(client, key)) ?? 'unknown';
}

async function hear(
  client: SqlClient,
  key: WorkerKey,
  { status: said, metrics, runningTaskIds }: Parameters<WorkerStore['hear']>[1],
): Promise<HeardWorker | 'unknown' | 'removed'> {
  const worker = await lock(client, key);
  if (!worker) return 'unknown';
  if (!worker.isActive) return 'removed';
  const { protocol, healthCheckIntervalS } = worker;
  const place = [key.tenantId, key.id];
  const held = { name: 'orchestrator.lock_own_tasks', text: lockOwnTasks, values: place };
  const { rows: own } = await client.query<{ id: string; fetched: boolean }>(held);
  const named = runningTaskIds && new Set(runningTaskIds);
  // Nobody can name what he has not fetched yet. The leases of workers that are called belong to whoever calls them.
  const worked = own.filter(({ id, fetched }) => !named || named.has(id) || !fetched);
  const extended = protocol === 'pull' ? worked.map(({ id }) => id) : [];
  if (extended.length > 0) {
    const values = [key.tenantId, extended, healthCheckIntervalS];
    await client.query({ name: 'orchestrator.extend_leases', text: extendLeases, values });
  }
  const status = standingAfterSign(worker, said);
  const values = [...place, status, metrics ? canonicalJson(metrics) : null];
  const heard = { name: 'orchestrator.hear_worker', text: hearWorker, values };
  const { rows } = await client.query<{ last_seen: Date }>(heard);
  const ownIds = new Set(own.map(({ id }) => id));
  return {
    status: status === 'idle' && own.length > 0 ? 'busy' : status,
    lastSeenMs: rows[0]?.last_seen.getTime() ?? worker.lastSeenMs,
    healthCheckIntervalS,
    lostTaskIds: (runningTaskIds ?? []).filter((id) => !ownIds.has(id)),
  };
}

function contentValues(content: WorkerContent): unknown[] {
  const { type, name, protocol, endpoint, capabilities, version, metadata } = content;
  const { healthCheckIntervalS, maxConcurrentTasks } = content;
  const described = [type, name, protocol, endpoint, [...capabilities], version, canonicalJson(metadata)];
  return [...described, healthCheckIntervalS, maxConcurrentTasks];
}
