-- Tasks of agents whose setting `on_uncertain` is `fail`: an attempt that a worker may have made, and of which nobody knows what came, is not
-- repeated.

alter table orchestrator.tasks add column fails_uncertain boolean not null default false;
