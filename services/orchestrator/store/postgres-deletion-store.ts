// Deletions on PostgreSQL: recorded under the role that serves requests, carried out under the engine's. All times are the database's:
// replicas need not agree on theirs.
import { canonicalJson } from '../../../foundation/json/canonical-json.ts';
import type { JsonObject } from '../../../foundation/json/json.ts';
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import type { ClaimedDeletion, DeletionKind } from '../core/deletion.ts';
import type { DeletionQueue, DeletionStore } from './store.ts';
import { writeEntry } from './write-entry.ts';

const insertDeletion = `insert into orchestrator.deletions (tenant_id, subject_id, kind, principal, traceparent, tracestate, claim, next_at)
  values ($1, $2, $3, $4, $5, $6, $7, clock_timestamp() + make_interval(secs => $8))
  on conflict on constraint deletions_pkey do nothing`;

const claimDue = `update orchestrator.deletions d
  set claim = $1, next_at = clock_timestamp() + make_interval(secs => $2)
  from (
    select tenant_id, subject_id from orchestrator.deletions
    where next_at <= (select clock_timestamp()) order by next_at limit $3 for update skip locked
  ) due
  where d.tenant_id = due.tenant_id and d.subject_id = due.subject_id
  returning d.tenant_id, d.subject_id, d.kind, d.principal, d.traceparent, d.tracestate, d.claim, d.passes, d.attempts`;

// The claim is the fence: a process that was held up for longer than its lease changes nothing of what another has claimed since.
const putBack = `update orchestrator.deletions
  set claim = null, passes = $4, attempts = $5, next_at = clock_timestamp() + make_interval(secs => $6)
  where tenant_id = $1 and subject_id = $2 and claim = $3`;

const deleteDeletion = `delete from orchestrator.deletions where tenant_id = $1 and subject_id = $2 and claim = $3`;

const countDeletions = `select count(*)::int as total from (select 1 from orchestrator.deletions limit $1) counted`;

interface DeletionRow {
  readonly tenant_id: string;
  readonly subject_id: string;
  readonly kind: DeletionKind;
  readonly principal: string;
  readonly traceparent: string | null;
  readonly tracestate: string | null;
  readonly claim: string;
  readonly passes: number;
  readonly attempts: number;
}

function deletionOf(row: DeletionRow): ClaimedDeletion {
  const { traceparent, tracestate, kind, claim, passes, attempts } = row;
  return {
    ...{ tenantId: row.tenant_id, subjectId: row.subject_id, kind, claim, passes, attempts },
    principal: JSON.parse(row.principal),
    ...(traceparent === null ? {} : { trace: { traceparent, tracestate } }),
  };
}

/** Records over a pool of the role `orchestrator_app`. */
export function createPostgresDeletionStore(postgres: Postgres): DeletionStore {
  return {
    record: ({ tenantId, subjectId, kind, principal, trace }, { claim, leaseMs }, entry) =>
      postgres.tenantTransaction(tenantId, async (client) => {
        const recorded = canonicalJson(principal as unknown as JsonObject);
        const context = [trace?.traceparent ?? null, trace?.tracestate ?? null];
        const values = [tenantId, subjectId, kind, recorded, ...context, claim, leaseMs / 1000];
        const statement = { name: 'orchestrator.insert_deletion', text: insertDeletion, values };
        const isFirst = (await client.query(statement)).count > 0;
        if (isFirst) await writeEntry(client, tenantId, entry);
        return isFirst;
      }),
  };
}

/** The queue over a pool of the role `orchestrator_engine`. */
export function createPostgresDeletionQueue(postgres: Postgres): DeletionQueue {
  const query = <Row>(name: string, text: string, values: unknown[]) =>
    postgres.query<Row>({ name: `orchestrator.${name}`, text, values });
  return {
    async claim({ claim, leaseMs }, limit) {
      const values = [claim, leaseMs / 1000, limit];
      return (await query<DeletionRow>('claim_deletions', claimDue, values)).rows.map(deletionOf);
    },
    async settle({ tenantId, subjectId, claim }, change) {
      const key = [tenantId, subjectId, claim];
      if (change.over) await query('delete_deletion', deleteDeletion, key);
      else {
        const values = [...key, change.passes, change.attempts, change.waitMs / 1000];
        await query('put_back_deletion', putBack, values);
      }
    },
    async count(limit) {
      const { rows } = await query<{ total: number }>('count_deletions', countDeletions, [limit]);
      return rows[0]?.total ?? 0;
    },
  };
}
