// Gates on PostgreSQL: recorded and read under the role that serves requests, carried on under the engine's. All times of the queue are the
// database's: replicas need not agree on theirs.
import { canonicalJson } from '../../../foundation/json/canonical-json.ts';
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import { type ChosenShadow, type GateSide, gatesPerTenantMax } from '../core/gate.ts';
import {
  type ClaimedGateRow,
  claimedGateOf,
  gateRecordColumns,
  type StoredGateRow,
  storedGateOf,
} from './gate-row.ts';
import type { GateChange, GateQueue, GateStore } from './gate-store.ts';
import { writeEntry } from './write-entry.ts';

// Starts of one tenant count one after the other; tenants whose hashes collide merely wait for each other.
const lockGates = `select pg_advisory_xact_lock(hashtextextended('orchestrator.gates ' || $1::uuid, 0))`;

const insertGate = `insert into orchestrator.gates (tenant_id, id, domain_id, head, spec, principal, traceparent, tracestate, created_by, created_at,
    rows_total)
  select $1::uuid, $2::uuid, $3, $4, $5, $6, $7, $8, $9::uuid, $10::timestamptz, $11::integer
  where (select count(*) from orchestrator.gates g where g.tenant_id = $1 and g.status = 'running') < $12`;

const selectGate = `select ${gateRecordColumns}, g.head, g.status, g.rows_done, g.rows_total, g.passed, g.result, g.error, g.completed_at
  from orchestrator.gates g where g.tenant_id = $1 and g.id = $2 and g.domain_id = $3`;

const cancelGate = `update orchestrator.gates set cancelled = true
  where tenant_id = $1 and id = $2 and status = 'running' and not cancelled`;

const claimDue = `update orchestrator.gates g
  set claim = $1, next_at = clock_timestamp() + make_interval(secs => $2)
  from (
    select tenant_id, id from orchestrator.gates
    where status = 'running' and next_at <= (select clock_timestamp()) order by next_at limit $3 for update skip locked
  ) due
  where g.tenant_id = due.tenant_id and g.id = due.id
  returning ${gateRecordColumns}, g.claim, g.cancelled, g.failures`;

const selectSpec = 'select spec from orchestrator.gates where tenant_id = $1 and id = $2';

const selectRuns = `select side, row_number, execution_id, answer is not null as ended from orchestrator.gate_runs
  where tenant_id = $1 and gate_id = $2 order by row_number, side`;

const selectAnswers = `select side, row_number, execution_id, answer from orchestrator.gate_runs
  where tenant_id = $1 and gate_id = $2 and answer is not null order by row_number, side`;

// Of two that choose at the same time the second one is told of the first one's choice.
const chooseRun = `insert into orchestrator.gate_runs as r (tenant_id, gate_id, side, row_number, execution_id)
  values ($1, $2, $3, $4, $5)
  on conflict on constraint gate_runs_pkey do update set execution_id = r.execution_id
  returning execution_id`;

const keepAnswer = `update orchestrator.gate_runs set answer = $5
  where tenant_id = $1 and gate_id = $2 and side = $3 and row_number = $4 and answer is null`;

// The claim is the fence: a process that was held up for longer than its lease changes nothing of what another has claimed since.
const putBack = `update orchestrator.gates
  set claim = null, rows_done = coalesce($4, rows_done), failures = $5, next_at = clock_timestamp() + make_interval(secs => $6)
  where tenant_id = $1 and id = $2 and claim = $3 and status = 'running'`;

const endGate = `update orchestrator.gates
  set claim = null, status = $4, rows_done = coalesce($5, rows_done), passed = $6, result = $7, error = $8, completed_at = clock_timestamp()
  where tenant_id = $1 and id = $2 and claim = $3 and status = 'running'`;

const forgetGates = `with old as (
    select tenant_id, id from orchestrator.gates
    where completed_at < (select clock_timestamp() - make_interval(days => $1)) order by completed_at limit $2 for update skip locked
  )
  delete from orchestrator.gates g using old where g.tenant_id = old.tenant_id and g.id = old.id`;

interface RunRow {
  readonly side: GateSide;
  readonly row_number: number;
  readonly execution_id: string;
}

