-- Counts in spans of the calendar of a time zone.

set local role reports_owner;

-- Nothing but the moments: counting them all reads half of what the index of lists is.
create index report_index_domain_moment on reports.report_index (tenant_id, domain_id, created_at) where not deleted;

-- When the span of a moment begins. A day, week or month begins with the first moment of its first day, also where midnight is passed
-- over or comes twice; an hour begins where the clock shows a full hour, so that it is longer or shorter where the clock is set by less.
create function reports.span_start(p_moment timestamptz, p_bucket text, p_zone text) returns timestamptz
language sql stable
return case p_bucket
  when 'hour' then date_trunc('hour', date_trunc('hour', p_moment, p_zone), p_zone)
  else date_trunc(p_bucket, p_moment, p_zone) - case
    when (date_trunc(p_bucket, p_moment, p_zone) - interval '1 hour') at time zone p_zone
      = date_trunc(p_bucket, p_moment, p_zone) at time zone p_zone
    then interval '1 hour' else interval '0' end
end;

-- The beginnings, in order, of all spans from that of the first moment to that of the last; null where they are more than p_limit.
create function reports.span_starts(
  p_first timestamptz, p_last timestamptz, p_bucket text, p_zone text, p_limit integer
)
returns timestamptz[]
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  step interval := case p_bucket when 'hour' then '1 hour' when 'day' then '24 hours' when 'week' then '168 hours'
    when 'month' then '672 hours' end;
  middle interval := case p_bucket when 'hour' then '0' else step / 2 end;
begin
  if extract(epoch from p_last - p_first) / extract(epoch from step) > p_limit then
    return null;
  end if;
  -- A moment in the middle of each span finds it, whatever the clock was set by in between. Months are shorter than their longest, so
  -- that some are found twice.
  return array(
    select distinct reports.span_start(moment, p_bucket, p_zone) as start
    from (
      select reports.span_start(p_first, p_bucket, p_zone) + middle + n * step as moment
      from generate_series(0, ceil(extract(epoch from p_last - p_first) / extract(epoch from step))::integer) as n
      union all
      select p_first
      union all
      select p_last
    ) as moments
    where moment between p_first and p_last
    order by start
  );
end
$$;

-- Counts in spans, in order. total is the sum over all spans.
create function reports.index_time_series(
  p_filter jsonb, p_bucket text, p_time_zone text, p_by_event_time boolean, p_limit integer
)
returns table (start timestamptz, count bigint, total bigint)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
set jit = off
set max_parallel_workers_per_gather = 0
set random_page_cost = 1.1
as $$
declare
  tenant uuid := current_setting('app.tenant')::uuid;
  f reports.index_filter := reports.index_filter_of(p_filter);
  moment text := case when p_by_event_time then 'event_at' else 'created_at' end;
  condition text := reports.index_condition(f) || ' and ' || moment || ' is not null';
  first_moment timestamptz;
  last_moment timestamptz;
  starts timestamptz[];
  is_even boolean;
  counted text;
begin
  if reports.is_plain(f) and f.status is null then
    execute format('select min(%1$s), max(%1$s) from reports.report_index where %2$s', moment, condition)
      into first_moment, last_moment using tenant, f;
    starts := reports.span_starts(first_moment, last_moment, p_bucket, p_time_zone, p_limit);
    is_even := p_bucket = 'hour' and not exists (
      select from (select s - lag(s) over (order by s) as length from unnest(starts) as s) as spans
      where length <> interval '1 hour'
    );
  end if;
  counted := case
    -- Hours have the same length but where a clock is set by less.
    when is_even and starts is not null then format(
      'select date_bin(''1 hour'', %2$s, ($3)[1]) as span, count(*) as n from reports.report_index where %1$s group by span',
      condition, moment)
    when starts is not null
    -- Between two beginnings lies one stretch of the index whose order is asked for.
    then format('select span, n from (
         select span, lead(span, 1, ''infinity'') over (order by span) as next from unnest($3) as span
       ) as spans cross join lateral (
         select count(*) as n from (
           select from reports.report_index where %1$s and %2$s >= span and %2$s < next order by %2$s offset 0
         ) as ordered
       ) as inside where n > 0', condition, moment,
      moment)
    else format('with moments as materialized (
         select %2$s as moment from reports.report_index where %1$s
       ), edges as materialized (
         select reports.span_starts(min(moment), max(moment), $4, $5, $6) as starts from moments
       )
       select case when starts is null then reports.span_start(moment, $4, $5)
         else starts[width_bucket(moment, starts)] end as span, count(*) as n
       from moments cross join edges group by span', condition, moment) end;
  return query execute format(
    'with counted as materialized (%s) select span, n, (sum(n) over ())::bigint from counted order by span limit $6', counted
  ) using tenant, f, starts, p_bucket, p_time_zone, p_limit;
end
$$;

revoke execute on all functions in schema reports from public;
grant execute on function reports.index_time_series(jsonb, text, text, boolean, integer) to reports_app;

reset role;
