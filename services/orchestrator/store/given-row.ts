// Attempts as workers are told of them, from their rows and from what their workflow and their parents say.
import type { JsonObject } from '../../../foundation/json/json.ts';
import { uuidArray } from '../../../foundation/postgres/binary-array.ts';
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import { jobIdOf } from '../core/public-id.ts';
import { traceContext } from '../core/work/trace-context.ts';
import type { GivenAttempt } from './dispatch-store.ts';

/** Columns of a {@link GivenRow} of tasks `t`. */
export const givenColumns = `t.tenant_id, t.id, t.scope, t.workflow_id, t.execution_id, t.attempt, t.worker_id, t.type, t.input, t.context,
    t.depends_on, t.fails_uncertain, t.offered_at, t.assigned_at, t.lease_until, t.timeout_at`;

/** A running row as the driver answers it. */
export interface GivenRow {
  readonly tenant_id: string;
  readonly id: string;
  readonly scope: string;
  readonly workflow_id: string | null;
  readonly execution_id: string;
  readonly attempt: number;
  readonly worker_id: string;
  readonly type: string;
  readonly input: string;
  readonly context: string;
  readonly depends_on: readonly string[];
  readonly fails_uncertain: boolean;
  readonly offered_at: Date | null;
  readonly assigned_at: Date;
  readonly lease_until: Date;
  readonly timeout_at: Date;
}

const selectParents = `select t.id, p.node_id, p.result
  from unnest($1::uuid[], $2::uuid[]) as k (tenant_id, id)
  join orchestrator.tasks t on t.tenant_id = k.tenant_id and t.id = k.id
  join orchestrator.tasks p on p.tenant_id = t.tenant_id and p.execution_id = t.execution_id and p.node_id = any(t.depends_on)
  order by t.id, p.place`;

const selectEnvironments = `select t.id, w.environment, x.traceparent, x.tracestate
  from unnest($1::uuid[], $2::uuid[]) as k (tenant_id, id)
  join orchestrator.tasks t on t.tenant_id = k.tenant_id and t.id = k.id
  join orchestrator.workflows w on w.tenant_id = t.tenant_id and w.id = t.workflow_id
  left join orchestrator.executions x on x.tenant_id = t.tenant_id and x.id = t.execution_id`;

/** The attempts of the rows, in their order. Called where the rows were written. */
export async function givenOf(client: SqlClient, rows: readonly GivenRow[]): Promise<GivenAttempt[]> {
  const ofWorkflows = rows.filter(({ scope }) => scope === 'workflow');
  const told = new Map<string, Record<string, JsonObject>>();
  if (ofWorkflows.length > 0) {
    const values = [
      uuidArray(ofWorkflows.map(({ tenant_id }) => tenant_id)),
      uuidArray(ofWorkflows.map(({ id }) => id)),
    ];
    const [parents, environments] = await Promise.all([
      client.query<ParentRow>({ name: 'orchestrator.select_parents', text: selectParents, values }),
      client.query<EnvironmentRow>({
        name: 'orchestrator.select_environments',
        text: selectEnvironments,
        values,
      }),
    ]);
    for (const { id } of ofWorkflows) told.set(id, {});
    for (const { id, environment, traceparent, tracestate } of environments.rows) {
      const trace = traceparent === null ? undefined : { traceparent, tracestate };
      Object.assign(told.get(id) ?? {}, { environment: JSON.parse(environment), ...traceContext(trace) });
    }
    for (const { id, node_id, result } of parents.rows) {
      Object.assign(told.get(id) ?? {}, { [`${node_id}_output`]: JSON.parse(result ?? '{}') });
    }
  }
  return rows.map((row) => givenAttempt(row, told.get(row.id) ?? {}));
}

interface ParentRow {
  readonly id: string;
  readonly node_id: string;
  readonly result: string | null;
}

interface EnvironmentRow {
  readonly id: string;
  readonly environment: string;
  readonly traceparent: string | null;
  readonly tracestate: string | null;
}

function givenAttempt(row: GivenRow, told: JsonObject): GivenAttempt {
  const { tenant_id: tenantId, id, attempt, execution_id: executionId, workflow_id } = row;
  return {
    ...{ tenantId, id, attempt, executionId },
    workerId: row.worker_id,
    taskType: row.type,
    failsUncertain: row.fails_uncertain,
    input: JSON.parse(row.input),
    context: {
      ...JSON.parse(row.context),
      ...told,
      job_id: jobIdOf(executionId),
      task_id: id,
      ...(workflow_id === null ? {} : { workflow_id }),
    },
    assignedAtMs: row.assigned_at.getTime(),
    ...(row.offered_at ? { offeredAtMs: row.offered_at.getTime() } : {}),
    leaseUntilMs: row.lease_until.getTime(),
    timeoutAtMs: row.timeout_at.getTime(),
  };
}

/** Names of tasks as the arrays that statements take. */
export function keyArrays(keys: readonly { readonly tenantId: string; readonly id: string }[]): Buffer[] {
  return [uuidArray(keys.map(({ tenantId }) => tenantId)), uuidArray(keys.map(({ id }) => id))];
}
