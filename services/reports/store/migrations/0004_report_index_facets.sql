-- Counts of each value at each path of a domain, kept while rows change, so that counting a whole domain reads its groups and not its
-- rows. A change of rows only adds lines to reports.facet_deltas, and nobody waits for anybody; a fold, now and then, adds them to
-- reports.facet_counts. Both together are exact at every moment. A path with too many or too long values is not counted: questions
-- about it read the rows.

set local role reports_owner;

create table reports.facet_counts (
  tenant_id uuid not null,
  domain_id text not null,
  path text not null,
  value text not null,
  count bigint not null,
  constraint facet_counts_pkey primary key (tenant_id, domain_id, path, value)
);

create index facet_counts_status on reports.facet_counts (tenant_id, value) include (count) where path = 'status';
create index facet_counts_empty on reports.facet_counts (tenant_id) where count = 0;

create table reports.facet_deltas (
  tenant_id uuid not null,
  domain_id text not null,
  path text not null,
  id bigint not null generated always as identity,
  value text not null,
  change bigint not null,
  constraint facet_deltas_pkey primary key (tenant_id, domain_id, path, id)
);

create index facet_deltas_status on reports.facet_deltas (tenant_id) where path = 'status';

create table reports.facets_uncounted (
  tenant_id uuid not null,
  domain_id text not null,
  path text not null,
  cleared boolean not null default false,
  constraint facets_uncounted_pkey primary key (tenant_id, domain_id, path)
);

comment on column reports.facets_uncounted.cleared is 'whether its counts are gone';
create index facets_uncounted_left on reports.facets_uncounted (tenant_id) where not cleared;
create index facets_uncounted_status on reports.facets_uncounted (tenant_id) where path = 'status';

alter table reports.facet_counts enable row level security;
alter table reports.facet_counts force row level security;
create policy facet_counts_tenant on reports.facet_counts
  using (tenant_id = current_setting('app.tenant')::uuid)
  with check (tenant_id = current_setting('app.tenant')::uuid);
create policy facet_counts_functions on reports.facet_counts to reports_owner using (true) with check (true);

alter table reports.facet_deltas enable row level security;
alter table reports.facet_deltas force row level security;
create policy facet_deltas_tenant on reports.facet_deltas
  using (tenant_id = current_setting('app.tenant')::uuid)
  with check (tenant_id = current_setting('app.tenant')::uuid);
create policy facet_deltas_functions on reports.facet_deltas to reports_owner using (true) with check (true);

alter table reports.facets_uncounted enable row level security;
alter table reports.facets_uncounted force row level security;
create policy facets_uncounted_tenant on reports.facets_uncounted
  using (tenant_id = current_setting('app.tenant')::uuid)
  with check (tenant_id = current_setting('app.tenant')::uuid);
create policy facets_uncounted_functions on reports.facets_uncounted to reports_owner using (true) with check (true);

-- Distinct values of a path in a domain that are counted at most, and bytes of a value.
create function reports.facet_values_max() returns integer language sql immutable parallel safe return 10000;
create function reports.facet_bytes_max() returns integer language sql immutable parallel safe return 500;

-- What a row counts for: each scalar that a path of keys leads to, a list once for each element. Keys that no question can name are
-- left out: empty ones, ones with a dot, ones deeper than ten names or longer than 200 characters in all.
create function reports.index_leaves(
  p_status text, p_source text, p_created_by text, p_ingestion_data jsonb, p_management_data jsonb
)
returns table (path text, value text)
language sql immutable
set search_path = pg_catalog, pg_temp
begin atomic
  with recursive node (path, depth, value) as (
    select v.path, 1, v.value
    from (values ('ingestion_data', p_ingestion_data), ('management_data', p_management_data)) as v (path, value)
    union all
    select n.path || '.' || e.key, n.depth + 1, e.value
    from node as n
    cross join lateral jsonb_each(case jsonb_typeof(n.value) when 'object' then n.value else '{}' end) as e
    where n.depth < 10 and e.key <> '' and position('.' in e.key) = 0
      and char_length(n.path) + 1 + char_length(e.key) <= 200
  )
  select v.path, v.value
  from (values ('status', p_status), ('source', p_source), ('created_by', p_created_by)) as v (path, value)
  union all
  select n.path, element #>> '{}'
  from node as n
  cross join lateral jsonb_array_elements(
    case jsonb_typeof(n.value) when 'array' then n.value else jsonb_build_array(n.value) end
  ) as element
  where n.depth > 1 and jsonb_typeof(element) in ('string', 'number', 'boolean');
end;

-- Notes what a statement changed. A path with a value that is too long is not counted from then on.
create function reports.note_facets() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  changes constant text := 'with leaf as materialized (%s), too_long as (
      insert into reports.facets_uncounted (tenant_id, domain_id, path)
      select distinct tenant_id, domain_id, path from leaf where octet_length(value) > reports.facet_bytes_max()
      order by tenant_id, domain_id, path
      on conflict do nothing
    )
    insert into reports.facet_deltas (tenant_id, domain_id, path, value, change)
    select tenant_id, domain_id, path, value, sum(change)
    from leaf
    where octet_length(value) <= reports.facet_bytes_max() and not exists (
      select from reports.facets_uncounted as u
      where (u.tenant_id, u.domain_id, u.path) = (leaf.tenant_id, leaf.domain_id, leaf.path)
    )
    group by tenant_id, domain_id, path, value
    having sum(change) <> 0';
  leaves constant text := 'select r.tenant_id, r.domain_id, l.path, l.value, %s as change
    from %I as r
    cross join lateral reports.index_leaves(r.status, r.source, r.created_by, r.ingestion_data, r.management_data) as l
    where not r.deleted';
