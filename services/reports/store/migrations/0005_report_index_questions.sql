-- What can be asked of the report index, as of this release. As before, each function fixes the tenant to the setting app.tenant and
-- fails when that is not set; each takes a filter as JSON with the fields of reports.index_filter. They are planned for storage that
-- reads at random as fast as in order, and without compiling or sharing out what takes milliseconds.

set local role reports_owner;

drop function reports.index_count(jsonb);
drop function reports.index_retrieve(jsonb, integer, integer);
drop function reports.index_verify(text, text[]);
drop function reports.index_aggregate(jsonb, text[], integer);
drop function reports.index_time_series(jsonb, text, text, boolean, integer);
drop function reports.index_points(jsonb, integer);

-- A list of {part, value} for a column or {part, whole, element} for a document.
alter type reports.index_filter add attribute matches jsonb;
-- The corners once more from the other side, where they lie across the antimeridian.
alter type reports.index_filter add attribute corners_b polygon;

-- A found report. rank and snippet are 0 and empty where no words were searched for; total and whether there are more are the same
-- in every row.
create type reports.index_entry as (
  incident_id text,
  report_id uuid,
  domain_id text,
  status text,
  source text,
  created_by text,
  created_at timestamptz,
  summary text,
  ingestion_data jsonb,
  management_data jsonb,
  longitude double precision,
  latitude double precision,
  rank real,
  snippet text,
  total bigint,
  total_at_least boolean
);

-- Great-circle distance by the haversine formula, on a sphere of the earth's mean radius; null where a place is. It is not declared
-- strict: only so does it become part of the statement, instead of being called for each row.
create or replace function reports.distance_km(a point, b point) returns double precision
language sql immutable parallel safe
return 2 * 6371.0088 * asin(least(1.0, sqrt(
  power(sind((b[1] - a[1]) / 2), 2) + cosd(a[1]) * cosd(b[1]) * power(sind((b[0] - a[0]) / 2), 2)
)));

-- Whether the filter has words to search for; stop words alone are none.
create function reports.has_words(f reports.index_filter) returns boolean
language sql immutable
set search_path = pg_catalog, pg_temp
return coalesce(numnode(websearch_to_tsquery('english', f.words)) > 0, false);

-- The condition for a filter, made of fixed texts alone: $1 is the tenant, $2 the filter. Its parts are chosen by what the filter
-- holds, so that each statement is planned for the indexes that serve it. With p_in_order, areas, words and values are written so that
-- no index of theirs serves them: for reading in the order of time.
create function reports.index_condition(f reports.index_filter, p_in_order boolean) returns text
language sql stable
set search_path = pg_catalog, pg_temp
return concat_ws(' and ',
  'tenant_id = $1',
  'not deleted',
  case when f.domain_id is not null then 'domain_id = ($2).domain_id' end,
  case when f.from_at is not null then 'created_at >= ($2).from_at' end,
  case when f.to_at is not null then 'created_at < ($2).to_at' end,
  case when f.status is not null then 'status = ($2).status' end,
  case when f.placed then 'place is not null' end,
  case when f.before_at is not null then '(created_at, incident_id) < (($2).before_at, ($2).before_id)' end,
  (
    select string_agg(case when p_in_order then format('(%s) is true', part) else part end, ' and ')
    from (
      values
        (case when reports.has_words(f) then 'words @@ websearch_to_tsquery(''english'', ($2).words)' end),
        (case when f.box_b is not null then '(place <@ ($2).box_a or place <@ ($2).box_b)'
          when f.box_a is not null then 'place <@ ($2).box_a' end),
        (case when f.centre is not null then 'reports.distance_km(place, ($2).centre) <= ($2).radius_km' end),
        (case when f.corners_b is not null then '(place <@ ($2).corners or place <@ ($2).corners_b)'
          when f.corners is not null then 'place <@ ($2).corners' end)
    ) as parts (part)
    where part is not null
  ),
  (
    select string_agg(case when p_in_order then format('(%s) is true', part) else part end, ' and ')
    from (
      select case
        when m.value ->> 'part' in ('status', 'source', 'created_by')
          then format('%I = ($2).matches -> %s ->> ''value''', m.value ->> 'part', m.at - 1)
        when m.value ->> 'part' in ('ingestion_data', 'management_data')
          then format('(%1$I @> (($2).matches -> %2$s -> ''whole'') or %1$I @> (($2).matches -> %2$s -> ''element''))',
            m.value ->> 'part', m.at - 1)
        else 'false' end as part
      from jsonb_array_elements(f.matches) with ordinality as m (value, at)
    ) as parts
  )
);

