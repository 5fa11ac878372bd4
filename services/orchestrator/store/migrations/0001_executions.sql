-- Executions and their journal. The journal is the truth; the row of an execution holds what lists and owners need.

create table orchestrator.owners (
  owner_id uuid not null,
  replica_name text not null,
  address text not null,
  beat_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  constraint owners_pkey primary key (owner_id)
);
create index owners_open on orchestrator.owners (beat_at) where ended_at is null;

-- Plans are content-addressed: a plan that many executions share is stored once.
create table orchestrator.plans (
  tenant_id uuid not null,
  hash text not null,
  plan text not null,
  constraint plans_pkey primary key (tenant_id, hash),
  constraint plans_hash_form check (hash ~ '^[0-9a-f]{64}$')
);

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
  owner_id uuid not null,
  epoch integer not null default 1,
  reason text not null default '',
  error text not null default '',
  partial boolean not null default false,
  created_at timestamptz not null,
  started_at timestamptz,
  completed_at timestamptz,
  constraint executions_pkey primary key (tenant_id, id),
  constraint executions_plan foreign key (tenant_id, plan_hash) references orchestrator.plans (tenant_id, hash),
  constraint executions_kind check (kind in ('ingest', 'query', 'management', 'workflow', 'task')),
  constraint executions_status check (status in
    ('pending', 'running', 'paused', 'cancelling', 'finishing', 'completed', 'failed', 'cancelled')),
  constraint executions_ended check ((completed_at is not null) = (status in ('completed', 'failed', 'cancelled')))
) with (fillfactor = 80);
create index executions_open on orchestrator.executions (owner_id) where completed_at is null;
create index executions_newest on orchestrator.executions (tenant_id, created_at desc, id desc);

-- Payloads are canonical JSON kept as text: nothing in the database parses them.
create table orchestrator.execution_events (
  tenant_id uuid not null,
  execution_id uuid not null,
  seq integer not null,
  at timestamptz not null,
  payload text not null,
  constraint execution_events_pkey primary key (tenant_id, execution_id, seq)
);

-- The second lock behind the predicate of every statement. The engine holds executions of many tenants at once and has policies of its
-- own; what serves requests sees one tenant.
alter table orchestrator.plans enable row level security;
alter table orchestrator.plans force row level security;
alter table orchestrator.executions enable row level security;
alter table orchestrator.executions force row level security;
alter table orchestrator.execution_events enable row level security;
alter table orchestrator.execution_events force row level security;

create policy plans_tenant on orchestrator.plans to orchestrator_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy executions_tenant on orchestrator.executions to orchestrator_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy execution_events_tenant on orchestrator.execution_events to orchestrator_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy plans_engine on orchestrator.plans to orchestrator_engine using (true);
create policy executions_engine on orchestrator.executions to orchestrator_engine using (true);
create policy execution_events_engine on orchestrator.execution_events to orchestrator_engine using (true);

grant select, insert on orchestrator.plans to orchestrator_app;
grant select, insert on orchestrator.executions to orchestrator_app;
grant select on orchestrator.execution_events to orchestrator_app;
grant select, insert, update on orchestrator.owners to orchestrator_engine;
grant select on orchestrator.plans to orchestrator_engine;
grant select, update on orchestrator.executions to orchestrator_engine;
grant select, insert on orchestrator.execution_events to orchestrator_engine;
