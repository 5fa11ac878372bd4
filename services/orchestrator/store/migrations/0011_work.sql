-- Workers, the tasks that they are given, workflows, and what checks of services found. The rows of tasks are the truth of who has what; the
-- journal of its execution is the truth of what came of it. Whoever changes a worker holds its row first, then its tasks in the order of their
-- ids. Rows of tasks are changed by appends too, which hold no worker.

create table orchestrator.workers (
  tenant_id uuid not null,
  id uuid not null,
  type text not null,
  name text not null,
  protocol text not null,
  -- Empty for workers that are never called.
  endpoint text not null default '',
  capabilities text[] not null,
  version text not null default '',
  -- As JSON.
  metadata text not null default '{}',
  health_check_interval_s integer not null,
  max_concurrent_tasks integer not null,
  -- `busy` is no status of its own: an idle worker that has tasks.
  status text not null default 'idle',
  is_active boolean not null default true,
  -- Somebody took it out of use: no sign of life makes it idle.
  deactivated boolean not null default false,
  last_seen timestamptz not null default clock_timestamp(),
  -- When its health was last asked for; null for never.
  checked_at timestamptz,
  -- While it is in error: from when its circuit breaker may be tried; null where nobody said.
  retry_at timestamptz,
  tasks_succeeded bigint not null default 0,
  tasks_failed bigint not null default 0,
  -- Of both, those that it answered, and the milliseconds that they took.
  tasks_answered bigint not null default 0,
  total_ms double precision not null default 0,
  -- Figures that it told of itself, as JSON.
  reported text not null default '{}',
  created_by uuid not null,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint workers_pkey primary key (tenant_id, id),
  constraint workers_type check (type in ('detector', 'analyzer', 'classifier', 'tracker', 'notifier', 'coordinator', 'custom')),
  constraint workers_protocol check (protocol in ('http', 'connect', 'grpc', 'pull')),
  constraint workers_endpoint check (endpoint <> '' or protocol = 'pull'),
  constraint workers_status check (status in ('idle', 'offline', 'error')),
  constraint workers_out_of_use check (status = 'offline' or (is_active and not deactivated)),
  constraint workers_interval check (health_check_interval_s between 10 and 3600),
  constraint workers_places check (max_concurrent_tasks between 1 and 100)
) with (fillfactor = 70);
-- An endpoint may be longer than an index holds.
create unique index workers_name on orchestrator.workers (tenant_id, name, hashtextextended(endpoint, 0));
create index workers_newest on orchestrator.workers (tenant_id, created_at desc, id desc);
-- Who may have fallen silent.
create index workers_last_seen on orchestrator.workers (last_seen) where is_active and status <> 'offline';
-- Who may be tried again, and who is asked whether it is back.
create index workers_in_error on orchestrator.workers (retry_at) where status = 'error';
create index workers_gone on orchestrator.workers (checked_at)
  where status = 'offline' and is_active and not deactivated and protocol <> 'pull';

create table orchestrator.workflows (
  tenant_id uuid not null,
  id uuid not null,
  name text not null,
  description text not null,
  user_id text not null,
  -- Its tasks as they were described, as JSON.
  tasks text not null,
  task_count integer not null,
  plan_hash text not null,
  plan text not null,
  environment text not null default '{}',
  metadata text not null default '{}',
  dependencies uuid[] not null default '{}',
  priority smallint not null,
  estimated_s double precision not null,
  schedule text not null default '',
  -- When the schedule fires next; null without one or once it was cancelled.
  next_fire_at timestamptz,
  fired_at timestamptz,
  schedule_problem text not null default '',
  -- The newest execution; null before the first.
  execution_id uuid,
  -- The newest execution that has ended and what its row says: noted before the row is forgotten, and at the latest when the next one begins.
  ended_execution_id uuid,
  ended_status text not null default '',
  ended_started_at timestamptz,
  ended_completed_at timestamptz,
  -- It was cancelled before its first execution.
  was_cancelled boolean not null default false,
  created_by uuid not null,
  -- In whose name the schedule starts executions, as JSON.
  principal text not null,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint workflows_pkey primary key (tenant_id, id),
  constraint workflows_task_count check (task_count between 1 and 100)
);
create index workflows_newest on orchestrator.workflows (tenant_id, created_at desc, id desc);
create index workflows_due on orchestrator.workflows (next_fire_at) where next_fire_at is not null;
-- Those whose newest execution is under way, or has ended and is yet to be noted.
create index workflows_unnoted on orchestrator.workflows (tenant_id, id)
  where execution_id is not null and ended_execution_id is distinct from execution_id;

