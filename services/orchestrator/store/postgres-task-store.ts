// Tasks of API v2 on PostgreSQL. A lone task is recorded together with its run, which has begun by then and waits for a worker.
import { violatedConstraint } from '../../../foundation/postgres/database-fault.ts';
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import type { WriteRecord } from '../core/audit.ts';
import { beginWork } from '../core/work/begin-work.ts';
import { timesOf } from '../core/work/task-document.ts';
import { traceContext } from '../core/work/trace-context.ts';
import { loneNodeId } from '../core/work/work-plan.ts';
import { recordWork } from './record-work.ts';
import { type StoredTaskRow, storedTaskColumns, storedTaskOf } from './task-row.ts';
import type { NewTask, TaskOrder, TaskSlice, TaskStore } from './task-store.ts';
import { writeEntry } from './write-entry.ts';

const findWorkflow = 'select from orchestrator.workflows where tenant_id = $1 and id = $2';

const insertTask = `insert into orchestrator.tasks (tenant_id, id, scope, workflow_id, execution_id, node_id, type, name, description, input,
    priority, required_capabilities, tags, attempt_timeout_ms, total_timeout_ms, max_retries, status, dispatched, offered_at, created_by, created_at,
    context)
  values ($1, $2, 'task', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 'pending', $16, $17, $18, $17, $19)`;

const matching = `from orchestrator.tasks t
  where t.tenant_id = $1 and t.scope <> 'playbook'
    and ($2::text is null or t.status = $2)
    and ($3::uuid is null or t.workflow_id = $3)
    and ($4::uuid is null or t.worker_id = $4)`;

const columns: Readonly<Record<TaskOrder, readonly string[]>> = {
  created_at: ['t.created_at'],
  priority: ['t.priority', 't.created_at'],
  status: ['t.status', 't.created_at'],
  name: ['t.name', 't.created_at'],
  type: ['t.type', 't.created_at'],
};

/** A part of the list: `$1` tenant, `$2` to `$4` what it is narrowed to, `$5` rows, `$6` rows that are passed over. */
export function selectTasks({ sortBy, ascending }: Pick<TaskSlice, 'sortBy' | 'ascending'>): string {
  const direction = ascending ? 'asc' : 'desc';
  const order = [...columns[sortBy], 't.id'].map((column) => `${column} ${direction}`).join(', ');
  return `select ${storedTaskColumns} from (select t.* ${matching} order by ${order} limit $5 offset $6) t order by ${order}`;
}

const countTasks = `select count(*)::integer as total ${matching}`;

const selectTask = `select ${storedTaskColumns} from orchestrator.tasks t
  where t.tenant_id = $1 and t.id = $2 and ($3::boolean or t.scope <> 'playbook')`;

/** The store over a pool of the role `orchestrator_app`. */
export function createPostgresTaskStore(postgres: Postgres): TaskStore {
  return {
    create: async (task, entry) => {
      try {
        return await postgres.tenantTransaction(task.key.tenantId, (client) => create(client, task, entry));
      } catch (error) {
        // Its execution went back with the transaction.
        if (violatedConstraint(error)?.name === 'tasks_pkey') return 'exists';
        throw error;
      }
    },
    list: (tenantId, slice) =>
      postgres.tenantRead(tenantId, async (client) => {
        const { status = null, workflowId = null, workerId = null, limit, offset } = slice;
        const filter = [tenantId, status, workflowId, workerId];
        const values = [...filter, limit, offset];
        const [{ rows }, counted] = await Promise.all([
          client.query<StoredTaskRow>({
            name: 'orchestrator.select_tasks',
            text: selectTasks(slice),
            values,
          }),
          client.query<{ total: number }>({
            name: 'orchestrator.count_tasks',
            text: countTasks,
            values: filter,
          }),
        ]);
        return { items: rows.map(storedTaskOf), total: counted.rows[0]?.total ?? 0 };
      }),
    read: ({ tenantId, id }, options) =>
      postgres.tenantRead(
        tenantId,
        async (client) => {
          const values = [tenantId, id, options?.ofPlaybooks ?? false];
          const statement = { name: 'orchestrator.select_task', text: selectTask, values };
          const [row] = (await client.query<StoredTaskRow>(statement)).rows;
          return row && storedTaskOf(row);
        },
        options,
      ),
  };
}

async function create(
  client: SqlClient,
  task: NewTask,
  entry: WriteRecord,
): Promise<'created' | 'no_workflow'> {
  const { key, workflowId, run, record } = task;
  if (workflowId !== undefined && !(await hasWorkflow(client, key.tenantId, workflowId))) {
    return 'no_workflow';
  }
  const begun = beginWork({ run, nowMs: record.createdAtMs });
  await recordWork(client, { record, begun });
  await client.query({ name: 'orchestrator.insert_task', text: insertTask, values: valuesOf(task) });
  await writeEntry(client, key.tenantId, entry);
  return 'created';
}

async function hasWorkflow(client: SqlClient, tenantId: string, id: string): Promise<boolean> {
  const statement = { name: 'orchestrator.find_workflow', text: findWorkflow, values: [tenantId, id] };
  return (await client.query(statement)).count > 0;
}

function valuesOf({ key, document, workflowId, isDispatched, record }: NewTask): unknown[] {
  const { type, name, description, inputData, priority, requiredCapabilities, tags, maxRetries } = document;
  const { attemptTimeoutMs, totalTimeoutMs } = timesOf(document);
  return [
    ...[key.tenantId, key.id, workflowId ?? null, record.id, loneNodeId, type, name, description],
    ...[JSON.stringify(inputData), priority, requiredCapabilities, tags],
    ...[attemptTimeoutMs, totalTimeoutMs, maxRetries],
    ...[isDispatched, new Date(record.createdAtMs), record.principal.userId],
    JSON.stringify(traceContext(record.trace)),
  ];
}
