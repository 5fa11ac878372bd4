-- Rows of the index in bulk, tombstones that go again, and the text that snippets are cut from.

set local role reports_owner;

alter table reports.report_index
  add column search_text text not null default '',
  add column deleted_at timestamptz;

comment on column reports.report_index.search_text is 'what words can be found in; empty for rows from before this column';
comment on column reports.report_index.deleted_at is 'when the tombstone was written, by the clock of the database';

-- With all that a search in an area asks for, so that it need not look at rows, least at those of others in the same place.
drop index reports.report_index_place;
create index report_index_place on reports.report_index
  using gist (place) include (tenant_id, domain_id, created_at, incident_id) where not deleted;
create index report_index_domain_event on reports.report_index (tenant_id, domain_id, event_at)
  where not deleted and event_at is not null;
create index report_index_management_data on reports.report_index
  using gin (management_data jsonb_path_ops) where not deleted;
create index report_index_tombstones on reports.report_index (deleted_at) where deleted;

-- Takes over each row that is newer than the one held; with p_again, also one of the same version, which a rebuilt projection may say
-- differently. p_rows is a list of rows, each id at most once. They are taken in the order of their ids, so that two calls never wait
-- for each other crosswise.
create function reports.index_upsert_many(p_rows jsonb, p_again boolean) returns void
language sql security definer
set search_path = pg_catalog, pg_temp
begin atomic
  insert into reports.report_index as held (
    tenant_id, incident_id, report_id, domain_id, status, source, created_by, created_at, event_at, summary,
    ingestion_data, management_data, place, words, search_text, version, deleted
  )
  select
    current_setting('app.tenant')::uuid, r.incident_id, r.report_id, r.domain_id, r.status, r.source, r.created_by,
    r.created_at, r.event_at, r.summary, r.ingestion_data, r.management_data, r.place,
    to_tsvector('english', r.search_text), r.search_text, r.version, false
  from jsonb_populate_recordset(null::reports.report_index, p_rows) as r
  order by r.incident_id
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
    search_text = excluded.search_text,
    version = excluded.version,
    deleted = false,
    deleted_at = null
  where held.version < excluded.version or (p_again and held.version = excluded.version and not held.deleted);
end;

-- One row, as replicas of the release before this migration write it.
create or replace function reports.index_upsert(p_row jsonb, p_text text) returns void
language sql security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select reports.index_upsert_many(jsonb_build_array(p_row || jsonb_build_object('search_text', p_text)), false);
end;

-- Puts a tombstone without content in the place of the report, unless the index holds its version or a newer one. Writes of older
-- versions that come later change nothing.
create function reports.index_remove(p_incident_id text, p_version bigint) returns void
language sql security definer
set search_path = pg_catalog, pg_temp
begin atomic
  insert into reports.report_index as held (
    tenant_id, incident_id, report_id, domain_id, status, source, created_by, created_at, summary,
    ingestion_data, management_data, words, version, deleted, deleted_at
  )
  values (
    current_setting('app.tenant')::uuid, p_incident_id, right(p_incident_id, 32)::uuid, '', '', '', '', now(), '',
    '{}', '{}', '', p_version, true, now()
  )
  on conflict (tenant_id, incident_id) do update set
    domain_id = '',
    status = '',
    source = '',
    created_by = '',
    event_at = null,
    summary = '',
    ingestion_data = '{}',
    management_data = '{}',
    place = null,
    words = '',
    search_text = '',
    version = excluded.version,
    deleted = true,
    deleted_at = excluded.deleted_at
  where held.version < excluded.version;
end;

-- Reports of the tenant by id, tombstones left out: what a comparison with the documents walks over.
create function reports.index_ids(p_after text, p_limit integer) returns table (incident_id text, version bigint)
language sql stable security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select r.incident_id, r.version
  from reports.report_index as r
  where r.tenant_id = current_setting('app.tenant')::uuid and r.incident_id > p_after and not r.deleted
  order by r.incident_id
  limit p_limit;
end;

-- Maintenance for all tenants, which tells nothing but a number: removes tombstones written before a time, the oldest first.
create function reports.index_forget_tombstones(p_before timestamptz, p_limit integer) returns bigint
language sql security definer
set search_path = pg_catalog, pg_temp
begin atomic
  with gone as (
    delete from reports.report_index
    where (tenant_id, incident_id) in (
      select tenant_id, incident_id from reports.report_index
      where deleted and deleted_at < p_before
      order by deleted_at
      limit p_limit
    )
    returning 1
  )
  select count(*) from gone;
end;

revoke execute on all functions in schema reports from public;
grant execute on function
  reports.index_upsert_many(jsonb, boolean),
  reports.index_remove(text, bigint),
  reports.index_ids(text, integer),
  reports.index_forget_tombstones(timestamptz, integer)
to reports_app;

reset role;
