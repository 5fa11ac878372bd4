// Dispatch on PostgreSQL for the engine: tasks and workers of all tenants, found in small batches by their indexes. What others hold at the moment
// is left for the next round.
import { int4Array } from '../../../foundation/postgres/binary-array.ts';
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import { assignTask } from './assign-task.ts';
import type {
  AttemptKey,
  CalledAttempt,
  CalledWorker,
  Caller,
  DispatchQueue,
  LapsedAttempt,
  OfferedCandidate,
} from './dispatch-store.ts';
import { endAttempt } from './end-attempt.ts';
import { giveUpLapsed, giveUpWorker, remindRuns } from './give-up-attempts.ts';
import { type GivenRow, givenColumns, givenOf, keyArrays } from './given-row.ts';
import { selectOffered } from './offered-tasks.ts';

const someOffered = `exists (select from orchestrator.tasks t
      where t.tenant_id = k.tenant_id and t.status = 'pending' and t.dispatched and not t.held)`;

const selectTenantsToCall = `select k.tenant_id from (
    select distinct w.tenant_id from orchestrator.workers w
    where w.is_active and w.status = 'idle' and w.protocol <> 'pull'
  ) k
  where ${someOffered} order by k.tenant_id limit $1`;

const selectTenantsWithTasks = `select k.tenant_id from unnest($1::uuid[]) as k (tenant_id)
  where ${someOffered} or exists (select from orchestrator.tasks t
      where t.tenant_id = k.tenant_id and t.status = 'running' and t.answered_at is null and t.fetched_at is null)`;

const selectCalledWorkers = `select w.id, w.type, w.name, w.protocol, w.endpoint, w.capabilities, w.max_concurrent_tasks, r.running,
    w.tasks_succeeded, w.tasks_failed
  from orchestrator.workers w cross join lateral (
    select count(*)::integer as running from orchestrator.tasks t
    where t.tenant_id = w.tenant_id and t.worker_id = w.id and t.status = 'running' and t.answered_at is null
  ) r
  where w.tenant_id = $1 and w.is_active and w.status = 'idle' and w.protocol <> 'pull' and r.running < w.max_concurrent_tasks
  order by w.id limit $2`;

const claimLapsed = `with lapsed as (
    select t.tenant_id, t.id from orchestrator.tasks t
    join orchestrator.workers w on w.tenant_id = t.tenant_id and w.id = t.worker_id and w.protocol <> 'pull'
    where t.status = 'running' and t.answered_at is null and t.lease_until <= (select clock_timestamp())
      and t.timeout_at > (select clock_timestamp())
    order by t.lease_until limit $3 for no key update of t skip locked
  )
  update orchestrator.tasks t
  set caller_id = $1, lease_until = least(t.timeout_at, clock_timestamp() + $2 * interval '1 millisecond')
  from lapsed l join orchestrator.workers w on w.tenant_id = l.tenant_id
  where t.tenant_id = l.tenant_id and t.id = l.id and w.id = t.worker_id
  returning ${givenColumns}, clock_timestamp() as taken_at, w.name as worker_name, w.protocol, w.endpoint`;

const renewLeases = `update orchestrator.tasks t
  set lease_until = least(t.timeout_at, clock_timestamp() + $2 * interval '1 millisecond')
  from (
    select h.tenant_id, h.id from unnest($3::uuid[], $4::uuid[], $5::integer[]) as k (tenant_id, id, attempt)
    join orchestrator.tasks h on h.tenant_id = k.tenant_id and h.id = k.id and h.attempt = k.attempt
    where h.caller_id = $1 and h.status = 'running' and h.answered_at is null
    order by h.tenant_id, h.id for no key update of h
  ) held
  where t.tenant_id = held.tenant_id and t.id = held.id
  returning t.tenant_id, t.id, t.attempt`;

/** Attempts and waits that have lapsed; `$1` how many. */
export const selectLapsed = `(select t.tenant_id, t.id, t.worker_id from (
      select h.tenant_id, h.id, h.worker_id from orchestrator.tasks h
      where h.status = 'running' and h.answered_at is null and h.lease_until <= (select clock_timestamp())
      order by h.lease_until limit 10 * $1
    ) t
    join orchestrator.workers w on w.tenant_id = t.tenant_id and w.id = t.worker_id and w.protocol = 'pull'
    limit $1)
  union (select t.tenant_id, t.id, t.worker_id from orchestrator.tasks t
    where t.status = 'running' and t.answered_at is null and t.timeout_at <= (select clock_timestamp())
    order by t.timeout_at limit $1)
  union (select t.tenant_id, t.id, t.worker_id from orchestrator.tasks t
    where t.status = 'pending' and t.answered_at is null and not t.held and t.deadline_at <= (select clock_timestamp())
    order by t.deadline_at limit $1)
  union (select t.tenant_id, t.id, t.worker_id from orchestrator.tasks t
    where t.status = 'pending' and t.withdrawn and t.answered_at is null order by t.offered_at limit $1)
  limit $1`;

const greetWorkers = `update orchestrator.workers w
  set last_seen = clock_timestamp(), status = case when w.status = 'offline' then 'idle' else w.status end,
    updated_at = case when w.status = 'offline' then clock_timestamp() else w.updated_at end
  from (
    select h.tenant_id, h.id from unnest($1::uuid[], $2::uuid[]) as k (tenant_id, id)
    join orchestrator.workers h on h.tenant_id = k.tenant_id and h.id = k.id
    where h.is_active and not h.deactivated
    order by h.tenant_id, h.id for no key update of h skip locked
  ) waiting
  where w.tenant_id = waiting.tenant_id and w.id = waiting.id`;

