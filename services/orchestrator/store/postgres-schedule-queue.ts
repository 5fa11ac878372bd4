// Schedules of all tenants on PostgreSQL, under the role of the engine. Replicas that look at the same moment pass over what another holds; the
// row of a firing settles who of those that come one after the other has started it.
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import { notStartedBecause } from '../core/work/workflow.ts';
import { noteEnded, startWorkflow } from './start-workflow.ts';
import { type HeldRow, type HeldWorkflow, heldColumns, heldWorkflowOf } from './workflow-row.ts';
import type { DueWorkflow, Fired, Firing, ScheduleQueue, WorkflowKey } from './workflow-store.ts';

const selectDue = `select tenant_id, id from orchestrator.workflows
  where next_fire_at <= (select clock_timestamp()) and not (id = any($2::uuid[])) order by next_fire_at limit $1`;

const holdDue = `select ${heldColumns} from orchestrator.workflows w
  where w.tenant_id = $1 and w.id = $2 and w.next_fire_at <= (select clock_timestamp()) for no key update of w skip locked`;

const insertFiring = `insert into orchestrator.workflow_firings (tenant_id, workflow_id, fire_at) values ($1, $2, $3)
  on conflict on constraint workflow_firings_pkey do nothing`;

const setFiring = `update orchestrator.workflow_firings set execution_id = $4 where tenant_id = $1 and workflow_id = $2 and fire_at = $3`;

// A schedule goes forward only: firings of long ago settle nothing any more.
const forgetFirings = `delete from orchestrator.workflow_firings
  where tenant_id = $1 and workflow_id = $2 and fire_at < $3::timestamptz - interval '7 days'`;

const setFired = `update orchestrator.workflows set next_fire_at = $3, fired_at = $4, schedule_problem = $5, updated_at = clock_timestamp()
  where tenant_id = $1 and id = $2`;

const selectUnnoted = `select w.tenant_id, w.id from orchestrator.workflows w
  join orchestrator.executions x on x.tenant_id = w.tenant_id and x.id = w.execution_id and x.completed_at is not null
  where w.execution_id is not null and w.ended_execution_id is distinct from w.execution_id
    and ($1::uuid is null or (w.tenant_id, w.id) > ($1::uuid, $2::uuid))
  order by w.tenant_id, w.id limit $3`;

const holdAny = `select ${heldColumns} from orchestrator.workflows w where w.tenant_id = $1 and w.id = $2 for no key update of w skip locked`;

interface KeyRow {
  readonly tenant_id: string;
  readonly id: string;
}

/** The queue over a pool of the role `orchestrator_engine`. */
export function createPostgresScheduleQueue(postgres: Postgres): ScheduleQueue {
  return {
    async due(limit, without) {
      const statement = {
        name: 'orchestrator.select_due_workflows',
        text: selectDue,
        values: [limit, without],
      };
      return (await postgres.query<KeyRow>(statement)).rows.map(keyOf);
    },
    fire: (key, firingOf) =>
      postgres.tenantTransaction(key.tenantId, async (client) => {
        const held = await hold(client, key, { name: 'orchestrator.hold_due_workflow', text: holdDue });
        return held && fire(client, held, firingOf(dueOf(held)));
      }),
    async noteEnded(after, limit) {
      const values = [after?.tenantId ?? null, after?.id ?? null, limit];
      const statement = { name: 'orchestrator.select_unnoted_workflows', text: selectUnnoted, values };
      const keys = (await postgres.query<KeyRow>(statement)).rows.map(keyOf);
      for (const key of keys) await note(postgres, key);
      return keys.length < limit ? undefined : keys.at(-1);
    },
  };
}

function keyOf({ tenant_id: tenantId, id }: KeyRow): WorkflowKey {
  return { tenantId, id };
}

async function hold(
  client: SqlClient,
  { tenantId, id }: WorkflowKey,
  statement: { readonly name: string; readonly text: string },
): Promise<HeldWorkflow | undefined> {
  const [row] = (await client.query<HeldRow>({ ...statement, values: [tenantId, id] })).rows;
  return row && heldWorkflowOf(row);
}

function dueOf({ tenantId, id, schedule, principal, nextFireAtMs, heldAtMs }: HeldWorkflow): DueWorkflow {
  return { tenantId, id, schedule, principal, dueAtMs: nextFireAtMs ?? heldAtMs, nowMs: heldAtMs };
}

async function fire(client: SqlClient, workflow: HeldWorkflow, firing: Firing): Promise<Fired> {
  const { tenantId, id } = workflow;
  const fireAt = new Date(firing.fireAtMs);
  const fired = await startOnce(client, workflow, firing);
  const problem = fired.type === 'under_way' || fired.type === 'dependencies' ? notStartedBecause(fired) : '';
  const next = firing.nextFireAtMs === undefined ? null : new Date(firing.nextFireAtMs);
  const values = [tenantId, id, next, fireAt, problem];
  await client.query({ name: 'orchestrator.set_workflow_fired', text: setFired, values });
  await client.query({
    name: 'orchestrator.forget_firings',
    text: forgetFirings,
    values: [tenantId, id, fireAt],
  });
  return fired;
}

async function startOnce(
  client: SqlClient,
  workflow: HeldWorkflow,
  { fireAtMs, start }: Firing,
): Promise<Fired> {
  const firing = [workflow.tenantId, workflow.id, new Date(fireAtMs)];
  const { count } = await client.query({
    name: 'orchestrator.insert_firing',
    text: insertFiring,
    values: firing,
  });
  if (count === 0) return { type: 'fired_before' };
  const started = await startWorkflow(client, workflow, start);
  if (started.type === 'started') {
    const values = [...firing, start.executionId];
    await client.query({ name: 'orchestrator.set_firing', text: setFiring, values });
  }
  return started;
}

async function note(postgres: Postgres, key: WorkflowKey): Promise<void> {
  await postgres.tenantTransaction(key.tenantId, async (client) => {
    const held = await hold(client, key, { name: 'orchestrator.hold_workflow_to_note', text: holdAny });
    if (held) await noteEnded(client, held);
  });
}
