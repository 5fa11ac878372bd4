// Rows of orchestrator.executions and its journal as the ports' values.
import type { Principal } from '../../../foundation/identity/principal.ts';
import type { ExecutionKind } from '../core/execution-kind.ts';
import type { StoredExecution } from '../core/execution-record.ts';
import type { ExecutionStatus } from '../core/execution-state.ts';
import type { JournalEntry, JournalEvent } from '../core/journal-event.ts';
import type { EarlierStart } from '../core/request-name.ts';

/** Columns of {@link ExecutionRow} for a select from executions `x` joined with plans `p`. */
export const executionColumns = `x.tenant_id, x.id, x.kind, x.status, x.domain_id, x.domain_version, x.plan_hash, p.plan, x.subject_id,
  x.session_id, x.input, x.principal, x.traceparent, x.tracestate, x.rerun_of, x.reason, x.error, x.partial, x.queued, x.owner_id is null as parked, x.created_at, x.started_at,
  x.completed_at`;

/** One row, as the driver answers it. */
export interface ExecutionRow {
  readonly tenant_id: string;
  readonly id: string;
  readonly kind: ExecutionKind;
  readonly status: ExecutionStatus;
  readonly domain_id: string;
  readonly domain_version: number;
  readonly plan_hash: string;
  readonly plan: string;
  readonly subject_id: string;
  readonly session_id: string | null;
  readonly input: string;
  readonly principal: string;
  readonly traceparent: string | null;
  readonly tracestate: string | null;
  readonly rerun_of: string | null;
  readonly reason: string;
  readonly error: string;
  readonly partial: boolean;
  readonly queued: boolean;
  readonly parked: boolean;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly completed_at: Date | null;
}

/** A row of the journal. */
export interface EventRow {
  readonly seq: number;
  readonly at: Date;
  readonly payload: string;
}

/** A row of orchestrator.idempotency_keys with its execution, whose columns are null when it is not kept any more. */
export interface StartRow {
  readonly body_hash: string;
  readonly content_hash: string | null;
  readonly execution_id: string;
  readonly named_at: Date;
  readonly status: ExecutionStatus | null;
  readonly subject_id: string | null;
  readonly created_at: Date | null;
  readonly started_at: Date | null;
}

/** The execution of a row. */
export function executionOf(row: ExecutionRow): StoredExecution {
  const { traceparent, tracestate } = row;
  return {
    tenantId: row.tenant_id,
    id: row.id,
    kind: row.kind,
    status: row.status,
    domainId: row.domain_id,
    domainVersion: row.domain_version,
    plan: { hash: row.plan_hash, text: row.plan },
    subjectId: row.subject_id,
    ...(row.session_id === null ? {} : { sessionId: row.session_id }),
    input: JSON.parse(row.input),
    principal: JSON.parse(row.principal) as Principal,
    ...(traceparent === null ? {} : { trace: { traceparent, tracestate } }),
    ...(row.rerun_of === null ? {} : { rerunOf: row.rerun_of }),
    reason: row.reason,
    error: row.error,
    partial: row.partial,
    isQueued: row.queued,
    isParked: row.parked && row.completed_at === null,
    createdAtMs: row.created_at.getTime(),
    ...(row.started_at ? { startedAtMs: row.started_at.getTime() } : {}),
    ...(row.completed_at ? { completedAtMs: row.completed_at.getTime() } : {}),
  };
}

/** The start of a row. */
export function startOf(row: StartRow): EarlierStart {
  const { status, subject_id: subjectId, created_at: createdAt } = row;
  const kept = status !== null && subjectId !== null && createdAt !== null;
  return {
    bodyHash: row.body_hash,
    ...(row.content_hash === null ? {} : { contentHash: row.content_hash }),
    executionId: row.execution_id,
    createdAtMs: row.named_at.getTime(),
    ...(kept
      ? {
          execution: {
            status,
            subjectId,
            createdAtMs: createdAt.getTime(),
            started: row.started_at !== null,
          },
        }
      : {}),
  };
}

/** The entries of a row. */
export function entriesOf({ seq, at, payload }: EventRow): JournalEntry[] {
  const atMs = at.getTime();
  return (JSON.parse(payload) as JournalEvent[]).map((event, place) => ({ seq: seq + place, atMs, event }));
}
