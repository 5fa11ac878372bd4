-- The audit log: who steered, decided and deleted what. Starts are not written here: the row of an execution is itself their record.

create table orchestrator.orchestration_logs (
  tenant_id uuid not null,
  id uuid not null,
  operation_type text not null,
  entity_type text not null,
  entity_id text not null,
  status text not null,
  message text not null default '',
  -- Ids and states; no texts of anybody.
  details jsonb not null default '{}',
  user_id uuid not null,
  trace_id text,
  duration_ms integer not null,
  "timestamp" timestamptz not null default clock_timestamp(),
  constraint orchestration_logs_pkey primary key (tenant_id, id),
  constraint orchestration_logs_status check (status in ('success', 'failure', 'partial')),
  constraint orchestration_logs_duration_ms check (duration_ms >= 0)
);
create index idx_orchestration_logs_timestamp on orchestrator.orchestration_logs (tenant_id, "timestamp" desc, id desc);
create index idx_orchestration_logs_operation_type
  on orchestrator.orchestration_logs (tenant_id, operation_type, "timestamp" desc, id desc);
create index idx_orchestration_logs_entity_type
  on orchestrator.orchestration_logs (tenant_id, entity_type, "timestamp" desc, id desc);
create index idx_orchestration_logs_entity_id
  on orchestrator.orchestration_logs (tenant_id, entity_id, "timestamp" desc, id desc);
create index idx_orchestration_logs_status on orchestrator.orchestration_logs (tenant_id, status, "timestamp" desc, id desc);
create index idx_orchestration_logs_user_id on orchestrator.orchestration_logs (tenant_id, user_id, "timestamp" desc, id desc);
create index orchestration_logs_oldest on orchestrator.orchestration_logs ("timestamp");

-- Re-runs in the order of the list; other starts have no part in it.
create index executions_reruns on orchestrator.executions (tenant_id, id) where rerun_of is not null;

-- Nobody changes an entry, the owner of the table included; `forget_logs` alone takes old ones away.
create function orchestrator.refuse_log_change() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'DELETE' and current_setting('orchestrator.forgets_logs', true) = 'on' then return old; end if;
  raise exception 'the audit log is append-only' using errcode = 'insufficient_privilege';
end
$$;
create trigger refuse_log_change before update or delete on orchestrator.orchestration_logs
  for each row execute function orchestrator.refuse_log_change();
create trigger refuse_log_truncate before truncate on orchestrator.orchestration_logs
  for each statement execute function orchestrator.refuse_log_change();

-- Removes up to so many entries that are older than is kept; answers how many.
create function orchestrator.forget_logs(kept interval, most integer) returns integer
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  tenants uuid[];
  ids uuid[];
begin
  if kept < interval '1 day' then raise exception 'entries are kept for a day at least'; end if;
  select array_agg(l.tenant_id), array_agg(l.id) into tenants, ids from (
    select o.tenant_id, o.id from orchestrator.orchestration_logs o where o."timestamp" < (select clock_timestamp() - kept)
    order by o."timestamp" limit most for update skip locked) as l;
  perform set_config('orchestrator.forgets_logs', 'on', true);
  delete from orchestrator.orchestration_logs o using unnest(tenants, ids) as k (tenant_id, id)
    where o.tenant_id = k.tenant_id and o.id = k.id;
  perform set_config('orchestrator.forgets_logs', 'off', true);
  return coalesce(cardinality(ids), 0);
end
$$;
revoke all on function orchestrator.forget_logs(interval, integer) from public;
grant execute on function orchestrator.forget_logs(interval, integer) to orchestrator_engine;

alter table orchestrator.orchestration_logs enable row level security;
alter table orchestrator.orchestration_logs force row level security;
create policy orchestration_logs_tenant on orchestrator.orchestration_logs to orchestrator_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
-- Forgetting works as the owner of the table, whom its policies bind too.
create policy orchestration_logs_keeper on orchestrator.orchestration_logs to current_user using (true);
grant select, insert on orchestrator.orchestration_logs to orchestrator_app;