/** The queue over a pool of the role `orchestrator_engine`. */
export function createPostgresDispatchQueue(postgres: Postgres): DispatchQueue {
  const query = async <Row>(name: string, text: string, values: unknown[]) =>
    (await postgres.query<Row>({ name: `orchestrator.${name}`, text, values })).rows;
  const within = <T>({ tenantId }: { readonly tenantId: string }, work: (client: SqlClient) => Promise<T>) =>
    postgres.tenantTransaction(tenantId, work);
  const tenantsOf = (rows: readonly { readonly tenant_id: string }[]) =>
    rows.map(({ tenant_id }) => tenant_id);
  return {
    end: (ended) => within(ended, (client) => endAttempt(client, ended)),
    tenantsToCall: async (limit) =>
      tenantsOf(await query('select_tenants_to_call', selectTenantsToCall, [limit])),
    tenantsWithTasks: async (ids) =>
      tenantsOf(await query('select_tenants_with_tasks', selectTenantsWithTasks, [ids])),
    async candidates(tenantId, { workerIds, limit }) {
      const values = [tenantId, limit, workerIds];
      const rows = await query<CandidateRow>('select_offered', selectOffered, values);
      return rows.map((row) => candidateOf(tenantId, row));
    },
    calledWorkers: async (tenantId, limit) =>
      (await query<CalledWorkerRow>('select_called_workers', selectCalledWorkers, [tenantId, limit])).map(
        calledWorkerOf,
      ),
    assign: (key, { workerId, ...caller }) =>
      within(key, (client) => assignTask(client, key, { workerId, byHand: false, caller })),
    claimLapsedCalls: (caller, limit) =>
      postgres.systemTransaction((client) => claimCalls(client, caller, limit)),
    renew: (caller, attempts) => postgres.systemTransaction((client) => renew(client, caller, attempts)),
    lapsed: async (limit) =>
      (await query<LapsedKeyRow>('select_lapsed', selectLapsed, [limit])).map(lapsedOf),
    giveUp: (lapsed, random) => within(lapsed, (client) => giveUpLapsed(client, lapsed, random)),
    loseWorker: (worker, random) => within(worker, (client) => giveUpWorker(client, worker, random)),
    remind: (limit, random) => postgres.systemTransaction((client) => remindRuns(client, limit, random)),
    async signsOfLife(workers) {
      const keys = workers.map(({ tenantId, workerId: id }) => ({ tenantId, id }));
      await query('greet_workers', greetWorkers, keyArrays(keys));
    },
  };
}

interface CandidateRow {
  readonly id: string;
  readonly type: string;
  readonly required_capabilities: readonly string[];
  readonly kept_worker_id: string | null;
}

function candidateOf(tenantId: string, row: CandidateRow): OfferedCandidate {
  const { id, type: taskType, required_capabilities: requiredCapabilities, kept_worker_id } = row;
  const kept = kept_worker_id === null ? {} : { keptWorkerId: kept_worker_id };
  return { tenantId, id, taskType, requiredCapabilities, ...kept };
}

interface CalledWorkerRow extends Pick<CalledWorker, 'id' | 'type' | 'name' | 'endpoint' | 'capabilities'> {
  readonly protocol: CalledWorker['protocol'];
  readonly max_concurrent_tasks: number;
  readonly running: number;
  readonly tasks_succeeded: string;
  readonly tasks_failed: string;
}

function calledWorkerOf(row: CalledWorkerRow): CalledWorker {
  const { id, type, name, protocol, endpoint, capabilities, running } = row;
  return {
    ...{ id, type, name, protocol, endpoint, capabilities, running },
    placesMax: row.max_concurrent_tasks,
    succeeded: Number(row.tasks_succeeded),
    failed: Number(row.tasks_failed),
  };
}

type ClaimedRow = GivenRow & {
  readonly taken_at: Date;
  readonly worker_name: string;
  readonly protocol: CalledWorker['protocol'];
  readonly endpoint: string;
};

async function claimCalls(client: SqlClient, caller: Caller, limit: number): Promise<CalledAttempt[]> {
  const values = [caller.callerId, caller.leaseMs, limit];
  const claimed = { name: 'orchestrator.claim_lapsed_calls', text: claimLapsed, values };
  const { rows } = await client.query<ClaimedRow>(claimed);
  const given = await givenOf(client, rows);
  return rows.flatMap(({ taken_at, worker_id: id, worker_name: name, protocol, endpoint }, at) => {
    const attempt = given[at];
    const takenAtMs = taken_at.getTime();
    return attempt ? [{ ...attempt, takenAtMs, worker: { id, name, protocol, endpoint } }] : [];
  });
}

async function renew(
  client: SqlClient,
  { callerId, leaseMs }: Caller,
  attempts: readonly AttemptKey[],
): Promise<AttemptKey[]> {
  const numbers = int4Array(attempts.map(({ attempt }) => attempt));
  const values = [callerId, leaseMs, ...keyArrays(attempts), numbers];
  type Row = { readonly tenant_id: string; readonly id: string; readonly attempt: number };
  const { rows } = await client.query<Row>({ name: 'orchestrator.renew_calls', text: renewLeases, values });
  return rows.map(({ tenant_id: tenantId, id, attempt }) => ({ tenantId, id, attempt }));
}

interface LapsedKeyRow {
  readonly tenant_id: string;
  readonly id: string;
  readonly worker_id: string | null;
}

function lapsedOf({ tenant_id: tenantId, id, worker_id }: LapsedKeyRow): LapsedAttempt {
  return { tenantId, id, ...(worker_id === null ? {} : { workerId: worker_id }) };
}
