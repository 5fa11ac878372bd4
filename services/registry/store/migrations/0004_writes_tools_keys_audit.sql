-- What writing needs: tools and who may call them, API keys, the audit log, and the app role's rights to write what it could only read.
-- Policies for writing definitions came with row-level security; here they get their grants.

create table registry.tools (
  tenant_id uuid not null constraint tools_tenant_id_fkey references registry.tenants (id),
  id uuid not null,
  tool_name varchar(64) not null,
  tool_type varchar(20) not null constraint tools_tool_type_check
    check (tool_type in ('aws_service', 'external_api', 'custom', 'data_api', 'mcp_server')),
  description text,
  endpoint text,
  auth_method varchar(20) not null constraint tools_auth_method_check
    check (auth_method in ('iam', 'api_key', 'oauth', 'custom', 'none')),
  parameters_schema jsonb not null default '{}',
  effect varchar(10) not null constraint tools_effect_check check (effect in ('read', 'create', 'update')),
  -- Sealed by the service; the database never sees them.
  credentials bytea,
  is_builtin boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  created_by uuid not null constraint tools_created_by_fkey references registry.users (id),
  constraint tools_pkey primary key (tenant_id, id),
  constraint tools_tenant_id_tool_name_key unique (tenant_id, tool_name)
);

-- The name of a permission may be that of one tool of an MCP server, which is no row of its own.
create table registry.tool_permissions (
  tenant_id uuid not null constraint tool_permissions_tenant_id_fkey references registry.tenants (id),
  agent_id varchar(100) not null constraint tool_permissions_agent_id_fkey
    references registry.agent_definitions (agent_id) on delete cascade,
  tool_name varchar(200) not null,
  granted_at timestamptz not null default now(),
  granted_by uuid not null constraint tool_permissions_granted_by_fkey references registry.users (id),
  constraint tool_permissions_pkey primary key (tenant_id, agent_id, tool_name)
);
create index tool_permissions_agent_id_idx on registry.tool_permissions (agent_id);

create table registry.api_keys (
  tenant_id uuid not null constraint api_keys_tenant_id_fkey references registry.tenants (id),
  id uuid not null,
  key_id varchar(40) not null constraint api_keys_key_id_key unique,
  name varchar(200) not null,
  kind varchar(10) not null constraint api_keys_kind_check check (kind in ('master', 'service', 'user')),
  -- SHA-256 of the key; the key itself is stored nowhere.
  key_hash bytea not null constraint api_keys_key_hash_key unique
    constraint api_keys_key_hash_check check (octet_length(key_hash) = 32),
  permissions jsonb not null default '[]',
  allowed_endpoints jsonb not null default '[]',
  rate_limit integer not null constraint api_keys_rate_limit_check check (rate_limit >= 1),
  -- Role of the creator, which the key never exceeds.
  role varchar(10) not null constraint api_keys_role_check check (role in ('viewer', 'editor', 'admin')),
  -- Each key acts as a user of its own.
  user_id uuid not null constraint api_keys_user_id_key unique
    constraint api_keys_user_id_fkey references registry.users (id),
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz,
  created_at timestamptz not null default now(),
  created_by uuid not null constraint api_keys_created_by_fkey references registry.users (id),
  constraint api_keys_pkey primary key (tenant_id, id)
);

create table registry.audit_log (
  tenant_id uuid not null constraint audit_log_tenant_id_fkey references registry.tenants (id),
  id uuid not null,
  operation_type varchar(50) not null,
  entity_type varchar(50) not null,
  entity_id varchar(300) not null,
  status varchar(10) not null constraint audit_log_status_check check (status in ('success', 'failure', 'partial')),
  message text not null default '',
  details jsonb not null default '{}',
  before_hash char(64),
  after_hash char(64),
  user_id uuid not null,
  trace_id char(32),
  duration_ms integer not null constraint audit_log_duration_ms_check check (duration_ms >= 0),
  "timestamp" timestamptz not null default now(),
  constraint audit_log_pkey primary key (tenant_id, id)
);
create index audit_log_tenant_id_timestamp_idx on registry.audit_log (tenant_id, "timestamp" desc, id desc);
create index audit_log_tenant_id_entity_idx on registry.audit_log (tenant_id, entity_type, entity_id, "timestamp" desc);

