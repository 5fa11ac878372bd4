// The statements that find what happened: by time, among that what an earlier view of the database does not show. So nothing is missed that was
// committed late, and nothing is told twice that was committed early.
import type { HappeningSource } from './export-store.ts';

/** How long after the time that it bears a row may become visible, in milliseconds. */
export const lateMs = 60_000;

// `$1` time from which on, `$2` to `$4` the view that was told, `$5` to `$7` the one that is told now, `$8` and `$9` place, `$10` rows.
const isNews = (
  row: string,
): string => `not orchestrator.is_shown(${row}.xmin, now.next, $2::bigint, $3::bigint, $4::bigint[])
    and orchestrator.is_shown(${row}.xmin, now.next, $5::bigint, $6::bigint, $7::bigint[])`;
const now = '(select pg_snapshot_xmax(pg_current_snapshot())::text::bigint as next) now';
const isAfter = (at: string, id: string): string =>
  `${at} >= $1::timestamptz and ($8::timestamptz is null or (${at}, ${id}) > ($8::timestamptz, $9::uuid))`;

// The index of executions that have ended begins with tenant and person: each pair is looked up by itself, so that none of them needs another
// index, which every run would pay for.
const people = `people as (
    (select x.tenant_id, x.created_by from orchestrator.executions x where x.completed_at is not null
      order by x.tenant_id, x.created_by limit 1)
    union all
    select n.tenant_id, n.created_by from people p cross join lateral (
      select x.tenant_id, x.created_by from orchestrator.executions x
      where x.completed_at is not null and (x.tenant_id, x.created_by) > (p.tenant_id, p.created_by)
      order by x.tenant_id, x.created_by limit 1) n
  )`;

/** Happenings of a source in the order of time. Times come as text too, since they are finer than a Date. */
export const selectHappenings: Readonly<Record<HappeningSource, string>> = {
  entries: `select l.tenant_id, l.id, l."timestamp" as at, l."timestamp"::text as at_text, l.operation_type, l.entity_type, l.entity_id,
      l.status, l.details, l.user_id
    from orchestrator.orchestration_logs l, ${now}
    where ${isAfter('l."timestamp"', 'l.id')} and ${isNews('l')} order by l."timestamp", l.id limit $10`,
  tasks: `select t.tenant_id, t.id, t.completed_at as at, t.completed_at::text as at_text, t.status, t.scope, t.type, t.attempt, t.error_code,
      t.worker_id, t.workflow_id, t.execution_id
    from orchestrator.tasks t, ${now}
    where t.completed_at is not null and ${isAfter('t.completed_at', 't.id')} and ${isNews('t')} order by t.completed_at, t.id limit $10`,
  runs: `with recursive ${people}
    select e.tenant_id, e.id, e.completed_at as at, e.completed_at::text as at_text, e.status, e.kind, e.domain_id, e.partial
    from people p cross join ${now} cross join lateral (
      select x.* from orchestrator.executions x where x.tenant_id = p.tenant_id and x.created_by = p.created_by
        and x.completed_at is not null and x.kind not in ('shadow_ingest', 'shadow_query')
        and ${isAfter('x.completed_at', 'x.id')} and ${isNews('x')} order by x.completed_at, x.id limit $10) e
    order by e.completed_at, e.id limit $10`,
  workers: `select w.tenant_id, w.id, w.updated_at as at, w.updated_at::text as at_text, w.status, w.type, w.is_active
    from orchestrator.workers w, ${now}
    where ${isAfter('w.updated_at', 'w.id')} and ${isNews('w')} order by w.updated_at, w.id limit $10`,
};
