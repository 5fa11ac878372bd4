// What is read of workers on PostgreSQL: one, a part of the list, and counts of a tenant's work.
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import type { WorkerView } from '../core/work/worker.ts';
import { type WorkerViewRow, workerColumns, workerViewOf, workOfWorker } from './worker-row.ts';
import type { DatabaseFigures, WorkerKey, WorkerStore, WorkStatistics } from './worker-store.ts';
import { workflowStatusSql } from './workflow-status.ts';

const selectWorker = `select ${workerColumns}, b.running, b.current from orchestrator.workers w ${workOfWorker}
  where w.tenant_id = $1 and w.id = $2`;

const matching = `from orchestrator.workers w
  where w.tenant_id = $1
    and ($2::text is null or w.type = $2)
    and ($3::boolean is null or (w.is_active and w.status = 'idle') = $3)
    and ($4::text is null or w.capabilities @> array[$4])`;

const listWorkers = `select ${workerColumns}, b.running, b.current
  from (select w.* ${matching} order by w.created_at desc, w.id desc limit $5 offset $6) w ${workOfWorker}
  order by w.created_at desc, w.id desc`;

const countWorkers = `select count(*)::integer as total ${matching}`;

const countStandings = `select case when w.status = 'idle' and b.running > 0 then 'busy' else w.status end as status, w.type,
    count(*)::integer as count
  from orchestrator.workers w ${workOfWorker}
  where w.tenant_id = $1 and w.is_active group by 1, 2 order by 1, 2`;

const countTasks = `select t.status as word, count(*)::integer as count from orchestrator.tasks t
  where t.tenant_id = $1 and t.scope <> 'playbook' group by t.status order by t.status`;

const countWorkflows = `select ${workflowStatusSql} as word, count(*)::integer as count
  from orchestrator.workflows f
  left join orchestrator.executions x on x.tenant_id = f.tenant_id and x.id = f.execution_id
  where f.tenant_id = $1 group by 1 order by 1`;

const countQueue = `select count(*)::integer as count, coalesce(extract(epoch from clock_timestamp() - min(t.offered_at)), 0)::double precision as wait_s
  from orchestrator.tasks t where t.tenant_id = $1 and t.status = 'pending' and t.dispatched and not t.held`;

const selectFigures = `select
    (select count(*)::integer from orchestrator.workers w where w.tenant_id = $1 and w.is_active) as workers,
    (select count(*)::integer from orchestrator.tasks t where t.tenant_id = $1 and t.scope <> 'playbook') as tasks,
    (select d.numbackends from pg_catalog.pg_stat_database d where d.datname = current_database()) as connections`;

interface Counted {
  readonly word: string;
  readonly count: number;
}

/** The worker, or undefined when the tenant has none of this id. */
export async function selectWorkerView(
  client: SqlClient,
  { tenantId, id }: WorkerKey,
): Promise<WorkerView | undefined> {
  const statement = { name: 'orchestrator.select_worker', text: selectWorker, values: [tenantId, id] };
  const { rows } = await client.query<WorkerViewRow>(statement);
  return rows[0] && workerViewOf(rows[0]);
}

/** The reading half of the store. */
export function workerReads(
  postgres: Postgres,
): Pick<WorkerStore, 'read' | 'list' | 'statistics' | 'databaseFigures' | 'connections'> {
  return {
    read: (key) =>
      postgres.tenantRead(key.tenantId, (client) => selectWorkerView(client, key), { fresh: true }),
    list: (tenantId, { type, activity, capability, limit, offset }) =>
      postgres.tenantRead(tenantId, async (client) => {
        const isActive = activity === undefined ? null : activity === 'active';
        const filter = [tenantId, type ?? null, isActive, capability ?? null];
        const list = {
          name: 'orchestrator.list_workers',
          text: listWorkers,
          values: [...filter, limit, offset],
        };
        const count = { name: 'orchestrator.count_workers', text: countWorkers, values: filter };
        const [workers, counted] = await Promise.all([
          client.query<WorkerViewRow>(list),
          client.query<{ total: number }>(count),
        ]);
        return { workers: workers.rows.map(workerViewOf), total: counted.rows[0]?.total ?? 0 };
      }),
    statistics: (tenantId) => postgres.tenantRead(tenantId, (client) => statistics(client, tenantId)),
    databaseFigures: (tenantId) =>
      postgres.tenantRead(
        tenantId,
        async (client) => {
          const statement = { name: 'orchestrator.select_figures', text: selectFigures, values: [tenantId] };
          const { rows } = await client.query<DatabaseFigures>(statement);
          return rows[0] ?? { workers: 0, tasks: 0, connections: 0 };
        },
        { fresh: true },
      ),
    connections: () => postgres.figures(),
  };
}

async function statistics(client: SqlClient, tenantId: string): Promise<WorkStatistics> {
  const ask = <Row>(name: string, text: string) =>
    client.query<Row>({ name: `orchestrator.${name}`, text, values: [tenantId] });
  const [workers, tasks, workflows, queue] = await Promise.all([
    ask<{ status: string; type: string; count: number }>('count_standings', countStandings),
    ask<Counted>('count_tasks', countTasks),
    ask<Counted>('count_workflows', countWorkflows),
    ask<{ count: number; wait_s: number }>('count_queue', countQueue),
  ]);
  const [waiting] = queue.rows;
  return {
    workersByStatus: summed(workers.rows.map(({ status, count }) => ({ word: status, count }))),
    workersByType: summed(workers.rows.map(({ type, count }) => ({ word: type, count }))),
    tasksByStatus: summed(tasks.rows),
    workflowsByStatus: summed(workflows.rows),
    queuedTasks: waiting?.count ?? 0,
    oldestWaitS: Math.max(0, waiting?.wait_s ?? 0),
  };
}

function summed(counts: readonly Counted[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { word, count } of counts) sums[word] = (sums[word] ?? 0) + count;
  return sums;
}
