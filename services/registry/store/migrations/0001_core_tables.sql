-- The seven core tables, schema version 1.0, with their indexes and triggers. Nothing here alters or drops what exists.

create table if not exists registry.tenants (
  id uuid constraint tenants_pkey primary key default gen_random_uuid(),
  tenant_name varchar(200) not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table if not exists registry.users (
  id uuid constraint users_pkey primary key default gen_random_uuid(),
  username varchar(100) constraint users_username_key unique,
  email varchar(255) constraint users_email_key unique,
  cognito_sub varchar(255) constraint users_cognito_sub_key unique,
  tenant_id uuid constraint users_tenant_id_fkey references registry.tenants (id),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table if not exists registry.teams (
  id uuid constraint teams_pkey primary key default gen_random_uuid(),
  team_name varchar(200),
  tenant_id uuid constraint teams_tenant_id_fkey references registry.tenants (id),
  members jsonb default '[]',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  created_by uuid constraint teams_created_by_fkey references registry.users (id)
);

create table if not exists registry.agent_definitions (
  id uuid constraint agent_definitions_pkey primary key default gen_random_uuid(),
  agent_id varchar(100) not null constraint agent_definitions_agent_id_key unique,
  tenant_id uuid not null constraint agent_definitions_tenant_id_fkey references registry.tenants (id),
  agent_name varchar(200) not null,
  agent_class varchar(20) not null
    constraint agent_definitions_agent_class_check check (agent_class in ('ingestion', 'query', 'management')),
  system_prompt text not null,
  tools jsonb default '[]',
  agent_dependencies jsonb default '[]',
  max_output_keys integer default 5,
  output_schema jsonb not null,
  description text,
  enabled boolean default true,
  is_inbuilt boolean default false,
  version integer default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  created_by uuid not null constraint agent_definitions_created_by_fkey references registry.users (id)
);

create table if not exists registry.domain_configurations (
  id uuid constraint domain_configurations_pkey primary key default gen_random_uuid(),
  domain_id varchar(100) not null,
  tenant_id uuid not null constraint domain_configurations_tenant_id_fkey references registry.tenants (id),
  domain_name varchar(200) not null,
  description text,
  ingestion_playbook jsonb not null,
  query_playbook jsonb not null,
  management_playbook jsonb not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  created_by uuid not null constraint domain_configurations_created_by_fkey references registry.users (id),
  constraint domain_configurations_tenant_id_domain_id_key unique (tenant_id, domain_id)
);

create table if not exists registry.incidents (
  id uuid constraint incidents_pkey primary key default gen_random_uuid(),
  tenant_id uuid constraint incidents_tenant_id_fkey references registry.tenants (id),
  domain_id varchar(100),
  raw_text text,
  structured_data jsonb,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  created_by uuid
);

create table if not exists registry.image_evidence (
  id uuid constraint image_evidence_pkey primary key default gen_random_uuid(),
  incident_id uuid constraint image_evidence_incident_id_fkey
    references registry.incidents (id) on delete cascade,
  tenant_id uuid constraint image_evidence_tenant_id_fkey references registry.tenants (id),
  s3_key varchar(500),
  s3_bucket varchar(200),
  content_type varchar(100),
  file_size_bytes integer,
  uploaded_at timestamptz not null default now()
);

create index if not exists idx_agents_tenant_class on registry.agent_definitions (tenant_id, agent_class);
create index if not exists idx_agents_enabled on registry.agent_definitions (enabled);
create index if not exists idx_agents_tenant on registry.agent_definitions (tenant_id);
create index if not exists idx_domains_tenant on registry.domain_configurations (tenant_id);
create index if not exists idx_incidents_tenant_domain on registry.incidents (tenant_id, domain_id);
create index if not exists idx_incidents_created_at on registry.incidents (created_at desc);
create index if not exists idx_incidents_structured_data on registry.incidents using gin (structured_data);
create index if not exists idx_image_evidence_incident on registry.image_evidence (incident_id);
create index if not exists idx_image_evidence_tenant on registry.image_evidence (tenant_id);

-- incidents.location and its index need PostGIS; where it is not available, or not allowed, just these two are left out.
do $$
declare
  postgis_schema text;
begin
  if not exists (select from pg_available_extensions where name = 'postgis') then
    raise notice 'PostGIS is not available: incidents.location and idx_incidents_location are left out';
    return;
  end if;
  create extension if not exists postgis;
  select n.nspname into postgis_schema
    from pg_extension e join pg_namespace n on n.oid = e.extnamespace
    where e.extname = 'postgis';
  execute format(
    'alter table registry.incidents add column if not exists location %I.geography(point)', postgis_schema);
  create index if not exists idx_incidents_location on registry.incidents using gist (location);
exception
  when insufficient_privilege then
    raise notice 'PostGIS may not be installed by this role: incidents.location and idx_incidents_location are left out';
end
$$;

create or replace function registry.update_updated_at_column() returns trigger
language plpgsql as $$
begin
  new.updated_at = now();
  return new;
end
$$;

create or replace trigger update_tenants_updated_at before update on registry.tenants
  for each row execute function registry.update_updated_at_column();
create or replace trigger update_users_updated_at before update on registry.users
  for each row execute function registry.update_updated_at_column();
create or replace trigger update_teams_updated_at before update on registry.teams
  for each row execute function registry.update_updated_at_column();
create or replace trigger update_agent_definitions_updated_at before update on registry.agent_definitions
  for each row execute function registry.update_updated_at_column();
create or replace trigger update_domain_configurations_updated_at before update on registry.domain_configurations
  for each row execute function registry.update_updated_at_column();
create or replace trigger update_incidents_updated_at before update on registry.incidents
  for each row execute function registry.update_updated_at_column();
