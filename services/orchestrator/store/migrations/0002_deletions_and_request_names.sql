-- Deletions that span services, until they are carried out, and the names that callers gave to requests which started something.

-- A row is due at `next_at`. Whoever works on it holds `claim` and has moved `next_at` to when the claim runs out.
create table orchestrator.deletions (
  tenant_id uuid not null,
  subject_id text not null,
  kind text not null,
  principal text not null,
  traceparent text,
  tracestate text,
  requested_at timestamptz not null default clock_timestamp(),
  next_at timestamptz not null,
  claim uuid,
  passes integer not null default 0,
  attempts integer not null default 0,
  constraint deletions_pkey primary key (tenant_id, subject_id),
  constraint deletions_kind check (kind in ('report', 'session', 'query'))
);
create index deletions_due on orchestrator.deletions (next_at);

-- `body_hash` is of the request as it was sent, `content_hash` likewise with its images by what they are instead of where they lay.
create table orchestrator.idempotency_keys (
  tenant_id uuid not null,
  user_id uuid not null,
  route text not null,
  key text not null,
  body_hash text not null,
  content_hash text,
  execution_id uuid not null,
  created_at timestamptz not null,
  constraint idempotency_keys_pkey primary key (tenant_id, user_id, route, key),
  constraint idempotency_keys_hash_form check (body_hash ~ '^[0-9a-f]{64}$'),
  constraint idempotency_keys_content_hash_form check (content_hash ~ '^[0-9a-f]{64}$')
);
create index idempotency_keys_oldest on orchestrator.idempotency_keys (created_at);

alter table orchestrator.deletions enable row level security;
alter table orchestrator.deletions force row level security;
alter table orchestrator.idempotency_keys enable row level security;
alter table orchestrator.idempotency_keys force row level security;

create policy deletions_tenant on orchestrator.deletions to orchestrator_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy idempotency_keys_tenant on orchestrator.idempotency_keys to orchestrator_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy deletions_engine on orchestrator.deletions to orchestrator_engine using (true);
create policy idempotency_keys_engine on orchestrator.idempotency_keys to orchestrator_engine using (true);

grant select, insert on orchestrator.deletions to orchestrator_app;
grant select, insert, update on orchestrator.idempotency_keys to orchestrator_app;
grant select, update, delete on orchestrator.deletions to orchestrator_engine;
grant select, update, delete on orchestrator.idempotency_keys to orchestrator_engine;
