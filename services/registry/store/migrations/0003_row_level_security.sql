-- The second lock behind every statement's own tenant predicate: forced row-level security. The app role owns nothing and is
-- granted what its RPCs do today; versions are never updated or deleted by it. The owner itself sees the system tenant's rows alone.

create function registry.system_tenant_id() returns uuid
language sql immutable parallel safe as $$ select '00000000-0000-7000-8000-000000000001'::uuid $$;

-- Null outside a tenant's transaction, where therefore nothing is visible.
create function registry.current_tenant_id() returns uuid
language sql stable parallel safe as $$ select nullif(current_setting('app.tenant', true), '')::uuid $$;

alter table registry.tenants enable row level security;
alter table registry.tenants force row level security;
create policy own_tenant on registry.tenants to registry_app
  using (id = registry.current_tenant_id() and id <> registry.system_tenant_id());
create policy builtin_content on registry.tenants to current_user
  using (id = registry.system_tenant_id());

-- Rows of the own tenant alone.
do $$
declare
  name text;
begin
  foreach name in array array['users', 'teams', 'incidents', 'image_evidence', 'tenant_settings'] loop
    execute format('alter table registry.%I enable row level security', name);
    execute format('alter table registry.%I force row level security', name);
    execute format('create policy own_tenant on registry.%I to registry_app
      using (tenant_id = registry.current_tenant_id() and tenant_id <> registry.system_tenant_id())', name);
    execute format('create policy builtin_content on registry.%I to current_user
      using (tenant_id = registry.system_tenant_id())', name);
  end loop;
end
$$;

-- Definitions: the own tenant's to read and write, the system tenant's to read.
do $$
declare
  name text;
  own constant text := 'tenant_id = registry.current_tenant_id() and tenant_id <> registry.system_tenant_id()';
begin
  foreach name in array
    array['agent_definitions', 'agent_versions', 'domain_configurations', 'domain_versions'] loop
    execute format('alter table registry.%I enable row level security', name);
    execute format('alter table registry.%I force row level security', name);
    execute format('create policy visible on registry.%I for select to registry_app
      using (tenant_id = registry.current_tenant_id()
        or (tenant_id = registry.system_tenant_id() and registry.current_tenant_id() is not null))', name);
    execute format('create policy own_insert on registry.%I for insert to registry_app with check (%s)', name, own);
    execute format('create policy own_update on registry.%I for update to registry_app using (%s)', name, own);
    execute format('create policy own_delete on registry.%I for delete to registry_app using (%s)', name, own);
    execute format('create policy builtin_content on registry.%I to current_user
      using (tenant_id = registry.system_tenant_id())', name);
  end loop;
end
$$;

grant select on
  registry.agent_definitions, registry.agent_versions, registry.domain_configurations, registry.domain_versions
  to registry_app;
grant select, insert on registry.tenants, registry.users to registry_app;
grant select, insert, update on registry.tenant_settings to registry_app;
