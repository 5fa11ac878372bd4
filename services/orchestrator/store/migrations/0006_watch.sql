-- Lets watchers of a person or a session find what runs have done since they looked last, however many runs the person has: those that have
-- ended since, those that somebody owns, and those that were parked since.

alter table orchestrator.executions add column parked_at timestamptz;

create function orchestrator.note_parked() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  new.parked_at := clock_timestamp();
  return new;
end
$$;
revoke all on function orchestrator.note_parked() from public;
create trigger executions_note_parked before update of owner_id on orchestrator.executions for each row
  when (old.owner_id is not null and new.owner_id is null and new.completed_at is null)
  execute function orchestrator.note_parked();

create index executions_ended_of on orchestrator.executions (tenant_id, created_by, completed_at) where completed_at is not null;
create index executions_owned_of on orchestrator.executions (tenant_id, created_by, id)
  where completed_at is null and owner_id is not null;
create index executions_parked_of on orchestrator.executions (tenant_id, created_by, parked_at)
  where completed_at is null and owner_id is null;

-- Whether a view of the database shows what a transaction wrote: whose number, as rows bear it, lacks its high half. One statement sees all
-- numbers below `next`, and none of them is older than half of them. It is one expression, which is put in the place of each call: calling it
-- would take longer than reading the row.
create function orchestrator.is_shown(writer xid, next bigint, oldest bigint, below bigint, pending bigint[]) returns boolean
language sql immutable as $$
  select next - mod(next - writer::text::bigint, 4294967296) < oldest
    or (next - mod(next - writer::text::bigint, 4294967296) < below
      and next - mod(next - writer::text::bigint, 4294967296) <> all (pending))
$$;
revoke all on function orchestrator.is_shown(xid, bigint, bigint, bigint, bigint[]) from public;
grant execute on function orchestrator.is_shown(xid, bigint, bigint, bigint, bigint[]) to orchestrator_engine;
