// Reading the audit log. A filter that is not set is a constant for the planner, so that each combination uses the index that fits it.
import { reachMax } from '../../../foundation/paging/page-choice.ts';
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import type { AuditEntry } from '../core/audit.ts';
import type { AuditFilter } from '../core/audit-filter.ts';
import { type ListRow, listPage, sliceValues } from './list-page.ts';
import type { AuditStore } from './store.ts';

const matching = `from registry.audit_log a
where a.tenant_id = $1
  and ($2::text is null or a.operation_type = $2)
  and ($3::text is null or a.entity_type = $3)
  and ($4::text is null or a.entity_id = $4)
  and ($5::text is null or a.status = $5)
  and ($6::uuid is null or a.user_id = $6)
  and ($7::timestamptz is null or a."timestamp" >= $7)
  and ($8::timestamptz is null or a."timestamp" < $8)`;

/** A page of the log: tenant, seven filters, the four values of a slice. */
export const selectAuditEntries = `select a.id, a.operation_type, a.entity_type, a.entity_id, a.status, a.message, a.before_hash,
  a.after_hash, a.user_id, a.trace_id, a.duration_ms, (extract(epoch from a."timestamp") * 1000000)::bigint as timestamp_us, a."timestamp"::text as position_at
${matching}
  and ($9::timestamptz is null or (a."timestamp", a.id) < ($9::timestamptz, $10::uuid))
order by a."timestamp" desc, a.id desc
limit $11 offset $12`;

const countAuditEntries = `select count(*)::integer as total
from (select ${matching} limit ${reachMax + 1}) counted`;

interface AuditRow extends ListRow {
  readonly operation_type: string;
  readonly entity_type: string;
  readonly entity_id: string;
  readonly status: AuditEntry['status'];
  readonly message: string;
  readonly before_hash: string | null;
  readonly after_hash: string | null;
  readonly user_id: string;
  readonly trace_id: string | null;
  readonly duration_ms: number;
  readonly timestamp_us: string;
}

/** Reads the audit log from PostgreSQL. */
export function createAuditStatements(postgres: Postgres): AuditStore {
  return {
    listAuditEntries: (tenantId, { filter, ...slice }) =>
      postgres.tenantRead(tenantId, async (client) => {
        const filters = [tenantId, ...filterValues(filter)];
        const page = { name: 'registry.select_audit_entries', text: selectAuditEntries };
        const count = { name: 'registry.count_audit_entries', text: countAuditEntries, values: filters };
        const [{ rows }, total] = await Promise.all([
          client.query<AuditRow>({ ...page, values: [...filters, ...sliceValues(slice)] }),
          slice.after ? undefined : client.query<{ total: number }>(count),
        ]);
        return listPage({ slice, rows, total, itemOf: auditEntryOf });
      }),
  };
}

/** Values of the seven filters, in the order of the statement. */
export function filterValues(filter: AuditFilter): readonly unknown[] {
  const { operationType, entityType, entityId, status, userId, from, to } = filter;
  return [operationType, entityType, entityId, status, userId, from, to].map((value) => value ?? null);
}

function auditEntryOf(row: AuditRow): AuditEntry {
  return {
    id: row.id,
    operationType: row.operation_type,
    entityType: row.entity_type,
    entityId: row.entity_id,
    status: row.status,
    message: row.message,
    ...(row.before_hash === null ? {} : { beforeHash: row.before_hash }),
    ...(row.after_hash === null ? {} : { afterHash: row.after_hash }),
    userId: row.user_id,
    ...(row.trace_id === null ? {} : { traceId: row.trace_id }),
    durationMs: row.duration_ms,
    timestampUs: BigInt(row.timestamp_us),
  };
}
