-- Immutable versions of agents and domains, and what tenants set. A version holds all of its content, so that it is read alone; it
-- outlives the deletion of its head, whose id it names without a foreign key. A domain's present version is its highest one.

create table registry.agent_versions (
  tenant_id uuid not null constraint agent_versions_tenant_id_fkey references registry.tenants (id),
  agent_definition_id uuid not null,
  version integer not null constraint agent_versions_version_check check (version >= 1),
  agent_id varchar(100) not null,
  agent_name varchar(200) not null,
  agent_class varchar(20) not null
    constraint agent_versions_agent_class_check check (agent_class in ('ingestion', 'query', 'management')),
  system_prompt text not null,
  tools jsonb not null,
  agent_dependencies jsonb not null,
  max_output_keys integer not null,
  output_schema jsonb not null,
  description text,
  enabled boolean not null,
  settings jsonb not null default '{}',
  created_at timestamptz not null default now(),
  created_by uuid not null constraint agent_versions_created_by_fkey references registry.users (id),
  constraint agent_versions_pkey primary key (tenant_id, agent_definition_id, version)
);

create table registry.domain_versions (
  tenant_id uuid not null constraint domain_versions_tenant_id_fkey references registry.tenants (id),
  domain_configuration_id uuid not null,
  version integer not null constraint domain_versions_version_check check (version >= 1),
  domain_id varchar(100) not null,
  domain_name varchar(200) not null,
  description text,
  ingestion_playbook jsonb not null,
  query_playbook jsonb not null,
  management_playbook jsonb not null,
  created_at timestamptz not null default now(),
  created_by uuid not null constraint domain_versions_created_by_fkey references registry.users (id),
  constraint domain_versions_pkey primary key (tenant_id, domain_configuration_id, version)
);

create table registry.tenant_settings (
  tenant_id uuid constraint tenant_settings_pkey primary key
    constraint tenant_settings_tenant_id_fkey references registry.tenants (id),
  settings jsonb not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
