// Ends attempts of workers, inside a transaction: the row says that it was answered or given up, the place is free from then on, the worker's
// figures grow, and the run is told by a command. Whoever holds a worker's row holds it before the task's.
import { isJsonObject, type JsonObject } from '../../../foundation/json/json.ts';
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import type { TaskFault } from '../core/agent-answer.ts';
import type { AttemptEnd, AttemptResult, EndedAttempt, TaskKey } from './dispatch-store.ts';
import type { ExecutionKey } from './execution-key.ts';
import { lockWorker } from './give-tasks.ts';
import { insertWorkerEnd } from './insert-worker-end.ts';
import { storableText } from './journal-values.ts';

/** A row of a task as far as the end of an attempt goes. */
export interface AttemptRow {
  readonly tenant_id: string;
  readonly id: string;
  readonly execution_id: string;
  readonly node_id: string;
  readonly status: string;
  readonly attempt: number;
  readonly returned: number;
  /** An attempt of which nobody knows what came is not repeated. */
  readonly fails_uncertain: boolean;
  readonly worker_id: string | null;
  readonly assigned_at: Date | null;
  readonly answered_at: Date | null;
  readonly answer_hash: Buffer | null;
  readonly now: Date;
}

/** Columns of an {@link AttemptRow} of tasks `t`. */
export const attemptColumns = `t.tenant_id, t.id, t.execution_id, t.node_id, t.status, t.attempt, t.returned, t.fails_uncertain,
    t.worker_id, t.assigned_at, t.answered_at, t.answer_hash, clock_timestamp() as now`;

// What agents of playbooks promise never changes.
const selectHolder = `select t.worker_id, case when t.scope = 'playbook' then t.context end as agent
  from orchestrator.tasks t where t.tenant_id = $1 and t.id = $2`;

const lockAttempt = `select ${attemptColumns} from orchestrator.tasks t where t.tenant_id = $1 and t.id = $2 for no key update`;

// An answer stays in the row until the run has decided what follows, so that its command can be written again.
const answerTask = `update orchestrator.tasks
  set answered_at = $3, answer_hash = $4, result = $5, error_code = coalesce($6, error_code), error_message = coalesce($7, error_message)
  where tenant_id = $1 and id = $2`;

const addFigures = `update orchestrator.workers
  set tasks_succeeded = tasks_succeeded + $3::bigint, tasks_failed = tasks_failed + $4::bigint, total_ms = total_ms + $5::double precision,
    tasks_answered = tasks_answered + case when $6::timestamptz is null then 0 else 1 end,
    last_seen = greatest(last_seen, coalesce($6::timestamptz, last_seen))
  where tenant_id = $1 and id = $2`;

/** Records an answer; see `AttemptEnds`. */
export async function endAttempt(client: SqlClient, ended: AttemptEnd): Promise<EndedAttempt> {
  const values = [ended.tenantId, ended.id];
  const find = { name: 'orchestrator.select_task_holder', text: selectHolder, values };
  const [found] = (await client.query<HolderRow>(find)).rows;
  if (!found) return { type: 'no_task' };
  // Judged before any row is held.
  const result = ended.judge?.(ended.result, outputSchemaOf(found)) ?? ended.result;
  // The number of an attempt is its worker's alone: whoever has the task by the time that its row is held has another attempt of it.
  const holder = found.worker_id;
  if (holder !== null) await lockWorker(client, ended.tenantId, holder);
  const statement = { name: 'orchestrator.lock_attempt', text: lockAttempt, values };
  const [row] = (await client.query<AttemptRow>(statement)).rows;
  if (!row) return { type: 'no_task' };
  const execution = { tenantId: ended.tenantId, id: row.execution_id };
  if (row.answer_hash?.equals(ended.hash)) return { type: 'repeated', execution, result };
  const isHad = row.status === 'running' && !row.answered_at && row.worker_id === holder;
  if (row.attempt !== ended.attempt) return { type: 'lost' };
  // The hash of an attempt before stays until there is another.
  if (!isHad) return { type: row.answered_at && row.answer_hash ? 'answered' : 'lost' };
  await recordEnd(client, row, { isSign: true, ...ended, result });
  return { type: 'recorded', execution, result };
}

