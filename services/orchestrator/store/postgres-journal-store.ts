// Group commit on PostgreSQL: what many executions append is one statement and one commit, under the engine's own role.
import { type Clock, monotonicMs } from '../../../foundation/clock.ts';
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import {
  changeValues,
  decidedValues,
  hasMore,
  recordValues,
  requestedValues,
  restValues,
  rowValues,
} from './journal-values.ts';
import type { JournalAppend, JournalStore } from './store.ts';
import { planValues, storePlans } from './store-plans.ts';
import { hasTasks, mirrorTasks } from './task-mirror.ts';

// The share lock on the owner's row is the fence: a takeover first ends that row, which waits for appends under way and refuses all
// later ones. The key of the journal is the second fence. All changes are one statement and therefore one commit.
const head = `with fence as materialized (
    select 1 where orchestrator.hold_owner($1)
  ), recorded as (
    insert into orchestrator.executions (tenant_id, id, kind, status, domain_id, domain_version, plan_hash, subject_id, session_id,
      input, principal, traceparent, tracestate, created_by, rerun_of, owner_id, wake_at, queued, rank, created_at, started_at, completed_at)
    select r.* from fence, unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::integer[], $8::text[], $9::text[],
      $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::uuid[], $16::uuid[], $17::uuid[], $18::timestamptz[],
      $19::boolean[], $20::timestamptz[], $21::timestamptz[], $22::timestamptz[], $23::timestamptz[]) as r
  ), moved as (
    update orchestrator.executions x
    set status = u.status, started_at = coalesce(u.started_at, x.started_at), completed_at = u.completed_at,
      reason = u.reason, error = u.error, partial = u.partial,
      owner_id = case when u.parked then null else x.owner_id end, wake_at = u.wake_at, queued = u.queued
    from fence, unnest($24::uuid[], $25::uuid[], $26::text[], $27::timestamptz[], $28::timestamptz[], $29::text[], $30::text[],
        $31::boolean[], $32::boolean[], $33::timestamptz[], $34::boolean[])
      as u (tenant_id, id, status, started_at, completed_at, reason, error, partial, parked, wake_at, queued)
    where x.tenant_id = u.tenant_id and x.id = u.id
  ), written as (
    insert into orchestrator.execution_events (tenant_id, execution_id, seq, at, payload)
    select e.* from fence, unnest($35::uuid[], $36::uuid[], $37::integer[], $38::timestamptz[], $39::text[]) as e
  )`;

const more = `, requested as (
    insert into orchestrator.approvals (tenant_id, execution_id, node_id, task_id, domain_id, prompt, roles, requested_at, expires_at)
    select a.tenant_id, a.execution_id, a.node_id, a.task_id, a.domain_id, a.prompt,
      array(select jsonb_array_elements_text(a.roles::jsonb)), a.requested_at, a.expires_at
    from fence, unnest($40::uuid[], $41::uuid[], $42::text[], $43::text[], $44::text[], $45::text[], $46::text[], $47::timestamptz[],
      $48::timestamptz[]) as a (tenant_id, execution_id, node_id, task_id, domain_id, prompt, roles, requested_at, expires_at)
  ), decided as (
    update orchestrator.approvals x set status = d.status, decided_at = d.decided_at, decided_by = d.decided_by, comment = d.comment
    from fence, unnest($49::uuid[], $50::uuid[], $51::text[], $52::text[], $53::timestamptz[], $54::uuid[], $55::text[])
      as d (tenant_id, execution_id, node_id, status, decided_at, decided_by, comment)
    where x.tenant_id = d.tenant_id and x.execution_id = d.execution_id and x.node_id = d.node_id
  ), handled as (
    delete from orchestrator.commands c
    using fence, unnest($56::uuid[], $57::uuid[], $58::uuid[]) as h (tenant_id, execution_id, id)
    where c.tenant_id = h.tenant_id and c.execution_id = h.execution_id and c.id = h.id
  ), kept as (
    insert into orchestrator.output_cache as o (tenant_id, key, answer, execution_id, expires_at)
    select distinct on (k.tenant_id, k.key) k.tenant_id, k.key, k.answer, k.execution_id,
      clock_timestamp() + make_interval(secs => k.ttl_ms / 1000.0)
    from fence, unnest($59::uuid[], $60::text[], $61::text[], $62::uuid[], $63::integer[]) as k (tenant_id, key, answer, execution_id, ttl_ms)
    order by k.tenant_id, k.key
    on conflict on constraint output_cache_pkey do update
    set answer = excluded.answer, execution_id = excluded.execution_id, expires_at = excluded.expires_at
  )`;

