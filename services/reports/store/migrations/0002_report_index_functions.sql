-- The only ways to the report index. Each fixes the tenant to the setting app.tenant and fails when that is not set. Each takes a
-- filter as JSON with the fields of reports.index_filter; an absent field does not narrow.

set local role reports_owner;

create type reports.index_filter as (
  domain_id text,
  words text,
  from_at timestamptz,
  to_at timestamptz,
  status text,
  placed boolean,
  box_a box,
  box_b box,
  centre point,
  radius_km double precision,
  corners polygon,
  before_at timestamptz,
  before_id text
);

-- Great-circle distance by the haversine formula, on a sphere of the earth's mean radius.
create function reports.distance_km(a point, b point) returns double precision
language sql immutable strict parallel safe
return 2 * 6371.0088 * asin(least(1.0, sqrt(
  power(sind((b[1] - a[1]) / 2), 2) + cosd(a[1]) * cosd(b[1]) * power(sind((b[0] - a[0]) / 2), 2)
)));

-- The condition for a filter, made of fixed texts alone: $1 is the tenant, $2 the filter. Its parts are chosen by what the filter
-- holds, so that each statement is planned for the indexes that serve it.
create function reports.index_condition(f reports.index_filter) returns text
language sql stable
set search_path = pg_catalog, pg_temp
return concat_ws(' and ',
  'tenant_id = $1',
  'not deleted',
  case when f.domain_id is not null then 'domain_id = ($2).domain_id' end,
  case when numnode(websearch_to_tsquery('english', f.words)) > 0
    then 'words @@ websearch_to_tsquery(''english'', ($2).words)' end,
  case when f.from_at is not null then 'created_at >= ($2).from_at' end,
  case when f.to_at is not null then 'created_at < ($2).to_at' end,
  case when f.status is not null then 'status = ($2).status' end,
  case when f.placed then 'place is not null' end,
  case when f.box_b is not null then '(place <@ ($2).box_a or place <@ ($2).box_b)'
    when f.box_a is not null then 'place <@ ($2).box_a' end,
  case when f.centre is not null then 'reports.distance_km(place, ($2).centre) <= ($2).radius_km' end,
  case when f.corners is not null then 'place <@ ($2).corners' end,
  case when f.before_at is not null then '(created_at, incident_id) < (($2).before_at, ($2).before_id)' end
);

-- Takes the row over unless the index holds the same version or a newer one. p_text is what words can be found in.
create function reports.index_upsert(p_row jsonb, p_text text) returns void
language sql security definer
set search_path = pg_catalog, pg_temp
begin atomic
  insert into reports.report_index as held (
    tenant_id, incident_id, report_id, domain_id, status, source, created_by, created_at, event_at, summary,
    ingestion_data, management_data, place, words, version, deleted
  )
  select
    current_setting('app.tenant')::uuid, r.incident_id, r.report_id, r.domain_id, r.status, r.source, r.created_by,
    r.created_at, r.event_at, r.summary, r.ingestion_data, r.management_data, r.place,
    to_tsvector('english', p_text), r.version, coalesce(r.deleted, false)
  from jsonb_populate_record(null::reports.report_index, p_row) as r
  on conflict (tenant_id, incident_id) do update set
    domain_id = excluded.domain_id,
    status = excluded.status,
    source = excluded.source,
    created_by = excluded.created_by,
    created_at = excluded.created_at,
    event_at = excluded.event_at,
    summary = excluded.summary,
    ingestion_data = excluded.ingestion_data,
    management_data = excluded.management_data,
    place = excluded.place,
    words = excluded.words,
    version = excluded.version,
    deleted = excluded.deleted
  where held.version < excluded.version;
end;

-- How many reports match; with placed, how many of those that have a place.
create function reports.index_count(p_filter jsonb) returns bigint
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  f reports.index_filter := jsonb_populate_record(null::reports.index_filter, p_filter);
  n bigint;
begin
  execute format('select count(*) from reports.report_index where %s', reports.index_condition(f))
    into n using current_setting('app.tenant')::uuid, f;
  return n;
end
$$;

-- Reports by rank where there are words to search for, else newest first.
create function reports.index_retrieve(p_filter jsonb, p_limit integer, p_offset integer)
returns table (
  incident_id text, report_id uuid, domain_id text, status text, source text, created_by text, created_at timestamptz,
  summary text, ingestion_data jsonb, longitude double precision, latitude double precision, rank real
)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  f reports.index_filter := jsonb_populate_record(null::reports.index_filter, p_filter);
  ranked boolean := coalesce(numnode(websearch_to_tsquery('english', f.words)) > 0, false);
