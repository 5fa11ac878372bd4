-- What is not kept any more goes in bounded steps, and nobody who writes waits for more than the exchange of a week. Runs that have not ended
-- are copied out of a week while it is still written to; under the lock only what has moved since is copied again, and the copy takes the place
-- of the week. It is the part of everything before the oldest week, `executions_past`.

-- With `executions_owned` and `executions_due` every run that has not ended is found by an index.
create index executions_asleep on orchestrator.executions (id) where owner_id is null and wake_at is null and completed_at is null;

-- Keeping works as the owner of the tables, whom their policies bind too.
create policy executions_keeper on orchestrator.executions to current_user using (true);
create policy execution_events_keeper on orchestrator.execution_events to current_user using (true);
create policy plans_keeper on orchestrator.plans to current_user using (true);

-- When a start last named the plan, to within two hours. Plans that nothing names go.
alter table orchestrator.plans add column used_at timestamptz not null default now();
create index plans_oldest on orchestrator.plans (used_at);
grant update (used_at) on orchestrator.plans to orchestrator_app, orchestrator_engine;

create index approvals_by_run on orchestrator.approvals (execution_id);
create index owners_cleared on orchestrator.owners (cleared_at) where cleared_at is not null;

-- Whether an owner lives, for what records a run in a transaction of several round trips: that must not hold the owner's row, or a process that
-- stands still in between would hold up its own takeover. Runs of an owner are looked for until ten minutes after its end, which is longer than
-- any transaction lives.
create function orchestrator.owner_lives(owner uuid) returns boolean
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  select exists (select from orchestrator.owners o where o.owner_id = owner and o.ended_at is null)
$$;
revoke all on function orchestrator.owner_lives(uuid) from public;
grant execute on function orchestrator.owner_lives(uuid) to orchestrator_app;

-- The runs below `high` that stay: those that have not ended, and of those before the oldest week, which begins at `low`, what ended since.
create function orchestrator.runs_that_stay(low uuid, high uuid, since timestamptz) returns table (tenant_id uuid, id uuid)
language sql stable set search_path = pg_catalog, pg_temp as $$
  select x.tenant_id, x.id from orchestrator.executions x where x.id < high and x.completed_at is null and x.owner_id is not null
  union all select x.tenant_id, x.id from orchestrator.executions x
    where x.id < high and x.completed_at is null and x.owner_id is null and x.wake_at is not null
  union all select x.tenant_id, x.id from orchestrator.executions x
    where x.id < high and x.completed_at is null and x.owner_id is null and x.wake_at is null
  union all select x.tenant_id, x.id from orchestrator.executions x where x.id < low and x.completed_at >= since
$$;
revoke all on function orchestrator.runs_that_stay(uuid, uuid, timestamptz) from public;

-- Makes the empty copy for what stays below `high`. The check spares attaching it a look at its rows.
create function orchestrator.begin_past(word text, high uuid) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  execute format('create table orchestrator.%I (like orchestrator.executions including defaults including constraints including indexes,
    constraint %I check (id < %L)) with (fillfactor = 80)', 'executions_until_' || word, 'executions_until_' || word || '_bound', high);
  execute format('create table orchestrator.%I (like orchestrator.execution_events including defaults including constraints including indexes,
    constraint %I check (execution_id < %L))', 'execution_events_until_' || word, 'execution_events_until_' || word || '_bound', high);
end
$$;
revoke all on function orchestrator.begin_past(text, uuid) from public;

-- Drops a copy that was begun before a migration changed the columns of what it is to replace; it is begun anew.
create function orchestrator.drop_outgrown(word text) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  parted text;
  columns constant text := 'select array_agg(a.attname::text order by a.attnum) from pg_attribute a
    where a.attrelid = to_regclass($1) and a.attnum > 0 and not a.attisdropped';
  wanted text[];
  present text[];
begin
  foreach parted in array array['executions', 'execution_events'] loop
    execute columns into wanted using 'orchestrator.' || parted;
    execute columns into present using 'orchestrator.' || parted || '_until_' || word;
    if present is not null and present is distinct from wanted then
      execute format('drop table orchestrator.%I, orchestrator.%I', 'executions_until_' || word, 'execution_events_until_' || word);
      return;
    end if;
  end loop;
end
$$;
revoke all on function orchestrator.drop_outgrown(text) from public;

