-- What names the present state of a domain: the newest transaction that changed one of its rows. A change only adds a line, and nobody
-- waits for anybody.

set local role reports_owner;

create table reports.domain_changes (
  tenant_id uuid not null,
  domain_id text not null,
  xid xid8 not null default pg_current_xact_id(),
  constraint domain_changes_pkey primary key (tenant_id, domain_id, xid)
);

alter table reports.domain_changes enable row level security;
alter table reports.domain_changes force row level security;
create policy domain_changes_tenant on reports.domain_changes
  using (tenant_id = current_setting('app.tenant')::uuid)
  with check (tenant_id = current_setting('app.tenant')::uuid);
create policy domain_changes_functions on reports.domain_changes to reports_owner using (true) with check (true);

-- Notes which domains a statement changed. A tombstone has none: what it takes away is noted by the row that was there.
create function reports.note_domains() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op <> 'DELETE' then
    insert into reports.domain_changes (tenant_id, domain_id)
    select distinct tenant_id, domain_id from come where domain_id <> ''
    on conflict do nothing;
  end if;
  if tg_op <> 'INSERT' then
    insert into reports.domain_changes (tenant_id, domain_id)
    select distinct tenant_id, domain_id from gone where domain_id <> ''
    on conflict do nothing;
  end if;
  return null;
end
$$;

-- From here on nothing changes that is not noted.
lock table reports.report_index in share row exclusive mode;
create trigger report_index_domains_come after insert on reports.report_index
  referencing new table as come for each statement execute function reports.note_domains();
create trigger report_index_domains_change after update on reports.report_index
  referencing old table as gone new table as come for each statement execute function reports.note_domains();
create trigger report_index_domains_gone after delete on reports.report_index
  referencing old table as gone for each statement execute function reports.note_domains();

-- The newest change of the domain of the tenant, '0' before the first. Null while an older transaction is under way anywhere: it may be a
-- change of this domain too, and would show without the newest one becoming another.
create function reports.index_revision(p_domain_id text) returns text
language sql stable security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select case when newest.xid is null then '0' when newest.xid < pg_snapshot_xmin(pg_current_snapshot()) then newest.xid::text end
  from (
    select (
      select c.xid from reports.domain_changes as c
      where c.tenant_id = current_setting('app.tenant')::uuid and c.domain_id = p_domain_id
      order by c.xid desc
      limit 1
    ) as xid
  ) as newest;
end;

-- Maintenance for all tenants, which tells nothing but a number: removes up to p_limit changes that are not the newest of their domain.
-- Changes with numbers to come are those of another server, whose dump was read here: their domains are given a number of this one.
create function reports.index_forget_changes(p_limit integer) returns bigint
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  gone bigint;
begin
  with foreign_changes as (
    delete from reports.domain_changes where xid >= pg_snapshot_xmax(pg_current_snapshot()) returning tenant_id, domain_id
  )
  insert into reports.domain_changes (tenant_id, domain_id) select distinct tenant_id, domain_id from foreign_changes
  on conflict do nothing;
  delete from reports.domain_changes
  where ctid = any (array(
    select c.ctid from reports.domain_changes as c
    where exists (
      select from reports.domain_changes as n where n.tenant_id = c.tenant_id and n.domain_id = c.domain_id and n.xid > c.xid
    )
    limit p_limit
  ));
  get diagnostics gone = row_count;
  return gone;
end
$$;

revoke execute on all functions in schema reports from public;
grant execute on function reports.index_revision(text), reports.index_forget_changes(integer) to reports_app;

reset role;