-- The same for the indexes.
create or replace function reports.index_condition(f reports.index_filter) returns text
language sql stable
set search_path = pg_catalog, pg_temp
return reports.index_condition(f, false);

-- What is asked for as a filter.
create function reports.index_filter_of(p_filter jsonb) returns reports.index_filter
language sql immutable
set search_path = pg_catalog, pg_temp
return jsonb_populate_record(null::reports.index_filter, p_filter);

-- Whether the filter asks for nothing but a status, a domain, or both.
create function reports.is_plain(f reports.index_filter) returns boolean
language sql immutable
set search_path = pg_catalog, pg_temp
return not (reports.has_words(f) or coalesce(f.placed, false))
  and num_nonnulls(f.from_at, f.to_at, f.box_a, f.box_b, f.centre, f.corners, f.before_at, f.matches) = 0;

-- How many reports match, whatever number that is.
create function reports.index_total(p_filter jsonb) returns bigint
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
set jit = off
set max_parallel_workers_per_gather = 0
set random_page_cost = 1.1
as $$
declare
  tenant uuid := current_setting('app.tenant')::uuid;
  f reports.index_filter := reports.index_filter_of(p_filter);
  n bigint;
begin
  if reports.is_plain(f) and reports.facet_is_counted(f.domain_id, 'status') then
    return (
      select coalesce(sum(counted.n), 0) from (
        select c.count as n from reports.facet_counts as c
        where c.tenant_id = tenant and c.path = 'status'
          and (f.domain_id is null or c.domain_id = f.domain_id) and (f.status is null or c.value = f.status)
        union all
        select d.change from reports.facet_deltas as d
        where d.tenant_id = tenant and d.path = 'status'
          and (f.domain_id is null or d.domain_id = f.domain_id) and (f.status is null or d.value = f.status)
      ) as counted
    );
  end if;
  execute format('select count(*) from reports.report_index where %s', reports.index_condition(f)) into n using tenant, f;
  return n;
end
$$;

-- A page of a list, newest first; total is left out.
create function reports.index_list(p_filter jsonb, p_limit integer, p_offset integer) returns setof reports.index_entry
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
set jit = off
set max_parallel_workers_per_gather = 0
set random_page_cost = 1.1
as $$
declare
  f reports.index_filter := reports.index_filter_of(p_filter);
