-- The ledger of model calls, and what budgets are held against. Money counts in 1e-9 of a currency unit. A call without a known price has
-- neither currency nor money.

create table registry.usage_ledger (
  tenant_id uuid not null constraint usage_ledger_tenant_id_fkey references registry.tenants (id),
  id uuid not null,
  job_id varchar(100) not null,
  task_id varchar(500) not null,
  attempt integer not null,
  number integer not null,
  -- Above 1 for a call that was reserved again because its process was lost.
  repeat integer not null,
  agent_id varchar(100) not null,
  agent_version integer not null,
  -- Empty for calls outside of domains.
  domain_id varchar(50) not null,
  provider varchar(100) not null,
  model varchar(200) not null,
  status varchar(10) not null default 'open' constraint usage_ledger_status_check
    check (status in ('open', 'uncertain', 'succeeded', 'failed', 'not_sent')),
  reserved_at timestamptz not null,
  -- In the tenant's time zone when it was reserved; its month is the one that budgets count the call in.
  day date not null,
  input_tokens_estimate integer not null,
  output_tokens_max integer not null,
  price_version varchar(100),
  currency varchar(3),
  -- For a million tokens.
  input_price bigint,
  output_price bigint,
  cached_input_price bigint,
  -- What counts: the greatest cost until it is settled, then the cost.
  money bigint,
  -- Null until it is settled, as what follows.
  settled_at timestamptz,
  input_tokens integer,
  output_tokens integer,
  cached_input_tokens integer,
  constraint usage_ledger_pkey primary key (tenant_id, id),
  constraint usage_ledger_call_key unique (tenant_id, job_id, task_id, attempt, number, repeat)
) with (fillfactor = 80);
create index usage_ledger_tenant_id_reserved_at_idx on registry.usage_ledger (tenant_id, reserved_at);
create index usage_ledger_reserved_at_idx on registry.usage_ledger (reserved_at);

-- One row for each sum that a budget bounds. Whoever reserves or settles holds the rows of the tenant, of the domain and of the run, in this
-- order, so that two calls cannot both have the last of a budget, and so that a reservation costs the same in a ledger of any length.
create table registry.usage_totals (
  tenant_id uuid not null constraint usage_totals_tenant_id_fkey references registry.tenants (id),
  scope varchar(10) not null constraint usage_totals_scope_check check (scope in ('tenant', 'domain', 'run')),
  -- domain_id or job_id; empty for the tenant.
  scope_id varchar(100) not null,
  -- YYYY-MM; empty for a run, which may outlast a month.
  month varchar(7) not null,
  -- Empty for calls without a price.
  currency varchar(3) not null,
  money bigint not null,
  -- The soft budget that was told as passed last.
  told_soft bigint,
  created_at timestamptz not null default now(),
  constraint usage_totals_pkey primary key (tenant_id, scope, scope_id, month, currency)
) with (fillfactor = 70);
create index usage_totals_created_at_idx on registry.usage_totals (created_at);

do $$
declare
  name text;
begin
  foreach name in array array['usage_ledger', 'usage_totals'] loop
    execute format('alter table registry.%I enable row level security', name);
    execute format('alter table registry.%I force row level security', name);
    execute format('create policy own_tenant on registry.%I to registry_app
      using (tenant_id = registry.current_tenant_id() and tenant_id <> registry.system_tenant_id())', name);
    -- The owner removes what is not kept any more, for whoever may call the function below.
    execute format('create policy old_rows on registry.%I for select to current_user using (true)', name);
    execute format('create policy removal on registry.%I for delete to current_user using (true)', name);
  end loop;
end
$$;

-- Removes calls that were reserved before a time, and sums that were begun before it; at most so many rows of each. Answers
-- the greater number. They are of whatever tenant, so nothing else is told. Nothing younger than 62 days goes: budgets count a month.
create function registry.remove_old_usage(before timestamptz, rows_max integer) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  kept_from constant timestamptz := least(before, now() - interval '62 days');
  calls integer;
  sums integer;
begin
  delete from registry.usage_ledger old using (
    select l.tenant_id, l.id from registry.usage_ledger l where l.reserved_at < kept_from
    order by l.reserved_at limit rows_max
  ) found
  where old.tenant_id = found.tenant_id and old.id = found.id;
  get diagnostics calls = row_count;
  delete from registry.usage_totals old using (
    select t.tenant_id, t.scope, t.scope_id, t.month, t.currency from registry.usage_totals t where t.created_at < kept_from
    order by t.created_at limit rows_max
  ) found
  where old.tenant_id = found.tenant_id and old.scope = found.scope and old.scope_id = found.scope_id
    and old.month = found.month and old.currency = found.currency;
  get diagnostics sums = row_count;
  return greatest(calls, sums);
end
$$;
revoke execute on function registry.remove_old_usage(timestamptz, integer) from public;
grant execute on function registry.remove_old_usage(timestamptz, integer) to registry_app;

grant select, insert, update on registry.usage_ledger, registry.usage_totals to registry_app;
