-- How the circuit breakers of all processes stand, and modes that they are to be put into. They are the platform's and not a tenant's, so the
-- role of the service reaches them by the functions below alone. Keys of breakers that are a tenant's have its id inside.

-- What each process told last. It is told anew within seconds, so nothing is lost with it.
create unlogged table registry.breaker_reports (
  process_id uuid not null constraint breaker_reports_pkey primary key,
  service varchar(50) not null,
  host varchar(253) not null,
  -- JSON: a list of states, newest telling.
  states text not null,
  -- Those among them that are the platform's and not closed: read with every telling of every process, so that it must stay small.
  ailing text not null,
  seen_at timestamptz not null
);

-- The last mode that was asked for, by the key of a breaker.
create table registry.forced_breakers (
  breaker_key varchar(300) not null constraint forced_breakers_pkey primary key,
  id uuid not null,
  mode varchar(10) not null constraint forced_breakers_mode_check check (mode in ('closed', 'open', 'half_open')),
  forced_at timestamptz not null
);
create index forced_breakers_forced_at_idx on registry.forced_breakers (forced_at);

-- No role but the owner's functions sees a row.
alter table registry.breaker_reports enable row level security;
alter table registry.breaker_reports force row level security;
create policy owner_alone on registry.breaker_reports to current_user using (true) with check (true);
alter table registry.forced_breakers enable row level security;
alter table registry.forced_breakers force row level security;
create policy owner_alone on registry.forced_breakers to current_user using (true) with check (true);

-- Keeps what a process tells; null states are those that it told last. Answers whether its states are known.
create function registry.report_breakers(process uuid, service varchar, host varchar, states text, ailing text) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  delete from registry.breaker_reports r
    where r.process_id in (
      select old.process_id from registry.breaker_reports old
      where old.seen_at < clock_timestamp() - interval '10 minutes' limit 10 for update skip locked
    );
  if states is null then
    update registry.breaker_reports r set seen_at = clock_timestamp() where r.process_id = process;
    return found;
  end if;
  insert into registry.breaker_reports as r (process_id, service, host, states, ailing, seen_at)
    values (process, service, host, states, ailing, clock_timestamp())
    on conflict (process_id) do update
      set service = excluded.service, host = excluded.host, states = excluded.states, ailing = excluded.ailing, seen_at = excluded.seen_at;
  return true;
end
$$;

-- What processes that told within the last ten seconds told last.
create function registry.live_breaker_reports()
returns table (process_id uuid, service varchar, host varchar, states text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select r.process_id, r.service, r.host, r.states
  from registry.breaker_reports r
  where r.seen_at > clock_timestamp() - interval '10 seconds'
  order by r.service, r.host, r.process_id
  limit 1000
$$;

-- The same of the ailing ones alone, and of processes that have some.
create function registry.ailing_breaker_reports()
returns table (process_id uuid, service varchar, host varchar, states text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select r.process_id, r.service, r.host, r.ailing
  from registry.breaker_reports r
  where r.seen_at > clock_timestamp() - interval '10 seconds' and r.ailing <> '[]'
  order by r.service, r.host, r.process_id
  limit 1000
$$;

-- Asks for a mode. What was asked for an hour ago is over, and goes.
create function registry.force_breaker(key varchar, force_id uuid, wanted varchar) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  delete from registry.forced_breakers f where f.forced_at < clock_timestamp() - interval '1 hour' and f.breaker_key <> key;
  insert into registry.forced_breakers as f (breaker_key, id, mode, forced_at)
    values (key, force_id, wanted, clock_timestamp())
    on conflict (breaker_key) do update set id = excluded.id, mode = excluded.mode, forced_at = excluded.forced_at
$$;

-- What was asked for within the last minutes, newest first.
create function registry.recently_forced_breakers()
returns table (id uuid, breaker_key varchar, mode varchar, ago_ms double precision)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select f.id, f.breaker_key, f.mode,
    greatest(0, extract(epoch from clock_timestamp() - f.forced_at) * 1000)::double precision
  from registry.forced_breakers f
  where f.forced_at > clock_timestamp() - interval '5 minutes'
  order by f.forced_at desc
  limit 1000
$$;

revoke execute on function registry.report_breakers(uuid, varchar, varchar, text, text),
  registry.live_breaker_reports(), registry.ailing_breaker_reports(), registry.force_breaker(varchar, uuid, varchar),
  registry.recently_forced_breakers()
  from public;
grant execute on function registry.report_breakers(uuid, varchar, varchar, text, text),
  registry.live_breaker_reports(), registry.ailing_breaker_reports(), registry.force_breaker(varchar, uuid, varchar),
  registry.recently_forced_breakers()
  to registry_app;
