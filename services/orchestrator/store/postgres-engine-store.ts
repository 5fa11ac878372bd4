// The engine's store on PostgreSQL, under the engine's own role. One append is one statement for any number of executions.
import { canonicalJson } from '../../../foundation/json/canonical-json.ts';
import type { JsonObject } from '../../../foundation/json/json.ts';
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import { type EventRow, type ExecutionRow, entryOf, executionColumns, executionOf } from './execution-row.ts';
import type { EngineStore, ExecutionKey, JournalAppend, RowChange } from './store.ts';

// The share lock on the owner's row is the fence: a takeover first ends that row, which waits for appends under way and refuses all
// later ones. The key of the journal is the second fence. Both changes are one statement and therefore one commit.
const appendBatch = `with fence as materialized (
    select owner_id from orchestrator.owners where owner_id = $1 and ended_at is null for share
  ), moved as (
    update orchestrator.executions x
    set status = u.status, started_at = coalesce(u.started_at, x.started_at), completed_at = u.completed_at,
      reason = u.reason, error = u.error, partial = u.partial
    from fence, unnest($2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::text[], $8::text[], $9::boolean[])
      as u (tenant_id, id, status, started_at, completed_at, reason, error, partial)
    where x.tenant_id = u.tenant_id and x.id = u.id
  ), written as (
    insert into orchestrator.execution_events (tenant_id, execution_id, seq, at, payload)
    select e.tenant_id, e.execution_id, e.seq, e.at, e.payload
    from fence, unnest($10::uuid[], $11::uuid[], $12::integer[], $13::timestamptz[], $14::text[])
      as e (tenant_id, execution_id, seq, at, payload)
    returning 1
  )
  select count(*)::int as written from written`;

const selectOwned = `select ${executionColumns} from orchestrator.executions x
  join orchestrator.plans p on p.tenant_id = x.tenant_id and p.hash = x.plan_hash
  join orchestrator.owners o on o.owner_id = x.owner_id and o.ended_at is null
  where x.tenant_id = $1 and x.id = $2 and x.owner_id = $3 and x.completed_at is null`;

const selectJournal = `select seq, at, payload from orchestrator.execution_events
  where tenant_id = $1 and execution_id = $2 order by seq limit 10000`;

const claimOrphans = `update orchestrator.executions x set owner_id = $1, epoch = x.epoch + 1
  from (
    select c.tenant_id, c.id from orchestrator.executions c
    join orchestrator.owners o on o.owner_id = c.owner_id
    where c.completed_at is null and o.ended_at is not null
    order by c.created_at limit $2 for update of c skip locked
  ) orphan
  where x.tenant_id = orphan.tenant_id and x.id = orphan.id
  returning x.tenant_id as "tenantId", x.id`;

// A claim raises the epoch, which begins at 1.
const selectClaimed = `select tenant_id as "tenantId", id from orchestrator.executions
  where owner_id = $1 and completed_at is null and epoch > 1
    and ($2::uuid is null or (tenant_id, id) > ($2, $3::uuid))
  order by tenant_id, id limit $4`;

// A loose index scan: one probe of the index for each tenant, however many executions it has.
const selectTenants = `with recursive tenant as (
    (select tenant_id from orchestrator.executions where $1::uuid is null or tenant_id > $1 order by tenant_id limit 1)
    union all
    select (select x.tenant_id from orchestrator.executions x where x.tenant_id > tenant.tenant_id order by x.tenant_id limit 1)
    from tenant where tenant.tenant_id is not null
  )
  select tenant_id from tenant where tenant_id is not null limit $2`;

const selectUnfinished = `select id from orchestrator.executions
  where tenant_id = $1 and id = any($2::uuid[]) and completed_at is null`;

const deleteNames = `delete from orchestrator.idempotency_keys k
  using (
    select tenant_id, user_id, route, key from orchestrator.idempotency_keys
    where created_at < clock_timestamp() - make_interval(secs => $1)
    order by created_at limit $2 for update skip locked
  ) old
  where k.tenant_id = old.tenant_id and k.user_id = old.user_id and k.route = old.route and k.key = old.key`;

function date(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}

// The journal escapes NUL in its JSON; a plain text of PostgreSQL cannot hold it.
function storableText(text: string): string {
  return text.replaceAll('\0', '\ufffd');
}

function rowValues(batch: readonly JournalAppend[]): unknown[] {
  const moved = batch.flatMap(({ tenantId, executionId, row }) =>
    row ? [{ tenantId, executionId, row }] : [],
  );
  const column = <T>(pick: (row: RowChange) => T): T[] => moved.map(({ row }) => pick(row));
  return [
    moved.map(({ tenantId }) => tenantId),
    moved.map(({ executionId }) => executionId),
    column(({ status }) => status),
    column(({ startedAtMs }) => date(startedAtMs)),
    column(({ completedAtMs }) => date(completedAtMs)),
    column(({ reason }) => storableText(reason)),
    column(({ error }) => storableText(error)),
    column(({ partial }) => partial),
  ];
}

function eventValues(batch: readonly JournalAppend[]): unknown[] {
  const all = batch.flatMap(({ tenantId, executionId, entries }) =>
    entries.map((entry) => ({ tenantId, executionId, entry })),
  );
  return [
    all.map(({ tenantId }) => tenantId),
    all.map(({ executionId }) => executionId),
    all.map(({ entry }) => entry.seq),
    all.map(({ entry }) => new Date(entry.atMs)),
    all.map(({ entry }) => canonicalJson(entry.event as unknown as JsonObject)),
  ];
}

/** The store over a pool of the role `orchestrator_engine`. */
export function createPostgresEngineStore(postgres: Postgres): EngineStore {
  const query = <Row>(name: string, text: string, values: unknown[]) =>
    postgres.query<Row>({ name: `orchestrator.${name}`, text, values });
  return {
    async append(ownerId, batch) {
      const values = [ownerId, ...rowValues(batch), ...eventValues(batch)];
      const { rows } = await query<{ written: number }>('append_journal', appendBatch, values);
      return (rows[0]?.written ?? 0) > 0 ? 'appended' : 'fenced';
    },
    async reload(ownerId, { tenantId, id }) {
      const { rows } = await query<ExecutionRow>('select_owned', selectOwned, [tenantId, id, ownerId]);
      if (!rows[0]) return undefined;
      const journal = await query<EventRow>('select_journal', selectJournal, [tenantId, id]);
      return { ownerId, execution: executionOf(rows[0]), entries: journal.rows.map(entryOf) };
    },
    async claim(ownerId, limit) {
      return [...(await query<ExecutionKey>('claim_orphans', claimOrphans, [ownerId, limit])).rows];
    },
    async claimed(ownerId, after, limit) {
      const values = [ownerId, after?.tenantId ?? null, after?.id ?? null, limit];
      return [...(await query<ExecutionKey>('select_claimed', selectClaimed, values)).rows];
    },
    async tenants(after, limit) {
      const { rows } = await query<{ tenant_id: string }>('select_tenants', selectTenants, [
        after ?? null,
        limit,
      ]);
      return rows.map(({ tenant_id }) => tenant_id);
    },
    async unfinished(tenantId, ids) {
      const { rows } = await query<{ id: string }>('select_unfinished', selectUnfinished, [tenantId, ids]);
      return new Set(rows.map(({ id }) => id));
    },
    removeNames: async (olderThanMs, limit) =>
      (await query('delete_names', deleteNames, [olderThanMs / 1000, limit])).count,
  };
}
