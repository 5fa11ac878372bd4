// Workflows on PostgreSQL, under the role that serves requests. Whoever starts or ends one holds its row: what is decided of it is decided by
// one at a time.
import { canonicalJson } from '../../../foundation/json/canonical-json.ts';
import type { JsonObject } from '../../../foundation/json/json.ts';
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import type { Command } from '../core/decision/decision.ts';
import type { ExecutionStatus } from '../core/execution-state.ts';
import { takesCancel } from '../core/run-control.ts';
import { pinWork } from '../core/work/work-plan.ts';
import type { WorkflowStatus } from '../core/work/workflow.ts';
import { estimatedSeconds, highestPriority, workflowGraph } from '../core/work/workflow-plan.ts';
import {
  holdWorkflow,
  isUnderWay,
  type NewestRun,
  newestRuns,
  recordStart,
  startWorkflow,
  whyNotStarted,
} from './start-workflow.ts';
import { type StoredTaskRow, storedTaskColumns, storedTaskOf } from './task-row.ts';
import {
  type HeldWorkflow,
  type WorkflowRow,
  workflowColumns,
  workflowOf,
  workflowStatus,
  workflowsWithRuns,
} from './workflow-row.ts';
import type {
  Cancelled,
  NewWorkflow,
  WorkflowKey,
  WorkflowSlice,
  WorkflowStart,
  WorkflowStore,
} from './workflow-store.ts';
import { cancelWorkflowTasks, insertWorkflowTasks } from './workflow-tasks.ts';
import { writeCommand } from './write-command.ts';
import { writeEntry } from './write-entry.ts';

const insertWorkflow = `insert into orchestrator.workflows (tenant_id, id, name, description, user_id, tasks, task_count, plan_hash, plan, environment,
    metadata, dependencies, priority, estimated_s, schedule, next_fire_at, created_by, principal, created_at, updated_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::uuid[], $13, $14, $15, $16, $17, $18, $19, $19)
  on conflict on constraint workflows_pkey do nothing`;

const findWorkflows = 'select id from orchestrator.workflows where tenant_id = $1 and id = any($2::uuid[])';

const findExecution = 'select from orchestrator.executions where tenant_id = $1 and id = $2';

const matches = `w.tenant_id = $1 and ($2::text is null or w.user_id = $2) and ($3::text is null or ${workflowStatus} = $3)`;

const selectWorkflows = `select ${workflowColumns} from ${workflowsWithRuns} where ${matches}
  order by w.created_at desc, w.id desc limit $4 offset $5`;

// Executions are looked at only where the status decides.
const countWorkflows = `select count(*)::integer as total from orchestrator.workflows w where w.tenant_id = $1 and ($2::text is null or w.user_id = $2)`;
const countByStatus = `select count(*)::integer as total from ${workflowsWithRuns} where ${matches}`;

const selectWorkflow = `select ${workflowColumns} from ${workflowsWithRuns} where w.tenant_id = $1 and w.id = $2`;

const selectRunTasks = `select ${storedTaskColumns} from orchestrator.tasks t
  where t.tenant_id = $1 and t.execution_id = $2 order by t.place`;

// Those of a workflow that was cancelled before its first execution are shown, too.
const selectFirstTasks = `select ${storedTaskColumns} from orchestrator.tasks t
  where t.tenant_id = $1 and t.workflow_id = $2 and t.scope = 'workflow' and t.execution_id is null order by t.place`;

const endWorkflow = `update orchestrator.workflows
  set next_fire_at = null, was_cancelled = was_cancelled or execution_id is null, updated_at = clock_timestamp() where tenant_id = $1 and id = $2`;

const cancelledBecause = 'The workflow was cancelled before its first execution';

/** The store over a pool of the role `orchestrator_app`. */
export function createPostgresWorkflowStore(postgres: Postgres): WorkflowStore {
  return {
    create: (workflow, entry) =>
      postgres.tenantTransaction(workflow.tenantId, async (client) => {
        const { tenantId, document, start } = workflow;
        const places = await unknownDependencies(client, workflow);
        if (places.length > 0) return { type: 'unknown_dependencies', places };
        const why = start && (await whyNotStarted(client, { tenantId, dependencies: document.dependencies }));
        if (why) return why;
        if (!(await insert(client, workflow))) return { type: 'exists' };
        await writeEntry(client, tenantId, entry);
        const held = start && (await holdWorkflow(client, workflow));
        if (held) await recordStart(client, held, start);
        return { type: 'created' };
      }),
    list: (tenantId, slice) =>
      postgres.tenantRead(tenantId, async (client) => {
        const { status = null, userId = null, limit, offset } = slice;
        const values = [tenantId, userId, status, limit, offset];
        const statement = { name: 'orchestrator.select_workflows', text: selectWorkflows, values };
        const [{ rows }, total] = await Promise.all([
          client.query<WorkflowRow>(statement),
          count(client, tenantId, slice),
        ]);
        return { items: rows.map(workflowOf), total };
      }),
    read: (key, options) => postgres.tenantRead(key.tenantId, (client) => read(client, key), options),
    tasks: ({ tenantId, id, executionId }, options) =>
      postgres.tenantRead(
        tenantId,
        async (client) => {
          const ofRun = executionId !== undefined;
          const text = ofRun ? selectRunTasks : selectFirstTasks;
          const name = ofRun ? 'orchestrator.select_run_tasks' : 'orchestrator.select_first_tasks';
          const { rows } = await client.query<StoredTaskRow>({
            name,
            text,
            values: [tenantId, executionId ?? id],
          });
          return rows.map(storedTaskOf);
        },
        options,
      ),
    execute: (key, start) =>
      postgres.tenantTransaction(key.tenantId, async (client) => {
        const held = await holdWorkflow(client, key);
        if (!held) return { type: 'no_workflow' };
        if (await hasRun(client, held, start)) return { type: 'repeated' };
        return startWorkflow(client, held, start);
      }),
    cancel: (key, command, entry) =>
      postgres.tenantTransaction(key.tenantId, async (client) => {
        const cancelled = await cancel(client, key, command);
        if (cancelled.type === 'cancelled') await writeEntry(client, key.tenantId, entry);
        return cancelled;
      }),
  };
}