-- A firing starts one execution, whoever sees it first and however often.
create table orchestrator.workflow_firings (
  tenant_id uuid not null,
  workflow_id uuid not null,
  fire_at timestamptz not null,
  execution_id uuid,
  constraint workflow_firings_pkey primary key (tenant_id, workflow_id, fire_at),
  constraint workflow_firings_workflow_fkey foreign key (tenant_id, workflow_id)
    references orchestrator.workflows (tenant_id, id) on delete cascade
);

create table orchestrator.tasks (
  tenant_id uuid not null,
  id uuid not null,
  -- `task` for a lone one, `workflow`, or `playbook` for an agent that runs on workers: the last are shown in no list.
  scope text not null,
  workflow_id uuid,
  -- Null until its workflow is executed.
  execution_id uuid,
  -- Its key in the plan of the execution.
  node_id text not null,
  -- Tasks of one execution of a workflow follow one another as they were described.
  place integer not null default 0,
  type text not null,
  name text not null,
  description text not null default '',
  -- What the worker is given, as JSON.
  input text not null default '{}',
  -- What agents of playbooks are told besides, as JSON.
  context text not null default '{}',
  priority smallint not null,
  required_capabilities text[] not null default '{}',
  tags text[] not null default '{}',
  depends_on text[] not null default '{}',
  attempt_timeout_ms bigint not null,
  total_timeout_ms bigint not null,
  max_retries integer not null,
  status text not null,
  -- Whether it is given to workers without being assigned by hand.
  dispatched boolean not null default false,
  -- Its run is paused: nobody is given it.
  held boolean not null default false,
  -- Number of the last attempt, or of the one that is offered; every time that a worker is given it is an attempt.
  attempt integer not null default 0,
  -- Of those, the ones that were taken back from a worker: they use up no retry.
  returned integer not null default 0,
  -- Who has it, or had it last.
  worker_id uuid,
  -- The only worker that may be given it: it was assigned by hand.
  kept_worker_id uuid,
  -- Until when the worker is trusted to work on it.
  lease_until timestamptz,
  -- The replica that calls the worker, for workers that are called; until `lease_until`.
  caller_id uuid,
  -- When the present attempt was answered, or given up; the run has yet to decide what follows.
  answered_at timestamptz,
  -- SHA-256 of the answer, so that the same one again is known.
  answer_hash bytea,
  offered_at timestamptz,
  -- Of the present attempt.
  assigned_at timestamptz,
  -- When the worker, or who calls it, took the present attempt up; null for one that was assigned by hand until its worker asks.
  fetched_at timestamptz,
  started_at timestamptz,
  -- When the present attempt is up, and when all of its time is.
  timeout_at timestamptz,
  deadline_at timestamptz,
  retry_at timestamptz,
  completed_at timestamptz,
  -- As JSON.
  result text,
  error_code text not null default '',
  error_message text not null default '',
  created_by uuid not null,
  created_at timestamptz not null default clock_timestamp(),
  constraint tasks_pkey primary key (tenant_id, id),
  constraint tasks_scope check (scope in ('task', 'workflow', 'playbook')),
  constraint tasks_status check (status in
    ('waiting', 'pending', 'running', 'retrying', 'completed', 'failed', 'cancelled', 'skipped')),
  constraint tasks_priority check (priority between 1 and 5),
  constraint tasks_ended check ((completed_at is not null) = (status in ('completed', 'failed', 'cancelled', 'skipped'))),
  constraint tasks_running check (status <> 'running' or (worker_id is not null and lease_until is not null and attempt > 0))
) with (fillfactor = 70);
create unique index tasks_node on orchestrator.tasks (tenant_id, execution_id, node_id) where execution_id is not null;
-- What could be given out, the oldest of each priority first.
create index tasks_offered on orchestrator.tasks (tenant_id, priority, offered_at, id) where status = 'pending' and dispatched and not held;
-- What workers have.
create index tasks_held on orchestrator.tasks (tenant_id, worker_id) where status = 'running' and answered_at is null;
-- What waits for one worker alone.
create index tasks_kept on orchestrator.tasks (tenant_id, kept_worker_id) where kept_worker_id is not null and completed_at is null;
-- What was assigned by hand and has not been asked for yet.
create index tasks_unfetched on orchestrator.tasks (tenant_id, worker_id)
  where status = 'running' and answered_at is null and fetched_at is null;
