// The export of events on PostgreSQL, under the engine's own role: it reads what is stored anyway, and keeps its own place in one row.
import type { JsonObject } from '../../../foundation/json/json.ts';
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import type { Happening } from '../core/export-event.ts';
import type { StoreView } from '../core/watch-reads.ts';
import { lateMs, selectHappenings } from './export-statements.ts';
import type {
  ExportPlace,
  ExportStandingStore,
  ExportStore,
  HappeningRead,
  HappeningSource,
} from './export-store.ts';

const begin = `insert into orchestrator.event_export (seen, seen_at)
  values (pg_current_snapshot()::text, statement_timestamp()) on conflict on constraint event_export_pkey do nothing`;

const hold = `update orchestrator.event_export set holder = $1::uuid, held_until = clock_timestamp() + make_interval(secs => $2::double precision / 1000)
  where holder = $1::uuid or held_until < clock_timestamp() returning seen, seen_at, services`;

const advance = `update orchestrator.event_export set
    held_until = clock_timestamp() + make_interval(secs => $2::double precision / 1000),
    published = published + $3::bigint, refused = refused + $4::bigint,
    published_at = case when $3::bigint > 0 then clock_timestamp() else published_at end,
    failing_since = case when $5::text = '' then null else coalesce(failing_since, clock_timestamp()) end, problem = $5::text,
    seen = coalesce($6::text, seen), seen_at = coalesce($7::timestamptz, seen_at), services = coalesce($8::text, services)
  where holder = $1::uuid and held_until >= clock_timestamp() returning id`;

const release = `update orchestrator.event_export set held_until = '-infinity' where holder = $1::uuid`;

const selectView = 'select pg_current_snapshot()::text as seen, statement_timestamp() as seen_at';

const selectServices = `select service, status, coalesce(checked_at, updated_at) as at from orchestrator.service_health order by service limit 100`;

const selectStanding = `select published, refused, published_at, seen_at, problem, clock_timestamp() as now from orchestrator.event_export`;

interface ViewRow {
  /** `oldest:next:pending,pending` */
  readonly seen: string;
  readonly seen_at: Date;
}

interface StandingRow {
  /** `bigint`, so they arrive as text. */
  readonly published: string;
  readonly refused: string;
  readonly published_at: Date | null;
  readonly seen_at: Date;
  readonly problem: string;
  readonly now: Date;
}

interface HappeningRow {
  readonly tenant_id: string;
  readonly id: string;
  readonly at: Date;
  readonly at_text: string;
  readonly status: string;
  readonly operation_type: string;
  readonly entity_type: string;
  readonly entity_id: string;
  readonly details: JsonObject;
  readonly user_id: string;
  readonly scope: string;
  readonly type: string;
  readonly attempt: number;
  readonly error_code: string;
  readonly worker_id: string | null;
  readonly workflow_id: string | null;
  readonly execution_id: string | null;
  readonly kind: string;
  readonly domain_id: string;
  readonly partial: boolean;
  readonly is_active: boolean;
}

/** The store over a pool of the role `orchestrator_engine`. */
export function createPostgresExportStore(postgres: Postgres): ExportStore {
  const query = async <Row>(name: string, text: string, values: unknown[] = []): Promise<readonly Row[]> =>
    (await postgres.query<Row>({ name: `orchestrator.${name}`, text, values })).rows;
  return {
    async hold(holder, heldMs) {
      await query('begin_export', begin);
      const [row] = await query<ViewRow & { services: string }>('hold_export', hold, [holder, heldMs]);
      return row && { seen: viewOf(row), services: JSON.parse(row.services) as ExportPlace['services'] };
    },
    async advance(holder, { published, refused, problem, place }, heldMs) {
      const kept = place
        ? [snapshotOf(place.seen), new Date(place.seen.atMs), JSON.stringify(place.services)]
        : [null, null, null];
      const values = [holder, heldMs, published, refused, problem, ...kept];
      return (await query('advance_export', advance, values)).length > 0;
    },
    release: async (holder) => void (await query('release_export', release, [holder])),
    view: async () => viewOf((await query<ViewRow>('view_of_export', selectView))[0]),
    async read(wanted) {
      const { source, limit } = wanted;
      const rows = await query<HappeningRow>(`export_${source}`, selectHappenings[source], valuesOf(wanted));
      const happenings = rows.map((row) => happeningOf(source, row));
      const last = rows.length === limit ? rows.at(-1) : undefined;
      return last ? { happenings, after: { at: last.at_text, id: last.id } } : { happenings };
    },
    async services() {
      const rows = await query<{ service: string; status: string; at: Date }>(
        'export_services',
        selectServices,
      );
      return rows.map(({ service, status, at }) => ({ service, status, atMs: at.getTime() }));
    },
  };
}

/** The same row for requests, over a pool of the role `orchestrator_app`. */
export function createPostgresExportStandingStore(postgres: Postgres): ExportStandingStore {
  return {
    async standing() {
      const statement = { name: 'orchestrator.export_standing', text: selectStanding, values: [] };
      const [row] = (await postgres.query<StandingRow>(statement)).rows;
      if (!row) return undefined;
      const { published, refused, published_at: publishedAt, seen_at: seenAt, problem, now } = row;
      return {
        published: Number(published),
        refused: Number(refused),
        ...(publishedAt && { publishedAtMs: publishedAt.getTime() }),
        seenAtMs: seenAt.getTime(),
        nowMs: now.getTime(),
        problem,
      };
    },
  };
}

function viewOf(row: ViewRow | undefined): StoreView {
  const [oldest, next, pending = ''] = row?.seen.split(':') ?? [];
  if (!row || oldest === undefined || next === undefined) throw new Error('The database answered no view');
  const numbers = pending === '' ? [] : pending.split(',').map(Number);
  return { atMs: row.seen_at.getTime(), oldest: Number(oldest), next: Number(next), pending: numbers };
}

function snapshotOf({ oldest, next, pending }: StoreView): string {
  return `${oldest}:${next}:${pending.join(',')}`;
}

function valuesOf({ seen, through, after, limit }: HappeningRead): unknown[] {
  return [
    new Date(seen.atMs - lateMs),
    ...[seen.oldest, seen.next, seen.pending],
    ...[through.oldest, through.next, through.pending],
    ...[after?.at ?? null, after?.id ?? null, limit],
  ];
}

function happeningOf(source: HappeningSource, row: HappeningRow): Happening {
  const { tenant_id: tenantId, id, status, type } = row;
  const common = { tenantId, id, status, atMs: row.at.getTime() };
  if (source === 'entries') {
    const { operation_type: operation, entity_type: entityType, entity_id: entityId, details } = row;
    return { source, ...common, operation, entityType, entityId, details, userId: row.user_id };
  }
  if (source === 'runs')
    return { source, ...common, kind: row.kind, domainId: row.domain_id, isPartial: row.partial };
  if (source === 'workers') return { source, ...common, type, isActive: row.is_active };
  const { scope, attempt, error_code: errorCode } = row;
  return {
    ...{ source, ...common, scope, type, attempt, errorCode },
    ...(row.worker_id !== null && { workerId: row.worker_id }),
    ...(row.workflow_id !== null && { workflowId: row.workflow_id }),
    ...(row.execution_id !== null && { executionId: row.execution_id }),
  };
}