-- Copies what is new in the journals of runs that have been copied. Here and below, `offset 0` says where the planner is to begin: it knows
-- nothing yet of the copy, and would read all that goes instead.
create function orchestrator.copy_journals(word text, high uuid, tenants uuid[], ids uuid[]) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  execute format('insert into orchestrator.%1$I select e.* from unnest($2, $3) as k (tenant_id, id)
    cross join lateral (select coalesce(max(c.seq), 0) as seq from orchestrator.%1$I c
      where c.tenant_id = k.tenant_id and c.execution_id = k.id) as copied
    cross join lateral (select e.* from orchestrator.execution_events e
      where e.tenant_id = k.tenant_id and e.execution_id = k.id and e.seq > copied.seq and e.execution_id < $1 offset 0) as e',
    'execution_events_until_' || word) using high, tenants, ids;
end
$$;
revoke all on function orchestrator.copy_journals(text, uuid, uuid[], uuid[]) from public;

-- Copies up to so many of the runs that stay and have not been copied, with their journals; answers how many.
create function orchestrator.copy_runs(word text, low uuid, high uuid, since timestamptz, most integer) returns integer
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  tenants uuid[];
  ids uuid[];
begin
  execute format('with copied as (
      insert into orchestrator.%1$I select x.* from (
        select s.tenant_id, s.id from orchestrator.runs_that_stay($1, $2, $3) as s
        where not exists (select from orchestrator.%1$I c where c.tenant_id = s.tenant_id and c.id = s.id) limit $4) as k
      cross join lateral (select x.* from orchestrator.executions x
        where x.tenant_id = k.tenant_id and x.id = k.id and x.id < $2 offset 0) as x
      returning tenant_id, id)
    select array_agg(tenant_id), array_agg(id) from copied', 'executions_until_' || word)
    into tenants, ids using low, high, since, most;
  if tenants is null then return 0; end if;
  perform orchestrator.copy_journals(word, high, tenants, ids);
  return cardinality(ids);
end
$$;
revoke all on function orchestrator.copy_runs(text, uuid, uuid, timestamptz, integer) from public;

-- Copies again what has moved since it was copied, and lets go of copies whose original is gone. Who appends to a journal owns the run: one
-- without an owner whose row is as it was has nothing new in its journal. What never changes of a row is not looked at: it may be long.
create function orchestrator.copy_moved(word text, high uuid) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  tenants uuid[];
  ids uuid[];