interface HolderRow {
  readonly worker_id: string | null;
  /** What a worker is told of an agent of a playbook, as JSON; null for other tasks. */
  readonly agent: string | null;
}

function outputSchemaOf({ agent }: HolderRow): JsonObject | undefined {
  if (agent === null) return undefined;
  const { output_schema: schema } = JSON.parse(agent) as JsonObject;
  return isJsonObject(schema) ? schema : {};
}

/** What is recorded of an attempt. */
export interface RecordedEnd {
  readonly result: AttemptResult;
  /** Absent for what no worker answered. */
  readonly hash?: Buffer;
  readonly random: number;
  /** Whether it is a sign of life of the worker. */
  readonly isSign: boolean;
}

/** Records the end of an attempt, or of a wait for one, whose row is held; answers its run. */
export async function recordEnd(
  client: SqlClient,
  row: AttemptRow,
  ended: RecordedEnd,
): Promise<ExecutionKey> {
  const { tenant_id: tenantId, id, now } = row;
  const { result, hash = null, isSign } = ended;
  const answer = result.answer ? JSON.stringify(result.answer) : null;
  const { fault } = result;
  const told = [answer, fault ? storableText(fault.code) : null, fault ? storableText(fault.message) : null];
  const values = [tenantId, id, now, hash, ...told];
  await client.query({ name: 'orchestrator.answer_task', text: answerTask, values });
  if (row.status === 'running') {
    const succeeded = result.answer ? 1 : 0;
    const figures = [succeeded, 1 - succeeded, isSign ? durationOf(row) : 0, isSign ? now : null];
    const add = { name: 'orchestrator.add_worker_figures', text: addFigures };
    await client.query({ ...add, values: [tenantId, row.worker_id, ...figures] });
  }
  return tellRun(client, row, ended);
}

/** Writes the command for the run of a held row; answers the run. */
export async function tellRun(
  client: SqlClient,
  row: AttemptRow,
  { result, random }: Pick<RecordedEnd, 'result' | 'random'>,
): Promise<ExecutionKey> {
  const { attempt, returned, node_id: nodeId } = row;
  const execution = { tenantId: row.tenant_id, id: row.execution_id };
  await insertWorkerEnd(client, execution, {
    type: 'worker_ended',
    ...{ nodeId, attempt, returned, random },
    startedMs: (begunAt(row) ?? row.now).getTime(),
    durationMs: durationOf(row),
    workerId: begunAt(row) ? (row.worker_id ?? '') : '',
    ...result,
  });
  return execution;
}

// A row that waits for a worker still names the one of the attempt before.
function begunAt({ status, assigned_at }: AttemptRow): Date | null {
  return status === 'running' ? assigned_at : null;
}

function durationOf(row: AttemptRow): number {
  const end = row.answered_at ?? row.now;
  return Math.max(0, end.getTime() - (begunAt(row) ?? end).getTime());
}

/** Ends the wait of a withdrawn task that no worker has, whose row is held; answers its run, undefined when there is no such row. */
export async function endWithdrawn(
  client: SqlClient,
  { tenantId, id }: TaskKey,
): Promise<ExecutionKey | undefined> {
  const statement = { name: 'orchestrator.lock_attempt', text: lockAttempt, values: [tenantId, id] };
  const [row] = (await client.query<AttemptRow>(statement)).rows;
  // No retry follows.
  return (
    row && recordEnd(client, row, { result: { fault: lostFault('cancelled') }, random: 0, isSign: false })
  );
}

/** A fault of an attempt, or of a wait for one, that was given up. */
export function lostFault(
  code: keyof typeof sentences,
  { fails_uncertain: failsUncertain = false }: Partial<Pick<AttemptRow, 'fails_uncertain'>> = {},
): TaskFault {
  // What a worker did before it fell silent is not known. When its time is up the platform has ended the attempt itself.
  return code === 'worker_lost' && failsUncertain
    ? { code: 'uncertain', message: uncertainSentence }
    : { code, message: sentences[code] };
}

const sentences = {
  worker_lost: 'The worker gave no sign of life in time',
  attempt_timeout: 'The worker did not answer in time',
  deadline: 'All the time of the task is up',
  cancelled: 'No worker is given the task any more',
};
const uncertainSentence =
  'The worker gave no sign of life in time and may have done the task; its setting on_uncertain forbids to run it again';
