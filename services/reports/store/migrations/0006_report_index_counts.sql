-- Counts by value and by cell of a map, and lists of places.

set local role reports_owner;

-- The value that a path of keys leads to, as an expression over a row: path_at is the number of the parameter with the path's names.
create function reports.path_expression(p_path text[], p_parameter integer) returns text
language sql immutable
set search_path = pg_catalog, pg_temp
return case p_path[1] when 'ingestion_data' then 'ingestion_data' when 'management_data' then 'management_data' end
  || (select string_agg(format(' -> $%s[%s]', p_parameter, step), '' order by step)
      from generate_series(2, cardinality(p_path)) as step);

-- Counts by a column (a path of one name) or by the scalars at a path of a document, a list counting once for each element. Largest
-- groups first; total is the sum over all groups. p_measure (avg, sum, min, max) measures the numbers at another path.
create function reports.index_aggregate(
  p_filter jsonb, p_path text[], p_limit integer, p_measure text, p_measured text[]
)
returns table (key text, count bigint, total bigint, value numeric)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
set jit = off
set max_parallel_workers_per_gather = 0
set random_page_cost = 1.1
as $$
declare
  tenant uuid := current_setting('app.tenant')::uuid;
  f reports.index_filter := reports.index_filter_of(p_filter);
  path text := array_to_string(p_path, '.');
  keys text;
  number text := 'null::numeric';
  measured text := 'null::numeric';
begin
  if p_measure is not null then
    number := reports.path_expression(p_measured, 4);
    number := format('case jsonb_typeof(%1$s) when ''number'' then (%1$s)::numeric end', number);
    measured := case p_measure when 'avg' then 'avg(number)' when 'sum' then 'sum(number)'
      when 'min' then 'min(number)' when 'max' then 'max(number)' end;
  end if;
  if p_measure is null and f.status is null and reports.is_plain(f) and reports.facet_is_counted(f.domain_id, path) then
    return query
      select g.key, g.n, (sum(g.n) over ())::bigint, null::numeric
      from reports.facet_groups(f.domain_id, path) as g
      order by g.n desc, g.key collate "C"
      limit p_limit;
    return;
  elsif cardinality(p_path) = 1 then
    keys := format('select %s as key, %s as number from reports.report_index where %s',
      case p_path[1] when 'status' then 'status' when 'source' then 'source' when 'created_by' then 'created_by' end,
      number, reports.index_condition(f));
  else
    keys := format(
      'select coalesce(element, found) #>> ''{}'' as key, number
       from (select %s as found, %s as number from reports.report_index where %s offset 0) as rows
       left join lateral jsonb_array_elements(case jsonb_typeof(found) when ''array'' then found end) as element on true
       where jsonb_typeof(coalesce(element, found)) in (''string'', ''number'', ''boolean'')',
      reports.path_expression(p_path, 3), number, reports.index_condition(f));
  end if;
  return query execute format(
    'select key, n, (sum(n) over ())::bigint, value
     from (select key, count(*) as n, %s as value from (%s) as keys group by key) as groups
     order by n desc, key collate "C" limit $5', measured, keys
  ) using tenant, f, p_path, p_measured, p_limit;
end
$$;

-- Where reports are, newest first.
create function reports.index_points(p_filter jsonb, p_limit integer)
returns table (
  incident_id text, created_at timestamptz, longitude double precision, latitude double precision, status text,
  location_text text
)
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
    'select incident_id, created_at, place[0], place[1], status,
       case jsonb_typeof(ingestion_data -> ''location_text'')
         when ''string'' then ingestion_data ->> ''location_text'' else '''' end
     from reports.report_index where %s
     order by created_at desc, incident_id desc limit $3', reports.index_condition(f)
  ) using current_setting('app.tenant')::uuid, f, p_limit;
end
$$;

-- Counts by cell of a web mercator map that is 2^p_depth cells wide and high, largest first, with the mean place of each. Cells begin at
-- the antimeridian, so none crosses it. total is the sum over all cells.
create function reports.index_clusters(p_filter jsonb, p_depth integer, p_limit integer)
returns table (longitude double precision, latitude double precision, count bigint, total bigint)
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
    'select east, north, n, (sum(n) over ())::bigint from (
       select column_at, row_at, avg(east) as east, avg(north) as north, count(*) as n
       from (
         select east, north,
           floor((east + 180) / 360 * $3) as column_at,
           least($3 - 1, greatest(0, floor((1 - asinh(tand(greatest(-89, least(89, north)))) / pi()) / 2 * $3))) as row_at
         from (
           select case when place[0] = 180 then -180 else place[0] end as east, place[1] as north
           from reports.report_index where %s offset 0
         ) as places
       ) as cells
       group by column_at, row_at
     ) as clusters
     order by n desc, row_at, column_at limit $4', reports.index_condition(f)
  ) using current_setting('app.tenant')::uuid, f, power(2, p_depth), p_limit;
end
$$;

revoke execute on all functions in schema reports from public;
grant execute on function
  reports.index_aggregate(jsonb, text[], integer, text, text[]),
  reports.index_points(jsonb, integer),
  reports.index_clusters(jsonb, integer, integer)
to reports_app;

reset role;
