// The audit log on PostgreSQL: entries and, from their own rows, the starts of executions, read as one list. Both halves are read in the order of
// an index and no further than the page reaches.
import type { JsonObject } from '../../../foundation/json/json.ts';
import { instantOfMicros } from '../../../foundation/paging/list-place.ts';
import { reachMax } from '../../../foundation/paging/page-choice.ts';
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import type { AuditEntry } from '../core/audit.ts';
import type { AuditFilter } from '../core/audit-filter.ts';
import { startDetails, startsAfter, startsOf } from '../core/audit-starts.ts';
import type { ExecutionKind } from '../core/execution-kind.ts';
import { jobIdOf } from '../core/public-id.ts';
import type { AuditKeeper, AuditPage, AuditSlice, AuditStore } from './store.ts';

const matchingLogs = `from orchestrator.orchestration_logs l
  where l.tenant_id = $1
    and ($2::text is null or l.operation_type = $2)
    and ($3::text is null or l.entity_type = $3)
    and ($4::text is null or l.entity_id = $4)
    and ($5::text is null or l.status = $5)
    and ($6::uuid is null or l.user_id = $6)
    and ($7::timestamptz is null or l."timestamp" >= $7)
    and ($8::timestamptz is null or l."timestamp" < $8)`;

const matchingStarts = `from orchestrator.executions x
  where $9::boolean and x.tenant_id = $1 and x.kind in ('ingest', 'query', 'management')
    and ($10::boolean is null or (x.rerun_of is not null) = $10)
    and ($11::uuid is null or x.id = $11)
    and ($6::uuid is null or x.created_by = $6)
    and ($12::uuid is null or x.id >= $12)
    and ($13::uuid is null or x.id < $13)`;

/** A page of the list: the thirteen values of {@link filterValues}, the four of {@link sliceValues}. */
export const selectAudit = `select * from (
  (select l.id, l.operation_type, l.entity_type, l.entity_id, l.message, l.details, l.status, l.user_id, l.trace_id, l.duration_ms,
    (extract(epoch from l."timestamp") * 1000000)::bigint as timestamp_us,
    null as kind, null as domain_id, null as subject_id, null::uuid as rerun_of
  ${matchingLogs}
    and ($14::timestamptz is null or (l."timestamp", l.id) < ($14::timestamptz, $15::uuid))
  order by l."timestamp" desc, l.id desc limit $17::bigint)
  union all
  (select x.id, null, null, null, null, null, 'success', x.created_by, split_part(x.traceparent, '-', 2), null,
    ('x' || left(replace(x.id::text, '-', ''), 12))::bit(48)::bigint * 1000,
    x.kind, x.domain_id, x.subject_id, x.rerun_of
  ${matchingStarts}
    and ($16::uuid is null or x.id < $16)
  order by x.id desc limit $17::bigint)) as entries
order by timestamp_us desc, id desc limit $17::bigint offset $18`;

const countAudit = `select ((select count(*) from (select ${matchingLogs} limit ${reachMax + 1}) logs)
  + (select count(*) from (select ${matchingStarts} limit ${reachMax + 1}) starts))::integer as total`;

const forgetLogs = 'select orchestrator.forget_logs(make_interval(days => $1), $2) as removed';

interface StartRow {
  readonly operation_type: null;
  readonly kind: ExecutionKind;
  readonly domain_id: string;
  readonly subject_id: string;
  readonly rerun_of: string | null;
}

interface LogRow {
  readonly operation_type: string;
  readonly entity_type: string;
  readonly entity_id: string;
  readonly message: string;
  readonly details: JsonObject;
}

type AuditRow = (StartRow | LogRow) & {
  readonly id: string;
  readonly status: AuditEntry['status'];
  readonly user_id: string;
  readonly trace_id: string | null;
  readonly duration_ms: number | null;
  readonly timestamp_us: string;
};

/** Values of what a list is narrowed to, for entries and for starts. */
export function filterValues(tenantId: string, filter: AuditFilter): readonly unknown[] {
  const { operationType, entityType, entityId, status, userId, from, to } = filter;
  const starts = startsOf(filter);
  const ofStarts = [starts?.isRerun, starts?.executionId, starts?.from, starts?.to];
  const ofLogs = [operationType, entityType, entityId, status, userId, from, to];
  return [tenantId, ...ofLogs, starts !== undefined, ...ofStarts].map((value) => value ?? null);
}

/** Values of a part: its place for entries and for starts, how far it reaches with one row more, how many rows are passed over. */
export function sliceValues({ after, limit, offset }: Omit<AuditSlice, 'filter'>): readonly unknown[] {
  const place = after ? [after.at, after.id, startsAfter(after)] : [null, null, null];
  return [...place, offset + limit + 1, offset];
}

/** Reads over a pool of the role `orchestrator_app`. */
export function createPostgresAuditStore(postgres: Postgres): AuditStore {
  return {
    list: (tenantId, { filter, ...slice }) =>
      postgres.tenantRead(tenantId, async (client) => {
        const filters = filterValues(tenantId, filter);
        const page = { name: 'orchestrator.select_audit_entries', text: selectAudit };
        const count = { name: 'orchestrator.count_audit_entries', text: countAudit, values: filters };
        const [{ rows }, counted] = await Promise.all([
          client.query<AuditRow>({ ...page, values: [...filters, ...sliceValues(slice)] }),
          slice.after ? undefined : client.query<{ total: number }>(count),
        ]);
        return pageOf(rows, slice.limit, counted?.rows[0]?.total);
      }),
  };
}

/** Forgets over a pool of the role `orchestrator_engine`. */
export function createPostgresAuditKeeper(postgres: Postgres): AuditKeeper {
  return {
    remove: async (keptDays, limit) => {
      const statement = { name: 'orchestrator.forget_logs', text: forgetLogs, values: [keptDays, limit] };
      return (await postgres.query<{ removed: number }>(statement)).rows[0]?.removed ?? 0;
    },
  };
}

function pageOf(rows: readonly AuditRow[], limit: number, total: number | undefined): AuditPage {
  const items = rows.slice(0, limit).map(entryOf);
  const last = rows.length > limit ? items.at(-1) : undefined;
  return {
    items,
    ...(total === undefined ? {} : { total }),
    ...(last ? { next: { at: instantOfMicros(last.timestampUs), id: last.id } } : {}),
  };
}

function entryOf(row: AuditRow): AuditEntry {
  return {
    id: row.id,
    ...(row.operation_type === null ? startOf(row.id, row) : writeOf(row)),
    status: row.status,
    userId: row.user_id,
    ...(row.trace_id === null ? {} : { traceId: row.trace_id }),
    ...(row.duration_ms === null ? {} : { durationMs: row.duration_ms }),
    timestampUs: BigInt(row.timestamp_us),
  };
}

function writeOf({ operation_type, entity_type, entity_id, message, details }: LogRow) {
  return { operationType: operation_type, entityType: entity_type, entityId: entity_id, message, details };
}

function startOf(id: string, { kind, domain_id: domainId, subject_id: subjectId, rerun_of }: StartRow) {
  const isRerun = rerun_of !== null;
  return {
    operationType: isRerun ? 'execution_rerun' : 'execution_start',
    entityType: 'execution',
    entityId: jobIdOf(id),
    message: isRerun ? 'Repeated a run' : 'Started a run',
    details: startDetails({ kind, domainId, subjectId, rerunOf: rerun_of }),
  };
}