create index tasks_leased on orchestrator.tasks (lease_until) where status = 'running' and answered_at is null;
create index tasks_timed on orchestrator.tasks (timeout_at) where status = 'running' and answered_at is null;
create index tasks_deadline on orchestrator.tasks (deadline_at)
  where status in ('pending', 'retrying') and deadline_at is not null and answered_at is null;
create index tasks_answered on orchestrator.tasks (answered_at) where answered_at is not null and completed_at is null;
create index tasks_newest on orchestrator.tasks (tenant_id, priority desc, created_at desc, id desc) where scope <> 'playbook';
create index tasks_of_worker on orchestrator.tasks (tenant_id, worker_id, created_at desc) where worker_id is not null;
create index tasks_of_workflow on orchestrator.tasks (tenant_id, workflow_id, created_at desc) where workflow_id is not null;
create index tasks_ended_at on orchestrator.tasks (completed_at) where completed_at is not null;

-- What checks of services found: of the platform, so of no tenant.
create table orchestrator.service_health (
  service text not null,
  status text not null default 'unknown',
  checked_at timestamptz,
  response_ms double precision not null default 0,
  detail text not null default '',
  updated_at timestamptz not null default clock_timestamp(),
  constraint service_health_pkey primary key (service),
  constraint service_health_status check (status in ('healthy', 'unhealthy', 'unknown'))
);

do $$
declare
  name text;
begin
  foreach name in array array['workers', 'workflows', 'workflow_firings', 'tasks'] loop
    execute format('alter table orchestrator.%I enable row level security', name);
    execute format('alter table orchestrator.%I force row level security', name);
    execute format('create policy %I on orchestrator.%I to orchestrator_app
      using (tenant_id = nullif(current_setting(''app.tenant'', true), '''')::uuid)', name || '_tenant', name);
    execute format('create policy %I on orchestrator.%I to orchestrator_engine using (true)', name || '_engine', name);
  end loop;
end
$$;

-- A lone task is recorded with the beginning of its journal: it needs no replica until there is an answer. Nobody owns it, so that no append
-- of another can be under way.
-- It stays when the tables above are dropped and made again.
drop policy if exists execution_events_beginning on orchestrator.execution_events;
create policy execution_events_beginning on orchestrator.execution_events as restrictive for insert to orchestrator_app
  with check (seq = 1);
grant insert on orchestrator.execution_events to orchestrator_app;
grant select, insert, update on orchestrator.workers, orchestrator.workflows, orchestrator.tasks to orchestrator_app;
grant select, insert on orchestrator.workflow_firings to orchestrator_app;
grant select, insert, update, delete on orchestrator.workers, orchestrator.workflows, orchestrator.workflow_firings, orchestrator.tasks
  to orchestrator_engine;
grant insert on orchestrator.commands to orchestrator_engine;
-- What a schedule starts leaves its entry like what a person starts.
drop policy if exists orchestration_logs_engine on orchestrator.orchestration_logs;
create policy orchestration_logs_engine on orchestrator.orchestration_logs for insert to orchestrator_engine
  with check (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
grant insert on orchestrator.orchestration_logs to orchestrator_engine;
grant select on orchestrator.service_health to orchestrator_app;
grant select, insert, update on orchestrator.service_health to orchestrator_engine;
