-- How far the export of events has come, and which replica exports: one row, made by the first that does.

create table orchestrator.event_export (
  -- Always true: there is one export.
  id boolean not null default true,
  holder uuid,
  held_until timestamptz not null default '-infinity',
  -- Everything that this view of the database shows has been told: its snapshot, and when it was taken.
  seen text not null,
  seen_at timestamptz not null,
  -- Health of services as it was told last, as JSON.
  services text not null default '{}',
  published bigint not null default 0,
  -- Of those, events that went to the topic of what could not be delivered.
  refused bigint not null default 0,
  published_at timestamptz,
  -- Why nothing is published now, as a sentence, and since when; empty and null while all is well.
  problem text not null default '',
  failing_since timestamptz,
  constraint event_export_pkey primary key (id),
  constraint event_export_one check (id)
);
grant select on orchestrator.event_export to orchestrator_app;
grant select, insert, update on orchestrator.event_export to orchestrator_engine;

-- The export reads entries of all tenants.
create policy orchestration_logs_export on orchestrator.orchestration_logs for select to orchestrator_engine using (true);
grant select on orchestrator.orchestration_logs to orchestrator_engine;
