// Starts an execution of a workflow inside a transaction that holds its row: of several starts the others find it under way. A person and the
// schedule start it alike.
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import type { ExecutionRecord } from '../core/execution-record.ts';
import { beginWork } from '../core/work/begin-work.ts';
import { openWork } from '../core/work/work-plan.ts';
import type { NotStarted } from '../core/work/workflow.ts';
import { recordWork } from './record-work.ts';
import {
  type HeldRow,
  type HeldWorkflow,
  heldColumns,
  heldWorkflowOf,
  runStatus,
  workflowsWithRuns,
} from './workflow-row.ts';
import type { WorkflowKey, WorkflowStart } from './workflow-store.ts';
import { bindWorkflowTasks, insertWorkflowTasks } from './workflow-tasks.ts';
import { writeEntry } from './write-entry.ts';

const holdWorkflowText = `select ${heldColumns} from orchestrator.workflows w where w.tenant_id = $1 and w.id = $2 for no key update`;

// Rows of executions are only read where nothing else is waited for.
const selectRuns = `select w.id, ${runStatus} as status, x.started_at, x.completed_at from ${workflowsWithRuns}
  where w.tenant_id = $1 and w.id = any($2::uuid[])`;

const setExecution = `update orchestrator.workflows set execution_id = $3, was_cancelled = false, schedule_problem = '', updated_at = clock_timestamp()
  where tenant_id = $1 and id = $2`;

const noteEndedText = `update orchestrator.workflows
  set ended_execution_id = $3, ended_status = $4, ended_started_at = $5, ended_completed_at = $6 where tenant_id = $1 and id = $2`;

/** How the newest execution of a workflow stands. */
export interface NewestRun {
  readonly id: string;
  /** Null when there is none, or none that is known. */
  readonly status: string | null;
  /** Null when its row is forgotten. */
  readonly started_at: Date | null;
  readonly completed_at: Date | null;
}

const ended = ['completed', 'failed', 'cancelled'];

/** True for an execution that has not ended. */
export function isUnderWay({ status }: Pick<NewestRun, 'status'>): boolean {
  return status !== null && !ended.includes(status);
}

/** Locks the workflow; undefined when the tenant has none of this id. */
export async function holdWorkflow(
  client: SqlClient,
  { tenantId, id }: WorkflowKey,
): Promise<HeldWorkflow | undefined> {
  const statement = { name: 'orchestrator.hold_workflow', text: holdWorkflowText, values: [tenantId, id] };
  const [row] = (await client.query<HeldRow>(statement)).rows;
  return row && heldWorkflowOf(row);
}

/** How the newest executions of these workflows of a tenant stand; workflows that it does not have are absent. */
export async function newestRuns(
  client: SqlClient,
  tenantId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, NewestRun>> {
  const statement = { name: 'orchestrator.select_newest_runs', text: selectRuns, values: [tenantId, ids] };
  const { rows } = await client.query<NewestRun>(statement);
  return new Map(rows.map((row) => [row.id, row]));
}

/** Why no execution can be started: one is under way, or a workflow that it depends on has not completed. Undefined when one can. */
export async function whyNotStarted(
  client: SqlClient,
  { tenantId, id, dependencies }: Pick<HeldWorkflow, 'tenantId' | 'dependencies'> & { readonly id?: string },
): Promise<NotStarted | undefined> {
  const runs = await newestRuns(client, tenantId, [...(id === undefined ? [] : [id]), ...dependencies]);
  const before = id === undefined ? undefined : runs.get(id);
  if (before && isUnderWay(before)) return { type: 'under_way' };
  const open = dependencies.filter((dependency) => runs.get(dependency)?.status !== 'completed');
  return open.length > 0 ? { type: 'dependencies', ids: open } : undefined;
}

/** Starts an execution of a held workflow, with its audit entry, if it can be started. */
export async function startWorkflow(
  client: SqlClient,
  workflow: HeldWorkflow,
  start: WorkflowStart,
): Promise<{ readonly type: 'started' } | NotStarted> {
  const why = await whyNotStarted(client, workflow);
  if (why) return why;
  await recordStart(client, workflow, start);
  return { type: 'started' };
}

/** Records the execution, begun, with its tasks and audit entry. How the one before ended is noted, since its row is not kept for ever. */
export async function recordStart(
  client: SqlClient,
  workflow: HeldWorkflow,
  start: WorkflowStart,
): Promise<void> {
  await noteEnded(client, workflow);
  await record(client, workflow, start);
  await writeEntry(client, workflow.tenantId, start.entry);
}

/** Notes how the newest execution of a held workflow ended; nothing when its row is forgotten, or it has not. */
export async function noteEnded(
  client: SqlClient,
  { tenantId, id, executionId }: Pick<HeldWorkflow, 'tenantId' | 'id' | 'executionId'>,
): Promise<void> {
  if (executionId === undefined) return;
  const run = (await newestRuns(client, tenantId, [id])).get(id);
  if (!run?.completed_at) return;
  const values = [tenantId, id, executionId, run.status, run.started_at, run.completed_at];
  await client.query({ name: 'orchestrator.note_ended_run', text: noteEndedText, values });
}

async function record(client: SqlClient, workflow: HeldWorkflow, start: WorkflowStart): Promise<void> {
  const { tenantId, id, tasks, plan } = workflow;
  const { executionId, principal, atMs } = start;
  const run = openWork(plan);
  if (!run) throw new Error('a workflow has a plan of tasks for workers');
  const begun = beginWork({ run, nowMs: atMs });
  const execution = { id: executionId, changes: begun.changes };
  await recordWork(client, { record: recordOf(workflow, start), begun });
  if (workflow.executionId !== undefined || !(await bindWorkflowTasks(client, workflow, execution))) {
    const made = { createdBy: principal.userId, createdAtMs: atMs };
    await insertWorkflowTasks(client, { key: workflow, tasks, ...made, execution });
  }
  await client.query({
    name: 'orchestrator.set_workflow_execution',
    text: setExecution,
    values: [tenantId, id, executionId],
  });
}

function recordOf({ tenantId, id, plan, priority }: HeldWorkflow, start: WorkflowStart): ExecutionRecord {
  const { executionId, principal, trace, atMs } = start;
  return {
    tenantId,
    id: executionId,
    kind: 'workflow',
    domainId: '',
    domainVersion: 0,
    plan,
    subjectId: id,
    input: {},
    principal,
    ...(trace ? { trace } : {}),
    createdAtMs: atMs,
    priority,
  };
}
