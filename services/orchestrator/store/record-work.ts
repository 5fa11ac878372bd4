// Records runs of tasks for workers inside the transaction that creates them: begun, and owned by nobody, so that no append of another can be
// under way. The rows of the tasks are the caller's.
import { canonicalJson } from '../../../foundation/json/canonical-json.ts';
import type { JsonObject } from '../../../foundation/json/json.ts';
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import type { ExecutionRecord } from '../core/execution-record.ts';
import type { BegunWork } from '../core/work/begin-work.ts';
import { rankMs } from './journal-values.ts';
import { planValues, storePlans } from './store-plans.ts';

const insertExecution = `insert into orchestrator.executions (tenant_id, id, kind, status, domain_id, domain_version, plan_hash, subject_id,
    input, principal, traceparent, tracestate, created_by, owner_id, wake_at, created_at, rank, started_at)
  values ($1::uuid, $2::uuid, $3, $4, $5, $6::integer, $7, $8, $9, $10, $11, $12, $13::uuid, null, null, $14::timestamptz,
    $15::timestamptz, $16::timestamptz)`;

const insertEvents = `insert into orchestrator.execution_events (tenant_id, execution_id, seq, at, payload)
  values ($1::uuid, $2::uuid, 1, $3::timestamptz, $4)`;

/** A run to record. */
export interface WorkToRecord {
  /** Of the kind `task` or `workflow`. */
  readonly record: ExecutionRecord;
  readonly begun: BegunWork;
}

/** Writes the plan, the execution, parked until a worker has answered, and the beginning of its journal. Called in a transaction of the tenant. */
export async function recordWork(client: SqlClient, { record, begun }: WorkToRecord): Promise<void> {
  const { tenantId, id } = record;
  await client.query({ name: 'orchestrator.store_plans', text: storePlans, values: planValues([record]) });
  await client.query({
    name: 'orchestrator.insert_begun_execution',
    text: insertExecution,
    values: executionValues(record, begun),
  });
  await client.query({
    name: 'orchestrator.insert_first_events',
    text: insertEvents,
    values: [tenantId, id, new Date(begun.atMs), JSON.stringify(begun.events)],
  });
}

function executionValues(record: ExecutionRecord, { status, startedAtMs }: BegunWork): unknown[] {
  const { tenantId, id, kind, domainId, domainVersion, plan, subjectId, principal, trace } = record;
  return [
    tenantId,
    id,
    kind,
    status,
    domainId,
    domainVersion,
    plan.hash,
    subjectId,
    canonicalJson(record.input),
    canonicalJson(principal as unknown as JsonObject),
    trace?.traceparent ?? null,
    trace?.tracestate ?? null,
    principal.userId,
    new Date(record.createdAtMs),
    new Date(rankMs(record)),
    new Date(startedAtMs),
  ];
}