begin
  return query execute format(
    'select incident_id, report_id, domain_id, status, source, created_by, created_at, summary, ingestion_data, management_data,
       place[0], place[1], 0::real, '''', null::bigint, false
     from reports.report_index where %s
     order by created_at desc, incident_id desc limit $3 offset $4', reports.index_condition(f)
  ) using current_setting('app.tenant')::uuid, f, p_limit, p_offset;
end
$$;

-- Whether a filter leaves so much of what is newest that reading in the order of time finds matches soon: statistics cannot tell it of
-- areas and values.
create function reports.is_common(f reports.index_filter) returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  looked_at constant integer := 1000;
  matching bigint;
begin
  execute format(
    'select count(*) from (
       select * from reports.report_index where tenant_id = $1 and domain_id = ($2).domain_id and not deleted
       order by created_at desc, incident_id desc limit $3
     ) as newest where %s', reports.index_condition(f)
  ) into matching using current_setting('app.tenant')::uuid, f, looked_at;
  return matching > looked_at / 12;
end
$$;

-- How many reports match, where that is kept count of: all of a domain, or those of one status. Null elsewhere.
create function reports.known_total(f reports.index_filter) returns bigint
language sql stable
set search_path = pg_catalog, pg_temp
return case when reports.is_plain(f) and reports.facet_is_counted(f.domain_id, 'status') then (
  select coalesce(sum(n), 0)::bigint from reports.facet_groups(f.domain_id, 'status') where f.status is null or key = f.status
) end;

-- The reports that fit best: where there are words to search for, by rank among the newest p_counted matches, else newest first. Of what
-- is common, matches are counted up to p_counted, unless it is known how many there are.
create function reports.index_search(p_filter jsonb, p_limit integer, p_snippets boolean, p_counted integer)
returns setof reports.index_entry
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
set jit = off
set max_parallel_workers_per_gather = 0
set random_page_cost = 1.1
as $$
declare
  tenant uuid := current_setting('app.tenant')::uuid;
  f reports.index_filter := reports.index_filter_of(p_filter);
  by_words boolean := reports.has_words(f);
  common boolean := reports.is_common(f);
  known bigint := reports.known_total(f);
  newest_wanted integer := case when by_words then p_counted else p_limit end;
begin
  -- Rows are looked up one by one (offset 0 keeps them so): the planner would rather read the whole table than thousands of rows.
  return query execute format(
    'with found as materialized (
       select incident_id, created_at from reports.report_index where %1$s %5$s
     ), newest as (
       select incident_id, created_at from found order by created_at desc, incident_id desc limit $4
     ), ranked as (
       select n.incident_id, n.created_at, %2$s as rank from newest as n %3$s
     ), best as (
       select incident_id, created_at, rank from ranked order by rank desc, created_at desc, incident_id desc limit $3
     )
     select b.incident_id, r.report_id, r.domain_id, r.status, r.source, r.created_by, r.created_at, r.summary, r.ingestion_data,
       r.management_data, r.place[0], r.place[1], b.rank, %4$s, coalesce($6, t.counted), $6 is null and t.more
     from best as b
     cross join (select %6$s from found) as t (counted, more)
     cross join lateral (
       select * from reports.report_index as i where i.tenant_id = $1 and i.incident_id = b.incident_id offset 0
     ) as r
     order by b.rank desc, b.created_at desc, b.incident_id desc',
    reports.index_condition(f, common),
    case when by_words then 'ts_rank(w.words, websearch_to_tsquery(''english'', ($2).words), 1)' else '0::real' end,
    case when by_words then 'cross join lateral (
      select i.words from reports.report_index as i where i.tenant_id = $1 and i.incident_id = n.incident_id offset 0
    ) as w' end,
    case when by_words and p_snippets
      then 'left(ts_headline(''english'', r.search_text, websearch_to_tsquery(''english'', ($2).words), $5), 1000)'
      else '''''' end,
    case when common then 'order by created_at desc, incident_id desc limit $7' end,
    case when common then 'least(count(*), $8), count(*) > $8' else 'count(*), $8 < 0' end
  ) using tenant, f, p_limit, newest_wanted,
    format('StartSel=%s, StopSel=%s, MaxFragments=2, FragmentDelimiter=" … "', chr(57344), chr(57345)), known,
    case when known is null then p_counted + 1 else newest_wanted end, p_counted;
end
$$;

-- The given reports of a domain, in no order.
create function reports.index_verify(p_domain text, p_ids text[]) returns setof reports.index_entry
language sql stable security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select r.incident_id, r.report_id, r.domain_id, r.status, r.source, r.created_by, r.created_at, r.summary, r.ingestion_data,
    r.management_data, r.place[0], r.place[1], 0::real, '', null::bigint, false
  from reports.report_index as r
  where r.tenant_id = current_setting('app.tenant')::uuid and not r.deleted
    and r.domain_id = p_domain and r.incident_id = any (p_ids);
end;

revoke execute on all functions in schema reports from public;
grant execute on function
  reports.index_total(jsonb),
  reports.index_list(jsonb, integer, integer),
  reports.index_search(jsonb, integer, boolean, integer),
  reports.index_verify(text, text[])
to reports_app;

reset role;
