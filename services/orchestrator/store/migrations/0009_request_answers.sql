-- What was answered to requests with a name that nobody else remembers, and who carries one out just now.

-- Until `claimed_until` nobody but the holder of `claim` carries the request out. `request_id` stays the same at every try. `answer` is sealed by
-- the gateway, which alone can open it.
create table orchestrator.request_answers (
  tenant_id uuid not null,
  user_id uuid not null,
  name bytea not null,
  body_hash bytea not null,
  request_id uuid not null,
  claim uuid not null,
  claimed_until timestamptz not null,
  answer bytea,
  created_at timestamptz not null default clock_timestamp(),
  constraint request_answers_pkey primary key (tenant_id, user_id, name),
  constraint request_answers_name_form check (octet_length(name) = 32),
  constraint request_answers_hash_form check (octet_length(body_hash) = 32),
  constraint request_answers_size check (octet_length(answer) between 1 and 327680)
);
create index request_answers_oldest on orchestrator.request_answers (created_at);
-- Sealed bytes do not shrink.
alter table orchestrator.request_answers alter column answer set storage external;

alter table orchestrator.request_answers enable row level security;
alter table orchestrator.request_answers force row level security;
create policy request_answers_tenant on orchestrator.request_answers to orchestrator_app
  using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy request_answers_engine on orchestrator.request_answers to orchestrator_engine using (true);
grant select, insert, update on orchestrator.request_answers to orchestrator_app;
-- Old ones are removed without being read.
grant select (tenant_id, user_id, name, created_at, claimed_until), update (claimed_until), delete
  on orchestrator.request_answers to orchestrator_engine;
