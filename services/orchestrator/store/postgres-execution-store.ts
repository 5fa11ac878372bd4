// The requests' store on PostgreSQL. Every statement names the tenant, and row-level security holds behind it.
import { Fault } from '../../../foundation/fault/fault.ts';
import { canonicalJson } from '../../../foundation/json/canonical-json.ts';
import type { JsonObject } from '../../../foundation/json/json.ts';
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import type { ExecutionRecord } from '../core/execution-record.ts';
import type { ExecutionKey } from './execution-key.ts';
import {
  type EventRow,
  type ExecutionRow,
  entriesOf,
  executionColumns,
  executionOf,
  type StartRow,
  startOf,
} from './execution-row.ts';
import { rankMs } from './journal-values.ts';
import type { ExecutionFilter, ExecutionSlice, ExecutionStore, NameBinding } from './store.ts';
import { planValues, storePlans } from './store-plans.ts';

// The fence. It holds nothing, or a process that stands still before its commit would hold up its own takeover: an owner that is ended between
// this and the commit has its executions looked for until long after any transaction is over.
const insertExecution = `insert into orchestrator.executions (tenant_id, id, kind, domain_id, domain_version, plan_hash, subject_id,
    session_id, input, principal, traceparent, tracestate, created_by, owner_id, created_at, rank, rerun_of)
  select $1::uuid, $2::uuid, $3, $4, $5::integer, $6, $7, $8, $9, $10, $11, $12, $13::uuid, $14::uuid, $15::timestamptz, $16::timestamptz,
    $17::uuid
  where orchestrator.owner_lives($14)`;

// Two requests of one name: the second one waits here for the first one's commit and then finds the name bound to another execution than
// the one that it may replace.
const bindName = `insert into orchestrator.idempotency_keys as k (tenant_id, user_id, route, key, body_hash, content_hash,
    execution_id, created_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8)
  on conflict on constraint idempotency_keys_pkey do update
  set body_hash = excluded.body_hash, content_hash = excluded.content_hash, execution_id = excluded.execution_id,
    created_at = excluded.created_at
  where k.execution_id = $9::uuid`;

const selectStart = `select k.body_hash, k.content_hash, k.execution_id, k.created_at as named_at,
    x.status, x.subject_id, x.created_at, x.started_at
  from orchestrator.idempotency_keys k
  left join orchestrator.executions x on x.tenant_id = k.tenant_id and x.id = k.execution_id
  where k.tenant_id = $1 and k.user_id = $2 and k.route = $3 and k.key = $4`;

const selectExecution = `select ${executionColumns} from orchestrator.executions x
  join orchestrator.plans p on p.tenant_id = x.tenant_id and p.hash = x.plan_hash
  where x.tenant_id = $1 and x.id = $2`;

const selectJournal = `select seq, at, payload from orchestrator.execution_events
  where tenant_id = $1 and execution_id = $2 order by seq`;

// What was answered is the run's to decide.
const selectWithWorkers = `select node_id, attempt from orchestrator.tasks
  where tenant_id = $1 and execution_id = $2 and status = 'running' and answered_at is null order by node_id limit 100`;

// Runs of queries and commands belong to their starter alone (SPEC P2.2).
// Shadow runs are shown only where they are asked for, and so are runs of tasks for workers: those have lists of their own.
const matches = `x.tenant_id = $1 and (x.kind = $2 or $2::text is null and x.kind in ('ingest', 'query', 'management')) and ($3::text is null or x.status = $3)
  and ($4::text is null or x.domain_id = $4) and (x.kind not in ('query', 'management') or x.created_by = $5)`;

const selectSlice = `select ${executionColumns} from orchestrator.executions x
  join orchestrator.plans p on p.tenant_id = x.tenant_id and p.hash = x.plan_hash
  where ${matches} and ($6::timestamptz is null or x.id < $7::uuid)
  order by x.id desc limit $8 offset $9`;

const countMatches = `select count(*)::int as total from orchestrator.executions x where ${matches}`;

function filterValues(tenantId: string, { kind, status, domainId, userId }: ExecutionFilter): unknown[] {
  return [tenantId, kind ?? null, status ?? null, domainId ?? null, userId];
}

function executionValues(execution: ExecutionRecord, ownerId: string): unknown[] {
  const { tenantId, id, kind, domainId, domainVersion, plan, subjectId, sessionId, principal, trace } =
    execution;
  return [
    tenantId,
    id,
    kind,
    domainId,
    domainVersion,
    plan.hash,
    subjectId,
    sessionId ?? null,
    canonicalJson(execution.input),
    canonicalJson(principal as unknown as JsonObject),
    trace?.traceparent ?? null,
    trace?.tracestate ?? null,
    principal.userId,
    ownerId,
    new Date(execution.createdAtMs),
    new Date(rankMs(execution)),
    execution.rerunOf ?? null,
  ];
}

