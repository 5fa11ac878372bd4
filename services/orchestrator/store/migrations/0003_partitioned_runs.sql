-- Runs are kept by week. An id holds the time at which it was made, so a run and its journal lie together, and a week that is no longer kept
-- goes as a whole. A row of the journal holds the events of one decision.

-- The least id that can be made at a time.
create function orchestrator.first_id_at(at timestamptz) returns uuid
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select (lpad(to_hex(floor(extract(epoch from at) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$$;

alter table orchestrator.executions rename to executions_before;
alter table orchestrator.execution_events rename to execution_events_before;
alter table orchestrator.executions_before no force row level security;
alter table orchestrator.execution_events_before no force row level security;
alter table orchestrator.executions_before rename constraint executions_pkey to executions_before_pkey;
alter table orchestrator.execution_events_before rename constraint execution_events_pkey to execution_events_before_pkey;
drop index orchestrator.executions_open;

-- `owner_id` is null while a run is parked: then it needs no memory of anyone until `wake_at`, if that is set, or until somebody asks for it.
-- A `queued` run waits for a place among those of its tenant, in the order of `rank`.
create table orchestrator.executions (
  tenant_id uuid not null,
  id uuid not null,
  kind text not null,
  status text not null default 'pending',
  domain_id text not null,
  domain_version integer not null,
  plan_hash text not null,
  subject_id text not null,
  session_id text,
  input text not null,
  principal text not null,
  traceparent text,
  tracestate text,
  created_by uuid not null,
  rerun_of uuid,
  owner_id uuid,
  epoch integer not null default 1,
  wake_at timestamptz,
  queued boolean not null default false,
  rank timestamptz not null,
  reason text not null default '',
  error text not null default '',
  partial boolean not null default false,
  created_at timestamptz not null,
  started_at timestamptz,
  completed_at timestamptz,
  constraint executions_pkey primary key (tenant_id, id),
  constraint executions_kind check (kind in ('ingest', 'query', 'management', 'workflow', 'task')),
  constraint executions_status check (status in
    ('pending', 'running', 'paused', 'cancelling', 'finishing', 'completed', 'failed', 'cancelled')),
  constraint executions_ended check ((completed_at is not null) = (status in ('completed', 'failed', 'cancelled'))),
  constraint executions_queued check (not queued or owner_id is null)
) partition by range (id);

create table orchestrator.execution_events (
  tenant_id uuid not null,
  execution_id uuid not null,
  -- Number of the first event of the row.
  seq integer not null,
  at timestamptz not null,
  -- The events in order: a JSON array, which nothing in the database parses.
  payload text not null,
  constraint execution_events_pkey primary key (tenant_id, execution_id, seq)
) partition by range (execution_id);

-- What no week takes: unfinished runs of weeks that are gone.
create table orchestrator.executions_rest partition of orchestrator.executions default with (fillfactor = 80);
create table orchestrator.execution_events_rest partition of orchestrator.execution_events default;

create index executions_owned on orchestrator.executions (owner_id) where completed_at is null and owner_id is not null;
create index executions_due on orchestrator.executions (wake_at)
  where owner_id is null and wake_at is not null and completed_at is null;
create index executions_started_by on orchestrator.executions (tenant_id, created_by, id);
create index executions_in_line on orchestrator.executions (tenant_id, rank, id) where queued;

-- Makes the partitions of the week of a time. What was recorded before its week was made moves into it.
create function orchestrator.make_week(of timestamptz) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  monday timestamptz := date_trunc('week', of, 'UTC');
  word text := to_char(monday at time zone 'UTC', 'YYYYMMDD');
  low uuid := orchestrator.first_id_at(monday);
  high uuid := orchestrator.first_id_at(monday + interval '7 days');
begin
  if to_regclass('orchestrator.executions_' || word) is not null then return; end if;
  lock table orchestrator.executions_rest, orchestrator.execution_events_rest in access exclusive mode;
  execute format('create table orchestrator.%I (like orchestrator.executions including defaults including constraints)
    with (fillfactor = 80)', 'executions_' || word);
  execute format('create table orchestrator.%I (like orchestrator.execution_events including defaults including constraints)',
    'execution_events_' || word);
  execute format('with moved as (delete from orchestrator.executions_rest where id >= %L and id < %L returning *)
    insert into orchestrator.%I select * from moved', low, high, 'executions_' || word);
  execute format('with moved as (delete from orchestrator.execution_events_rest where execution_id >= %L and execution_id < %L returning *)
    insert into orchestrator.%I select * from moved', low, high, 'execution_events_' || word);
  execute format('alter table orchestrator.executions attach partition orchestrator.%I for values from (%L) to (%L)',
    'executions_' || word, low, high);
  execute format('alter table orchestrator.execution_events attach partition orchestrator.%I for values from (%L) to (%L)',
    'execution_events_' || word, low, high);
end
$$;
revoke all on function orchestrator.make_week(timestamptz) from public;

-- Drops the oldest of the weeks that ended longer ago than is kept, after moving what has not finished out of it, and makes the weeks to come.
-- Answers the name of the week that went: its locks are held for one week at a time. Only one caller at a time does anything. Locks are taken in the order of appends: what is parted first,
-- then its parts.
create function orchestrator.keep_weeks(kept interval) returns setof text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp set lock_timeout = '2s' as $$
declare
  word text;
begin
  if kept < interval '1 day' then raise exception 'runs are kept for a day at least'; end if;
  if not pg_try_advisory_xact_lock(hashtext('orchestrator.keep_weeks')) then return; end if;
  for word in
    select substring(c.relname from '^executions_([0-9]{8})$')
    from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'orchestrator.executions'::regclass and c.relname ~ '^executions_[0-9]{8}$'
      and to_date(substring(c.relname from '[0-9]{8}$'), 'YYYYMMDD') + 7 < (clock_timestamp() - kept)::date
    order by c.relname limit 1
  loop
    execute format('alter table orchestrator.executions detach partition orchestrator.%I', 'executions_' || word);
    execute format('alter table orchestrator.execution_events detach partition orchestrator.%I', 'execution_events_' || word);
    execute format('insert into orchestrator.executions_rest select * from orchestrator.%I where completed_at is null', 'executions_' || word);
    execute format('insert into orchestrator.execution_events_rest select e.* from orchestrator.%I e
      join orchestrator.%I x on x.tenant_id = e.tenant_id and x.id = e.execution_id where x.completed_at is null',
      'execution_events_' || word, 'executions_' || word);
    execute format('drop table orchestrator.%I, orchestrator.%I', 'executions_' || word, 'execution_events_' || word);
    return next word;
  end loop;
  delete from orchestrator.execution_events_rest e using orchestrator.executions_rest x
    where x.tenant_id = e.tenant_id and x.id = e.execution_id and x.completed_at < clock_timestamp() - kept;
  delete from orchestrator.executions_rest where completed_at < clock_timestamp() - kept;
  delete from orchestrator.approvals where requested_at < clock_timestamp() - kept and status <> 'waiting';
  delete from orchestrator.commands where created_at < clock_timestamp() - interval '1 day';
  for ahead in 0..2 loop
    perform orchestrator.make_week(clock_timestamp() + ahead * interval '7 days');
  end loop;
end
$$;
revoke all on function orchestrator.keep_weeks(interval) from public;

do $$
declare
  week timestamptz;
begin
  for week in
    select distinct date_trunc('week', created_at, 'UTC') from orchestrator.executions_before
    union select date_trunc('week', clock_timestamp() + ahead * interval '7 days', 'UTC') from generate_series(0, 2) ahead
  loop
    perform orchestrator.make_week(week);
  end loop;
end
$$;

insert into orchestrator.executions (tenant_id, id, kind, status, domain_id, domain_version, plan_hash, subject_id, session_id, input,
    principal, traceparent, tracestate, created_by, owner_id, epoch, rank, reason, error, partial, created_at, started_at, completed_at)
  select tenant_id, id, kind, status, domain_id, domain_version, plan_hash, subject_id, session_id, input,
    principal, traceparent, tracestate, created_by, owner_id, epoch, created_at, reason, error, partial, created_at, started_at, completed_at
  from orchestrator.executions_before;
insert into orchestrator.execution_events (tenant_id, execution_id, seq, at, payload)
  select tenant_id, execution_id, seq, at, '[' || payload || ']' from orchestrator.execution_events_before;
drop table orchestrator.execution_events_before, orchestrator.executions_before;

-- Signs of life have rows of their own: writing one must not wait for the journals that hold the owner's row, nor they for it.
create table orchestrator.owner_beats (
  owner_id uuid not null,
  beat_at timestamptz not null default clock_timestamp(),
  constraint owner_beats_pkey primary key (owner_id)
) with (fillfactor = 50);
insert into orchestrator.owner_beats (owner_id, beat_at) select owner_id, beat_at from orchestrator.owners where ended_at is null;
drop index orchestrator.owners_open;
alter table orchestrator.owners drop column beat_at;
alter table orchestrator.owners add column cleared_at timestamptz;
create index owners_open on orchestrator.owners (replica_name) where ended_at is null;

-- The fence: holds the owner's row until the statement around it has committed, and answers whether the owner lives. It is a statement of its
-- own, so that waiting for the row of an owner that is just being ended leads to a look at that row alone.
create function orchestrator.hold_owner(owner uuid) returns boolean
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  perform from orchestrator.owners o where o.owner_id = owner and o.ended_at is null for share;
  return found;
end
$$;
revoke all on function orchestrator.hold_owner(uuid) from public;

create index owners_ended on orchestrator.owners (ended_at) where ended_at is not null and cleared_at is null;

-- Decisions of people, for lists. What a run does with them stands in its journal.
create table orchestrator.approvals (
  tenant_id uuid not null,
  execution_id uuid not null,
  node_id text not null,
  task_id text not null,
  domain_id text not null,
  prompt text not null,
  roles text[] not null,
  status text not null default 'waiting',
  requested_at timestamptz not null,
  expires_at timestamptz not null,
  decided_at timestamptz,
  decided_by uuid,
  comment text not null default '',
  constraint approvals_pkey primary key (tenant_id, execution_id, node_id),
  constraint approvals_status check (status in ('waiting', 'approved', 'rejected', 'expired', 'cancelled'))
);
create index approvals_newest on orchestrator.approvals (tenant_id, status, requested_at desc, execution_id desc, node_id);

-- What people ask of runs, until the run's owner has decided it.
create table orchestrator.commands (
  tenant_id uuid not null,
  execution_id uuid not null,
  id uuid not null,
  command text not null,
  created_at timestamptz not null default clock_timestamp(),
  constraint commands_pkey primary key (tenant_id, execution_id, id)
);

-- Outputs that serve other runs until they expire. A row without an answer is a promise: somebody is computing it.
create table orchestrator.output_cache (
  tenant_id uuid not null,
  key text not null,
  answer text,
  execution_id uuid not null,
  expires_at timestamptz not null,
  constraint output_cache_pkey primary key (tenant_id, key),
  constraint output_cache_key_form check (key ~ '^[0-9a-f]{64}$')
);
create index output_cache_expiry on orchestrator.output_cache (expires_at);

do $$
declare
  name text;
begin
  foreach name in array array['executions', 'execution_events', 'approvals', 'commands', 'output_cache'] loop
    execute format('alter table orchestrator.%I enable row level security', name);
    execute format('alter table orchestrator.%I force row level security', name);
    execute format('create policy %I on orchestrator.%I to orchestrator_app
      using (tenant_id = nullif(current_setting(''app.tenant'', true), '''')::uuid)', name || '_tenant', name);
    execute format('create policy %I on orchestrator.%I to orchestrator_engine using (true)', name || '_engine', name);
  end loop;
end
$$;

-- `keep_weeks` works as the owner of the tables, whom their policies bind too.
create policy approvals_keeper on orchestrator.approvals to current_user using (true);
create policy commands_keeper on orchestrator.commands to current_user using (true);

grant select, insert on orchestrator.executions to orchestrator_app;
grant select on orchestrator.execution_events to orchestrator_app;
grant select on orchestrator.approvals to orchestrator_app;
grant select, insert on orchestrator.commands to orchestrator_app;
grant insert on orchestrator.plans to orchestrator_engine;
grant select, insert, update on orchestrator.executions to orchestrator_engine;
grant select, insert on orchestrator.execution_events to orchestrator_engine;
grant select, insert, update on orchestrator.approvals to orchestrator_engine;
grant select, delete on orchestrator.commands to orchestrator_engine;
grant select, insert, update, delete on orchestrator.output_cache to orchestrator_engine;
grant select, insert, update, delete on orchestrator.owner_beats to orchestrator_engine;
grant execute on function orchestrator.hold_owner(uuid) to orchestrator_engine;
grant execute on function orchestrator.keep_weeks(interval) to orchestrator_engine;
grant execute on function orchestrator.first_id_at(timestamptz) to orchestrator_app, orchestrator_engine;
