-- Golden sets, and how the gates that were held by them ended: what publishing is judged by.

create table registry.golden_sets (
  tenant_id uuid not null constraint golden_sets_tenant_id_fkey references registry.tenants (id),
  domain_configuration_id uuid not null constraint golden_sets_domain_configuration_id_fkey
    references registry.domain_configurations (id) on delete cascade,
  name varchar(50) not null,
  version integer not null constraint golden_sets_version_check check (version >= 1),
  playbook varchar(20) not null constraint golden_sets_playbook_check check (playbook in ('ingestion', 'query')),
  required boolean not null,
  -- `{rows, thresholds, tolerances}` as its writer would write them.
  definition jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  created_by uuid not null constraint golden_sets_created_by_fkey references registry.users (id),
  updated_by uuid not null constraint golden_sets_updated_by_fkey references registry.users (id),
  constraint golden_sets_pkey primary key (tenant_id, domain_configuration_id, name)
);
create index golden_sets_required_idx on registry.golden_sets (tenant_id, domain_configuration_id) where required;
create index golden_sets_domain_configuration_id_idx on registry.golden_sets (domain_configuration_id);

-- Hashes are of all that decides what a plan does. The newest of each set are kept.
create table registry.gate_results (
  tenant_id uuid not null constraint gate_results_tenant_id_fkey references registry.tenants (id),
  gate_id varchar(100) not null,
  domain_configuration_id uuid not null,
  name varchar(50) not null,
  version integer not null,
  candidate_hash char(64) not null,
  -- Empty when there was nothing to compare with.
  present_hash varchar(64) not null,
  passed boolean not null,
  failing_paths jsonb not null default '[]',
  created_at timestamptz not null default now(),
  constraint gate_results_pkey primary key (tenant_id, gate_id),
  constraint gate_results_golden_set_fkey foreign key (tenant_id, domain_configuration_id, name)
    references registry.golden_sets (tenant_id, domain_configuration_id, name) on delete cascade
);
create index gate_results_candidate_idx
  on registry.gate_results (tenant_id, domain_configuration_id, name, candidate_hash, created_at desc);
create index gate_results_newest_idx
  on registry.gate_results (tenant_id, domain_configuration_id, name, created_at desc, gate_id desc);

do $$
declare
  name text;
begin
  foreach name in array array['golden_sets', 'gate_results'] loop
    execute format('alter table registry.%I enable row level security', name);
    execute format('alter table registry.%I force row level security', name);
    execute format('create policy own_tenant on registry.%I to registry_app
      using (tenant_id = registry.current_tenant_id() and tenant_id <> registry.system_tenant_id())', name);
  end loop;
end
$$;

grant select, insert, update, delete on registry.golden_sets to registry_app;
grant select, insert, delete on registry.gate_results to registry_app;
