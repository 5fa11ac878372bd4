// Brings what journals say of tasks for workers into their rows, in the transaction of the append. The rows are locked in a statement of their
// own before anything is written, in the order of their ids: whoever gives tasks out holds them only briefly, and never while it waits for an
// append.
import {
  booleanArray,
  int4Array,
  textArray,
  timestampArray,
  uuidArray,
} from '../../../foundation/postgres/binary-array.ts';
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import { endWithdrawn } from './end-attempt.ts';
import { storableText } from './journal-values.ts';
import type { JournalAppend } from './store.ts';
import type {
  EndedTask,
  HeldTasks,
  NewTaskRow,
  OfferedTask,
  RetryingTask,
  TaskChange,
  WithdrawnTask,
} from './task-change.ts';

const lockTasks = `select t.id from unnest($1::uuid[], $2::uuid[], $3::text[]) as k (tenant_id, execution_id, node_id)
  join orchestrator.tasks t on t.tenant_id = k.tenant_id and t.execution_id = k.execution_id and t.node_id = coalesce(k.node_id, t.node_id)
  order by t.tenant_id, t.id for no key update of t`;

const insertTasks = `insert into orchestrator.tasks (tenant_id, id, scope, execution_id, node_id, type, name, input, context, priority,
    required_capabilities, attempt_timeout_ms, total_timeout_ms, max_retries, fails_uncertain, status, dispatched, attempt, offered_at, deadline_at,
    created_by)
  select n.tenant_id, n.id, 'playbook', n.execution_id, n.node_id, n.type, n.name, n.input, n.context, n.priority,
    array(select jsonb_array_elements_text(n.capabilities::jsonb)), n.attempt_ms::bigint, n.total_ms::bigint, n.retries, n.fails_uncertain,
    'pending', true, 1, n.offered_at, clock_timestamp() + make_interval(secs => n.total_ms::bigint / 1000.0), n.created_by
  from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::integer[], $10::text[],
      $11::text[], $12::text[], $13::integer[], $14::timestamptz[], $15::uuid[], $16::boolean[])
    as n (tenant_id, id, execution_id, node_id, type, name, input, context, priority, capabilities, attempt_ms, total_ms, retries,
      offered_at, created_by, fails_uncertain)`;

// What was offered and is under way by now stays as it is: the offer has become known before it was written. Until the next offer the answer of
// the last attempt is known again when it is repeated.
const moveTasks = `update orchestrator.tasks t
  set status = u.status, attempt = greatest(u.attempt, t.attempt), offered_at = coalesce(u.offered_at, t.offered_at),
    retry_at = u.retry_at, completed_at = u.completed_at, result = u.result,
    error_code = coalesce(u.error_code, t.error_code), error_message = coalesce(u.error_message, t.error_message),
    answered_at = case when u.completed_at is null then null else t.answered_at end,
    assigned_at = case when u.attempt > 0 then null else t.assigned_at end,
    timeout_at = case when u.attempt > 0 then null else t.timeout_at end, lease_until = null, caller_id = null
  from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::integer[], $6::timestamptz[], $7::timestamptz[], $8::timestamptz[],
      $9::text[], $10::text[], $11::text[])
    as u (tenant_id, execution_id, node_id, status, attempt, offered_at, retry_at, completed_at, result, error_code, error_message)
  where t.tenant_id = u.tenant_id and t.execution_id = u.execution_id and t.node_id = u.node_id
    and (u.attempt = 0 or t.attempt < u.attempt)`;

const holdTasks = `update orchestrator.tasks t
  set held = u.held or t.withdrawn, deadline_at = t.deadline_at + make_interval(secs => u.held_ms::bigint / 1000.0)
  from unnest($1::uuid[], $2::uuid[], $3::boolean[], $4::text[]) as u (tenant_id, execution_id, held, held_ms)
  where t.tenant_id = u.tenant_id and t.execution_id = u.execution_id and t.completed_at is null`;

