// The engine's store on PostgreSQL, under the engine's own role: who holds what, what waits, and what is read when an execution is taken up.
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import {
  type EventRow,
  type ExecutionRow,
  entriesOf,
  executionColumns,
  executionOf,
} from './execution-row.ts';
import { removeAnswers } from './postgres-answer-store.ts';
import type { EngineStore, ExecutionHolder, ExecutionKey, JournalStore, OwnedExecution } from './store.ts';

const selectOwned = `select ${executionColumns} from unnest($1::uuid[], $2::uuid[]) as k (tenant_id, id)
  join orchestrator.executions x on x.tenant_id = k.tenant_id and x.id = k.id
  join orchestrator.plans p on p.tenant_id = x.tenant_id and p.hash = x.plan_hash
  join orchestrator.owners o on o.owner_id = x.owner_id and o.ended_at is null
  where x.owner_id = $3 and x.completed_at is null`;

const selectJournals = `select e.tenant_id, e.execution_id, e.seq, e.at, e.payload
  from unnest($1::uuid[], $2::uuid[]) as k (tenant_id, id)
  join orchestrator.execution_events e on e.tenant_id = k.tenant_id and e.execution_id = k.id
  order by e.tenant_id, e.execution_id, e.seq`;

// The row's columns alone: what it holds cannot be read.
const setAside = `with fence as materialized (
    select 1 where orchestrator.hold_owner($1)
  )
  update orchestrator.executions x
  set owner_id = null, queued = false, wake_at = clock_timestamp() + make_interval(secs => $4 / 1000.0), error = $5
  from fence where x.tenant_id = $2 and x.id = $3 and x.owner_id = $1 and x.completed_at is null`;

// Only a living owner claims: the share lock keeps it from being ended in between. What was set aside is tried again by being claimed.
const claim = (which: string): string => `with claimer as materialized (
    select 1 where orchestrator.hold_owner($1)
  ), chosen as (
    ${which}
  )
  update orchestrator.executions x
  set owner_id = $1, epoch = x.epoch + 1, wake_at = null, queued = false, error = case when x.owner_id is null then '' else x.error end
  from claimer, chosen
  where x.tenant_id = chosen.tenant_id and x.id = chosen.id
  returning x.tenant_id as "tenantId", x.id`;

const claimOrphans = claim(`select c.tenant_id, c.id from orchestrator.owners o
    join orchestrator.executions c on c.owner_id = o.owner_id
    where o.ended_at is not null and o.cleared_at is null and c.completed_at is null
    order by c.id limit $2 for update of c skip locked`);

const clearOwners = `update orchestrator.owners o set cleared_at = clock_timestamp()
  where o.ended_at < clock_timestamp() - interval '10 minutes' and o.cleared_at is null and not exists (
    select from orchestrator.executions x where x.owner_id = o.owner_id and x.completed_at is null)`;

// Each row moves once, however long the line is that it moves into. The time is read once: what changes from row to row is no condition of an
// index, and every run that waits would be read in each look.
const lineUpDue = `with chosen as (
    select c.tenant_id, c.id from orchestrator.executions c
    where c.owner_id is null and c.completed_at is null and c.wake_at <= (select clock_timestamp())
    order by c.wake_at limit $1 for update of c skip locked
  )
  update orchestrator.executions x set wake_at = null, queued = true
  from chosen where x.tenant_id = chosen.tenant_id and x.id = chosen.id`;

const claimQueued = claim(`select c.tenant_id, c.id from orchestrator.executions c
    where c.tenant_id = $3 and c.queued
    order by c.rank, c.id limit $2 for update of c skip locked`);

// Said so that no index of waiting runs fits: the planner, which may not have seen yet how many wait, would read all of the tenant's.
const claimParked = claim(`select c.tenant_id, c.id from orchestrator.executions c
    where c.tenant_id = $3 and c.id = $4 and num_nonnulls(c.owner_id, c.completed_at) = 0 and ($5 or c.error = '')
    limit $2 for update of c skip locked`);

// A claim raises the epoch, which begins at 1. What was recorded a moment ago is on its way into memory.
const selectClaimed = `select tenant_id as "tenantId", id from orchestrator.executions
  where owner_id = $1 and completed_at is null and (epoch > 1 or created_at < clock_timestamp() - interval '30 seconds')
    and ($2::uuid is null or (tenant_id, id) > ($2, $3::uuid))
  order by tenant_id, id limit $4`;

