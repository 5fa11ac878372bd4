-- Gates, the shadow runs that they start, and the kinds of those among executions.

alter table orchestrator.executions drop constraint executions_kind;
alter table orchestrator.executions add constraint executions_kind
  check (kind in ('ingest', 'query', 'management', 'workflow', 'task', 'shadow_ingest', 'shadow_query'));

-- A week that is just being written anew is no part of the table yet, and becomes one only with the same constraint.
do $$
declare
  name text;
begin
  for name in
    select c.relname from pg_class c join pg_constraint k on k.conrelid = c.oid and k.conname = 'executions_kind'
    where c.relnamespace = 'orchestrator'::regnamespace and c.relkind = 'r' and not c.relispartition
  loop
    execute format('alter table orchestrator.%I drop constraint executions_kind', name);
    execute format('alter table orchestrator.%I add constraint executions_kind
      check (kind in (''ingest'', ''query'', ''management'', ''workflow'', ''task'', ''shadow_ingest'', ''shadow_query''))', name);
  end loop;
end
$$;

-- A row is due at `next_at` while it is running. Whoever works on it holds `claim` and has moved `next_at` to when the claim runs out.
create table orchestrator.gates (
  tenant_id uuid not null,
  id uuid not null,
  domain_id text not null,
  status text not null default 'running',
  -- What is shown of a gate, as JSON.
  head text not null,
  -- All that it does, as JSON: large, and read only by whoever carries it on.
  spec text not null,
  principal text not null,
  traceparent text,
  tracestate text,
  created_by uuid not null,
  created_at timestamptz not null,
  cancelled boolean not null default false,
  rows_done integer not null default 0,
  rows_total integer not null,
  passed boolean,
  result text,
  error text not null default '',
  completed_at timestamptz,
  claim uuid,
  next_at timestamptz not null default clock_timestamp(),
  -- Turns in a row that have failed.
  failures integer not null default 0,
  constraint gates_pkey primary key (tenant_id, id),
  constraint gates_status check (status in ('running', 'completed', 'cancelled', 'failed')),
  constraint gates_ended check ((completed_at is null) = (status = 'running'))
);
create index gates_due on orchestrator.gates (next_at) where status = 'running';
create index gates_running on orchestrator.gates (tenant_id) where status = 'running';
create index gates_oldest on orchestrator.gates (completed_at) where completed_at is not null;

-- Its execution is chosen before it is started, so that no other is started for the same row and side.
create table orchestrator.gate_runs (
  tenant_id uuid not null,
  gate_id uuid not null,
  side text not null,
  row_number integer not null,
  execution_id uuid not null,
  -- As JSON; null until the run has ended.
  answer text,
  constraint gate_runs_pkey primary key (tenant_id, gate_id, side, row_number),
  constraint gate_runs_gate_fkey foreign key (tenant_id, gate_id) references orchestrator.gates (tenant_id, id) on delete cascade,
  constraint gate_runs_side check (side in ('candidate', 'present'))
);

do $$
declare
  name text;
begin
  foreach name in array array['gates', 'gate_runs'] loop
    execute format('alter table orchestrator.%I enable row level security', name);
    execute format('alter table orchestrator.%I force row level security', name);
    execute format('create policy %I on orchestrator.%I to orchestrator_app
      using (tenant_id = nullif(current_setting(''app.tenant'', true), '''')::uuid)', name || '_tenant', name);
    execute format('create policy %I on orchestrator.%I to orchestrator_engine using (true)', name || '_engine', name);
  end loop;
end
$$;

-- People start gates and ask for their end; what comes of them is for the engine to write.
grant select, insert on orchestrator.gates to orchestrator_app;
grant update (cancelled) on orchestrator.gates to orchestrator_app;
grant select, update, delete on orchestrator.gates to orchestrator_engine;
grant select, insert, update on orchestrator.gate_runs to orchestrator_engine;
