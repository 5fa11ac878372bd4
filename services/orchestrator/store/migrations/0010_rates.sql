-- What callers of the API have used of their rates, on all replicas of the gateway together. A row that says nothing any more is removed.

-- Nearly every write changes a row that is there: room for its next version lies beside it, and no index names what changes.
create table orchestrator.rates (
  tenant_id uuid not null,
  caller text not null,
  -- The rate as it was last told.
  per_second integer not null,
  burst integer not null,
  -- What was saved up at `filled_at`; less than nothing when replicas together let too much through.
  tokens double precision not null,
  filled_at timestamptz not null,
  counted bigint not null,
  window_ends_at timestamptz not null,
  constraint rates_pkey primary key (tenant_id, caller),
  constraint rates_caller check (length(caller) between 1 and 100),
  constraint rates_counted check (counted >= 0)
) with (fillfactor = 70);

alter table orchestrator.rates enable row level security;
alter table orchestrator.rates force row level security;
create policy rates_engine on orchestrator.rates to orchestrator_engine using (true);
grant select, insert, update, delete on orchestrator.rates to orchestrator_engine;
