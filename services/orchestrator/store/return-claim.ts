// Takes back all that a claim has given, for whoever could not pass it on: by the name of the claim, since what it was given is not known there.
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import type { AttemptKey, LeftClaim } from './dispatch-store.ts';
import { giveBack } from './give-back.ts';
import { lockWorker } from './give-tasks.ts';

const selectGiven = `select t.id, t.attempt from orchestrator.tasks t
  where t.tenant_id = $1 and t.worker_id = $2 and t.caller_id = $3 and t.status = 'running' and t.answered_at is null`;

/** See `DispatchStore.returnClaim`. */
export async function returnClaim(
  client: SqlClient,
  { tenantId, workerId, claimId }: LeftClaim,
): Promise<number | 'no_worker'> {
  if (!(await lockWorker(client, tenantId, workerId))) return 'no_worker';
  const values = [tenantId, workerId, claimId];
  const given = { name: 'orchestrator.select_given_by_claim', text: selectGiven, values };
  const { rows } = await client.query<Pick<AttemptKey, 'id' | 'attempt'>>(given);
  return rows.length === 0 ? 0 : giveBack(client, { tenantId, workerId }, rows);
}
