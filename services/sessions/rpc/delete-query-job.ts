// DeleteQueryJob: the first step of a deletion, after which a query job is as if it had never been there.
import type { ServiceImpl } from '@connectrpc/connect';
import type { Clock } from '../../../foundation/clock.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type { QueryJobService } from '../../../proto/gen/domainflow/sessions/v1/query_job_service_pb.js';
import { requireDeletion } from '../core/run-rights.ts';
import type { SessionsStore } from '../store/store.ts';
import { ownQueryJob } from './own-query-job.ts';
import { unlessGone } from './unless-gone.ts';

/** DeleteQueryJob. */
export function deleteQueryJob(
  store: SessionsStore,
  clock: Clock,
): ServiceImpl<typeof QueryJobService>['deleteQueryJob'] {
  return async ({ queryId }, context) => {
    const principal = principalOf(context);
    requireDeletion(principal.run, queryId);
    const job = await unlessGone(ownQueryJob(store, principal, queryId));
    const at = new Date(clock()).toISOString();
    return { deleted: job !== undefined && (await store.deleteQueryJob(job, at)) };
  };
}
