-- Calls of models whose tokens nobody counted, what the newest tasks of an agent have used, and the time from which answers of agents may
-- differ because of a tenant's settings.

alter table registry.usage_ledger add column tokens_estimated boolean not null default false;

-- When home area, places or time zone changed last; `-infinity` while none of them was ever set. Null in rows that were written before this
-- column was there: there it is updated_at.
alter table registry.tenant_settings add column answers_changed_at timestamptz;

-- What an agent's newest tasks have used, for estimates.
create index usage_ledger_tenant_id_agent_idx on registry.usage_ledger (tenant_id, agent_id, agent_version, reserved_at);
