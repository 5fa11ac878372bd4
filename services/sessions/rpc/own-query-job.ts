// Reads a query job for its owner.
import type { Principal } from '../../../foundation/identity/principal.ts';
import { requireOwner } from '../core/ownership.ts';
import { isQueryId, type QueryJob } from '../core/query-job.ts';
import type { SessionsStore } from '../store/store.ts';

/** The caller's own query job. Throws `not_found`, also for a text that is no query id, and `permission_denied`. */
export async function ownQueryJob(
  store: SessionsStore,
  { tenantId, userId }: Principal,
  queryId: string,
): Promise<QueryJob> {
  const job = isQueryId(queryId) ? await store.readQueryJob(tenantId, queryId) : undefined;
  return requireOwner(job, { noun: 'query', ownerOf: (found) => found.createdBy, userId });
}
