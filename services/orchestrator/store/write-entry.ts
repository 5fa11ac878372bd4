// Leaves the audit entry of a write, in the write's own transaction.
import { newId } from '../../../foundation/ids/ids.ts';
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import type { WriteRecord } from '../core/audit.ts';

const insertEntry = `insert into orchestrator.orchestration_logs (tenant_id, id, operation_type, entity_type, entity_id, status, message,
    details, user_id, trace_id, duration_ms)
  values ($1, $2, $3, $4, $5, $11, $6, $7, $8, $9, $10)`;

/** Writes the entry. Called inside the transaction of the write, after it. */
export async function writeEntry(client: SqlClient, tenantId: string, record: WriteRecord): Promise<void> {
  const { operation, entityType, entityId, message, details, userId, traceId, startedMs } = record;
  const { status = 'success' } = record;
  await client.query({
    name: 'orchestrator.insert_audit_entry',
    text: insertEntry,
    values: [
      tenantId,
      newId(),
      operation,
      entityType,
      entityId,
      message,
      JSON.stringify(details),
      userId,
      traceId ?? null,
      Math.max(0, Math.round(performance.now() - startedMs)),
      status,
    ],
  });
}
