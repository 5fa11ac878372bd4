// GetQueryJob: one query job of the caller with everything in it.
import type { ServiceImpl } from '@connectrpc/connect';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type { QueryJobService } from '../../../proto/gen/domainflow/sessions/v1/query_job_service_pb.js';
import type { SessionsStore } from '../store/store.ts';
import { ownQueryJob } from './own-query-job.ts';
import { wholeQueryJob } from './whole-query-job.ts';

/** GetQueryJob. */
export function getQueryJob(store: SessionsStore): ServiceImpl<typeof QueryJobService>['getQueryJob'] {
  return async ({ queryId }, context) => {
    const principal = principalOf(context);
    const job = await ownQueryJob(store, principal, queryId);
    return { job: await wholeQueryJob(store, principal, job) };
  };
}
