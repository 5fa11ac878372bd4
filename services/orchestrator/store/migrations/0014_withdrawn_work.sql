-- Tasks of runs that have failed meanwhile: nobody is given them any more, and they are held for good.

alter table orchestrator.tasks add column withdrawn boolean not null default false;

-- What came back from its worker when nobody was to have it any more.
create index tasks_withdrawn on orchestrator.tasks (offered_at) where status = 'pending' and withdrawn and answered_at is null;