const withdrawTasks = `update orchestrator.tasks t set held = true, withdrawn = true
  from unnest($1::uuid[], $2::uuid[], $3::text[]) as u (tenant_id, execution_id, node_id)
  where t.tenant_id = u.tenant_id and t.execution_id = u.execution_id and t.node_id = u.node_id and t.completed_at is null
  returning t.tenant_id, t.id, t.status, t.answered_at`;

/** True when an append moves rows of tasks. */
export function hasTasks({ tasks = [] }: JournalAppend): boolean {
  return tasks.length > 0;
}

interface OfRun<Change> {
  readonly tenantId: string;
  readonly executionId: string;
  readonly change: Change;
}

/** Locks and moves the rows of the batch. Called in the transaction of the append, before it. */
export async function mirrorTasks(client: SqlClient, batch: readonly JournalAppend[]): Promise<void> {
  const changes = batch.flatMap(changesOf);
  const run = async (name: string, text: string, values: readonly unknown[]): Promise<void> => {
    await client.query({ name: `orchestrator.${name}_tasks`, text, values, prepare: true });
  };
  const existing = changes.filter(({ change }) => !isNew(change));
  if (existing.length > 0) await run('lock', lockTasks, lockValues(existing));
  const inserted = changes.flatMap(insertedOf);
  if (inserted.length > 0) await run('insert', insertTasks, insertValues(inserted));
  const moved = changes.flatMap(movedOf);
  if (moved.length > 0) await run('move', moveTasks, moveValues(moved));
  const held = changes.flatMap(heldOf);
  if (held.length > 0) await run('hold', holdTasks, holdValues(held));
  const withdrawn = changes.flatMap(withdrawnOf);
  if (withdrawn.length > 0) await withdraw(client, withdrawn);
}

interface WithdrawnRow {
  readonly tenant_id: string;
  readonly id: string;
  readonly status: string;
  readonly answered_at: Date | null;
}

// What no worker has is answered at once: its run waits for nothing else.
async function withdraw(client: SqlClient, withdrawn: readonly OfRun<WithdrawnTask>[]): Promise<void> {
  const values = [...runValues(withdrawn), textArray(withdrawn.map(({ change }) => change.nodeId))];
  const statement = { name: 'orchestrator.withdraw_tasks', text: withdrawTasks, values, prepare: true };
  for (const { tenant_id: tenantId, id, status, answered_at } of (await client.query<WithdrawnRow>(statement))
    .rows) {
    if (status === 'pending' && !answered_at) await endWithdrawn(client, { tenantId, id });
  }
}

// One statement moves a row once: of several changes of a task the last one counts, with the fault of the one before.
function changesOf({ tenantId, executionId, tasks = [] }: JournalAppend): OfRun<TaskChange>[] {
  const last = new Map<string, TaskChange>();
  const inserted: TaskChange[] = [];
  for (const change of tasks) {
    const name = nameOf(change);
    if (isNew(change)) inserted.push(change);
    else last.set(name, change.type === 'held' ? together(last.get(name), change) : change);
  }
  return [...inserted, ...last.values()].map((change) => ({ tenantId, executionId, change }));
}

// What is withdrawn has been offered, perhaps by the same append.
function nameOf(change: TaskChange): string {
  if (change.type === 'held') return '';
  return change.type === 'withdrawn' ? `withdrawn ${change.nodeId}` : change.nodeId;
}

function isNew(change: TaskChange): boolean {
  return change.type === 'offered' && change.row !== undefined;
}

function together(before: TaskChange | undefined, change: HeldTasks): HeldTasks {
  return before?.type === 'held' ? { ...change, heldMs: before.heldMs + change.heldMs } : change;
}

function lockValues(changes: readonly OfRun<TaskChange>[]): unknown[] {
  const nodeOf = (change: TaskChange): string | null => (change.type === 'held' ? null : change.nodeId);
  return [...runValues(changes), textArray(changes.map(({ change }) => nodeOf(change)))];
}