function bindingValues({ id, createdAtMs }: ExecutionRecord, { name, replaces }: NameBinding): unknown[] {
  const { tenantId, userId, route, key, bodyHash, contentHash } = name;
  const hashes = [bodyHash, contentHash ?? null];
  return [tenantId, userId, route, key, ...hashes, id, new Date(createdAtMs), replaces ?? null];
}

async function bind(client: SqlClient, execution: ExecutionRecord, binding: NameBinding): Promise<boolean> {
  const values = bindingValues(execution, binding);
  return (await client.query({ name: 'orchestrator.bind_name', text: bindName, values })).count > 0;
}

async function insert(client: SqlClient, execution: ExecutionRecord, ownerId: string): Promise<void> {
  const { count } = await client.query({
    name: 'orchestrator.insert_execution',
    text: insertExecution,
    values: executionValues(execution, ownerId),
  });
  if (count === 0) throw ownerEnded();
}

// In a transaction of its own: appends of others name the same plan, and must not wait for a process that stands still before its commit.
function storePlanOf(postgres: Postgres, execution: ExecutionRecord): Promise<void> {
  return postgres.tenantTransaction(execution.tenantId, async (client) => {
    await client.query({
      name: 'orchestrator.store_plans',
      text: storePlans,
      values: planValues([execution]),
    });
  });
}

function ownerEnded(): Fault {
  return new Fault('unavailable', 'The engine is not running', { retryAfterMs: 1_000 });
}

function readWithWorkers(postgres: Postgres, { tenantId, id }: ExecutionKey): Promise<Map<string, number>> {
  const values = [tenantId, id];
  const statement = { name: 'orchestrator.select_with_workers', text: selectWithWorkers, values };
  return postgres.tenantRead(tenantId, async (client) => {
    const { rows } = await client.query<{ node_id: string; attempt: number }>(statement);
    return new Map(rows.map(({ node_id, attempt }) => [node_id, attempt]));
  });
}

/** The store over a pool of the role `orchestrator_app`. */
export function createPostgresExecutionStore(postgres: Postgres): ExecutionStore {
  return {
    async record(execution, ownerId, binding) {
      await storePlanOf(postgres, execution);
      return postgres.tenantTransaction(execution.tenantId, async (client) => {
        // What one of two names was bound to in vain is never recorded, so that the name counts as free.
        if (binding?.also && !(await bind(client, execution, binding.also))) return 'taken';
        if (binding && !(await bind(client, execution, binding))) return 'taken';
        await insert(client, execution, ownerId);
        return 'recorded';
      });
    },
    findStart: ({ tenantId, userId, route, key }) =>
      postgres.tenantRead(tenantId, async (client) => {
        const values = [tenantId, userId, route, key];
        const { rows } = await client.query<StartRow>({
          name: 'orchestrator.select_start',
          text: selectStart,
          values,
        });
        return rows[0] && startOf(rows[0]);
      }),
    read: (tenantId, id, options) => {
      const statement = {
        name: 'orchestrator.select_execution',
        text: selectExecution,
        values: [tenantId, id],
      };
      const work = async (client: SqlClient) => {
        const { rows } = await client.query<ExecutionRow>(statement);
        return rows[0] && executionOf(rows[0]);
      };
      return postgres.tenantRead(tenantId, work, options);
    },
    readJournal: (tenantId, id, options) => {
      const statement = { name: 'orchestrator.select_journal', text: selectJournal, values: [tenantId, id] };
      const work = async (client: SqlClient) =>
        (await client.query<EventRow>(statement)).rows.flatMap(entriesOf);
      return postgres.tenantRead(tenantId, work, options);
    },
    withWorkers: (tenantId, id) => readWithWorkers(postgres, { tenantId, id }),
    list: (tenantId, { filter, limit, offset, after }: ExecutionSlice) =>
      postgres.tenantRead(tenantId, async (client) => {
        const position = after ? [new Date(after.createdAtMs), after.id] : [null, null];
        const values = [...filterValues(tenantId, filter), ...position, limit, offset];
        const statement = { name: 'orchestrator.select_executions', text: selectSlice, values };
        return (await client.query<ExecutionRow>(statement)).rows.map(executionOf);
      }),
    count: (tenantId, filter) =>
      postgres.tenantRead(tenantId, async (client) => {
        const values = filterValues(tenantId, filter);
        const statement = { name: 'orchestrator.count_executions', text: countMatches, values };
        return (await client.query<{ total: number }>(statement)).rows[0]?.total ?? 0;
      }),
  };
}