// A request that comes again after others have started further executions finds its own among the earlier ones.
async function hasRun(
  client: SqlClient,
  { tenantId, executionId: newest }: HeldWorkflow,
  { executionId }: WorkflowStart,
): Promise<boolean> {
  if (newest === undefined || newest === executionId) return newest === executionId;
  const statement = {
    name: 'orchestrator.find_execution',
    text: findExecution,
    values: [tenantId, executionId],
  };
  return (await client.query(statement)).count > 0;
}

async function unknownDependencies(client: SqlClient, workflow: NewWorkflow): Promise<number[]> {
  const { dependencies } = workflow.document;
  if (dependencies.length === 0) return [];
  const values = [workflow.tenantId, dependencies];
  const statement = { name: 'orchestrator.find_workflows', text: findWorkflows, values };
  const found = new Set((await client.query<{ id: string }>(statement)).rows.map(({ id }) => id));
  return dependencies.flatMap((id, place) => (found.has(id) ? [] : [place]));
}

async function insert(client: SqlClient, workflow: NewWorkflow): Promise<boolean> {
  const { tenantId, id, document, principal, createdAtMs, nextFireAtMs } = workflow;
  const { name, description, tasks, environment, metadata, dependencies, schedule = '' } = document;
  const plan = pinWork(workflowGraph(tasks));
  const described = [
    name,
    description,
    document.userId ?? principal.userId,
    JSON.stringify(tasks),
    tasks.length,
  ];
  const told = [JSON.stringify(environment), JSON.stringify(metadata), dependencies];
  const derived = [highestPriority(tasks), estimatedSeconds(tasks)];
  const fires = [schedule, nextFireAtMs === undefined ? null : new Date(nextFireAtMs)];
  const made = [principal.userId, canonicalJson(principal as unknown as JsonObject), new Date(createdAtMs)];
  const values = [tenantId, id, ...described, plan.hash, plan.text, ...told, ...derived, ...fires, ...made];
  const { count: inserted } = await client.query({
    name: 'orchestrator.insert_workflow',
    text: insertWorkflow,
    values,
  });
  if (inserted === 0) return false;
  await insertWorkflowTasks(client, { key: workflow, tasks, createdBy: principal.userId, createdAtMs });
  return true;
}

async function count(
  client: SqlClient,
  tenantId: string,
  { status, userId }: WorkflowSlice,
): Promise<number> {
  const filter = [tenantId, userId ?? null];
  const { rows } = await client.query<{ total: number }>(
    status === undefined
      ? { name: 'orchestrator.count_workflows', text: countWorkflows, values: filter }
      : { name: 'orchestrator.count_workflows_by_status', text: countByStatus, values: [...filter, status] },
  );
  return rows[0]?.total ?? 0;
}

async function read(client: SqlClient, { tenantId, id }: WorkflowKey) {
  const statement = { name: 'orchestrator.select_workflow', text: selectWorkflow, values: [tenantId, id] };
  const [row] = (await client.query<WorkflowRow>(statement)).rows;
  return row && workflowOf(row);
}

async function cancel(client: SqlClient, key: WorkflowKey, command: Command): Promise<Cancelled> {
  const held = await holdWorkflow(client, key);
  if (!held) return { type: 'no_workflow' };
  const { tenantId, id, executionId } = held;
  const run = (await newestRuns(client, tenantId, [id])).get(id);
  const isCancelling = run?.status === 'cancelling';
  const takesIt = isCancelling || (run !== undefined && takesCancel(run.status as ExecutionStatus));
  const neverRan = run?.status === null && !held.wasCancelled;
  if (!takesIt && !neverRan && held.nextFireAtMs === undefined)
    return { type: 'ended', status: endedAs(run) };
  const execution = takesIt && executionId !== undefined ? { tenantId, id: executionId } : undefined;
  if (execution && !isCancelling && !(await writeCommand(client, execution, { command })))
    return { type: 'full' };
  if (neverRan) await cancelWorkflowTasks(client, key, cancelledBecause);
  await client.query({ name: 'orchestrator.end_workflow', text: endWorkflow, values: [tenantId, id] });
  return { type: 'cancelled', ...(execution ? { execution } : {}) };
}

function endedAs(run: NewestRun | undefined): WorkflowStatus {
  if (run === undefined || run.status === null) return 'cancelled';
  return isUnderWay(run) ? 'running' : (run.status as WorkflowStatus);
}
