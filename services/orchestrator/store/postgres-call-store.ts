// Calls of workers on PostgreSQL, under the engine's own role.
import { int4Array, uuidArray } from '../../../foundation/postgres/binary-array.ts';
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import type { CallRun, CallStore } from './call-store.ts';
import type { AttemptKey } from './dispatch-store.ts';

const selectRun = `select tenant_id, id, kind, domain_id, subject_id, principal, traceparent, tracestate
  from orchestrator.executions where tenant_id = $1 and id = $2`;

const lockWorker = `select id from orchestrator.workers where tenant_id = $1 and id = $2 for no key update`;

// Its place among those that wait is the one that it had.
const returnTask = `update orchestrator.tasks
  set status = 'pending', attempt = attempt + 1, returned = returned + 1, caller_id = null, lease_until = null, assigned_at = null,
    timeout_at = null, fetched_at = null
  where tenant_id = $1 and id = $2 and attempt = $3 and caller_id = $4 and status = 'running' and answered_at is null`;

const putInError = `update orchestrator.workers
  set status = 'error', updated_at = clock_timestamp(), retry_at = clock_timestamp() + make_interval(secs => $3)
  where tenant_id = $1 and id = $2 and is_active and not deactivated and status in ('idle', 'error')`;

const selectTakenOver = `select t.tenant_id, t.id, t.attempt
  from unnest($1::uuid[], $2::uuid[], $3::integer[]) as k (tenant_id, id, attempt)
  join orchestrator.tasks t on t.tenant_id = k.tenant_id and t.id = k.id and t.attempt = k.attempt
  where t.status = 'running' and t.answered_at is null and t.caller_id is distinct from $4`;

// A lease that is over is what every replica looks for.
const endLeases = `update orchestrator.tasks t set caller_id = null, lease_until = clock_timestamp()
  from (
    select tenant_id, id from orchestrator.tasks
    where caller_id = $1 and status = 'running' and answered_at is null and lease_until > clock_timestamp()
    order by tenant_id, id limit 10000 for update
  ) own
  where t.tenant_id = own.tenant_id and t.id = own.id`;

interface RunRow {
  readonly tenant_id: string;
  readonly id: string;
  readonly kind: CallRun['kind'];
  readonly domain_id: string;
  readonly subject_id: string;
  readonly principal: string;
  readonly traceparent: string | null;
  readonly tracestate: string | null;
}

interface AttemptRow {
  readonly tenant_id: string;
  readonly id: string;
  readonly attempt: number;
}

/** The store over a pool of the role `orchestrator_engine`. */
export function createPostgresCallStore(postgres: Postgres): CallStore {
  return {
    async run({ tenantId, id }) {
      const statement = { name: 'orchestrator.select_call_run', text: selectRun, values: [tenantId, id] };
      const [row] = (await postgres.query<RunRow>(statement)).rows;
      return row && runOf(row);
    },
    refuse: ({ tenantId, id, attempt, workerId, callerId, retryAfterMs }) =>
      postgres.systemTransaction(async (client) => {
        const worker = [tenantId, workerId];
        await client.query({ name: 'orchestrator.lock_refusing_worker', text: lockWorker, values: worker });
        const values = [...worker, retryAfterMs / 1000];
        await client.query({ name: 'orchestrator.put_worker_in_error', text: putInError, values });
        const task = [tenantId, id, attempt, callerId];
        const { count } = await client.query({
          name: 'orchestrator.return_task',
          text: returnTask,
          values: task,
        });
        return count > 0;
      }),
    async takenOver(callerId, attempts) {
      if (attempts.length === 0) return [];
      const values = [...attemptArrays(attempts), callerId];
      const statement = { name: 'orchestrator.select_taken_over', text: selectTakenOver, values };
      const { rows } = await postgres.query<AttemptRow>(statement);
      return rows.map(({ tenant_id: tenantId, id, attempt }) => ({ tenantId, id, attempt }));
    },
    async handBack(callerId) {
      const statement = { name: 'orchestrator.hand_back_calls', text: endLeases, values: [callerId] };
      await postgres.query(statement);
    },
  };
}

function attemptArrays(attempts: readonly AttemptKey[]): unknown[] {
  return [
    uuidArray(attempts.map(({ tenantId }) => tenantId)),
    uuidArray(attempts.map(({ id }) => id)),
    int4Array(attempts.map(({ attempt }) => attempt)),
  ];
}

function runOf(row: RunRow): CallRun {
  const { tenant_id: tenantId, id, kind, domain_id: domainId, subject_id: subjectId } = row;
  const { traceparent, tracestate } = row;
  return {
    ...{ tenantId, id, kind, domainId, subjectId, principal: JSON.parse(row.principal) },
    ...(traceparent === null ? {} : { trace: { traceparent, tracestate } }),
  };
}
