// Figures about work on PostgreSQL, under the engine's own role: counts over the partial indexes of what waits and what runs.
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import type { WorkFiguresStore } from './work-figures-store.ts';

const selectFigures = `with queue as (
    select count(*)::integer as queued, coalesce(extract(epoch from clock_timestamp() - min(offered_at)), 0)::double precision as wait
    from orchestrator.tasks where status = 'pending' and dispatched and not held
  ), held as (
    select distinct tenant_id, worker_id from orchestrator.tasks where status = 'running' and answered_at is null
  ), standing as (
    select case when w.status = 'idle' and h.worker_id is not null then 'busy' else w.status end as status
    from orchestrator.workers w left join held h on h.tenant_id = w.tenant_id and h.worker_id = w.id where w.is_active
  )
  select queue.queued, greatest(0, queue.wait) as wait,
    (select count(*)::integer from orchestrator.tasks where status = 'running' and answered_at is null) as running,
    (select count(*)::integer from standing where status = 'idle') as idle,
    (select count(*)::integer from standing where status = 'busy') as busy,
    (select count(*)::integer from standing where status = 'offline') as offline,
    (select count(*)::integer from standing where status = 'error') as error
  from queue`;

interface FiguresRow {
  readonly queued: number;
  readonly wait: number;
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
      const statement = { name: 'orchestrator.work_figures', text: selectFigures, values: [] };
      const [row] = (await postgres.query<FiguresRow>(statement)).rows;
      if (!row) throw new Error('The database answered no figures');
      const { queued, wait: oldestWaitS, running, ...workers } = row;
      return { queued, oldestWaitS, running, workers };
    },
  };
}