begin
  execute format('select array_agg(c.tenant_id), array_agg(c.id) from orchestrator.%1$I c
    left join lateral (select x.* from orchestrator.executions x
      where x.tenant_id = c.tenant_id and x.id = c.id and x.id < $1 offset 0) as x on true
    where row(x.status, x.owner_id, x.epoch, x.queued, x.wake_at, x.started_at, x.completed_at, x.reason, x.error, x.partial)
      is distinct from row(c.status, c.owner_id, c.epoch, c.queued, c.wake_at, c.started_at, c.completed_at, c.reason, c.error, c.partial)',
    'executions_until_' || word) into tenants, ids using high;
  execute format('delete from orchestrator.%1$I c using unnest($1, $2) as k (tenant_id, id)
    where c.tenant_id = k.tenant_id and c.id = k.id', 'executions_until_' || word) using tenants, ids;
  execute format('insert into orchestrator.%1$I select x.* from unnest($2, $3) as k (tenant_id, id)
    cross join lateral (select x.* from orchestrator.executions x
      where x.tenant_id = k.tenant_id and x.id = k.id and x.id < $1 offset 0) as x', 'executions_until_' || word)
    using high, tenants, ids;
  execute format('delete from orchestrator.%1$I e using unnest($1, $2) as k (tenant_id, id)
    where e.tenant_id = k.tenant_id and e.execution_id = k.id
      and not exists (select from orchestrator.%2$I c where c.tenant_id = k.tenant_id and c.id = k.id)',
    'execution_events_until_' || word, 'executions_until_' || word) using tenants, ids;
  perform orchestrator.copy_journals(word, high, tenants, ids);
  execute format('select array_agg(c.tenant_id), array_agg(c.id) from orchestrator.%1$I c where c.owner_id is not null',
    'executions_until_' || word) into tenants, ids;
  perform orchestrator.copy_journals(word, high, tenants, ids);
end
$$;
revoke all on function orchestrator.copy_moved(text, uuid) from public;

-- Puts the copy in the place of a week and of everything before it. Locks are taken in the order of appends: what is parted first, then its
-- parts. What waits longer than it may for a lock gives up, and what was copied is there for the next try.
create function orchestrator.exchange_week(word text, low uuid, high uuid, since timestamptz) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  parted text;
  part text;
begin
  lock table only orchestrator.executions, only orchestrator.execution_events in access exclusive mode;
  perform orchestrator.copy_moved(word, high);
  if orchestrator.copy_runs(word, low, high, since, 100) = 100 then
    raise exception 'runs of week % have come back in numbers', word using errcode = 'lock_not_available';
  end if;
  foreach parted in array array['executions', 'execution_events'] loop
    foreach part in array array[parted || '_past', parted || '_' || word] loop
      if to_regclass('orchestrator.' || part) is null then continue; end if;
      execute format('alter table orchestrator.%I detach partition orchestrator.%I', parted, part);
      execute format('drop table orchestrator.%I', part);
    end loop;
  end loop;
  delete from orchestrator.executions_rest where id < high;
  delete from orchestrator.execution_events_rest where execution_id < high;
  foreach parted in array array['executions', 'execution_events'] loop
    execute format('alter table orchestrator.%I attach partition orchestrator.%I for values from (minvalue) to (%L)',
      parted, parted || '_until_' || word, high);
    execute format('alter table orchestrator.%I rename to %I', parted || '_until_' || word, parted || '_past');
  end loop;
end
$$;
revoke all on function orchestrator.exchange_week(text, uuid, uuid, timestamptz) from public;

-- Removes up to so many runs from before the oldest week that ended before `since`; answers how many.
create function orchestrator.forget_runs(low uuid, since timestamptz, most integer) returns integer
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  tenants uuid[];
  ids uuid[];
begin
  select array_agg(k.tenant_id), array_agg(k.id) into tenants, ids from (
    select x.tenant_id, x.id from orchestrator.executions x where x.id < low and x.completed_at < since
    limit most for update skip locked) as k;
  delete from orchestrator.execution_events e using unnest(tenants, ids) as k (tenant_id, id)
    where e.tenant_id = k.tenant_id and e.execution_id = k.id and e.execution_id < low;
  delete from orchestrator.executions x using unnest(tenants, ids) as k (tenant_id, id)
    where x.tenant_id = k.tenant_id and x.id = k.id and x.id < low;
  return coalesce(cardinality(ids), 0);
end
$$;
revoke all on function orchestrator.forget_runs(uuid, timestamptz, integer) from public;

-- One step of keeping: answers no row when nothing is left to do, the name of a week when it went, null after any other step. Each step is short
-- and a transaction of its own; only one caller at a time does anything, and whoever comes next goes on where a step has failed. A week is only
-- read by its indexes: nested loops read of it what stays, where a hash would be made of all that goes.
create or replace function orchestrator.keep_weeks(kept interval) returns setof text
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp set lock_timeout = '100ms' set plan_cache_mode = force_custom_plan
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off
as $$
declare
  since timestamptz := clock_timestamp() - kept;
  word text;
  monday timestamptz;
  low uuid;
  high uuid;
begin
  if kept < interval '1 day' then raise exception 'runs are kept for a day at least'; end if;
  if not pg_try_advisory_xact_lock(hashtext('orchestrator.keep_weeks')) then return; end if;
  for ahead in 0..2 loop
    monday := date_trunc('week', clock_timestamp(), 'UTC') + ahead * interval '7 days';
    if to_regclass('orchestrator.executions_' || to_char(monday at time zone 'UTC', 'YYYYMMDD')) is null then
      perform orchestrator.make_week(monday);
      return next null;
      return;
    end if;
  end loop;

  select min(substring(c.relname from '^executions_([0-9]{8})$')) into word
  from pg_inherits i join pg_class c on c.oid = i.inhrelid
  where i.inhparent = 'orchestrator.executions'::regclass and c.relname ~ '^executions_[0-9]{8}$';
  monday := to_date(word, 'YYYYMMDD')::timestamp at time zone 'UTC';
  low := orchestrator.first_id_at(monday);
  if monday + interval '7 days' < date_trunc('day', since, 'UTC') then
    high := orchestrator.first_id_at(monday + interval '7 days');
    perform orchestrator.drop_outgrown(word);
    if to_regclass('orchestrator.executions_until_' || word) is null then perform orchestrator.begin_past(word, high); end if;
    if orchestrator.copy_runs(word, low, high, since, 100) = 100 then
      return next null;
      return;
    end if;
    perform orchestrator.copy_moved(word, high);
    perform orchestrator.exchange_week(word, low, high, since);
    return next word;
    return;
  end if;

  if orchestrator.forget_runs(low, since, 100) = 100 or orchestrator.forget_what_was_asked(low, 1000) = 1000
    or orchestrator.forget_plans(low, monday - interval '1 day', 500) = 500 then
    return next null;
  end if;
  delete from orchestrator.owners o where o.owner_id in (
    select c.owner_id from orchestrator.owners c where c.cleared_at < since limit 1000 for update skip locked);
end
$$;
