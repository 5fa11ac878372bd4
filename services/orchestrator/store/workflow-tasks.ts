// Rows of the tasks of workflows: made with the workflow and bound to its first execution, made anew for each later one.
import { newId } from '../../../foundation/ids/ids.ts';
import {
  int4Array,
  textArray,
  timestampArray,
  uuidArray,
} from '../../../foundation/postgres/binary-array.ts';
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import type { TaskChange } from '../core/work/task-change.ts';
import { timesOf } from '../core/work/task-document.ts';
import type { WorkflowTask } from '../core/work/workflow.ts';
import type { WorkflowKey } from './workflow-store.ts';

const insertTasks = `insert into orchestrator.tasks (tenant_id, id, scope, workflow_id, execution_id, node_id, place, type, name, description, input,
    priority, required_capabilities, tags, depends_on, attempt_timeout_ms, total_timeout_ms, max_retries, status, dispatched, offered_at,
    created_by, created_at)
  select $1::uuid, t.id, 'workflow', $2::uuid, $3::uuid, t.node_id, t.place, t.type, t.name, t.description, t.input, t.priority,
    array(select jsonb_array_elements_text(t.required_capabilities::jsonb)), array(select jsonb_array_elements_text(t.tags::jsonb)),
    array(select jsonb_array_elements_text(t.depends_on::jsonb)), t.attempt_timeout_ms, t.total_timeout_ms, t.max_retries,
    case when t.offered_at is null then 'waiting' else 'pending' end, true, t.offered_at, $4::uuid, $5::timestamptz
  from unnest($6::uuid[], $7::text[], $8::integer[], $9::text[], $10::text[], $11::text[], $12::text[], $13::integer[], $14::text[],
      $15::text[], $16::text[], $17::integer[], $18::integer[], $19::integer[], $20::timestamptz[])
    as t (id, node_id, place, type, name, description, input, priority, required_capabilities, tags, depends_on, attempt_timeout_ms,
      total_timeout_ms, max_retries, offered_at)`;

const bindTasks = `with waiting as (
    select t.tenant_id, t.id from orchestrator.tasks t
    where t.tenant_id = $1 and t.workflow_id = $2 and t.scope = 'workflow' and t.execution_id is null and t.status = 'waiting'
    order by t.id for no key update
  )
  update orchestrator.tasks t
  set execution_id = $3, offered_at = o.offered_at, status = case when o.offered_at is null then 'waiting' else 'pending' end
  from waiting w
  join orchestrator.tasks b on b.tenant_id = w.tenant_id and b.id = w.id
  left join unnest($4::text[], $5::timestamptz[]) as o (node_id, offered_at) on o.node_id = b.node_id
  where t.tenant_id = w.tenant_id and t.id = w.id`;

const cancelWaiting = `with waiting as (
    select t.tenant_id, t.id from orchestrator.tasks t
    where t.tenant_id = $1 and t.workflow_id = $2 and t.scope = 'workflow' and t.execution_id is null and t.status = 'waiting'
    order by t.id for no key update
  )
  update orchestrator.tasks t
  set status = 'cancelled', completed_at = clock_timestamp(), error_code = 'cancelled', error_message = $3
  from waiting w where t.tenant_id = w.tenant_id and t.id = w.id`;

/** Tasks of a workflow that are written in one go. */
export interface TasksOfWorkflow {
  readonly key: WorkflowKey;
  readonly tasks: readonly WorkflowTask[];
  /** User id. */
  readonly createdBy: string;
  readonly createdAtMs: number;
  /** The execution that they belong to and which of them it has offered; absent for the first, which is yet to come. */
  readonly execution?: { readonly id: string; readonly changes: readonly TaskChange[] };
}

/** Inserts rows for all of them. */
export async function insertWorkflowTasks(client: SqlClient, work: TasksOfWorkflow): Promise<void> {
  const { key, tasks, createdBy, createdAtMs, execution } = work;
  const offered = new Map(offeredOf(execution?.changes ?? []));
  const of = <T>(pick: (task: WorkflowTask) => T): T[] => tasks.map(pick);
  const made = [key.tenantId, key.id, execution?.id ?? null, createdBy, new Date(createdAtMs)];
  const values = [
    ...made,
    uuidArray(of(() => newId())),
    textArray(of((task) => task.key)),
    int4Array(tasks.map((_, place) => place)),
    textArray(of(({ type }) => type)),
    textArray(of(({ name }) => name)),
    textArray(of(({ description }) => description)),
    textArray(of(({ inputData }) => JSON.stringify(inputData))),
    int4Array(of(({ priority }) => priority)),
    textArray(of(({ requiredCapabilities }) => JSON.stringify(requiredCapabilities))),
    textArray(of(({ tags }) => JSON.stringify(tags))),
    textArray(of(({ dependsOn }) => JSON.stringify(dependsOn))),
    int4Array(of((task) => timesOf(task).attemptTimeoutMs)),
    int4Array(of((task) => timesOf(task).totalTimeoutMs)),
    int4Array(of(({ maxRetries }) => maxRetries)),
    timestampArray(of((task) => offered.get(task.key) ?? null)),
  ];
  await client.query({ name: 'orchestrator.insert_workflow_tasks', text: insertTasks, values });
}

/** Binds the rows that wait for a first execution to it; false when there are none. */
export async function bindWorkflowTasks(
  client: SqlClient,
  { tenantId, id }: WorkflowKey,
  { id: executionId, changes }: NonNullable<TasksOfWorkflow['execution']>,
): Promise<boolean> {
  const offered = offeredOf(changes);
  const places = [
    textArray(offered.map(([nodeId]) => nodeId)),
    timestampArray(offered.map(([, atMs]) => atMs)),
  ];
  const values = [tenantId, id, executionId, ...places];
  return (
    (await client.query({ name: 'orchestrator.bind_workflow_tasks', text: bindTasks, values })).count > 0
  );
}

/** Ends the rows that wait for a first execution. */
export async function cancelWorkflowTasks(
  client: SqlClient,
  { tenantId, id }: WorkflowKey,
  because: string,
): Promise<void> {
  const values = [tenantId, id, because];
  await client.query({ name: 'orchestrator.cancel_workflow_tasks', text: cancelWaiting, values });
}

function offeredOf(changes: readonly TaskChange[]): [string, number][] {
  return changes.flatMap((change): [string, number][] =>
    change.type === 'offered' ? [[change.nodeId, change.offeredAtMs]] : [],
  );
}
