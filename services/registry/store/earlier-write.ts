// Whether a request that may come again has written already: its entry in the audit log has its id.
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import type { Actor } from '../core/actor.ts';

// A first try whose caller gave up may still be under way. The lock ends with the transaction.
const lockRequest = `select pg_advisory_xact_lock(hashtextextended('registry.request ' || $1::uuid, 0))`;

const selectEntry = `select a.entity_id from registry.audit_log a where a.tenant_id = $1 and a.id = $2 limit 1`;

/** Public id of what the actor's request wrote before; undefined when it has not. Called inside the transaction of the write, before it. */
export async function earlierWrite(
  client: SqlClient,
  { tenantId, requestId }: Actor,
): Promise<string | undefined> {
  if (requestId === undefined) return undefined;
  await client.query({ name: 'registry.lock_request', text: lockRequest, values: [requestId] });
  const statement = { name: 'registry.select_entry', text: selectEntry, values: [tenantId, requestId] };
  return (await client.query<{ entity_id: string }>(statement)).rows[0]?.entity_id;
}