-- Nobody changes an entry, the owner of the table included.
create function registry.refuse_audit_change() returns trigger
language plpgsql as $$
begin
  raise exception 'the audit log is append-only' using errcode = 'insufficient_privilege';
end
$$;
create trigger refuse_audit_log_change before update or delete on registry.audit_log
  for each row execute function registry.refuse_audit_change();
create trigger refuse_audit_log_truncate before truncate on registry.audit_log
  for each statement execute function registry.refuse_audit_change();

create trigger update_tools_updated_at before update on registry.tools
  for each row execute function registry.update_updated_at_column();

create index users_tenant_id_created_at_idx on registry.users (tenant_id, created_at desc, id desc);
create index teams_tenant_id_created_at_idx on registry.teams (tenant_id, created_at desc, id desc);
create index api_keys_tenant_id_created_at_idx on registry.api_keys (tenant_id, created_at desc, id desc);
create index agent_definitions_tenant_id_created_at_idx
  on registry.agent_definitions (tenant_id, created_at desc, id desc);
create index domain_configurations_tenant_id_created_at_idx
  on registry.domain_configurations (tenant_id, created_at desc, id desc);

-- Rows of the own tenant alone.
do $$
declare
  name text;
begin
  foreach name in array array['api_keys', 'audit_log'] loop
    execute format('alter table registry.%I enable row level security', name);
    execute format('alter table registry.%I force row level security', name);
    execute format('create policy own_tenant on registry.%I to registry_app
      using (tenant_id = registry.current_tenant_id() and tenant_id <> registry.system_tenant_id())', name);
  end loop;
end
$$;

-- Tools and permissions: the own tenant's to read and write, the system tenant's to read.
do $$
declare
  name text;
  own constant text := 'tenant_id = registry.current_tenant_id() and tenant_id <> registry.system_tenant_id()';
begin
  foreach name in array array['tools', 'tool_permissions'] loop
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

-- The owner makes tenants and writes that into their logs, and looks keys up for whoever may call the function below.
create policy new_tenants on registry.tenants for insert to current_user with check (true);
create policy every_tenant on registry.tenants for select to current_user using (true);
create policy entries_of_the_owner on registry.audit_log for insert to current_user with check (true);
create policy key_lookup on registry.api_keys for select to current_user using (true);
create policy key_use on registry.api_keys for update to current_user using (true);
create policy user_of_key on registry.users for select to current_user using (true);

-- A key names its tenant, so it is looked up before a tenant is known. Answers nothing for a key that is unknown, revoked or over,
-- and notes its use, at most every five minutes.
create function registry.use_api_key(hash bytea)
returns table (
  tenant_id uuid, tenant_name varchar, id uuid, key_id varchar, name varchar, kind varchar, permissions jsonb,
  allowed_endpoints jsonb, rate_limit integer, role varchar, user_id uuid, username varchar, expires_at timestamptz,
  last_used_at timestamptz, created_at timestamptz, created_by uuid
)
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  update registry.api_keys used set last_used_at = now()
    where used.key_hash = hash and used.revoked_at is null and (used.expires_at is null or used.expires_at > now())
      and (used.last_used_at is null or used.last_used_at < now() - interval '5 minutes');
  select k.tenant_id, t.tenant_name, k.id, k.key_id, k.name, k.kind, k.permissions,
    k.allowed_endpoints, k.rate_limit, k.role, k.user_id, u.username, k.expires_at,
    k.last_used_at, k.created_at, k.created_by
  from registry.api_keys k
  join registry.tenants t on t.id = k.tenant_id
  join registry.users u on u.id = k.user_id
  where k.key_hash = hash and k.revoked_at is null and (k.expires_at is null or k.expires_at > now());
$$;
revoke execute on function registry.use_api_key(bytea) from public;
grant execute on function registry.use_api_key(bytea) to registry_app;

grant insert, update, delete on registry.agent_definitions, registry.domain_configurations to registry_app;
grant insert on registry.agent_versions, registry.domain_versions to registry_app;
grant select, insert, update, delete on registry.tools, registry.teams to registry_app;
grant select, insert, delete on registry.tool_permissions to registry_app;
grant select, insert, update on registry.api_keys to registry_app;
grant select, insert on registry.audit_log to registry_app;
grant select on registry.migrations to registry_app;