begin
  execute format(changes, case tg_op
    when 'INSERT' then format(leaves, 1, 'come')
    when 'DELETE' then format(leaves, -1, 'gone')
    else format(leaves, 1, 'come') || ' union all ' || format(leaves, -1, 'gone')
  end);
  return null;
end
$$;

-- The values at a path of a domain of the tenant, and how often each occurs.
create function reports.facet_groups(p_domain_id text, p_path text) returns table (key text, n bigint)
language sql stable
set search_path = pg_catalog, pg_temp
begin atomic
  select value, sum(n)::bigint
  from (
    select c.value, c.count as n
    from reports.facet_counts as c
    where c.tenant_id = current_setting('app.tenant')::uuid and c.domain_id = p_domain_id and c.path = p_path
    union all
    select d.value, d.change
    from reports.facet_deltas as d
    where d.tenant_id = current_setting('app.tenant')::uuid and d.domain_id = p_domain_id and d.path = p_path
  ) as counted
  group by value
  having sum(n) <> 0;
end;

-- Whether the path is counted in the domain of the tenant; without a domain, in all of them.
create function reports.facet_is_counted(p_domain_id text, p_path text) returns boolean
language sql stable
set search_path = pg_catalog, pg_temp
return not exists (
  select from reports.facets_uncounted as u
  where u.tenant_id = current_setting('app.tenant')::uuid and u.path = p_path
    and (p_domain_id is null or u.domain_id = p_domain_id)
);

-- Maintenance for all tenants, which tells nothing but a number: adds up to p_limit changes to the counts and answers how many it took.
-- One at a time; who comes meanwhile takes nothing.
create function reports.index_fold(p_limit integer) returns bigint
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  taken bigint;
begin
  if not pg_try_advisory_xact_lock(hashtextextended('reports.index_fold', 0)) then
    return 0;
  end if;
  with taken as (
    delete from reports.facet_deltas
    where ctid = any (array(select ctid from reports.facet_deltas limit p_limit))
    returning tenant_id, domain_id, path, value, change
  ), counted as (
    insert into reports.facet_counts as held (tenant_id, domain_id, path, value, count)
    select tenant_id, domain_id, path, value, sum(change)
    from taken
    where not exists (
      select from reports.facets_uncounted as u
      where (u.tenant_id, u.domain_id, u.path) = (taken.tenant_id, taken.domain_id, taken.path)
    )
    group by tenant_id, domain_id, path, value
    having sum(change) <> 0
    on conflict (tenant_id, domain_id, path, value) do update set count = held.count + excluded.count
    returning tenant_id, domain_id, path, xmax = 0 as is_new
  ), grown as (
    select tenant_id, domain_id, path, count(*) as values_more from counted where is_new group by tenant_id, domain_id, path
  ), too_many as (
    insert into reports.facets_uncounted (tenant_id, domain_id, path)
    select tenant_id, domain_id, path
    from grown
    cross join lateral (
      select count(*) as values_before from (
        select from reports.facet_counts as c
        where (c.tenant_id, c.domain_id, c.path) = (grown.tenant_id, grown.domain_id, grown.path)
        limit reports.facet_values_max()
      ) as first_values
    ) as held
    where values_before + values_more > reports.facet_values_max()
    order by tenant_id, domain_id, path
    on conflict do nothing
  )
  select count(*) into taken from taken;
  delete from reports.facet_counts where count = 0;
  with given_up as (
    update reports.facets_uncounted set cleared = true where not cleared returning tenant_id, domain_id, path
  )
  delete from reports.facet_counts as c using given_up as u
  where (c.tenant_id, c.domain_id, c.path) = (u.tenant_id, u.domain_id, u.path);
  return taken;
end
$$;

-- From here on nothing changes that is not noted; the lock holds until the migration is committed.
lock table reports.report_index in share row exclusive mode;
create trigger report_index_come after insert on reports.report_index
  referencing new table as come for each statement execute function reports.note_facets();
create trigger report_index_change after update on reports.report_index
  referencing old table as gone new table as come for each statement execute function reports.note_facets();
create trigger report_index_gone after delete on reports.report_index
  referencing old table as gone for each statement execute function reports.note_facets();

-- What the index holds by now.
insert into reports.facets_uncounted (tenant_id, domain_id, path, cleared)
select tenant_id, domain_id, path, true
from (
  select r.tenant_id, r.domain_id, l.path, max(octet_length(l.value)) as bytes, count(distinct l.value) as distinct_values
  from reports.report_index as r
  cross join lateral reports.index_leaves(r.status, r.source, r.created_by, r.ingestion_data, r.management_data) as l
  where not r.deleted
  group by r.tenant_id, r.domain_id, l.path
) as paths
where bytes > reports.facet_bytes_max() or distinct_values > reports.facet_values_max();

insert into reports.facet_counts (tenant_id, domain_id, path, value, count)
select r.tenant_id, r.domain_id, l.path, l.value, count(*)
from reports.report_index as r
cross join lateral reports.index_leaves(r.status, r.source, r.created_by, r.ingestion_data, r.management_data) as l
where not r.deleted and not exists (
  select from reports.facets_uncounted as u
  where (u.tenant_id, u.domain_id, u.path) = (r.tenant_id, r.domain_id, l.path)
)
group by r.tenant_id, r.domain_id, l.path, l.value;

revoke execute on all functions in schema reports from public;
grant execute on function reports.index_fold(integer) to reports_app;

reset role;