function runValues(changes: readonly Omit<OfRun<unknown>, 'change'>[]): unknown[] {
  return [
    uuidArray(changes.map(({ tenantId }) => tenantId)),
    uuidArray(changes.map(({ executionId }) => executionId)),
  ];
}

type Inserted = OfRun<OfferedTask & { readonly row: NewTaskRow }>;

function insertedOf({ change, ...run }: OfRun<TaskChange>): Inserted[] {
  return change.type === 'offered' && change.row ? [{ ...run, change: { ...change, row: change.row } }] : [];
}

function insertValues(inserted: readonly Inserted[]): unknown[] {
  const of = <T>(pick: (row: NewTaskRow) => T): T[] => inserted.map(({ change }) => pick(change.row));
  return [
    uuidArray(inserted.map(({ tenantId }) => tenantId)),
    uuidArray(of(({ id }) => id)),
    uuidArray(inserted.map(({ executionId }) => executionId)),
    textArray(inserted.map(({ change }) => change.nodeId)),
    textArray(of(({ taskType }) => taskType)),
    textArray(of(({ name }) => storableText(name))),
    textArray(of(({ input }) => JSON.stringify(input))),
    textArray(of(({ context }) => JSON.stringify(context))),
    int4Array(of(({ priority }) => priority)),
    textArray(of(({ requiredCapabilities }) => JSON.stringify(requiredCapabilities))),
    textArray(of(({ attemptTimeoutMs }) => String(attemptTimeoutMs))),
    textArray(of(({ totalTimeoutMs }) => String(totalTimeoutMs))),
    int4Array(of(({ retriesMax }) => retriesMax)),
    timestampArray(inserted.map(({ change }) => change.offeredAtMs)),
    uuidArray(of(({ createdBy }) => createdBy)),
    booleanArray(of(({ failsUncertain }) => failsUncertain)),
  ];
}

type Moving = OfferedTask | RetryingTask | EndedTask;

function movedOf({ change, ...run }: OfRun<TaskChange>): OfRun<Moving>[] {
  const isMoved = change.type !== 'held' && change.type !== 'withdrawn' && !isNew(change);
  return isMoved ? [{ ...run, change }] : [];
}

function withdrawnOf({ change, ...run }: OfRun<TaskChange>): OfRun<WithdrawnTask>[] {
  return change.type === 'withdrawn' ? [{ ...run, change }] : [];
}

function moveValues(moved: readonly OfRun<Moving>[]): unknown[] {
  const of = <T>(pick: (change: Moving) => T): T[] => moved.map(({ change }) => pick(change));
  return [
    ...runValues(moved),
    textArray(of(({ nodeId }) => nodeId)),
    textArray(of(statusOf)),
    int4Array(of((change) => (change.type === 'offered' ? change.attempt : 0))),
    timestampArray(of((change) => (change.type === 'offered' ? change.offeredAtMs : null))),
    timestampArray(of((change) => (change.type === 'retrying' ? change.retryAtMs : null))),
    timestampArray(of((change) => (change.type === 'ended' ? change.completedAtMs : null))),
    textArray(of((change) => resultOf(change))),
    textArray(of(({ fault }) => fault?.code ?? null)),
    textArray(of(({ fault }) => (fault ? storableText(fault.message) : null))),
  ];
}

function statusOf(change: Moving): string {
  if (change.type === 'offered') return 'pending';
  return change.type === 'retrying' ? 'retrying' : change.status;
}

function resultOf(change: Moving): string | null {
  return change.type === 'ended' && change.result ? JSON.stringify(change.result) : null;
}

function heldOf({ change, ...run }: OfRun<TaskChange>): OfRun<HeldTasks>[] {
  return change.type === 'held' ? [{ ...run, change }] : [];
}

function holdValues(held: readonly OfRun<HeldTasks>[]): unknown[] {
  return [
    ...runValues(held),
    booleanArray(held.map(({ change }) => change.isHeld)),
    textArray(held.map(({ change }) => String(Math.round(change.heldMs)))),
  ];
}
