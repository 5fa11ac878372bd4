// Rows of orchestrator.gates as the ports' values.
import type { GateRecord, GateStatus } from '../core/gate.ts';
import type { ClaimedGate, StoredGate } from './gate-store.ts';

/** Columns of a {@link GateRecordRow} of gates `g`. */
export const gateRecordColumns =
  'g.tenant_id, g.id, g.domain_id, g.principal, g.traceparent, g.tracestate, g.created_at';

/** What is fixed of a gate, as the driver answers it. */
export interface GateRecordRow {
  readonly tenant_id: string;
  readonly id: string;
  readonly domain_id: string;
  readonly principal: string;
  readonly traceparent: string | null;
  readonly tracestate: string | null;
  readonly created_at: Date;
}

/** A gate as requests read it. */
export interface StoredGateRow extends GateRecordRow {
  readonly head: string;
  readonly rows_total: number;
  readonly status: GateStatus;
  readonly rows_done: number;
  readonly passed: boolean | null;
  readonly result: string | null;
  readonly error: string;
  readonly completed_at: Date | null;
}

/** A gate as it was claimed. */
export interface ClaimedGateRow extends GateRecordRow {
  readonly claim: string;
  readonly cancelled: boolean;
  readonly failures: number;
}

function recordOf(row: GateRecordRow): Omit<GateRecord, 'spec'> {
  const { traceparent, tracestate } = row;
  return {
    tenantId: row.tenant_id,
    id: row.id,
    domainId: row.domain_id,
    principal: JSON.parse(row.principal),
    ...(traceparent === null ? {} : { trace: { traceparent, tracestate } }),
    createdAtMs: row.created_at.getTime(),
  };
}

/** The gate of a row. */
export function storedGateOf(row: StoredGateRow): StoredGate {
  const { status, rows_done: rowsDone, rows_total: rowsTotal, passed, result, error, completed_at } = row;
  return {
    ...recordOf(row),
    head: JSON.parse(row.head),
    ...{ status, rowsDone, rowsTotal, error },
    ...(passed === null || result === null ? {} : { outcome: { passed, result: JSON.parse(result) } }),
    ...(completed_at === null ? {} : { completedAtMs: completed_at.getTime() }),
  };
}

/** The claimed gate of a row. */
export function claimedGateOf(row: ClaimedGateRow): ClaimedGate {
  const { claim, cancelled, failures } = row;
  return { ...recordOf(row), claim, cancelled, failures };
}
