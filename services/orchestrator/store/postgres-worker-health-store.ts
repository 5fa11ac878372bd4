// Signs of life of workers on PostgreSQL, under the engine's own role. Every statement passes over rows that others hold: a worker that is being
// given tasks, or is looked at by another replica, is looked at again a second later.
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import type { AskedWorker, SilentWorker, WorkerHealthStore } from './worker-health-store.ts';

/** The shortest interval, in seconds: whoever was seen within it is not looked at. */
const intervalMin = 10;

// Half an interval lies between two questions; one more follows as soon as two intervals are over, since it decides.
const claimToAsk = `with t as materialized (select clock_timestamp() as now),
  tried as materialized (
    select w.tenant_id, w.id, true as trial from orchestrator.workers w, t
    where w.status = 'error' and w.protocol <> 'pull' and w.retry_at <= t.now
    order by w.retry_at limit $1 for update of w skip locked
  ),
  silent as materialized (
    select w.tenant_id, w.id, false as trial from orchestrator.workers w, t
    where w.is_active and w.status <> 'offline' and (w.status = 'idle' or w.retry_at is null or w.retry_at > t.now) and w.protocol <> 'pull'
      and w.last_seen < t.now - interval '${intervalMin} s'
      and w.last_seen < t.now - make_interval(secs => w.health_check_interval_s)
      and (w.checked_at is null or w.checked_at < t.now - make_interval(secs => w.health_check_interval_s / 2.0)
        or (w.checked_at < w.last_seen + make_interval(secs => 2 * w.health_check_interval_s)
          and w.last_seen < t.now - make_interval(secs => 2 * w.health_check_interval_s)))
    order by w.last_seen limit $1 for update of w skip locked
  ),
  gone as materialized (
    select w.tenant_id, w.id, false as trial from orchestrator.workers w, t
    where w.status = 'offline' and w.is_active and not w.deactivated and w.protocol <> 'pull'
      and w.checked_at < t.now - interval '${intervalMin} s'
      and w.checked_at < t.now - make_interval(secs => w.health_check_interval_s) and w.last_seen > t.now - interval '1 day'
    order by w.checked_at limit $1 for update of w skip locked
  ),
  due as materialized (
    (select * from tried union all select * from silent union all select * from gone) limit $1
  )
  update orchestrator.workers w set checked_at = t.now,
    retry_at = case when due.trial then t.now + interval '${intervalMin} s' else w.retry_at end
  from due, t where w.tenant_id = due.tenant_id and w.id = due.id
  returning w.tenant_id, w.id, w.protocol, w.endpoint, due.trial`;

const setAlive = `update orchestrator.workers set last_seen = greatest(last_seen, clock_timestamp()),
    status = case when status = 'offline' then 'idle' else status end,
    updated_at = case when status = 'offline' then clock_timestamp() else updated_at end
  where tenant_id = $1 and id = $2 and is_active and not deactivated`;

const setCallable = `update orchestrator.workers
  set status = 'idle', retry_at = null, updated_at = clock_timestamp(), last_seen = greatest(last_seen, clock_timestamp())
  where tenant_id = $1 and id = $2 and status = 'error'`;

const setTryLater = `update orchestrator.workers set retry_at = clock_timestamp() + make_interval(secs => $3)
  where tenant_id = $1 and id = $2 and status = 'error'`;

// It may have given a sign of life since it was asked.
const setMissed = `update orchestrator.workers w set status = 'offline', retry_at = null, updated_at = clock_timestamp()
  where w.tenant_id = $1 and w.id = $2 and w.is_active and w.status <> 'offline'
    and w.last_seen < clock_timestamp() - make_interval(secs => 2 * w.health_check_interval_s)`;

const takeSilent = `with t as materialized (select clock_timestamp() as now),
  silent as materialized (
    select w.tenant_id, w.id from orchestrator.workers w, t
    where w.is_active and w.status <> 'offline' and w.protocol = 'pull' and w.last_seen < t.now - interval '${2 * intervalMin} s'
      and w.last_seen < t.now - make_interval(secs => 2 * w.health_check_interval_s)
    order by w.last_seen limit $1 for update of w skip locked
  )
  update orchestrator.workers w set status = 'offline', retry_at = null, updated_at = t.now
  from silent, t where w.tenant_id = silent.tenant_id and w.id = silent.id
  returning w.tenant_id, w.id`;

interface WorkerRow {
  readonly tenant_id: string;
  readonly id: string;
}

interface AskedRow extends WorkerRow {
  readonly protocol: AskedWorker['protocol'];
  readonly endpoint: string;
  readonly trial: boolean;
}

/** The store over a pool of the role `orchestrator_engine`. */
export function createPostgresWorkerHealthStore(postgres: Postgres): WorkerHealthStore {
  const query = <Row>(name: string, text: string, values: unknown[]) =>
    postgres.query<Row>({ name: `orchestrator.${name}`, text, values });
  const change = async (name: string, text: string, values: unknown[]): Promise<void> => {
    await query(name, text, values);
  };
  return {
    async claimToAsk(limit) {
      const { rows } = await query<AskedRow>('claim_workers_to_ask', claimToAsk, [limit]);
      return rows.map(({ tenant_id: tenantId, ...worker }) => ({ tenantId, ...worker }));
    },
    alive: ({ tenantId, workerId }) => change('worker_alive', setAlive, [tenantId, workerId]),
    callable: ({ tenantId, workerId }) => change('worker_callable', setCallable, [tenantId, workerId]),
    tryLater: ({ tenantId, workerId }, waitMs) =>
      change('try_worker_later', setTryLater, [tenantId, workerId, waitMs / 1000]),
    missed: async ({ tenantId, workerId }) =>
      (await query('worker_missed', setMissed, [tenantId, workerId])).count > 0,
    async takeSilent(limit) {
      const { rows } = await query<WorkerRow>('take_silent_workers', takeSilent, [limit]);
      return rows.map(({ tenant_id: tenantId, id: workerId }): SilentWorker => ({ tenantId, workerId }));
    },
  };
}