const selectHolder = `select o.owner_id as "ownerId", o.address from orchestrator.executions x
  join orchestrator.owners o on o.owner_id = x.owner_id
  where x.tenant_id = $1 and x.id = $2 and x.completed_at is null`;

const selectCommands = `select id, command from orchestrator.commands
  where tenant_id = $1 and execution_id = $2 order by id limit 100`;

// No unfinished execution without an owner has an error but those that are set aside.
const isSetAside = "x.owner_id is null and x.completed_at is null and x.error <> ''";

// What is set aside cannot be steered before it is tried again, and looking for it would claim it in each look. Rows are looked up for commands
// alone: runs that wait without one are not read, however the planner sees the tables.
const selectCommanded = `select distinct x.tenant_id as "tenantId", x.id from orchestrator.commands c
  cross join lateral (
    select x.tenant_id, x.id, x.owner_id, x.completed_at, x.error from orchestrator.executions x
    where x.tenant_id = c.tenant_id and x.id = c.execution_id limit 1
  ) x
  where (x.owner_id = $1 or x.owner_id is null or x.completed_at is not null) and not (${isSetAside}) limit $2`;

// The time of a run stands while it is paused or waits for a person. Its journal may be unreadable: this is told from rows alone.
const selectSetAside = `select x.id, greatest(x.started_at, a.decided_at, x.created_at) as since, p.hash, p.plan from orchestrator.executions x
  join orchestrator.plans p on p.tenant_id = x.tenant_id and p.hash = x.plan_hash
  left join lateral (
    select max(a.decided_at) as decided_at, bool_or(a.status = 'waiting' and a.expires_at > clock_timestamp()) as waits
    from orchestrator.approvals a where a.tenant_id = x.tenant_id and a.execution_id = x.id
  ) a on true
  where x.tenant_id = $1 and x.id = any($2::uuid[]) and ${isSetAside} and x.status <> 'paused' and a.waits is not true`;

const dropCommands = `delete from orchestrator.commands c using unnest($1::uuid[], $2::uuid[]) as k (tenant_id, id)
  where c.tenant_id = k.tenant_id and c.execution_id = k.id`;

/** A loose index scan: one probe of the index for each tenant, however many rows it has. */
const looseScan = (table: string, condition: string): string => `with recursive tenant as (
    (select x.tenant_id from ${table} x where ${condition} and ($1::uuid is null or x.tenant_id > $1) order by x.tenant_id limit 1)
    union all
    select (select x.tenant_id from ${table} x where ${condition} and x.tenant_id > tenant.tenant_id order by x.tenant_id limit 1)
    from tenant where tenant.tenant_id is not null
  )
  select tenant_id from tenant where tenant_id is not null limit $2`;

const selectTenants = looseScan('orchestrator.executions', 'true');
const selectQueuedTenants = looseScan('orchestrator.executions', 'x.queued');

const selectUnfinished = `select id from orchestrator.executions
  where tenant_id = $1 and id = any($2::uuid[]) and completed_at is null`;

const deleteNames = `delete from orchestrator.idempotency_keys k
  using (
    select tenant_id, user_id, route, key from orchestrator.idempotency_keys
    where created_at < (select clock_timestamp() - make_interval(secs => $1))
    order by created_at limit $2 for update skip locked
  ) old
  where k.tenant_id = old.tenant_id and k.user_id = old.user_id and k.route = old.route and k.key = old.key`;

const keepWeeks = 'select orchestrator.keep_weeks(make_interval(days => $1)) as week';

interface SetAsideRow {
  readonly id: string;
  readonly since: Date;
  readonly hash: string;
  readonly plan: string;
}

interface JournalOfRow extends EventRow {
  readonly execution_id: string;
}

const journalsOf = (rows: readonly JournalOfRow[]): Map<string, JournalOfRow[]> =>
  Map.groupBy(rows, ({ execution_id }) => execution_id);

async function removeNames(postgres: Postgres, olderThanMs: number, limit: number): Promise<number> {
  const values = [olderThanMs / 1000, limit];
  return (await postgres.query({ name: 'orchestrator.delete_names', text: deleteNames, values })).count;
}

// One step in each statement: its locks are held for no longer than it takes.
async function dropWeeks(postgres: Postgres, keptDays: number): Promise<string[]> {
  const dropped: string[] = [];
  for (;;) {
    const statement = { name: 'orchestrator.keep_weeks', text: keepWeeks, values: [keptDays] };
    const [step] = (await postgres.query<{ week: string | null }>(statement)).rows;
    if (!step) return dropped;
    if (step.week !== null) dropped.push(step.week);
  }
}