begin
  return query execute format(
    'select incident_id, report_id, domain_id, status, source, created_by, created_at, summary, ingestion_data,
       place[0], place[1], %s as rank
     from reports.report_index where %s
     order by %s created_at desc, incident_id desc limit $3 offset $4',
    case when ranked then 'ts_rank(words, websearch_to_tsquery(''english'', ($2).words), 1)' else '0::real' end,
    reports.index_condition(f),
    case when ranked then 'rank desc,' end
  ) using current_setting('app.tenant')::uuid, f, p_limit, p_offset;
end
$$;

-- The given reports of a domain, in no order.
create function reports.index_verify(p_domain text, p_ids text[])
returns table (
  incident_id text, report_id uuid, domain_id text, status text, source text, created_by text, created_at timestamptz,
  summary text, ingestion_data jsonb, longitude double precision, latitude double precision, rank real
)
language sql stable security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select r.incident_id, r.report_id, r.domain_id, r.status, r.source, r.created_by, r.created_at,
    r.summary, r.ingestion_data, r.place[0], r.place[1], 0::real
  from reports.report_index as r
  where r.tenant_id = current_setting('app.tenant')::uuid and not r.deleted
    and r.domain_id = p_domain and r.incident_id = any (p_ids);
end;

-- Counts by a column (a path of one name) or by the scalars at a path of a document, a list counting once for each element. Largest
-- groups first; total is the sum over all groups.
create function reports.index_aggregate(p_filter jsonb, p_path text[], p_limit integer)
returns table (key text, count bigint, total bigint)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  f reports.index_filter := jsonb_populate_record(null::reports.index_filter, p_filter);
  grouped text;
begin
  if cardinality(p_path) = 1 then
    grouped := format('select %s as key from reports.report_index where %s',
      case p_path[1] when 'status' then 'status' when 'source' then 'source' when 'created_by' then 'created_by' end,
      reports.index_condition(f));
  else
    grouped := format(
      'select element #>> ''{}'' as key from (
         select jsonb_array_elements(
           case jsonb_typeof(%1$s #> $3) when ''array'' then %1$s #> $3 else jsonb_build_array(%1$s #> $3) end
         ) as element
         from reports.report_index where %2$s
       ) as elements
       where jsonb_typeof(element) in (''string'', ''number'', ''boolean'')',
      case p_path[1] when 'ingestion_data' then 'ingestion_data' when 'management_data' then 'management_data' end,
      reports.index_condition(f));
  end if;
  return query execute format(
    'select key, n, (sum(n) over ())::bigint from (select key, count(*) as n from (%s) as keys group by key) as groups
     order by n desc, key collate "C" limit $4', grouped
  ) using current_setting('app.tenant')::uuid, f, p_path[2:], p_limit;
end
$$;

-- Counts in equal spans of the calendar of a time zone, in order. total is the sum over all spans.
create function reports.index_time_series(
  p_filter jsonb, p_bucket text, p_time_zone text, p_by_event_time boolean, p_limit integer
)
returns table (start timestamptz, count bigint, total bigint)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  f reports.index_filter := jsonb_populate_record(null::reports.index_filter, p_filter);
  moment text := case when p_by_event_time then 'event_at' else 'created_at' end;
begin
  return query execute format(
    'select span, n, (sum(n) over ())::bigint from (
       select date_trunc($3, %1$s, $4) as span, count(*) as n from reports.report_index
       where %2$s and %1$s is not null group by span
     ) as spans order by span limit $5', moment, reports.index_condition(f)
  ) using current_setting('app.tenant')::uuid, f, p_bucket, p_time_zone, p_limit;
end
$$;

-- Where reports are, newest first.
create function reports.index_points(p_filter jsonb, p_limit integer)
returns table (
  incident_id text, longitude double precision, latitude double precision, status text, location_text text
)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  f reports.index_filter := jsonb_populate_record(null::reports.index_filter, p_filter);
begin
  return query execute format(
    'select incident_id, place[0], place[1], status, coalesce(ingestion_data ->> ''location_text'', '''')
     from reports.report_index where %s
     order by created_at desc, incident_id desc limit $3', reports.index_condition(f)
  ) using current_setting('app.tenant')::uuid, f, p_limit;
end
$$;

revoke execute on all functions in schema reports from public;
grant execute on function
  reports.index_upsert(jsonb, text),
  reports.index_count(jsonb),
  reports.index_retrieve(jsonb, integer, integer),
  reports.index_verify(text, text[]),
  reports.index_aggregate(jsonb, text[], integer),
  reports.index_time_series(jsonb, text, text, boolean, integer),
  reports.index_points(jsonb, integer)
to reports_app;

reset role;
