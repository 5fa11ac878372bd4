// Records a task that had ended before it was imported: its row and its audit entry, without a run, since nothing is left to be done.
import type { Postgres } from '../../foundation/postgres/pool.ts';
import type { WriteRecord } from '../../services/orchestrator/core/audit.ts';
import { type LoneTask, timesOf } from '../../services/orchestrator/core/work/task-document.ts';
import { loneNodeId } from '../../services/orchestrator/core/work/work-plan.ts';
import { writeEntry } from '../../services/orchestrator/store/write-entry.ts';
import type { LegacyEnd } from './map-legacy.ts';

/** An ended task. */
export interface EndedTask extends LoneTask {
  readonly key: { readonly tenantId: string; readonly id: string };
  readonly status: 'completed' | 'failed' | 'cancelled';
  readonly end: LegacyEnd;
  readonly entry: WriteRecord;
  /** User id. */
  readonly createdBy: string;
  /** Stands for times that the record does not tell, in milliseconds since the Unix epoch. */
  readonly nowMs: number;
}

const resultBytesMax = 64 * 1024;
const messageLengthMax = 1_000;

const insert = `insert into orchestrator.tasks (tenant_id, id, scope, workflow_id, node_id, type, name, description, input, priority,
    required_capabilities, tags, attempt_timeout_ms, total_timeout_ms, max_retries, status, created_by, created_at, started_at, completed_at,
    result, error_code, error_message)
  select $1, $2, 'task', $3::uuid, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22
  where $3::uuid is null or exists (select from orchestrator.workflows w where w.tenant_id = $1 and w.id = $3::uuid)
  on conflict on constraint tasks_pkey do nothing`;

/** Records it; `no_workflow` when the one that it names is not there. */
export function insertEndedTask(postgres: Postgres, task: EndedTask): Promise<'created' | 'no_workflow'> {
  const { key, entry } = task;
  return postgres.tenantTransaction(key.tenantId, async (client) => {
    const statement = { name: 'orchestrator.import_ended_task', text: insert, values: valuesOf(task) };
    const { count } = await client.query(statement);
    if (count === 0) return 'no_workflow';
    await writeEntry(client, key.tenantId, entry);
    return 'created';
  });
}

function valuesOf({ key, document, workflowId, status, end, createdBy, nowMs }: EndedTask): unknown[] {
  const { attemptTimeoutMs, totalTimeoutMs } = timesOf(document);
  const createdAtMs = end.createdAtMs ?? end.startedAtMs ?? end.completedAtMs ?? nowMs;
  const [errorCode, message] = errorOf(status, end);
  return [
    ...[key.tenantId, key.id, workflowId ?? null, loneNodeId],
    ...[document.type, document.name, document.description, JSON.stringify(document.inputData)],
    ...[document.priority, document.requiredCapabilities, document.tags],
    ...[attemptTimeoutMs, totalTimeoutMs, document.maxRetries, status, createdBy],
    new Date(createdAtMs),
    end.startedAtMs === undefined ? null : new Date(end.startedAtMs),
    new Date(end.completedAtMs ?? createdAtMs),
    status === 'completed' ? resultText(end) : null,
    ...[errorCode, message.slice(0, messageLengthMax)],
  ];
}

// Why it failed in the words of the closed list is not known: the platform that ran it had others.
function errorOf(status: EndedTask['status'], { errorMessage }: LegacyEnd): readonly [string, string] {
  if (status === 'completed') return ['', ''];
  return status === 'cancelled'
    ? ['cancelled', errorMessage]
    : ['tool_error', errorMessage || 'It failed before the import'];
}

function resultText({ result = {} }: LegacyEnd): string {
  const text = JSON.stringify(result);
  return Buffer.byteLength(text) <= resultBytesMax ? text : '{"left_out":"The result is larger than 64 KB"}';
}