type Query = <Row>(name: string, text: string, values: unknown[]) => Promise<readonly Row[]>;

function lookingAt(query: Query): Pick<EngineStore, 'unfinished' | 'setAsideAmong'> {
  return {
    async unfinished(tenantId, ids) {
      const rows = await query<{ id: string }>('select_unfinished', selectUnfinished, [tenantId, ids]);
      return new Set(rows.map(({ id }) => id));
    },
    async setAsideAmong(tenantId, ids) {
      const rows = await query<SetAsideRow>('select_set_aside', selectSetAside, [tenantId, ids]);
      return rows.map(({ id, since, hash, plan: text }) => ({
        id,
        sinceMs: since.getTime(),
        plan: { hash, text },
      }));
    },
  };
}

function keepingOf(postgres: Postgres): Pick<EngineStore, 'removeNames' | 'removeAnswers' | 'keepWeeks'> {
  return {
    removeAnswers: (olderThanMs, limit) => removeAnswers(postgres, olderThanMs, limit),
    removeNames: (olderThanMs, limit) => removeNames(postgres, olderThanMs, limit),
    keepWeeks: (keptDays) => dropWeeks(postgres, keptDays),
  };
}

/** The store over a pool of the role `orchestrator_engine`; journals are written by the store that is given. */
export function createPostgresEngineStore(postgres: Postgres, journal: JournalStore): EngineStore {
  const query: Query = async <Row>(name: string, text: string, values: unknown[]) =>
    (await postgres.query<Row>({ name: `orchestrator.${name}`, text, values })).rows;
  const keys = async (name: string, text: string, values: unknown[]): Promise<ExecutionKey[]> => [
    ...(await query<ExecutionKey>(name, text, values)),
  ];
  const tenants = async (name: string, text: string, values: unknown[]): Promise<string[]> =>
    (await query<{ tenant_id: string }>(name, text, values)).map(({ tenant_id }) => tenant_id);
  return {
    append: journal.append,
    async load(ownerId, wanted) {
      const names = [wanted.map(({ tenantId }) => tenantId), wanted.map(({ id }) => id)];
      const rows = await query<ExecutionRow>('select_owned', selectOwned, [...names, ownerId]);
      const found = journalsOf(await query<JournalOfRow>('select_journals', selectJournals, names));
      return rows.map((row): OwnedExecution => {
        const entries = (found.get(row.id) ?? []).flatMap(entriesOf);
        return { ownerId, execution: executionOf(row), entries };
      });
    },
    setAside: async (ownerId, { tenantId, id }, { forMs, error }) => {
      await query('set_aside', setAside, [ownerId, tenantId, id, forMs, error]);
    },
    claimOrphans: async (ownerId, limit) => {
      const claimed = await keys('claim_orphans', claimOrphans, [ownerId, limit]);
      if (claimed.length === 0) await query('clear_owners', clearOwners, []);
      return claimed;
    },
    lineUpDue: async (limit) =>
      (await postgres.query({ name: 'orchestrator.line_up_due', text: lineUpDue, values: [limit] })).count,
    claimQueued: (ownerId, tenantId, limit) => keys('claim_queued', claimQueued, [ownerId, limit, tenantId]),
    queuedTenants: (after, limit) => tenants('queued_tenants', selectQueuedTenants, [after ?? null, limit]),
    claimParked: async (ownerId, { tenantId, id }, { setAside = false } = {}) =>
      (await keys('claim_parked', claimParked, [ownerId, 1, tenantId, id, setAside])).length > 0,
    claimed: (ownerId, after, limit) =>
      keys('select_claimed', selectClaimed, [ownerId, after?.tenantId ?? null, after?.id ?? null, limit]),
    holderOf: async ({ tenantId, id }) =>
      (await query<ExecutionHolder>('select_holder', selectHolder, [tenantId, id]))[0],
    commandsOf: async ({ tenantId, id }) =>
      (await query<{ id: string; command: string }>('select_commands', selectCommands, [tenantId, id])).map(
        (row) => ({ id: row.id, command: JSON.parse(row.command) }),
      ),
    commanded: (ownerId, limit) => keys('select_commanded', selectCommanded, [ownerId, limit]),
    dropCommands: async (gone) => {
      const names = [gone.map(({ tenantId }) => tenantId), gone.map(({ id }) => id)];
      await query('drop_commands', dropCommands, names);
    },
    tenants: (after, limit) => tenants('select_tenants', selectTenants, [after ?? null, limit]),
    ...lookingAt(query),
    ...keepingOf(postgres),
  };
}
