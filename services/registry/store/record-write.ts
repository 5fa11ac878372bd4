// Every write leaves an entry in the audit log and news for whoever keeps what it has read, both in the write's own transaction.
import { newId } from '../../../foundation/ids/ids.ts';
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import type { Actor } from '../core/actor.ts';
import { contentHash, type WriteRecord } from '../core/audit.ts';

/** The channel of PostgreSQL's notifications on which changes are told, as JSON `{tenant_id, entity_type, entity_id}`. */
export const changeChannel = 'domainflow_registry_changes';

// Notifications go out with the commit, in the order of commits.
const insertEntry = `with entry as (
  insert into registry.audit_log (tenant_id, id, operation_type, entity_type, entity_id, status, message,
    before_hash, after_hash, user_id, trace_id, duration_ms)
  values ($1, $2, $3, $4, $5, 'success', $6, $7, $8, $9, $10, $11)
)
select pg_notify('${changeChannel}', $12)`;

/**
 * Writes the entry and the news of one write. Called inside the transaction of the write, after it. The entry has the id of a request that may
 * come again, so such a request writes once; see `earlierWrite`.
 */
export async function recordWrite(client: SqlClient, actor: Actor, record: WriteRecord): Promise<void> {
  const { operation, entityType, entityId, message, before, after } = record;
  const change = { tenant_id: actor.tenantId, entity_type: entityType, entity_id: entityId };
  await client.query({
    name: 'registry.insert_audit_entry',
    text: insertEntry,
    values: [
      actor.tenantId,
      actor.requestId ?? newId(),
      operation,
      entityType,
      entityId,
      message,
      contentHash(before),
      contentHash(after),
      actor.userId,
      actor.traceId ?? null,
      Math.max(0, Math.round(performance.now() - actor.startedMs)),
      JSON.stringify(change),
    ],
  });
}