/** The store over a pool of the role `orchestrator_app`. */
export function createPostgresGateStore(postgres: Postgres): GateStore {
  return {
    record: ({ tenantId, id, domainId, spec, principal, trace, createdAtMs }, entry) =>
      postgres.tenantTransaction(tenantId, async (client) => {
        await client.query({ name: 'orchestrator.lock_gates', text: lockGates, values: [tenantId] });
        const { playbook, goldenSet, goldenSetVersion, candidate } = spec;
        const head = { playbook, goldenSet, goldenSetVersion, candidate };
        const texts = [JSON.stringify(head), JSON.stringify(spec), canonicalJson(principal)];
        const context = [trace?.traceparent ?? null, trace?.tracestate ?? null];
        const made = [principal.userId, new Date(createdAtMs), spec.rows.length, gatesPerTenantMax];
        const values = [tenantId, id, domainId, ...texts, ...context, ...made];
        const { count } = await client.query({ name: 'orchestrator.insert_gate', text: insertGate, values });
        if (count === 0) return 'full';
        await writeEntry(client, tenantId, entry);
        return 'recorded';
      }),
    read: (tenantId, { id, domainId }) =>
      postgres.tenantRead(
        tenantId,
        async (client) => {
          const statement = { name: 'orchestrator.select_gate', text: selectGate };
          const { rows } = await client.query<StoredGateRow>({
            ...statement,
            values: [tenantId, id, domainId],
          });
          return rows[0] && storedGateOf(rows[0]);
        },
        { fresh: true },
      ),
    cancel: ({ tenantId, id }, entry) =>
      postgres.tenantTransaction(tenantId, async (client) => {
        const statement = { name: 'orchestrator.cancel_gate', text: cancelGate, values: [tenantId, id] };
        const { count } = await client.query(statement);
        if (count > 0) await writeEntry(client, tenantId, entry);
      }),
  };
}

/** The queue over a pool of the role `orchestrator_engine`. */
export function createPostgresGateQueue(postgres: Postgres): GateQueue {
  const query = <Row>(name: string, text: string, values: unknown[]) =>
    postgres.query<Row>({ name: `orchestrator.${name}`, text, values });
  return {
    async claim({ claim, leaseMs }, limit) {
      const values = [claim, leaseMs / 1000, limit];
      return (await query<ClaimedGateRow>('claim_gates', claimDue, values)).rows.map(claimedGateOf);
    },
    async spec({ tenantId, id }) {
      const { rows } = await query<{ spec: string }>('select_gate_spec', selectSpec, [tenantId, id]);
      return JSON.parse(rows[0]?.spec ?? 'null');
    },
    async runs({ tenantId, id }) {
      type Row = RunRow & { readonly ended: boolean };
      const { rows } = await query<Row>('select_gate_runs', selectRuns, [tenantId, id]);
      return rows.map((row) => ({ ...runOf(row), ended: row.ended }));
    },
    async answers({ tenantId, id }) {
      type Row = RunRow & { readonly answer: string };
      const { rows } = await query<Row>('select_gate_answers', selectAnswers, [tenantId, id]);
      return rows.map((row) => ({ ...runOf(row), answer: JSON.parse(row.answer) }));
    },
    async choose({ tenantId, id }, { side, row, executionId }) {
      const values = [tenantId, id, side, row, executionId];
      const { rows } = await query<{ execution_id: string }>('choose_gate_run', chooseRun, values);
      return rows[0]?.execution_id ?? executionId;
    },
    async keep({ tenantId, id }, { side, row, answer }) {
      await query('keep_gate_answer', keepAnswer, [tenantId, id, side, row, JSON.stringify(answer)]);
    },
    async settle({ tenantId, id, claim }, change) {
      const key = [tenantId, id, claim];
      if (change.status !== 'running') {
        return (await query('end_gate', endGate, [...key, ...endValues(change)])).count > 0;
      }
      const values = [...key, change.rowsDone ?? null, change.failures, change.waitMs / 1000];
      return (await query('put_back_gate', putBack, values)).count > 0;
    },
    forget: async (keptDays, limit) => (await query('forget_gates', forgetGates, [keptDays, limit])).count,
  };
}

function endValues(change: Exclude<GateChange, { readonly status: 'running' }>): unknown[] {
  if (change.status !== 'completed') {
    return [change.status, null, null, null, change.status === 'failed' ? change.error : ''];
  }
  const { passed, result } = change.outcome;
  return [change.status, change.rowsDone, passed, JSON.stringify(result), ''];
}

function runOf({ side, row_number: row, execution_id: executionId }: RunRow): ChosenShadow {
  return { side, row, executionId };
}
