// PurgeQueryJob: a further step of a deletion, after which nothing is left of the job but its messages.
import type { ServiceImpl } from '@connectrpc/connect';
import { Fault } from '../../../foundation/fault/fault.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type { QueryJobService } from '../../../proto/gen/domainflow/sessions/v1/query_job_service_pb.js';
import { requireDeletion } from '../core/run-rights.ts';
import type { SessionsStore } from '../store/store.ts';
import { ownQueryJob } from './own-query-job.ts';
import { unlessGone } from './unless-gone.ts';

/** PurgeQueryJob. What belonged to a job is bounded, so that one call removes it all. */
export function purgeQueryJob(store: SessionsStore): ServiceImpl<typeof QueryJobService>['purgeQueryJob'] {
  return async ({ queryId }, context) => {
    const principal = principalOf(context);
    requireDeletion(principal.run, queryId);
    if (await unlessGone(ownQueryJob(store, principal, queryId)))
      throw new Fault('failed_precondition', 'The query is not deleted');
    return { done: true, jobId: (await store.purgeQueryJob(principal.tenantId, queryId)) ?? '' };
  };
}
