-- The report index: a read model of the Reports table, one row for each report. It can be rebuilt at any time.
--
-- Operators that are not leakproof (@@, <@, @>) use no index behind a row-level security policy. Therefore the service's role has no
-- right on the table at all. It may execute the functions of the next migration, which fix the tenant inside and run as the
-- table's owner, for whom the policy is open. Row-level security binds every other role, should one ever be granted a right.

do $$
begin
  create role reports_owner nologin;
exception
  when duplicate_object or unique_violation then null; -- another database of this server has it
end
$$;

grant reports_owner to current_user;
grant usage, create on schema reports to reports_owner;
set local role reports_owner;

create table reports.report_index (
  tenant_id uuid not null,
  incident_id text not null,
  report_id uuid not null,
  domain_id text not null,
  status text not null,
  source text not null,
  created_by text not null,
  created_at timestamptz not null,
  event_at timestamptz,
  summary text not null,
  ingestion_data jsonb not null,
  management_data jsonb not null,
  place point,
  words tsvector not null,
  version bigint not null,
  deleted boolean not null default false,
  constraint report_index_pkey primary key (tenant_id, incident_id),
  constraint report_index_version_check check (version > 0)
);

comment on column reports.report_index.place is 'longitude, latitude';
comment on column reports.report_index.event_at is 'ingestion_data.timestamp, where it is a time';
comment on column reports.report_index.deleted is 'a tombstone: keeps late writes of older versions out';

create index report_index_tenant_created on reports.report_index
  (tenant_id, created_at desc, incident_id desc) where not deleted;
create index report_index_domain_created on reports.report_index
  (tenant_id, domain_id, created_at desc, incident_id desc) include (place) where not deleted;
create index report_index_domain_status on reports.report_index
  (tenant_id, domain_id, status, created_at desc, incident_id desc) where not deleted;
create index report_index_place on reports.report_index using gist (place) where not deleted;
create index report_index_words on reports.report_index using gin (words) where not deleted;
create index report_index_ingestion_data on reports.report_index
  using gin (ingestion_data jsonb_path_ops) where not deleted;

alter table reports.report_index enable row level security;
alter table reports.report_index force row level security;
create policy report_index_tenant on reports.report_index
  using (tenant_id = current_setting('app.tenant')::uuid)
  with check (tenant_id = current_setting('app.tenant')::uuid);
create policy report_index_functions on reports.report_index to reports_owner using (true) with check (true);

reset role;