const tail = ' select count(*)::int as fences from fence';

const appendText = `${head}${tail}`;
const appendMoreText = `${head}${more}${tail}`;

/** Settings of the sessions that journals are written in: a plan made for an empty table would read the whole of a full one. */
export const journalSessionSettings: Readonly<Record<string, string>> = {
  plan_cache_mode: 'force_generic_plan',
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  jit: 'off',
};

/** Plans that a process remembers to have stored. */
const knownPlansMax = 10_000;
/** For so long, in milliseconds: then they are said to be in use again. */
const knownMs = 1_800_000;

/** The store over a pool of the role `orchestrator_engine` with {@link journalSessionSettings}. */
export function createPostgresJournalStore(postgres: Postgres, nowMs: Clock = monotonicMs): JournalStore {
  const known = new Map<string, number>();

  async function ensurePlans(batch: readonly JournalAppend[]): Promise<void> {
    const knownSinceMs = nowMs() - knownMs;
    const isKnown = (name: string): boolean => (known.get(name) ?? -Infinity) > knownSinceMs;
    const missing = new Map(
      batch.flatMap(({ tenantId, record }) => {
        const name = record && `${tenantId} ${record.plan.hash}`;
        return record && name && !isKnown(name) ? [[name, record]] : [];
      }),
    );
    if (missing.size === 0) return;
    const values = planValues([...missing.values()]);
    await postgres.query({ name: 'orchestrator.store_plans', text: storePlans, values, prepare: true });
    if (known.size > knownPlansMax) known.clear();
    for (const name of missing.keys()) known.set(name, knownSinceMs + knownMs);
  }

  return {
    async append(ownerId, batch) {
      await ensurePlans(batch);
      return batch.some(hasTasks)
        ? appendWithTasks(postgres, ownerId, batch)
        : append(postgres, ownerId, batch);
    },
  };
}

async function append(
  client: SqlClient,
  ownerId: string,
  batch: readonly JournalAppend[],
): Promise<'appended' | 'fenced'> {
  const values = [ownerId, ...recordValues(batch, ownerId), ...changeValues(batch), ...rowValues(batch)];
  const withMore = batch.some(hasMore);
  const { rows } = await client.query<{ fences: number }>({
    name: withMore ? 'orchestrator.append_journal_more' : 'orchestrator.append_journal',
    text: withMore ? appendMoreText : appendText,
    values: withMore
      ? [...values, ...requestedValues(batch), ...decidedValues(batch), ...restValues(batch)]
      : values,
    prepare: true,
  });
  return (rows[0]?.fences ?? 0) > 0 ? 'appended' : 'fenced';
}

// The rows of tasks first: the append waits for no lock, and watchers see it as soon as it is made.
async function appendWithTasks(
  postgres: Postgres,
  ownerId: string,
  batch: readonly JournalAppend[],
): Promise<'appended' | 'fenced'> {
  let isFenced = false;
  try {
    return await postgres.systemTransaction(async (client): Promise<'appended'> => {
      await mirrorTasks(client, batch);
      isFenced = (await append(client, ownerId, batch)) === 'fenced';
      if (isFenced) throw new Error('the owner of the execution has been ended'); // so that no row of a task moves either
      return 'appended';
    });
  } catch (error) {
    if (isFenced) return 'fenced';
    throw error;
  }
}
