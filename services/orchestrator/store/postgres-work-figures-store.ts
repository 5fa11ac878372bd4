// Figures about work on PostgreSQL, under the engine's own role: counts over the partial indexes of what waits and what runs.
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import { queuedRunsMax, type WorkFiguresStore } from './work-figures-store.ts';

const selectFigures = `with queue as (
    select count(*)::integer as queued, coalesce(extract(epoch from clock_timestamp() - min(offered_at)), 0)::double precision as wait
    from orchestrator.tasks where status = 'pending' and dispatched and not held
  ), held as (
    select distinct tenant_id, worker_id from orchestrator.tasks where status = 'running' and answered_at is null
  ), standing as (
    select case when w.status = 'idle' and h.worker_id is not null then 'busy' else w.status end as status
    from orchestrator.workers w left join held h on h.tenant_id = w.tenant_id and h.worker_id = w.id where w.is_active
  ), line as (
    select count(*)::integer as queued, coalesce(extract(epoch from clock_timestamp() - min(created_at)), 0)::double precision as wait
    from (select x.created_at from orchestrator.executions x where x.queued limit $1) x
  )
  select queue.queued, greatest(0, queue.wait) as wait,
    (select queued from line) as queued_runs, (select greatest(0, wait) from line) as oldest_queued,
    (select count(*)::integer from orchestrator.tasks where status = 'running' and answered_at is null) as running,
    (select count(*)::integer from standing where status = 'idle') as idle,
    (select count(*)::integer from standing where status = 'busy') as busy,
    (select count(*)::integer from standing where status = 'offline') as offline,
    (select count(*)::integer from standing where status = 'error') as error
  from queue`;

interface FiguresRow {
  readonly queued: number;
  readonly wait: number;
  readonly queued_runs: number;
  readonly oldest_queued: number;
  readonly running: number;
  readonly idle: number;
  readonly busy: number;
  readonly offline: number;
  readonly error: number;
}

/** The store over a pool of the role `orchestrator_engine`. */
export function createPostgresWorkFiguresStore(postgres: Postgres): WorkFiguresStore {
  return {
    async read() {
      const statement = { name: 'orchestrator.work_figures', text: selectFigures, values: [queuedRunsMax] };
      const [row] = (await postgres.query<FiguresRow>(statement)).rows;
      if (!row) throw new Error('The database answered no figures');
      const { queued, wait: oldestWaitS, running, queued_runs, oldest_queued, ...workers } = row;
      const runs = { queuedRuns: queued_runs, oldestQueuedS: oldest_queued };
      return { ...runs, queued, oldestWaitS, running, workers };
    },
  };
}
